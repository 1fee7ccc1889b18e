// Files on their way up: three at a time, with what is done and what is left, pause, cancel and retry. What was cut goes on by
// itself when the line is back; what the last visit left unfinished is offered again.
import { ask } from "preau/dialog.ts";
import { make } from "preau/element.ts";
import { fetchJson, Problem } from "preau/fetch_json.ts";
import { progress } from "preau/format.ts";
import { toast } from "preau/toast.ts";
import { counted, fill, type Host } from "../folder/host.ts";
import { chosenOf, filesIn, type Chosen } from "./dropped-files.ts";
import { Cancelled, TusUpload, type IfTaken } from "./tus-upload.ts";

const atOnce = 3;

class Sending {
  readonly upload: TusUpload;
  readonly row = make("li", { "data-sending": true });
  state: "waiting" | "active" | "done" | "failed" | "skipped" = "waiting";
  private readonly told = make("span", { class: "soft small number" });
  private readonly bar: HTMLProgressElement;
  private readonly again: HTMLButtonElement;
  private readonly stop: HTMLButtonElement;

  constructor(readonly file: File, readonly path: string, private readonly queue: UploadQueue) {
    const { words } = queue.host;
    this.upload = new TusUpload(file, queue.host.folder, path, (state) => this.moved(state));
    this.bar = make("progress", { max: 1, value: 0, "aria-label": file.name });
    this.again = make("button", { type: "button", class: "button plain", hidden: true, "aria-label": `${words["retry"]} – ${file.name}` }, words["retry"]!);
    this.stop = make("button", { type: "button", class: "button plain", "aria-label": `${words["cancel"]} – ${file.name}` }, words["cancel"]!);
    this.row.append(make("span", { class: "grow" }, make("strong", { class: "clip" }, path ? `${path}/${file.name}` : file.name), make("br"), this.told), this.bar, this.again, this.stop);
    this.again.addEventListener("click", () => queue.retry(this));
    this.stop.addEventListener("click", () => queue.drop(this));
  }

  private moved(state: "sending" | "storing" | "cut"): void {
    const { words } = this.queue.host;
    this.bar.value = this.file.size ? this.upload.sent / this.file.size : 1;
    this.tell(state === "cut" ? words[navigator.onLine ? "upCut" : "upOffline"]!
      : state === "storing" && this.upload.sent >= this.file.size ? words["upStoring"]! : progress(this.upload.sent, this.file.size));
    this.row.classList.toggle("cut", state === "cut");
    this.queue.moved();
  }

  get cut(): boolean {
    return this.row.classList.contains("cut");
  }

  tell(text: string, bad = false): void {
    if (this.told.textContent !== text) this.told.textContent = text;
    if (bad) this.row.classList.remove("cut");
    this.told.className = bad ? "problem" : "soft small number";
    this.again.hidden = !bad;
    this.bar.hidden = bad;
  }
}

export class UploadQueue {
  private readonly all: Sending[] = [];
  private readonly list: HTMLElement;
  private readonly panel: HTMLElement;
  private paused = false;
  private startedAt = 0;
  private sentBefore = 0;
  private forAll: IfTaken | "skip" | "" = ""; // what was answered for all that are taken
  private asking: Promise<unknown> = Promise.resolve();
  private refreshed = 0;
  private scheduled = false;

  constructor(readonly host: Host) {
    this.panel = host.element.querySelector<HTMLElement>("[data-uploads]")!;
    this.list = this.panel.querySelector<HTMLElement>("[data-queue]")!;
    this.panel.querySelector("[data-pause]")!.addEventListener("click", () => this.pauseAll());
    this.panel.querySelector("[data-stop]")!.addEventListener("click", () => this.stopAll());
    addEventListener("beforeunload", (event) => {
      if (!this.busy) return;
      event.preventDefault();
      event.returnValue = true; // Chrome 109 and Safari 15 ask only then
    });
    this.offerUnfinished();
  }

  add(files: Iterable<File>): void {
    this.take([...files].map(chosenOf));
  }

