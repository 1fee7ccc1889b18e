// The folder's page with script: the server's table becomes a list that holds ten thousand entries, with selection, keys, menu,
// drag and drop, and views of rows or tiles. Without script the same links and forms do the same, a page at a time.
// What is not needed to read the list (moving, uploading, viewing, sharing) is fetched when it is first asked for.
import type { Problem } from "preau/fetch_json.ts";
import { text } from "preau/texts.ts";
import { toast } from "preau/toast.ts";
import "../quota/space-quota.ts";
import { takeFiles } from "../upload/incoming-files.ts";
import { Entries, type Entry, type Order } from "./entries.ts";
import { counted, type Host, type Words } from "./host.ts";
import { onLongPress } from "./long-press.ts";
import { ListKeys } from "./list-keys.ts";
import { dragRows } from "./row-drag.ts";
import { createRow, paintRow, type RowWords } from "./row-view.ts";
import { Selection } from "./selection.ts";
import { VirtualList } from "./virtual-list.ts";

const tileWidth = 10.5; // rem

class FilesFolder extends HTMLElement implements Host {
  words!: Words;
  readonly element = this;
  private list!: Entries;
  private shown!: VirtualList;
  private selection!: Selection;
  private tiles = false;
  private current = 0;
  private live = false;
  private touch = false;

  connectedCallback(): void {
    this.words = { ...this.one<HTMLTemplateElement>("template[data-words]").dataset } as Words;
    this.list = new Entries(this.dataset["list"] ?? `/api/files/${this.folder}`, this.orderOfPage());
    this.selection = new Selection((index) => this.list.at(index), () => this.selectionChanged());
    this.tiles = this.dataset["view"] === "tiles";
    const painter = { create: () => createRow(this.dataset["favourites"] !== undefined), paint: (row: HTMLElement, index: number) => this.paint(row, index) };
    this.shown = new VirtualList(this.body, painter, (last) => void this.ahead(last));
    new ListKeys(this, this.selection, {
      move: (index) => void this.focusIndex(index), count: () => this.list.count, current: () => this.current,
      perLine: () => this.shown.perLine, perWindow: () => this.shown.perWindow, tiles: () => this.tiles,
      find: (prefix, start) => this.list.find(prefix, start), act: (name, index) => this.act(name, index), all: () => void this.selectAll(),
    });
    this.listen();
    dragRows(this, (id) => this.chosenWith(id), (verb, items, to, name) => void this.actions().then((actions) => actions.drop(this, verb, items, to, name)));
    if (this.mayEdit) takeFiles(this);
    void this.start();
  }

  get folder(): string {
    return this.dataset["folder"] ?? "";
  }

  get mayEdit(): boolean {
    return this.dataset["edit"] !== undefined;
  }

  entries(): readonly Entry[] {
    return this.list.loaded;
  }

  reach(length: number): Promise<void> {
    return this.list.reach(length);
  }

  say(text: string): void {
    this.one("[data-say]").textContent = text;
  }

  focusOn(id: string | undefined): void {
    const index = id ? this.list.index(id) : -1;
    if (index >= 0) void this.focusIndex(index);
  }

