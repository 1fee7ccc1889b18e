// The list itself: takes the server's table over, fetches rows as the reader gets near them, paints those in sight as rows or
// tiles, and knows which one the keyboard stands on.
import type { Problem } from "preau/fetch_json.ts";
import { Entries, type Entry, type Order } from "./entries.ts";
import type { Words } from "./host.ts";
import { createRow, paintRow, type RowWords } from "./row-view.ts";
import { VirtualList } from "./virtual-list.ts";

const tileWidth = 10.5; // rem

export interface ListOwner {
  readonly element: HTMLElement;
  readonly words: Words;
  chosen(id: string): boolean;
  reloaded(): void; // the rows are fresh ones
}

export class ListView {
  readonly entries: Entries;
  current = 0; // index of the row that Tab reaches
  tiles: boolean;
  private readonly shown: VirtualList;
  private live = false;
  private readonly root: HTMLElement;

  constructor(private readonly owner: ListOwner, address: string) {
    this.root = owner.element;
    const { sort, order, view, favourites } = this.root.dataset;
    this.entries = new Entries(address, { sort: sort || "name", order: order || "asc" });
    this.tiles = view === "tiles";
    const painter = { create: () => createRow(favourites !== undefined), paint: (row: HTMLElement, index: number) => this.paint(row, index) };
    this.shown = new VirtualList(this.body, painter, (last) => void this.ahead(last));
  }

  get count(): number {
    return this.entries.count;
  }

  get perLine(): number {
    return this.shown.perLine;
  }

  get perWindow(): number {
    return this.shown.perWindow;
  }

  row(index: number): HTMLElement | undefined {
    return this.shown.row(index);
  }

  repaint(): void {
    if (this.live) this.shown.repaint();
  }

  private one<T extends Element = HTMLElement>(selector: string): T {
    return this.root.querySelector<T>(selector)!;
  }

  private get table(): HTMLTableElement {
    return this.one<HTMLTableElement>("table.entries");
  }

  private get body(): HTMLElement {
    return this.one("table.entries tbody");
  }

  // The first time, when the page opens: where the reader was before they left it.
  async start(): Promise<void> {
    const held = this.held();
    await this.load();
    const scroll = (history.state as { scroll?: number } | null)?.scroll;
    if (this.live && scroll) scrollTo(0, scroll);
    if (held) this.focusOn(held);
    addEventListener("pagehide", () => history.replaceState({ ...(history.state as object | null), scroll: scrollY }, ""));
  }

  // Id of the row that has the focus.
  held(): string | undefined {
    return (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("tr[data-id]")?.dataset["id"];
  }

  // The list as the server has it now; what stands stays where the line is broken, with a word about it.
  async load(order: Order = this.entries.order): Promise<void> {
    if (!(await this.tried(() => this.entries.reload(order)))) return;
    this.one("[data-trouble]").hidden = true;
    this.takeOver();
    this.owner.reloaded();
    this.current = Math.min(this.current, Math.max(0, this.count - 1));
    this.layOut();
  }

  // All rows, where there are more than have come. False: they did not.
  all(): Promise<boolean> {
    return this.tried(() => this.entries.reach(this.count));
  }

  private async tried(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.failed(error as Problem);
      return false;
    }
  }

  private failed(problem: Problem): void {
    if (problem.status === 401 || problem.status === 403 || problem.status === 404 || problem.status === 410)
      return location.reload(); // signed out, withdrawn or gone: that page says it
    const box = this.one("[data-trouble]");
    box.hidden = false;
    box.querySelector("span")!.textContent = problem.message;
  }

  private takeOver(): void {
    if (this.live) return;
    this.live = true;
    for (const old of this.root.querySelectorAll("[data-more]")) old.remove();
    this.table.classList.add("live");
    this.body.replaceChildren();
    this.body.setAttribute("role", "rowgroup");
    for (const head of this.table.querySelectorAll("thead, thead tr, thead th"))
      head.setAttribute("role", head.matches("thead") ? "rowgroup" : head.matches("tr") ? "row" : "columnheader");
  }

  private layOut(): void {
    const { count } = this;
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
    this.resize();
    this.shown.repaint();
    this.showOrder();
  }

  private resize(): void {
    this.shown.show(this.count, this.tiles ? tileWidth : 0);
  }

  private paint(row: HTMLElement, index: number): void {
    const entry: Entry | undefined = this.entries.at(index);
    const selected = entry !== undefined && this.owner.chosen(entry.id);
    const state = { index, tiles: this.tiles, count: this.count, current: index === this.current, selected };
    paintRow(row, entry, state, this.owner.words as unknown as RowWords);
  }

  private async ahead(last: number): Promise<void> {
    if (!this.live || this.entries.complete) return;
    const before = this.entries.loaded.length;
    if (last + 500 <= before) return;
    if (!(await this.tried(() => this.entries.reach(Math.min(before + 1, this.count))))) return;
    this.resize();
    this.shown.repaint();
  }

  // The row becomes the one that Tab reaches, comes into sight and takes the focus; it is fetched first where it must be.
  async focusIndex(index: number): Promise<void> {
    if (!this.entries.at(index)) {
      if (!(await this.tried(() => this.entries.reach(index + 1)))) return;
      this.resize();
    }
    const before = this.current;
    this.current = index;
    const row = this.shown.bring(index);
    this.shown.repaint(before);
    this.shown.repaint(index);
    row?.querySelector<HTMLElement>(".title a")?.focus({ preventScroll: true });
  }

  focusOn(id: string | undefined): void {
    const index = id ? this.entries.index(id) : -1;
    if (index >= 0) void this.focusIndex(index);
  }

  moveCurrent(index: number): void {
    const before = this.current;
    this.current = index;
    this.shown.repaint(before);
    this.shown.repaint(index);
  }

  // By the head of a column: the other way round the second time.
  sortByColumn(sort: string): void {
    const now = this.entries.order;
    const first = sort === "changed" || sort === "size" ? "desc" : "asc"; // what one looks for stands first
    if (now.sort !== sort) return this.sortBy({ sort, order: first });
    this.sortBy({ sort, order: now.order === "asc" ? "desc" : "asc" });
  }

  sortBy(order: Order): void {
    scrollTo(0, Math.min(scrollY, this.table.getBoundingClientRect().top + scrollY - 80));
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(order)) address.searchParams.set(name, value);
    history.replaceState(history.state, "", address);
    this.current = 0;
    void this.load(order);
  }

  private showOrder(): void {
    const { sort, order } = this.entries.order;
    for (const head of this.root.querySelectorAll<HTMLElement>("[data-sort-by]")) {
      const cell = head.closest("th")!;
      if (head.dataset["sortBy"] === sort) cell.setAttribute("aria-sort", order === "asc" ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    }
    const choice = this.root.querySelector<HTMLSelectElement>("[data-order]"); // lists across places have one order
    if (choice) choice.value = `${sort} ${order}`;
  }

  switchView(): void {
    this.tiles = !this.tiles;
    this.root.dataset["view"] = this.tiles ? "tiles" : "rows";
    const year = 365 * 24 * 3600; // read by the server, so that the next page does not change under the reader's eyes
    document.cookie = `files_view=${this.root.dataset["view"]}; Path=/; Max-Age=${year}; SameSite=Lax`;
    this.layOut();
    void this.focusIndex(this.current);
  }
}