  async addDropped(dropped: (FileSystemEntry | File)[]): Promise<void> {
    const { files, empty } = await filesIn(dropped);
    if (files.length) this.take(files);
    if (empty.length) await this.makeFolders(empty);
  }

  // Folders with a file in them come with it.
  private async makeFolders(paths: string[]): Promise<void> {
    try {
      for (const path of paths) await fetchJson(`/api/files/${this.host.folder}/folders`, { method: "POST", json: { path } });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(error.message, "bad");
    }
    await this.host.refresh();
  }

  private take(chosen: Chosen[]): void {
    if (!this.busy) {
      this.startedAt = performance.now();
      this.sentBefore = this.bytes().sent;
      this.forAll = "";
    }
    for (const { file, path } of chosen) {
      this.list.querySelector(`[data-unfinished="${CSS.escape(TusUpload.key(this.host.folder, path, file))}"]`)?.remove();
      this.all.push(new Sending(file, path, this));
    }
    this.next();
  }

  private get busy(): boolean {
    return this.all.some((one) => one.state === "active" || one.state === "waiting");
  }

  private bytes(): { sent: number; total: number } {
    const live = this.all.filter((one) => one.state !== "skipped" && one.state !== "failed");
    return {
      sent: live.reduce((sum, one) => sum + (one.state === "done" ? one.file.size : one.upload.sent), 0),
      total: live.reduce((sum, one) => sum + one.file.size, 0),
    };
  }

  private next(): void {
    if (!this.paused)
      for (let free = atOnce - this.all.filter((one) => one.state === "active").length; free > 0; free--) {
        const one = this.all.find((sending) => sending.state === "waiting");
        if (!one) break;
        void this.send(one);
      }
    this.show();
  }

  private async send(one: Sending): Promise<void> {
    one.state = "active";
    one.tell(this.host.words["upWaiting"]!);
    this.list.append(one.row);
    try {
      one.state = await this.sendOrAsk(one);
      one.tell(this.host.words[one.state === "skipped" ? "upSkipped" : "upDone"]!);
      setTimeout(() => this.away(one), 2500); // it stands in the folder now; what failed stays until it is dealt with
    } catch (error) {
      this.stopped(one, error);
    }
    this.settle();
  }

  private stopped(one: Sending, error: unknown): void {
    if (error instanceof Cancelled) {
      if (one.state !== "active") return; // cancelled; paused ones wait for their turn again
      one.state = "waiting";
      one.tell(this.host.words["upPaused"]!);
      return;
    }
    if (!(error instanceof Problem)) throw error;
    one.state = "failed";
    one.tell(error.message, true);
    this.host.say(`${one.file.name} – ${error.message}`);
  }

  // A name that is taken: asked once per file, or once for all.
  private async sendOrAsk(one: Sending): Promise<"done" | "skipped"> {
    try {
      await one.upload.run();
      return "done";
    } catch (error) {
      if (!(error instanceof Problem) || !error.key.includes("name_taken")) throw error;
      const answer = this.asking.then(() => this.forAll || this.ask(one));
      this.asking = answer;
      const choice = await answer;
      if (choice === "skip") {
        one.upload.cancel();
        return "skipped";
      }
      one.upload.forget(); // it was announced with the other answer
      one.upload.ifTaken = choice;
      await one.upload.run();
      return "done";
    }
  }

  private async ask(one: Sending): Promise<IfTaken | "skip"> {
    const { words } = this.host;
    const all = make("input", { type: "checkbox" });
    const more = this.all.filter((other) => other.state === "waiting" || other.state === "active").length > 1;
    const choice = (value: string, word: string, main = false) => make("button", { class: main ? "button main full" : "button full", value }, words[word]!);
    const dialog = make("dialog", { class: "dialog", "aria-labelledby": "taken-heading" }, make("form", { method: "dialog", class: "form" },
      make("h2", { id: "taken-heading" }, fill(words["taken"]!, { name: one.file.name })), make("p", { class: "soft" }, words["takenHint"]!),
      make("div", { class: "stack tight" }, choice("number", "takenKeep", true), choice("replace", "takenReplace"), choice("skip", "takenSkip")),
      ...(more ? [make("label", { class: "check" }, all, words["takenAll"]!)] : [])));
    document.body.append(dialog);
    const answer = ((await ask(dialog)) || "skip") as IfTaken | "skip";
    if (all.checked) this.forAll = answer;
    dialog.remove();
    return answer;
  }

