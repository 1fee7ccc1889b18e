// The comments of an item: <item-comments item="ID"> stands around the server's section (comments.html), whose forms work
// without this. With it they are sent in place, what was typed is kept when something fails, and "@" offers names.

import { fetchJson, problemOf } from "preau/fetch_json.ts";
import { toast } from "preau/toast.ts";
import { text } from "preau/texts.ts";

interface Person {
  id: string;
  name: string;
  place: string;
}

// Posts a form and answers the page that it leads to. XMLHttpRequest parses it without going through a string, which
// Trusted Types forbid.
function post(form: HTMLFormElement, pressed: HTMLElement | null): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    request.onload = () => {
      const page = request.responseXML;
      if (page && request.status < 400) resolve(page);
      else reject(new Error(page?.querySelector("main h1, main p")?.textContent?.trim() || problemOf(request.status, "").message));
    };
    request.onerror = () => reject(new Error(text("offline")));
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form, pressed instanceof HTMLButtonElement ? pressed : undefined))
      if (typeof value === "string") body.append(name, value);
    request.send(body);
  });
}

class ItemComments extends HTMLElement {
  private asked = 0; // the latest question for names: answers to earlier ones are dropped
  private box: HTMLTextAreaElement | null = null;

  connectedCallback(): void {
    this.addEventListener("submit", (event) => void this.submitted(event));
    if (!this.dataset.mentions) return;
    this.addEventListener("input", (event) => {
      if (event.target instanceof HTMLTextAreaElement) void this.typed(event.target);
    });
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("focusout", () => setTimeout(() => !this.contains(document.activeElement) && this.close(), 100));
  }

  private async submitted(event: SubmitEvent): Promise<void> {
    if (!(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
    if (button) button.disabled = true;
    const kept = this.drafts(form);
    try {
      const page = await post(form, event.submitter);
      const fresh = page.querySelector("item-comments");
      if (!fresh) throw new Error(text("unknown"));
      this.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
      this.restore(kept);
      toast(this.dataset.sent ?? "");
      this.focus();
    } catch (error) {
      if (button) button.disabled = false;
      toast((error as Error).message, "bad");
    }
  }

  // What stands in other boxes while one is sent.
  private drafts(sent: HTMLFormElement): Map<string, string> {
    const kept = new Map<string, string>();
    for (const box of this.querySelectorAll("textarea"))
      if (box.form && box.form !== sent && box.value !== box.defaultValue) kept.set(this.place_of(box), box.value);
    return kept;
  }

  private restore(kept: Map<string, string>): void {
    for (const box of this.querySelectorAll("textarea")) {
      const value = kept.get(this.place_of(box));
      if (value === undefined) continue;
      box.value = value;
      box.closest("details")?.setAttribute("open", "");
    }
  }

  private place_of(box: HTMLTextAreaElement): string {
    const form = box.form;
    return `${form?.getAttribute("action")} ${form?.querySelector<HTMLInputElement>("[name=answers_to]")?.value ?? ""}`;
  }

  private get offer(): HTMLElement | null {
    return this.querySelector<HTMLElement>("[data-offer]");
  }

  private close(): void {
    const list = this.offer;
    if (list) list.hidden = true;
    this.box?.removeAttribute("aria-activedescendant");
  }

  // "… @nad|": the words behind the last @ in front of the caret.
  private name_before(box: HTMLTextAreaElement): string | null {
    const before = box.value.slice(0, box.selectionStart);
    return /(?:^|[\s(])@([\p{L}][\p{L}'’ -]{1,40})$/u.exec(before)?.[1] ?? null;
  }

  private async typed(box: HTMLTextAreaElement): Promise<void> {
    this.box = box;
    const name = this.name_before(box);
    const question = ++this.asked;
    if (!name) return this.close();
    await new Promise((wait) => setTimeout(wait, 150));
    if (question !== this.asked) return;
    try {
      const item = this.getAttribute("item") ?? "";
      const { people } = await fetchJson<{ people: Person[] }>(`/api/sharing/items/${item}/mentionable?typed=${encodeURIComponent(name)}`);
      if (question === this.asked) this.show(box, people);
    } catch {
      this.close(); // names are a help, not a need
    }
  }

  private show(box: HTMLTextAreaElement, people: Person[]): void {
    const list = this.offer;
    if (!list) return;
    list.id ||= "mentions-offered";
    list.replaceChildren(
      ...people.map((person, index) => {
        const line = document.createElement("li");
        line.id = `mention-${index}`;
        line.role = "option";
        line.setAttribute("aria-selected", String(index === 0));
        line.dataset.name = person.name;
        const name = document.createElement("strong");
        name.textContent = person.name;
        const place = document.createElement("span");
        place.className = "soft small";
        place.textContent = ` ${person.place}`;
        line.append(name, place);
        line.addEventListener("pointerdown", (event) => {
          event.preventDefault(); // the caret stays
          this.choose(box, person.name);
        });
        return line;
      }),
    );
    list.hidden = people.length === 0;
    box.parentElement?.after(list);
    box.setAttribute("aria-controls", list.id);
    if (people.length > 0) box.setAttribute("aria-activedescendant", "mention-0");
    else this.close();
  }

  private choose(box: HTMLTextAreaElement, name: string): void {
    const typed = this.name_before(box) ?? "";
    const caret = box.selectionStart;
    box.setRangeText(`${name} `, caret - typed.length, caret, "end");
    this.close();
  }

  private pressed(event: KeyboardEvent): void {
    const list = this.offer;
    if (!list || list.hidden || !(event.target instanceof HTMLTextAreaElement)) return;
    const lines = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" || event.key === "Tab") this.choose(event.target, lines[at]?.dataset.name ?? "");
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = (at + (event.key === "ArrowDown" ? 1 : lines.length - 1)) % lines.length;
      lines.forEach((line, index) => line.setAttribute("aria-selected", String(index === next)));
      event.target.setAttribute("aria-activedescendant", `mention-${next}`);
    } else return;
    event.preventDefault();
  }
}

customElements.define("item-comments", ItemComments);
