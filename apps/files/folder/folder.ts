// The folder's page with script: uploads that show how far they are, drag and drop, renaming and throwing away without
// leaving the page, arrows through the list. Without it the same forms and links do the same, a page at a time.
import "../../../libs/sharing/share/share-dialog.ts";
import { UploadQueue, type QueueWords } from "../upload/upload-queue.ts";

type Words = QueueWords & { broken: string; undo: string; restored: string; trashed: string; folder: string };

// A page as a document. XMLHttpRequest parses it without running anything and without a string becoming markup here,
// which Trusted Types would refuse.
// Answers nothing when the line is broken: what stands on the page is then better than what would replace it.
function page(address: string): Promise<Document | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.addEventListener("load", () =>
      resolve(request.responseXML));
    request.addEventListener("error", () => resolve(null));
    request.send();
  });
}

async function call(method: string, address: string, body?: object): Promise<Response> {
  const init: RequestInit = { method, headers: { Accept: "application/json" } };
  if (body) {
    init.body = JSON.stringify(body);
    init.headers = { Accept: "application/json", "Content-Type": "application/json" };
  }
  return fetch(address, init).catch(() => Response.error());
}

async function problem(answer: Response, offline: string): Promise<string> {
  if (answer.type === "error") return offline;
  try {
    return ((await answer.json()) as { title?: string }).title ?? answer.statusText;
  } catch {
    return answer.statusText;
  }
}

class FilesFolder extends HTMLElement {
  private words!: Words;
  private queue!: UploadQueue;
  private renaming: HTMLTableRowElement | null = null;

  connectedCallback(): void {
    this.words = { ...this.one<HTMLTemplateElement>("[data-words]").dataset } as unknown as Words;
    const list = this.one("[data-queue]");
    this.queue = new UploadQueue(
      list, this.words, (file) => `/api/files/${this.dataset["folder"]}/children/${encodeURIComponent(file.name)}?if_taken=number`,
      () => void this.refresh(), (text) => this.say(text));
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("submit", (event) => this.submitted(event));
    this.addEventListener("keydown", (event) => this.key(event));
    const keys = this.one<HTMLButtonElement>("[data-keys]");
    keys.hidden = false;
    keys.addEventListener("click", () => this.one<HTMLDialogElement>("[data-keys-dialog]").showModal());
    if (this.dataset["edit"] !== undefined) {
      this.offerUpload();
      this.takeDrops();
    }
    document.addEventListener("share-changed", () => void this.refresh());
    addEventListener("beforeunload", (event) => {
      if (!this.queue.busy) return;
      event.preventDefault();
      event.returnValue = true; // Chrome 109 and Safari 15 ask only then
    });
  }

