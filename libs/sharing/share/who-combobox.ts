// "Avec qui ?" as a combobox with a list (ARIA Authoring Practices Guide, combobox with list autocomplete): the focus stays
// in the field, arrows walk through the list, Enter chooses, Escape closes. Whoever is chosen stands as a checked box in
// the form below, the same that the page without script shows after a search.

import { fetchJson } from "preau/fetch_json.ts";

interface Subject {
  to: string;
  name: string;
  detail: string;
  icon: string;
  off?: boolean; // shown with the reason, not to be chosen
}

const link_option = "link"; // not a subject: leads to the form for links

export class WhoCombobox {
  private readonly input: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private readonly said: HTMLElement;
  private options: Subject[] = [];
  private active = -1;
  private asked = 0;
  private readonly item: string;
  private timer = 0;
  private stop: AbortController | undefined;

  constructor(private readonly panel: HTMLElement) {
    const find = panel.querySelector<HTMLFormElement>("[data-find]")!;
    this.input = find.querySelector<HTMLInputElement>("input[name=q]")!;
    this.item = new URL(find.action).pathname.split("/").pop()!;
    find.querySelector<HTMLElement>("[data-search]")?.remove();
    this.list = document.createElement("ul");
    this.list.id = "share-who-list";
    this.list.className = "options";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", find.querySelector("label")?.textContent ?? "");
    this.said = document.createElement("span");
    this.said.className = "hidden-text";
    this.said.setAttribute("role", "status");
    this.input.after(this.list, this.said);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list", "aria-haspopup": "listbox",
    }))
      this.input.setAttribute(name, value);
    find.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation(); // the dialog would post it
    });
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("focus", () => void this.search());
    this.input.addEventListener("click", () => void (this.list.hidden && this.search()));
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.choose(Number(option.dataset["at"]));
    });
  }

  private word(name: string): string {
    return this.panel.querySelector<HTMLTemplateElement>("template[data-copied]")?.dataset[name] ?? "";
  }

  private soon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.search(), 150);
  }

  // The latest question counts: a slow answer to an earlier one is dropped.
  private async search(): Promise<void> {
    const asked = ++this.asked;
    this.stop?.abort();
    this.stop = new AbortController();
    const typed = this.input.value.trim();
    try {
      const answer = await fetchJson<{ subjects: Subject[] }>(`/api/sharing/subjects?q=${encodeURIComponent(typed)}&item=${this.item}`, { signal: this.stop.signal });
      if (asked !== this.asked || document.activeElement !== this.input) return;
      this.show(answer.subjects, typed);
    } catch {
      if (asked !== this.asked || this.stop.signal.aborted) return;
      this.close();
      this.said.textContent = this.word("offline");
    }
  }

  private show(found: Subject[], typed: string): void {
    const chosen = new Set([...this.panel.querySelectorAll<HTMLInputElement>("[data-chosen] input:checked")].map((box) => box.value));
    this.options = found.filter((one) => !chosen.has(one.to));
    if (!typed) this.options.push({ to: link_option, name: this.word("link"), detail: this.word("linkDetail"), icon: "link" });
    this.list.replaceChildren(...this.options.map((one, at) => this.option(one, at)));
    if (!this.options.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = this.word("none");
      this.list.append(none);
    }
    this.said.textContent = this.options.length ? `${this.word("results")} ${this.options.length}` : this.word("none");
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.activate(typed && this.options.length ? 0 : -1);
  }

  private option(one: Subject, at: number): HTMLLIElement {
    const row = document.createElement("li");
    row.id = `share-who-${at}`;
    row.dataset["at"] = String(at);
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    if (one.off) row.setAttribute("aria-disabled", "true");
    row.append(this.mark(one.icon), this.words(one));
    return row;
  }

  private mark(icon: string): HTMLElement {
    const mark = document.createElement("span");
    mark.className = "mark";
    const template = this.panel.querySelector<HTMLTemplateElement>(`template[data-option="${CSS.escape(icon)}"]`);
    if (template) mark.append(template.content.cloneNode(true));
    return mark;
  }

  private words(one: Subject): HTMLElement {
    const words = document.createElement("span");
    words.className = "grow";
    const name = document.createElement("strong");
    name.textContent = one.name;
    words.append(name);
    if (!one.detail) return words;
    const detail = document.createElement("span");
    detail.className = "soft small";
    detail.textContent = one.detail;
    words.append(document.createElement("br"), detail);
    return words;
  }

  private activate(at: number): void {
    this.active = at;
    for (const row of this.list.querySelectorAll<HTMLElement>("[data-at]")) {
      const on = Number(row.dataset["at"]) === at;
      row.setAttribute("aria-selected", String(on));
      if (on) row.scrollIntoView({ block: "nearest" });
    }
    if (at < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `share-who-${at}`);
  }

  private key(event: KeyboardEvent): void {
    const open = !this.list.hidden;
    const last = this.options.length - 1;
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation(); // closes the list, not the dialog
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void this.search();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (last >= 0) this.activate(this.active < 0 ? (step > 0 ? 0 : last) : (this.active + step + last + 1) % (last + 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && this.active >= 0) this.choose(this.active);
    }
  }

  private close(): void {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  private choose(at: number): void {
    const one = this.options[at];
    if (!one) return;
    if (one.off) {
      this.said.textContent = `${one.name}, ${one.detail}`;
      return;
    }
    this.input.value = "";
    this.close();
    if (one.to === link_option) return this.to_links();
    const give = this.panel.querySelector<HTMLFormElement>("[data-give]")!;
    give.hidden = false;
    const known = give.querySelector<HTMLInputElement>(`input[value="${CSS.escape(one.to)}"]`);
    if (known) {
      known.checked = true;
    } else {
      const row = document.createElement("label");
      row.className = "check";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = "to";
      box.value = one.to;
      box.checked = true;
      row.append(box, this.mark(one.icon), this.words(one));
      give.querySelector("[data-chosen]")!.append(row);
    }
    this.said.textContent = one.name;
  }

  private to_links(): void {
    const details = this.panel.querySelector<HTMLDetailsElement>("[data-new-link]");
    if (!details) return;
    details.open = true;
    details.querySelector<HTMLElement>("input")?.focus();
    details.scrollIntoView({ block: "start" });
  }
}
