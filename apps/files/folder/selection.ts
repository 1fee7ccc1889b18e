// Which entries are chosen, as every file manager does it: one, one more, from here to there, all. Pure: no document.
import type { Entry } from "./entries.ts";

export class Selection {
  private chosen = new Map<string, Entry>();
  private anchor = 0; // where a range begins

  constructor(private readonly at: (index: number) => Entry | undefined, private readonly changed: () => void) {}

  get size(): number {
    return this.chosen.size;
  }

  get entries(): Entry[] {
    return [...this.chosen.values()];
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  only(index: number): void {
    this.chosen.clear();
    this.toggle(index, true);
  }

  toggle(index: number, on?: boolean): void {
    const entry = this.at(index);
    this.anchor = index;
    if (entry) {
      if (on ?? !this.chosen.has(entry.id)) this.chosen.set(entry.id, entry);
      else this.chosen.delete(entry.id);
    }
    this.changed();
  }

  // From where the last choice was made to here; with `add` what was chosen elsewhere stays.
  range(index: number, add: boolean): void {
    if (!add) this.chosen.clear();
    for (let i = Math.min(this.anchor, index); i <= Math.max(this.anchor, index); i++) {
      const entry = this.at(i);
      if (entry) this.chosen.set(entry.id, entry);
    }
    this.changed();
  }

  startAt(index: number): void {
    this.anchor = index;
  }

  all(entries: readonly Entry[]): void {
    this.chosen = new Map(entries.map((entry) => [entry.id, entry]));
    this.changed();
  }

  clear(): void {
    if (!this.chosen.size) return;
    this.chosen.clear();
    this.changed();
  }

  // After a reload: the fresh rows of those that are still there.
  keep(entries: readonly Entry[]): void {
    this.chosen = new Map(entries.filter((entry) => this.chosen.has(entry.id)).map((entry) => [entry.id, entry]));
    this.changed();
  }
}