  private one<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector)!;
  }

  private say(text: string): void {
    this.one("[data-say]").textContent = text;
  }

  // With script the button opens the file chooser at once; the plain form stays inside for everybody else. Who comes by
  // …#deposer finds the form open: a chooser opens only under somebody's own finger.
  private offerUpload(): void {
    const menu = this.one<HTMLDetailsElement>("[data-upload]");
    const chooser = menu.querySelector<HTMLInputElement>("input[type=file]")!;
    const label = this.one("[data-chooser]");
    label.className = "button main full chooser";
    menu.querySelector<HTMLElement>("[data-send]")!.hidden = true; // what is chosen goes at once
    const answer = () => {
      if (location.hash !== "#deposer") return;
      menu.open = true;
      chooser.focus();
    };
    addEventListener("hashchange", answer);
    answer();
    menu.querySelector("summary")!.addEventListener("click", (event) => {
      event.preventDefault();
      chooser.click();
    });
    chooser.addEventListener("change", () => {
      this.queue.add(chooser.files ?? []);
      chooser.value = "";
      menu.open = false;
    });
  }

  private takeDrops(): void {
    let inside = 0;
    const mark = (on: boolean) => this.querySelector("[data-drop]")?.classList.toggle("dropping", on);
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    this.addEventListener("dragenter", (event) => {
      if (carriesFiles(event) && ++inside === 1) mark(true);
    });
    this.addEventListener("dragleave", (event) => {
      if (carriesFiles(event) && --inside === 0) mark(false);
    });
    this.addEventListener("dragover", (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    this.addEventListener("drop", (event) => {
      if (!event.dataTransfer || !carriesFiles(event)) return;
      event.preventDefault();
      inside = 0;
      mark(false);
      const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      const folders = items.filter((item) => item.webkitGetAsEntry()?.isDirectory);
      if (folders.length) this.toast(this.words.folder, "bad");
      this.queue.add(items.filter((item) => !folders.includes(item)).map((item) => item.getAsFile()).filter((file) => file !== null));
    });
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab was asked for
    const row = target.closest<HTMLTableRowElement>("tr[data-id]");
    if (row && target.closest("[data-rename]")) {
      event.preventDefault();
      this.rename(row);
    } else if (target.closest("[data-close]")) {
      target.closest("dialog")?.close();
    } else if (target.closest("[data-more]")) {
      event.preventDefault();
      void this.more(target.closest<HTMLAnchorElement>("[data-more]")!);
    }
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const row = form.closest<HTMLTableRowElement>("tr[data-id]");
    if (row && form.dataset["trash"] !== undefined) {
      event.preventDefault();
      void this.trash(row);
    } else if (form.closest("[data-rename-dialog]")) {
      event.preventDefault();
      void this.saveName(form);
    }
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, dialog, .panel")) return;
    const row = target.closest<HTMLTableRowElement>("tr[data-id]");
    const act = row ? this.rowKey(event.key, row) : undefined;
    if (act) act();
    else if (event.key === "?") this.one<HTMLDialogElement>("[data-keys-dialog]").showModal();
    else if (event.key === "n" && this.dataset["edit"] !== undefined) this.openNew();
    else return;
    event.preventDefault();
  }

  private rowKey(key: string, row: HTMLTableRowElement): (() => void) | undefined {
    const rows = [...this.querySelectorAll<HTMLTableRowElement>("tr[data-id]")];
    const at = rows.indexOf(row);
    const go = (to: number) => () => rows[to]?.querySelector<HTMLElement>("td a")?.focus();
    const may = row.querySelector("[data-rename]") !== null;
    switch (key) {
      case "ArrowDown": return go(Math.min(at + 1, rows.length - 1));
      case "ArrowUp": return go(Math.max(at - 1, 0));
      case "Home": return go(0);
      case "End": return go(rows.length - 1);
      case "F2": return may ? () => this.rename(row) : undefined;
      case "Delete": return may ? () => void this.trash(row) : undefined;
      default: return undefined;
    }
  }

  private openNew(): void {
    const menu = this.one<HTMLDetailsElement>("[data-new]");
    menu.open = true;
    menu.querySelector("input")?.focus();
  }

  private rename(row: HTMLTableRowElement): void {
    this.renaming = row;
    const dialog = this.one<HTMLDialogElement>("[data-rename-dialog]");
    const input = dialog.querySelector("input")!;
    input.value = row.dataset["name"] ?? "";
    dialog.querySelector(".problem")!.textContent = "";
    dialog.showModal();
    input.focus();
    const dot = input.value.lastIndexOf(".");
    input.setSelectionRange(0, dot > 0 ? dot : input.value.length); // the ending is seldom what one wants to change
  }

  private async saveName(form: HTMLFormElement): Promise<void> {
    const row = this.renaming;
    if (!row) return;
    const input = form.querySelector("input")!;
    const answer = await call("PATCH", `/api/files/${row.dataset["id"]}`,
                              { name: input.value, revision: Number(row.dataset["revision"]) });
    if (!answer.ok) {
      form.querySelector(".problem")!.textContent = await problem(answer, this.words.broken);
      input.setAttribute("aria-invalid", "true");
      return;
    }
    input.removeAttribute("aria-invalid");
    form.closest("dialog")!.close();
    await this.refresh(row.dataset["id"]);
  }

  private async trash(row: HTMLTableRowElement): Promise<void> {
    const rows = [...this.querySelectorAll<HTMLTableRowElement>("tr[data-id]")];
    const neighbour = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
    const answer = await call("DELETE", `/api/files/${row.dataset["id"]}`);
    if (!answer.ok) return this.toast(await problem(answer, this.words.broken), "bad");
    await this.refresh(neighbour?.dataset["id"]);
    const text = this.words.trashed.replace("{name}", row.dataset["name"] ?? "");
    this.toast(text, "", this.words.undo, () => void this.restore(row.dataset["id"] ?? ""));
  }

  private async restore(id: string): Promise<void> {
    const answer = await call("POST", `/api/files/${id}/restore`);
    if (!answer.ok) return this.toast(await problem(answer, this.words.broken), "bad");
    await this.refresh(id);
    this.say(this.words.restored);
  }

  // The list again as the server sees it, with the focus where it was or on the row that was just changed.
  private async refresh(focus?: string): Promise<void> {
    const fresh = await page(location.pathname);
    if (!fresh) return; // offline: a reload would lose the list and the uploads that wait to be tried again
    const list = fresh.querySelector("[data-list]");
    if (!list) return location.reload(); // signed out, or the folder is gone: that page says it
    const held = focus ?? document.activeElement?.closest<HTMLElement>("tr[data-id]")?.dataset["id"];
    this.one("[data-list]").replaceChildren(...[...list.childNodes].map((node) => document.importNode(node, true)));
    if (held) this.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(held)}"] td a`)?.focus();
  }

  private async more(link: HTMLAnchorElement): Promise<void> {
    link.setAttribute("aria-disabled", "true");
    const next = await page(link.href);
    if (!next) {
      link.removeAttribute("aria-disabled");
      return this.toast(this.words.broken, "bad");
    }
    const rows = [...next.querySelectorAll("tr[data-id]")].map((row) => document.importNode(row, true));
    if (!rows.length) return location.assign(link.href); // signed out, or the right was withdrawn
    this.one("tbody").append(...rows);
    const following = next.querySelector<HTMLAnchorElement>("[data-more]");
    if (following) {
      link.href = following.href;
      link.removeAttribute("aria-disabled");
    } else {
      link.remove();
    }
    rows[0]?.querySelector<HTMLElement>("td a")?.focus();
  }

  private toast(text: string, tone: string, action?: string, act?: () => void): void {
    const box = document.querySelector(".toasts") ?? document.body.appendChild(document.createElement("div"));
    box.className = "toasts";
    const toast = document.createElement("div");
    toast.className = `toast ${tone}`;
    toast.setAttribute("role", "status");
    const words = document.createElement("span");
    words.className = "grow";
    toast.append(words);
    if (action && act) {
      const button = document.createElement("button");
      button.className = "button"; // its own ground: it reads on the toast in every theme
      button.textContent = action;
      button.addEventListener("click", () => {
        toast.remove();
        act();
      });
      toast.append(button);
    }
    box.append(toast);
    words.textContent = text; // after it stands in the page, so that the live region is read
    setTimeout(() => toast.remove(), 12_000);
  }
}

customElements.define("files-folder", FilesFolder);
