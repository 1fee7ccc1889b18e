// The keyboard in a folder. Tab reaches the list once; inside it arrows move, with shift they choose, space chooses one, letters
// jump to a name. `?` says it all.
import type { Selection } from "./selection.ts";

export interface Places {
  move(index: number): void; // focus there
  count(): number;
  current(): number;
  perLine(): number;
  perWindow(): number;
  tiles(): boolean;
  find(prefix: string, start: number): Promise<number>;
  act(name: string, index?: number): void;
  all(): void;
}

const pause = 900; // ms between two letters of one search

export class ListKeys {
  private typed = "";
  private typedAt = 0;

  constructor(root: HTMLElement, private readonly selection: Selection, private readonly places: Places) {
    root.addEventListener("keydown", (event) => this.pressed(event));
  }

  private pressed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    if (target.closest("input:not([type=checkbox]), textarea, select, dialog, .panel")) return;
    const row = target.closest<HTMLElement>("tr[data-index]");
    const done = (event.ctrlKey || event.metaKey ? this.withControl(event) : undefined) ?? this.anywhere(event.key) ?? (row && this.inRow(event, row));
    if (!done) return;
    event.preventDefault();
    done();
  }

  private withControl(event: KeyboardEvent): (() => void) | undefined {
    return event.key.toLowerCase() === "a" ? () => this.places.all() : undefined;
  }

  private anywhere(key: string): (() => void) | undefined {
    if (key === "?") return () => this.places.act("help");
    if (key === "+") return () => this.places.act("new");
    if (key === "Escape" && this.selection.size) return () => this.places.act("clear");
    return undefined;
  }

  private inRow(event: KeyboardEvent, row: HTMLElement): (() => void) | undefined {
    const { places } = this;
    const at = Number(row.dataset["index"]);
    const last = places.count() - 1;
    const line = places.perLine();
    const onLink = (event.target as Element).matches(".title a");
    const go = (to: number) => () => this.go(Math.max(0, Math.min(to, last)), at, event.shiftKey);
    switch (event.key) {
      case "ArrowDown": return go(at + line > last && line > 1 ? at : at + line);
      case "ArrowUp": return go(at - line < 0 && line > 1 ? at : at - line);
      case "ArrowLeft": return places.tiles() ? go(at - 1) : () => this.inside(row, -1);
      case "ArrowRight": return places.tiles() ? go(at + 1) : () => this.inside(row, 1);
      case "Home": return go(0);
      case "End": return go(last);
      case "PageDown": return go(at + places.perWindow());
      case "PageUp": return go(at - places.perWindow());
      case " ": return onLink && !this.searching ? () => (event.shiftKey ? this.selection.range(at, true) : this.selection.toggle(at)) : this.letter(event, at);
      case "Enter": return onLink && !event.ctrlKey && !event.metaKey ? () => places.act("open", at) : undefined;
      case "F2": return () => places.act("rename", at);
      case "Delete": return () => places.act("trash", at);
      default: return this.letter(event, at);
    }
  }

  private go(to: number, from: number, extend: boolean): void {
    if (extend) {
      if (!this.selection.size) this.selection.startAt(from);
      this.selection.range(to, false);
    }
    this.places.move(to);
  }

  // To the other things of the same row: check box, name, star, who sees it, menu.
  private inside(row: HTMLElement, step: 1 | -1): void {
    const stops = [...row.querySelectorAll<HTMLElement>("input, a[href], button")].filter((stop) => stop.offsetParent !== null);
    stops[stops.indexOf(document.activeElement as HTMLElement) + step]?.focus();
  }

  private get searching(): boolean {
    return this.typed !== "" && performance.now() - this.typedAt < pause;
  }

  private letter(event: KeyboardEvent, at: number): (() => void) | undefined {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return undefined;
    return () => {
      this.typed = this.searching ? this.typed + event.key : event.key;
      this.typedAt = performance.now();
      const again = new Set(this.typed).size === 1; // "eee": the next that begins with e
      void this.places.find(again ? this.typed[0]! : this.typed, again ? at + 1 : at).then((found) => {
        if (found >= 0) this.places.move(found);
      });
    };
  }
}