  async refresh(focus?: string): Promise<void> {
    document.dispatchEvent(new CustomEvent("files-changed")); // the space may be fuller or emptier
    const held = focus ?? (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("tr[data-id]")?.dataset["id"];
    await this.load(this.list.order);
    if (held) this.focusOn(held);
  }

  private one<T extends Element = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector)!;
  }

  private get table(): HTMLTableElement {
    return this.one<HTMLTableElement>("table.entries");
  }

  private get body(): HTMLElement {
    return this.one("table.entries tbody");
  }

  private orderOfPage(): Order {
    return { sort: this.dataset["sort"] || "name", order: this.dataset["order"] || "asc" };
  }

  private async start(): Promise<void> {
    const held = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("tr[data-id]")?.dataset["id"];
    await this.load(this.list.order);
    const scroll = (history.state as { scroll?: number } | null)?.scroll;
    if (this.live && scroll) scrollTo(0, scroll);
    if (held) this.focusOn(held);
    this.fetchAhead();
    addEventListener("pagehide", () => history.replaceState({ ...(history.state as object | null), scroll: scrollY }, ""));
  }

  // The list as the server has it now; what stands stays where the line is broken, with a word about it.
  private async load(order: Order): Promise<void> {
    try {
      await this.list.reload(order);
    } catch (error) {
      return this.failed(error as Problem);
    }
    this.one<HTMLElement>("[data-trouble]").hidden = true;
    this.takeOver();
    this.selection.keep(this.list.loaded);
    this.current = Math.min(this.current, Math.max(0, this.list.count - 1));
    this.layOut();
  }

  private failed(problem: Problem): void {
    if (problem.status === 401 || problem.status === 403 || problem.status === 404 || problem.status === 410)
      return location.reload(); // signed out, withdrawn or gone: that page says it
    const box = this.one<HTMLElement>("[data-trouble]");
    box.hidden = false;
    box.querySelector("span")!.textContent = problem.message;
  }

  private takeOver(): void {
    if (this.live) return;
    this.live = true;
    for (const old of this.querySelectorAll("[data-more]")) old.remove();
    this.table.classList.add("live");
    this.body.replaceChildren();
    this.body.setAttribute("role", "rowgroup");
    for (const head of this.table.querySelectorAll("thead, thead tr, thead th"))
      head.setAttribute("role", head.matches("thead") ? "rowgroup" : head.matches("tr") ? "row" : "columnheader");
  }

  private layOut(): void {
    const { count } = this.list;
    const table = this.table;
    table.classList.toggle("tiles", this.tiles);
    table.setAttribute("role", this.tiles ? "list" : "grid");
    for (const name of ["aria-rowcount", "aria-multiselectable"]) table.removeAttribute(name);
    if (!this.tiles) {
      table.setAttribute("aria-rowcount", String(count + 1));
      table.setAttribute("aria-multiselectable", "true");
    }
    this.body.setAttribute("role", this.tiles ? "presentation" : "rowgroup");
    table.tHead!.hidden = this.tiles;
    this.one("[data-some]").hidden = count === 0;
    this.one("[data-none]").hidden = count > 0;
    this.shown.show(count, this.tiles ? tileWidth : 0);
    this.shown.repaint();
    this.showOrder();
  }

  private paint(row: HTMLElement, index: number): void {
    const entry = this.list.at(index);
    const state = {
      index, tiles: this.tiles, count: this.list.count, current: index === this.current,
      selected: entry !== undefined && this.selection.has(entry.id),
    };
    paintRow(row, entry, state, this.words as unknown as RowWords);
  }

  private async ahead(last: number): Promise<void> {
    if (!this.live || this.list.complete) return;
    const before = this.list.loaded.length;
    if (last + 500 <= before) return;
    try {
      await this.list.reach(Math.min(before + 1, this.list.count));
    } catch (error) {
      return this.failed(error as Problem);
    }
    this.shown.show(this.list.count, this.tiles ? tileWidth : 0);
    this.shown.repaint();
  }

  // The row becomes the one that Tab reaches, comes into sight and takes the focus; it is fetched first where it must be.
  private async focusIndex(index: number): Promise<void> {
    if (!this.list.at(index)) {
      try {
        await this.list.reach(index + 1);
      } catch (error) {
        return this.failed(error as Problem);
      }
      this.shown.show(this.list.count, this.tiles ? tileWidth : 0);
    }
    const before = this.current;
    this.current = index;
    const row = this.shown.bring(index);
    this.shown.repaint(before);
    this.shown.repaint(index);
    row?.querySelector<HTMLElement>(".title a")?.focus({ preventScroll: true });
  }

  private async selectAll(): Promise<void> {
    try {
      await this.list.reach(this.list.count);
    } catch (error) {
      return this.failed(error as Problem);
    }
    this.selection.all(this.list.loaded);
  }

  private selectionChanged(): void {
    const n = this.selection.size;
    const bar = this.one("[data-selected]");
    bar.hidden = n === 0;
    this.classList.toggle("selecting", n > 0);
    const all = this.one<HTMLInputElement>("[data-all]");
    all.checked = n > 0 && n === this.list.count;
    all.indeterminate = n > 0 && n < this.list.count;
    if (this.live) this.shown.repaint();
    const count = counted(this.words, "selected", n);
    this.one("[data-count]").textContent = count;
    this.say(n ? count : "");
    const chosen = this.selection.entries;
    const only = chosen.length === 1 ? chosen[0] : undefined;
    for (const [name, allowed] of Object.entries({
      share: only?.may_manage ?? false, rename: only?.may_edit ?? false, move: chosen.every((entry) => entry.may_edit),
      trash: chosen.every((entry) => entry.may_edit), favourite: this.dataset["favourites"] !== undefined,
    }))
      for (const button of bar.querySelectorAll<HTMLElement>(`[data-act="${name}"]`)) button.hidden = !allowed;
  }

  // What an action on this row is for: the selection if it is part of it, else it alone.
  private chosenWith(id: string): Entry[] {
    if (this.selection.has(id)) return this.selection.entries;
    const entry = this.list.at(this.list.index(id));
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
    const entry = index === undefined ? undefined : this.list.at(index);
    const items = entry ? this.chosenWith(entry.id) : this.selection.entries;
    if (name === "open") {
      if (entry) this.open(entry);
    } else if (name === "help") {
      this.one<HTMLDialogElement>("[data-keys-dialog]").showModal();
    } else if (name === "new") {
      this.openNew();
    } else if (name === "clear") {
      this.selection.clear();
      this.focusOn(this.list.at(this.current)?.id);
    } else if (name === "select" && index !== undefined) {
      this.selection.toggle(index);
    } else if (items.length) {
      void this.actions().then((actions) => actions.run(this, name, items), this.missing).then(() => this.shown.repaint());
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

  private indexOf(target: EventTarget | null): number {
    const row = (target as Element | null)?.closest<HTMLElement>("tr[data-index]");
    return row ? Number(row.dataset["index"]) : -1;
  }

  private listen(): void {
    this.addEventListener("pointerdown", (event) => this.pressed(event));
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("dblclick", (event) => {
      const index = this.indexOf(event.target);
      if (index >= 0 && !(event.target as Element).closest("a, button, input")) this.act("open", index);
    });
    this.addEventListener("contextmenu", (event) => {
      const index = this.indexOf(event.target);
      if (index < 0) return;
      event.preventDefault();
      if (this.touch) return; // a long press: it chose the row
      void this.showMenu(index, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : undefined);
    });
    this.querySelector("[data-order]")?.addEventListener("change", (event) => {
      const [sort = "name", order = "asc"] = (event.target as HTMLSelectElement).value.split(" ");
      this.sortBy({ sort, order });
    });
    for (const button of this.querySelectorAll<HTMLElement>("[data-scripted]")) button.hidden = false;
    this.one("[data-retry]").addEventListener("click", () => void this.refresh());
    document.addEventListener("share-changed", () => void this.refresh());
    addEventListener("online", () => this.connection());
    addEventListener("offline", () => this.connection());
    if (!navigator.onLine) this.connection();
  }

  private connection(): void {
    this.one<HTMLElement>("[data-offline]").hidden = navigator.onLine;
    if (navigator.onLine && !this.one<HTMLElement>("[data-trouble]").hidden) void this.refresh();
  }

  private pressed(event: PointerEvent): void {
    this.touch = event.pointerType === "touch";
    const index = this.indexOf(event.target);
    const row = (event.target as Element).closest<HTMLElement>("tr[data-index]");
    if (index < 0 || !row) return;
    row.draggable = !this.touch; // a dragged row and a long press begin alike under a finger
    if (this.touch) onLongPress(event, () => this.selection.toggle(index));
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    if (event.defaultPrevented) return;
    const act = target.closest<HTMLElement>("[data-act]");
    const head = target.closest<HTMLElement>("[data-sort-by]");
    if (act) return this.act(act.dataset["act"]!);
    if (target.closest("[data-close]")) return target.closest("dialog")?.close();
    if (target.closest("[data-view-toggle]")) return this.switchView();
    if (target.closest("[data-all]")) return void ((target as HTMLInputElement).checked ? this.selectAll() : this.selection.clear());
    if (head) {
      event.preventDefault();
      return this.sortBy(this.turned(head.dataset["sortBy"]!));
    }
    const share = target.closest<HTMLAnchorElement>("a[data-share][href]");
    if (share && !event.ctrlKey && !event.metaKey && !event.shiftKey) return this.share(event, share);
    const index = this.indexOf(target);
    if (index >= 0) this.clickedRow(event, target, index);
  }

  private share(event: Event, link: HTMLAnchorElement): void {
    if (customElements.get("share-dialog")) return; // it listens by itself
    event.preventDefault();
    void import("../../../libs/sharing/share/share-dialog.ts").then(() => link.click());
  }

  private clickedRow(event: MouseEvent, target: Element, index: number): void {
    const entry = this.list.at(index);
    if (!entry) return;
    this.moveCurrent(index);
    if (target.closest("[data-row-menu]")) {
      const box = target.closest("[data-row-menu]")!.getBoundingClientRect();
      return void this.showMenu(index, { x: box.right, y: box.bottom, end: true });
    }
    if (target.closest("[data-star]")) return this.star(entry);
    if (target.matches("input[type=checkbox]"))
      return event.shiftKey ? this.selection.range(index, true) : this.selection.toggle(index);
    const link = target.closest("a");
    if (link && (event.ctrlKey || event.metaKey)) return; // a new tab was asked for
    if (event.shiftKey || (this.touch && this.selection.size)) {
      event.preventDefault();
      if (event.shiftKey) this.selection.range(index, event.ctrlKey || event.metaKey);
      else this.selection.toggle(index);
    } else if (link || this.touch) {
      event.preventDefault();
      this.open(entry);
    } else if (event.ctrlKey || event.metaKey) {
      this.selection.toggle(index);
    } else {
      this.selection.only(index);
    }
  }

  private moveCurrent(index: number): void {
    const before = this.current;
    this.current = index;
    this.shown.repaint(before);
    this.shown.repaint(index);
  }

  private star(entry: Entry): void {
    void this.actions().then((actions) => actions.run(this, "star", [entry])).then(() => this.shown.repaint());
  }

  private async showMenu(index: number, at?: { x: number; y: number; end?: boolean }): Promise<void> {
    const entry = this.list.at(index);
    const row = this.shown.row(index);
    if (!entry || !row) return;
    if (!this.selection.has(entry.id)) this.selection.clear();
    this.moveCurrent(index);
    const { openMenu } = await import("./row-menu.ts");
    const box = row.getBoundingClientRect();
    openMenu(this, this.chosenWith(entry.id), at ?? { x: box.left + 48, y: box.bottom }, (name) => this.act(name, index), () => this.focusOn(entry.id));
  }

  private turned(sort: string): Order {
    const now = this.list.order;
    const first = sort === "changed" || sort === "size" ? "desc" : "asc"; // what one looks for stands first
    if (now.sort !== sort) return { sort, order: first };
    return { sort, order: now.order === "asc" ? "desc" : "asc" };
  }

  private sortBy(order: Order): void {
    scrollTo(0, Math.min(scrollY, this.table.getBoundingClientRect().top + scrollY - 80));
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(order)) address.searchParams.set(name, value);
    history.replaceState(history.state, "", address);
    this.current = 0;
    void this.load(order);
  }

  private showOrder(): void {
    const { sort, order } = this.list.order;
    for (const head of this.querySelectorAll<HTMLElement>("[data-sort-by]")) {
      const cell = head.closest("th")!;
      if (head.dataset["sortBy"] === sort) cell.setAttribute("aria-sort", order === "asc" ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    }
    const choice = this.querySelector<HTMLSelectElement>("[data-order]"); // lists across places have one order
    if (choice) choice.value = `${sort} ${order}`;
  }

  private switchView(): void {
    this.tiles = !this.tiles;
    this.dataset["view"] = this.tiles ? "tiles" : "rows";
    const year = 365 * 24 * 3600; // read by the server, so that the next page does not change under the reader's eyes
    document.cookie = `files_view=${this.dataset["view"]}; Path=/; Max-Age=${year}; SameSite=Lax`;
    this.layOut();
    void this.focusIndex(this.current);
  }
}

customElements.define("files-folder", FilesFolder);
