// What stands in a folder, fetched in keyed pages of 500 as the reader gets near them. The list knows from the first page how
// many there are, so that scroll bar and screen reader are told the truth before the rest has come.
import { fetchJson } from "preau/fetch_json.ts";

export interface Entry {
  id: string;
  kind: string; // "folder", "file", "handin", or a kind of another service
  name: string;
  url: string;
  icon: string;
  hue: string;
  size?: number | null; // bytes
  extent?: string; // "24 éléments", "4,2 Mo": what the column shows
  type?: string; // media type of a file
  changed_at: string | number;
  changed: string; // in words
  revision: number;
  may_edit: boolean;
  may_manage: boolean;
  audience: { text: string; icon: string };
  thumbnail?: string | null;
  favourite?: boolean;
  shortcut?: boolean; // leads to what its name and icon are of
  see_as?: string | null; // whose eyes the reader may borrow: "families-…"
  copying?: string | null; // "Copie en cours : …"
  shared_by?: string | null; // in the list of what others shared
  may_leave?: boolean | null;
}

export interface Order {
  sort: string; // name, changed, size, kind
  order: string; // asc, desc
}

interface Page {
  count: number;
  items: Entry[];
  next?: string | null;
}

const perPage = 500;

export class Entries {
  count = 0;
  private list: Entry[] = [];
  private next: string | null = "";
  private fetching: Promise<void> | null = null;
  private generation = 0; // answers to an older question are dropped

  constructor(private readonly address: string, public order: Order) {}

  get loaded(): readonly Entry[] {
    return this.list;
  }

  at(index: number): Entry | undefined {
    return this.list[index];
  }

  index(id: string): number {
    return this.list.findIndex((entry) => entry.id === id);
  }

  // From the start again: as far as it had come, or in another order the first page. What stands is kept until all of it is here.
  async reload(order: Order = this.order): Promise<void> {
    const wanted = order === this.order ? this.list.length : 0;
    const generation = ++this.generation;
    this.order = order;
    let page = await this.page("");
    let list: Entry[] = [];
    while (list.length + page.items.length < wanted && page.next) {
      list = list.concat(page.items);
      page = await this.page(page.next);
    }
    if (generation !== this.generation) return;
    this.fetching = null;
    this.take(list, page);
  }

  // At least so many, if there are so many. Errors: Problem.
  async reach(length: number): Promise<void> {
    while (this.list.length < length && this.next !== null) await this.more();
  }

  get complete(): boolean {
    return this.next === null;
  }

  // The first whose name begins so, from `start` on and round; fetches what has not come yet.
  async find(prefix: string, start: number): Promise<number> {
    const wanted = fold(prefix);
    const begins = (entry: Entry | undefined): boolean => entry !== undefined && fold(entry.name).startsWith(wanted);
    for (let index = start; ; index++) {
      if (index >= this.list.length) {
        if (this.next === null) break;
        await this.reach(index + 1);
      }
      if (begins(this.list[index])) return index;
    }
    for (let index = 0; index < start; index++) if (begins(this.list[index])) return index;
    return -1;
  }

  private more(): Promise<void> {
    if (!this.fetching) {
      const generation = this.generation;
      this.fetching = this.page(this.next ?? "")
        .then((page) => {
          if (generation === this.generation) this.take(this.list, page);
        })
        .finally(() => {
          if (generation === this.generation) this.fetching = null;
        });
    }
    return this.fetching;
  }

  private page(after: string): Promise<Page> {
    const query = new URLSearchParams({ ...this.order, limit: String(perPage) });
    if (after) query.set("after", after);
    return fetchJson<Page>(`${this.address}${this.address.includes("?") ? "&" : "?"}${query}`);
  }

  private take(before: Entry[], page: Page): void {
    this.list = before.concat(page.items);
    this.next = page.next ?? null;
    // Somebody may add or take away between two pages: what is here wins over what was announced.
    this.count = this.next === null ? this.list.length : Math.max(page.count, this.list.length + 1);
  }
}

// "Évaluation" is found by "eval".
export function fold(text: string): string {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
}
