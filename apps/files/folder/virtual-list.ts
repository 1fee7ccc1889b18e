// Thousands of rows of which only those in sight exist. Rows have one height and an absolute place inside `body`, whose height
// is that of all; while the page scrolls, a row that leaves on one side gets a new place and new content without leaving the
// document, where taking it out and in again would cost its style and layout anew. The document has the order of reading again
// as soon as the page rests, and a row that holds the focus is never taken away from under it.

export interface Painter {
  create(): HTMLElement;
  paint(row: HTMLElement, index: number): void;
}

const ahead = 6; // lines painted beyond the window on both sides
const rest = 120; // milliseconds without a change after which the page counts as resting

export class VirtualList {
  private rows = new Map<number, HTMLElement>();
  private pool: HTMLElement[] = [];
  private count = 0;
  private columns = 1;
  private height = 0; // of one line, in pixels
  private scheduled = false;
  private resting = 0; // timer

  // `seen` is told which entries are wanted next, so that they can be fetched.
  constructor(private readonly body: HTMLElement, private readonly painter: Painter, private readonly seen: (last: number) => void) {
    addEventListener("scroll", () => this.schedule(), { passive: true });
    new ResizeObserver(() => this.arrange()).observe(body);
  }

  // `tile`: the least width of one in rem, 0 for a list.
  show(count: number, tile: number): void {
    this.count = count;
    this.tile = tile;
    this.arrange();
  }

  private tile = 0;

  get perLine(): number {
    return this.columns;
  }

  get perWindow(): number { // entries that a page up or down moves by
    return Math.max(1, Math.floor((innerHeight * 0.8) / (this.height || 1))) * this.columns;
  }

  row(index: number): HTMLElement | undefined {
    return this.rows.get(index);
  }

  // Content changed, places did not.
  repaint(index?: number): void {
    if (index !== undefined) {
      const row = this.rows.get(index);
      if (row) this.painter.paint(row, index);
      return;
    }
    for (const [at, row] of this.rows) this.painter.paint(row, at);
  }

  // Scrolls as little as needed and answers the row, which then exists.
  bring(index: number): HTMLElement | undefined {
    const top = this.body.getBoundingClientRect().top + Math.floor(index / this.columns) * this.height;
    const head = 128; // under the bar and the head of the list
    const foot = innerHeight - 88; // above the bar of a selection on a phone
    if (top < head) scrollBy(0, top - head);
    else if (top + this.height > foot) scrollBy(0, top + this.height - foot);
    this.update();
    this.keepOrder();
    return this.rows.get(index);
  }

  private arrange(): void {
    if (!this.body.isConnected || this.body.clientWidth === 0) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const columns = this.tile ? Math.max(2, Math.floor(this.body.clientWidth / (this.tile * rem))) : 1;
    const height = this.measure();
    if (columns !== this.columns || height !== this.height) for (const index of [...this.rows.keys()]) this.release(index);
    this.columns = columns;
    this.height = height;
    this.body.style.height = `${Math.ceil(this.count / columns) * height}px`;
    for (const index of [...this.rows.keys()]) if (index >= this.count) this.release(index);
    this.update();
  }

  private measure(): number {
    const row = this.rows.values().next().value ?? this.pool[0] ?? this.painter.create();
    const loose = !row.isConnected;
    if (loose) this.body.append(row);
    const height = row.offsetHeight;
    if (loose) {
      row.remove();
      if (!this.pool.includes(row)) this.pool.push(row);
    }
    return height;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.update();
    });
  }

  private update(): void {
    if (!this.height) return;
    const top = this.body.getBoundingClientRect().top;
    const first = Math.max(0, (Math.floor(-top / this.height) - ahead) * this.columns);
    const last = Math.min(this.count, (Math.ceil((innerHeight - top) / this.height) + ahead) * this.columns);
    const held = document.activeElement;
    const free: HTMLElement[] = [];
    for (const [index, row] of this.rows)
      if ((index < first || index >= last) && !row.contains(held)) {
        this.rows.delete(index);
        free.push(row);
      }
    let changed = free.length > 0;
    for (let index = first; index < last; index++)
      if (!this.rows.has(index)) {
        this.place(index, free.pop() ?? this.pool.pop() ?? this.painter.create());
        changed = true;
      }
    for (const row of free) this.putAway(row);
    if (changed) {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.keepOrder(), rest);
    }
    this.seen(Math.max(last, 0));
  }

  private place(index: number, row: HTMLElement): void {
    this.rows.set(index, row);
    row.style.top = `${Math.floor(index / this.columns) * this.height}px`;
    row.style.left = `${(100 * (index % this.columns)) / this.columns}%`;
    row.style.width = `${100 / this.columns}%`;
    this.painter.paint(row, index);
    if (!row.isConnected) this.body.append(row);
  }

  private release(index: number): void {
    const row = this.rows.get(index)!;
    this.rows.delete(index);
    this.putAway(row);
  }

  private putAway(row: HTMLElement): void {
    row.remove();
    this.pool.push(row);
  }

  // Around the row that holds the focus: a row that is moved in the document loses it.
  private keepOrder(): void {
    clearTimeout(this.resting);
    const order = [...this.rows].sort(([a], [b]) => a - b).map(([, row]) => row);
    const anchor = Math.max(0, order.findIndex((row) => row.contains(document.activeElement)));
    for (let i = anchor - 1; i >= 0; i--) if (order[i]!.nextElementSibling !== order[i + 1]) order[i + 1]!.before(order[i]!);
    for (let i = anchor + 1; i < order.length; i++) if (order[i - 1]!.nextElementSibling !== order[i]) order[i - 1]!.after(order[i]!);
  }
}
