// Thousands of rows of which only those in sight exist. Rows have one height and an absolute place inside `body`, whose height
// is that of all; while the page scrolls, a row that leaves on one side comes back on the other with new content. Reading order
// is kept in the document, and a row that holds the focus is never taken away from under it.

export interface Painter {
  create(): HTMLElement;
  paint(row: HTMLElement, index: number): void;
}

const ahead = 6; // lines painted beyond the window on both sides

export class VirtualList {
  private rows = new Map<number, HTMLElement>();
  private pool: HTMLElement[] = [];
  private count = 0;
  private columns = 1;
  private height = 0; // of one line, in pixels
  private scheduled = false;

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
    let changed = false;
    for (const [index, row] of [...this.rows])
      if ((index < first || index >= last) && !row.contains(held)) {
        this.release(index);
        changed = true;
      }
    for (let index = first; index < last; index++)
      if (!this.rows.has(index)) {
        this.place(index);
        changed = true;
      }
    if (changed) this.keepOrder();
    this.seen(Math.max(last, 0));
  }

  private place(index: number): void {
    const row = this.pool.pop() ?? this.painter.create();
    this.rows.set(index, row);
    row.style.transform = `translateY(${Math.floor(index / this.columns) * this.height}px)`;
    row.style.left = `${(100 * (index % this.columns)) / this.columns}%`;
    row.style.width = `${100 / this.columns}%`;
    this.painter.paint(row, index);
  }

  private release(index: number): void {
    const row = this.rows.get(index)!;
    this.rows.delete(index);
    row.remove();
    this.pool.push(row);
  }

  private keepOrder(): void {
    let cursor = this.body.firstElementChild;
    for (const index of [...this.rows.keys()].sort((a, b) => a - b)) {
      const row = this.rows.get(index)!;
      if (row === cursor) cursor = row.nextElementSibling;
      else this.body.insertBefore(row, cursor);
    }
  }
}
