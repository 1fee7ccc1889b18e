// The folder's page with script: the server's table becomes a list that holds ten thousand entries, with selection, keys, menu,
// drag and drop, and views of rows or tiles. Without script the same links and forms do the same, a page at a time.
// What is not needed to read the list (moving, uploading, viewing, sharing) is fetched when it is first asked for.
import { text } from "preau/texts.ts";
import { toast } from "preau/toast.ts";
import "../quota/space-quota.ts";
import { takeFiles } from "../upload/incoming-files.ts";
import type { Entry } from "./entries.ts";
import type { Host, Words } from "./host.ts";
import { ListKeys } from "./list-keys.ts";
import { ListPointer } from "./list-pointer.ts";
import { ListView, type ListOwner } from "./list-view.ts";
import { dragRows } from "./row-drag.ts";
import { Selection } from "./selection.ts";
import { showSelection } from "./selection-bar.ts";

class FilesFolder extends HTMLElement implements Host, ListOwner {
  words!: Words;
  readonly element = this;
  private view!: ListView;
  private selection!: Selection;

  connectedCallback(): void {
    this.words = { ...this.one<HTMLTemplateElement>("template[data-words]").dataset } as Words;
    this.view = new ListView(this, this.dataset["list"] ?? `/api/files/${this.folder}`);
    const { view } = this;
    this.selection = new Selection((index) => view.entries.at(index), () => this.selectionChanged());
    new ListKeys(this, this.selection, {
      move: (index) => void view.focusIndex(index), count: () => view.count, current: () => view.current,
      perLine: () => view.perLine, perWindow: () => view.perWindow, tiles: () => view.tiles,
      find: (prefix, start) => view.entries.find(prefix, start), act: (name, index) => this.act(name, index), all: () => void this.selectAll(),
    });
    new ListPointer(this, view, this.selection, {
      act: (name, index) => this.act(name, index), open: (entry) => this.open(entry), all: () => void this.selectAll(),
      star: (entry) => this.star(entry), share: (event, link) => this.share(event, link), menu: (index, at) => void this.showMenu(index, at),
    });
    this.listen();
    dragRows(this, (id) => this.chosenWith(id), (verb, items, to, name) => void this.actions().then((actions) => actions.drop(this, verb, items, to, name)));
    if (this.mayEdit) takeFiles(this);
    void view.start().then(() => this.fetchAhead());
  }

  get folder(): string {
    return this.dataset["folder"] ?? "";
  }

  get mayEdit(): boolean {
    return this.dataset["edit"] !== undefined;
  }

  entries(): readonly Entry[] {
    return this.view.entries.loaded;
  }

  reach(length: number): Promise<void> {
    return this.view.entries.reach(length);
  }

  say(text: string): void {
    this.one("[data-say]").textContent = text;
  }

  focusOn(id: string | undefined): void {
    this.view.focusOn(id);
  }

  async refresh(focus?: string): Promise<void> {
    document.dispatchEvent(new CustomEvent("files-changed")); // the space may be fuller or emptier
    const held = focus ?? this.view.held();
    await this.view.load();
    if (held) this.focusOn(held);
  }

  chosen(id: string): boolean {
    return this.selection.has(id);
  }

  reloaded(): void {
    this.selection.keep(this.view.entries.loaded);
  }

  private one<T extends Element = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector)!;
  }

  private async selectAll(): Promise<void> {
    if (await this.view.all()) this.selection.all(this.view.entries.loaded);
  }

  private selectionChanged(): void {
    this.view.repaint();
    showSelection(this, this.selection.entries, this.view.count);
  }

  // What an action on this row is for: the selection if it is part of it, else it alone.
  private chosenWith(id: string): Entry[] {
    if (this.selection.has(id)) return this.selection.entries;
    const entry = this.view.entries.at(this.view.entries.index(id));
    return entry ? [entry] : [];
  }

  private actions() {
    return import("./folder-actions.ts");
  }

  // What is likely to be wanted is here before the line can be cut, and after the list is.
  private fetchAhead(): void {
    setTimeout(() => {
      void this.actions().catch(() => undefined);
      if (this.mayEdit) void import("../upload/upload-queue.ts").catch(() => undefined);
    }, 300);
  }

  private missing = (): void => toast(text("offline"), "bad"); // a part that could not be fetched

  // By name: those of the selection's bar, of the row's menu and of the keyboard. `index`: of the row it was asked on.
  private act(name: string, index?: number): void {
    const { view } = this;
    const entry = index === undefined ? undefined : view.entries.at(index);
    const items = entry ? this.chosenWith(entry.id) : this.selection.entries;
    if (name === "open") {
      if (entry) this.open(entry);
    } else if (name === "help") {
      this.one<HTMLDialogElement>("[data-keys-dialog]").showModal();
    } else if (name === "new") {
      this.openNew();
    } else if (name === "clear") {
      this.selection.clear();
      this.focusOn(view.entries.at(view.current)?.id);
    } else if (name === "select" && index !== undefined) {
      this.selection.toggle(index);
    } else if (items.length) {
      void this.actions().then((actions) => actions.run(this, name, items), this.missing).then(() => view.repaint());
    }
  }

  private open(entry: Entry): void {
    if (entry.kind === "file") void import("../viewer/viewer.ts").then((viewer) => viewer.view(this, entry.id), this.missing);
    else location.assign(entry.url);
  }

  private openNew(): void {
    const menu = this.querySelector<HTMLDetailsElement>("[data-new]");
    if (!menu) return;
    menu.open = true;
    menu.querySelector("input")?.focus();
  }

  private star(entry: Entry): void {
    void this.actions().then((actions) => actions.run(this, "star", [entry])).then(() => this.view.repaint());
  }

  private share(event: Event, link: HTMLAnchorElement): void {
    if (customElements.get("share-dialog")) return; // it listens by itself
    event.preventDefault();
    void import("../../../libs/sharing/share/share-dialog.ts").then(() => link.click());
  }

  private async showMenu(index: number, at?: { x: number; y: number; end?: boolean }): Promise<void> {
    const entry = this.view.entries.at(index);
    const row = this.view.row(index);
    if (!entry || !row) return;
    if (!this.selection.has(entry.id)) this.selection.clear();
    this.view.moveCurrent(index);
    const { openMenu } = await import("./row-menu.ts");
    const box = row.getBoundingClientRect();
    openMenu(this, this.chosenWith(entry.id), at ?? { x: box.left + 48, y: box.bottom }, (name) => this.act(name, index), () => this.focusOn(entry.id));
  }

  private listen(): void {
    this.querySelector("[data-order]")?.addEventListener("change", (event) => {
      const [sort = "name", order = "asc"] = (event.target as HTMLSelectElement).value.split(" ");
      this.view.sortBy({ sort, order });
    });
    for (const button of this.querySelectorAll<HTMLElement>("[data-scripted]")) button.hidden = false;
    this.one("[data-retry]").addEventListener("click", () => void this.refresh());
    document.addEventListener("share-changed", () => void this.refresh());
    addEventListener("online", () => this.connection());
    addEventListener("offline", () => this.connection());
    if (!navigator.onLine) this.connection();
  }

  private connection(): void {
    this.one("[data-offline]").hidden = navigator.onLine;
    if (navigator.onLine && !this.one("[data-trouble]").hidden) void this.refresh();
  }
}

customElements.define("files-folder", FilesFolder);