  retry(one: Sending): void {
    one.state = "waiting";
    one.tell(this.host.words["upWaiting"]!);
    this.next();
  }

  drop(one: Sending): void {
    if (one.state !== "done") one.state = "skipped";
    one.upload.cancel();
    this.away(one);
    this.settle();
  }

  private away(one: Sending): void {
    const held = one.row.contains(document.activeElement);
    one.row.remove();
    if (held) this.list.querySelector<HTMLElement>("button:not([hidden])")?.focus();
    this.show();
  }

  private settle(): void {
    this.next();
    if (this.busy && performance.now() - this.refreshed < 3000) return;
    this.refreshed = performance.now();
    if (this.all.some((one) => one.state === "done")) void this.host.refresh();
    if (this.busy) return;
    const done = this.all.filter((one) => one.state === "done").length;
    if (done) this.host.say(counted(this.host.words, "uploaded", done));
    for (let i = this.all.length - 1; i >= 0; i--) if (this.all[i]!.state !== "failed") this.all.splice(i, 1);
  }

  private pauseAll(): void {
    this.paused = !this.paused;
    if (this.paused) for (const one of this.all) if (one.state === "active") one.upload.halt();
    this.startedAt = performance.now();
    this.sentBefore = this.bytes().sent;
    this.next();
  }

  private stopAll(): void {
    for (const one of [...this.all]) if (one.state !== "done") this.drop(one);
    this.paused = false;
    this.next();
  }

  moved(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setTimeout(() => {
      this.scheduled = false;
      this.show();
    }, 200);
  }

  private show(): void {
    const { words } = this.host;
    this.panel.hidden = this.list.childElementCount === 0;
    const head = this.panel.querySelector<HTMLElement>("[data-overall]")!;
    head.hidden = !this.busy;
    const { sent, total } = this.bytes();
    const seconds = (performance.now() - this.startedAt) / 1000;
    const flowing = !this.paused && this.all.some((one) => one.state === "active" && !one.cut);
    const speed = seconds > 2 && flowing ? (sent - this.sentBefore) / seconds : 0; // before that, and in a cut, a speed says nothing
    const left = this.all.filter((one) => one.state === "waiting" || one.state === "active").length;
    head.querySelector("[data-summary]")!.textContent = `${counted(words, "upLeft", left)} · ${this.paused ? words["upPaused"] : progress(sent, total, speed)}`;
    head.querySelector("progress")!.value = total ? sent / total : 0;
    head.querySelector("[data-pause]")!.textContent = words[this.paused ? "resume" : "pause"]!;
  }

  // What an earlier visit did not finish: the file has to be chosen again, the bytes that arrived need not be sent again.
  private offerUnfinished(): void {
    const prefix = `upload ${this.host.folder} `;
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(prefix))) {
      const [, name = ""] = /^(.*) \d+ \d+$/.exec(key.slice(prefix.length)) ?? [];
      const address = localStorage.getItem(key)!;
      const forget = make("button", { type: "button", class: "button plain", "aria-label": `${this.host.words["forget"]} – ${name}` }, this.host.words["forget"]!);
      const row = make("li", { "data-unfinished": key }, make("span", { class: "grow" }, make("strong", { class: "clip" }, name), make("br"),
        make("span", { class: "soft small" }, this.host.words["upUnfinished"]!)), forget);
      forget.addEventListener("click", () => {
        localStorage.removeItem(key);
        void fetch(address, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => undefined);
        row.remove();
        this.show();
      });
      this.list.append(row);
    }
    this.show();
  }
}

const queues = new WeakMap<Host, UploadQueue>();

export function queueOf(host: Host): UploadQueue {
  const found = queues.get(host) ?? new UploadQueue(host);
  queues.set(host, found);
  return found;
}
