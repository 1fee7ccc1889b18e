// The share dialog of every app. A page names what is shared on its links, which work without script as well:
//   <a href="/share/ITEM" data-share="ITEM">Partager</a>      and in its component:  import ".../share-dialog.ts";
// A press opens the page /share/ITEM in a <dialog>; its forms post from there and show the answer in place. The same
// element stands around the page itself, where it adds what needs script: copying, printing, QR codes in place.
// After something changed and the dialog closed, `share-changed` is sent on the document with { item }.

import { text } from "preau/texts.ts";
import { WhoCombobox } from "./who-combobox.ts";

// Fetches a page as a document. XMLHttpRequest parses it without going through a string, which Trusted Types forbid.
interface Loaded {
  page: Document;
  address: string; // after redirects
  status: number;
}
function load(method: string, address: string, form?: FormData): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    request.onload = () => {
      const page = request.responseXML;
      if (page) resolve({ page, address: request.responseURL, status: request.status });
      else reject(new Error("no page"));
    };
    request.onerror = () => reject(new Error("no connection"));
    let body: URLSearchParams | undefined;
    if (form) {
      body = new URLSearchParams();
      for (const [name, value] of form) if (typeof value === "string") body.append(name, value);
    }
    request.send(body);
  });
}

// Pages without the panel (signed out, forbidden, overloaded) bring their own words.
function panel_of(page: Document): HTMLElement | null {
  return page.querySelector<HTMLElement>("[data-share-panel]") ?? page.querySelector<HTMLElement>("main");
}

async function copy(field: HTMLInputElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy"); // not over https: what is selected can still be copied
  }
}

class ShareDialog extends HTMLElement {
  private changed = false;

  connectedCallback(): void {
    this.enhance();
    this.addEventListener("click", (event) => this.pressed(event));
    this.addEventListener("submit", (event) => void this.submitted(event));
  }

  get dialog(): HTMLDialogElement | null {
    return this.closest("dialog");
  }

  show(page: Document): void {
    const panel = panel_of(page);
    if (!panel) return;
    const heading = panel.querySelector<HTMLElement>("h1");
    if (heading) heading.tabIndex = -1;
    this.replaceChildren(document.importNode(panel, true));
    this.enhance();
    const first = this.querySelector<HTMLElement>("[aria-invalid=true], [role=alert], [role=status], h1");
    (first?.matches("[role]") ? this.querySelector<HTMLElement>("h1") : first)?.focus();
    // The heading stays in sight, so its focus scrolls nothing: what is new has to be brought there.
    if (first?.matches("[role]")) first.scrollIntoView({ block: "center" });
    else if (first?.matches("h1")) this.dialog?.scrollTo(0, 0);
  }

  private enhance(): void {
    for (const button of this.querySelectorAll<HTMLElement>("[data-copy]")) button.hidden = false;
    const panel = this.querySelector<HTMLElement>("[data-share-panel]");
    if (panel) new WhoCombobox(panel);
    for (const until of this.querySelectorAll<HTMLSelectElement>("[data-until]")) {
      const day = until.closest("form")?.querySelector<HTMLElement>("[data-day]");
      const show = (): void => {
        if (day) day.hidden = until.value !== "date";
      };
      until.addEventListener("change", show);
      show();
    }
    if (!this.dialog) return;
    // In the dialog the way back is the way out.
    this.querySelector("[data-back]")?.remove();
    const close = this.querySelector<HTMLElement>("[data-close]") ?? this.way_out();
    close.hidden = false;
    for (const sheet of this.querySelectorAll<HTMLAnchorElement>("[data-sheet]")) sheet.target = "_blank";
  }

  // Another page than ours came (signed out, overloaded): on a phone without Escape it needs a way out all the same.
  private way_out(): HTMLElement {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button";
    close.dataset["close"] = "";
    close.textContent = text("close");
    this.prepend(close);
    return close;
  }

  private word(name: string): string {
    return this.querySelector<HTMLTemplateElement>("template[data-copied]")?.dataset[name] ?? "";
  }

  private pressed(event: Event): void {
    const target = event.target as Element;
    if (target.closest("[data-close]")) this.dialog?.close();
    const button = target.closest<HTMLElement>("[data-copy]");
    const field = button?.parentElement?.querySelector<HTMLInputElement>("[data-address]");
    if (!button || !field) return;
    void copy(field).then(() => this.confirm_copy(button));
  }

  private confirm_copy(button: HTMLElement): void {
    const word = button.querySelector<HTMLElement>("[data-copy-word]");
    if (!word) return;
    word.setAttribute("role", "status");
    word.textContent = this.word("copied");
    setTimeout(() => (word.textContent = this.word("copy")), 2500);
  }

  // On the page of its own the browser posts; in the dialog the answer is shown in place.
  private async submitted(event: Event): Promise<void> {
    const form = event.target as HTMLFormElement;
    if (!this.dialog || form.hasAttribute("data-leaves")) return;
    event.preventDefault();
    const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
    if (button) button.disabled = true;
    try {
      const answer = await load("POST", form.action, new FormData(form));
      this.changed = true;
      // Somebody who has given up managing the item was led elsewhere.
      if (answer.status < 400 && !answer.page.querySelector("[data-share-panel]")) location.assign(answer.address);
      else this.show(answer.page);
    } catch {
      form.submit(); // the browser's own words for a broken line are better than silence
    }
  }

  tell(): void {
    if (!this.changed) return;
    const item = this.getAttribute("item") ?? "";
    document.dispatchEvent(new CustomEvent("share-changed", { detail: { item } }));
  }
}
customElements.define("share-dialog", ShareDialog);

async function open(item: string, address: string): Promise<void> {
  const { page } = await load("GET", address);
  const dialog = document.createElement("dialog");
  dialog.className = "dialog tall";
  const content = document.createElement("share-dialog") as ShareDialog;
  content.setAttribute("item", item);
  dialog.append(content);
  document.body.append(dialog);
  dialog.setAttribute("aria-labelledby", "share-heading");
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // a press on the veil
  });
  dialog.addEventListener("close", () => {
    content.tell();
    dialog.remove(); // focus is back where it was: showModal() remembers
  });
  dialog.showModal();
  content.show(page);
}

document.addEventListener("click", (event) => {
  const pressed = event as MouseEvent;
  const link = (event.target as Element).closest?.<HTMLAnchorElement>("a[data-share]");
  if (!link || pressed.button !== 0 || pressed.ctrlKey || pressed.metaKey || pressed.shiftKey) return;
  event.preventDefault();
  const address = link.href;
  open(link.dataset["share"] ?? "", address).catch(() => location.assign(address));
});

for (const button of document.querySelectorAll<HTMLElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
