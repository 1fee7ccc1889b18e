// Mouse and finger in a folder: a click opens or chooses, a second button or a long press brings the menu or chooses, buttons do
// what they say (data-act).
import type { Entry } from "./entries.ts";
import type { ListView } from "./list-view.ts";
import { onLongPress } from "./long-press.ts";
import type { Selection } from "./selection.ts";

export interface PointerActs {
  act(name: string, index?: number): void;
  open(entry: Entry): void;
  all(): void;
  star(entry: Entry): void;
  share(event: Event, link: HTMLAnchorElement): void;
  menu(index: number, at?: { x: number; y: number; end?: boolean }): void;
}

export class ListPointer {
  private touch = false;

  constructor(root: HTMLElement, private readonly view: ListView, private readonly selection: Selection, private readonly acts: PointerActs) {
    root.addEventListener("pointerdown", (event) => this.pressed(event));
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("dblclick", (event) => {
      const index = indexOf(event.target);
      if (index >= 0 && !(event.target as Element).closest("a, button, input")) acts.act("open", index);
    });
    root.addEventListener("contextmenu", (event) => {
      const index = indexOf(event.target);
      if (index < 0) return;
      event.preventDefault();
      if (this.touch) return; // a long press: it chose the row
      acts.menu(index, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : undefined);
    });
  }

  private pressed(event: PointerEvent): void {
    this.touch = event.pointerType === "touch";
    const index = indexOf(event.target);
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
    if (act) return this.acts.act(act.dataset["act"]!);
    if (target.closest("[data-close]")) return target.closest("dialog")?.close();
    if (target.closest("[data-view-toggle]")) return this.view.switchView();
    if (target.closest("[data-all]")) return (target as HTMLInputElement).checked ? this.acts.all() : this.selection.clear();
    if (head) {
      event.preventDefault();
      return this.view.sortByColumn(head.dataset["sortBy"]!);
    }
    const share = target.closest<HTMLAnchorElement>("a[data-share][href]");
    if (share && !event.ctrlKey && !event.metaKey && !event.shiftKey) return this.acts.share(event, share);
    const index = indexOf(target);
    if (index >= 0) this.clickedRow(event, target, index);
  }

  private clickedRow(event: MouseEvent, target: Element, index: number): void {
    const entry = this.view.entries.at(index);
    if (!entry) return;
    this.view.moveCurrent(index);
    if (target.closest("[data-row-menu]")) {
      const box = target.closest("[data-row-menu]")!.getBoundingClientRect();
      return this.acts.menu(index, { x: box.right, y: box.bottom, end: true });
    }
    if (target.closest("[data-star]")) return this.acts.star(entry);
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
      this.acts.open(entry);
    } else if (event.ctrlKey || event.metaKey) {
      this.selection.toggle(index);
    } else {
      this.selection.only(index);
    }
  }
}

function indexOf(target: EventTarget | null): number {
  const row = (target as Element | null)?.closest<HTMLElement>("tr[data-index]");
  return row ? Number(row.dataset["index"]) : -1;
}
