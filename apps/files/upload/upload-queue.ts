// Files on their way up: three at a time, each with its progress, cancel and retry. XMLHttpRequest and not fetch, because
// fetch tells nothing about what was sent so far.

import { progress } from "preau/format.ts";

export interface QueueWords {
  waiting: string;
  storing: string;
  done: string;
  failed: string;
  offline: string;
  cancelled: string;
  cancel: string;
  retry: string;
  dismiss: string;
}

const atOnce = 3;

function messageOf(request: XMLHttpRequest, otherwise: string): string {
  try {
    const problem = JSON.parse(request.responseText) as { title?: string };
    return problem.title ?? otherwise;
  } catch {
    return otherwise; // a proxy's page, or nothing
  }
}

class Sending {
  readonly row = document.createElement("li");
  private readonly name = document.createElement("strong");
  private readonly state = document.createElement("span");
  private readonly bar = document.createElement("progress");
  private readonly button = document.createElement("button");
  private request: XMLHttpRequest | null = null;
  private finished = false;
  private startedAt = 0;

  constructor(readonly file: File, private readonly address: string, private readonly words: QueueWords,
              private readonly ended: (sending: Sending, ok: boolean) => void,
              private readonly again: (sending: Sending) => void) {
    const text = document.createElement("span");
    text.className = "grow";
    this.name.textContent = file.name;
    this.state.className = "soft small number";
    this.state.textContent = words.waiting;
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name);
    text.append(this.name, document.createElement("br"), this.state);
    this.button.type = "button";
    this.button.className = "button plain";
    this.offer(words.cancel, () => this.cancel());
    this.row.append(text, this.bar, this.button);
  }

  get active(): boolean {
    return this.request !== null;
  }

  start(): void {
    const request = new XMLHttpRequest();
    this.request = request;
    this.startedAt = performance.now();
    request.open("PUT", this.address);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => this.progress(event.loaded, event.total));
    request.upload.addEventListener("load", () => this.tell(this.words.storing));
    request.addEventListener("load", () =>
      request.status < 300 ? this.succeed() : this.fail(messageOf(request, this.words.failed)));
    request.addEventListener("error", () => this.fail(this.words.offline));
    request.addEventListener("abort", () => this.fail(this.words.cancelled));
    this.offer(this.words.cancel, () => this.cancel());
    this.state.classList.remove("problem");
    request.send(this.file);
  }

  private progress(sent: number, total: number): void {
    this.bar.value = total > 0 ? sent / total : 0;
    const seconds = (performance.now() - this.startedAt) / 1000;
    this.tell(progress(sent, total, seconds > 2 ? sent / seconds : 0)); // before that a speed says nothing
  }

  private tell(text: string): void {
    this.state.textContent = text;
  }

  private succeed(): void {
    this.request = null;
    this.finished = true;
    this.bar.remove();
    this.tell(this.words.done);
    this.offer(this.words.dismiss, () => this.row.remove());
    setTimeout(() => this.row.remove(), 8000); // it stands in the folder now; what failed stays until it is dealt with
    this.ended(this, true);
  }

  private fail(why: string): void {
    this.request = null;
    this.state.classList.add("problem");
    this.tell(why);
    this.bar.value = 0;
    this.offer(this.words.retry, () => {
      this.tell(this.words.waiting);
      this.again(this);
    });
    this.ended(this, false);
  }

  private cancel(): void {
    if (this.request) this.request.abort();
    else if (!this.finished) this.fail(this.words.cancelled);
  }

  private offer(label: string, act: () => void): void {
    this.button.textContent = label;
    this.button.setAttribute("aria-label", `${label} – ${this.file.name}`);
    this.button.onclick = act;
  }
}

export class UploadQueue {
  private waiting: Sending[] = [];
  private running = 0;

  // `settled` is called when the last of a run ended, `say` for the live region.
  constructor(private readonly list: HTMLElement, private readonly words: QueueWords,
              private readonly address: (file: File) => string, private readonly settled: () => void,
              private readonly say: (text: string) => void) {
    new MutationObserver(() => this.show()).observe(list, { childList: true });
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const sending = new Sending(file, this.address(file), this.words, (which, ok) => this.ended(which, ok),
                                  (which) => this.enqueue(which));
      this.list.append(sending.row);
      this.enqueue(sending);
    }
  }

  // The frame around the list is there as long as the list says something.
  private show(): void {
    this.list.parentElement!.hidden = this.list.childElementCount === 0;
  }

  get busy(): boolean {
    return this.running > 0;
  }

  private enqueue(sending: Sending): void {
    this.waiting.push(sending);
    this.next();
  }

  private next(): void {
    while (this.running < atOnce) {
      const sending = this.waiting.shift();
      if (!sending) return;
      this.running += 1;
      sending.start();
    }
  }

  private ended(sending: Sending, ok: boolean): void {
    const queued = this.waiting.indexOf(sending);
    if (queued >= 0) this.waiting.splice(queued, 1); // cancelled before its turn
    else this.running -= 1;
    this.say(`${sending.file.name} – ${ok ? this.words.done : this.words.failed}`);
    this.next();
    if (this.running === 0) this.settled();
  }
}
