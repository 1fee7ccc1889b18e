// One file on its way, by tus 1.0 (tus.io): made once at the server, then sent from where it stands, however often the line is
// cut. The address is remembered in this browser, so that the same file goes on after the page was closed.
// XMLHttpRequest and not fetch, because fetch tells nothing about what was sent so far.
import { Problem, problemOf } from "preau/fetch_json.ts";
import { french } from "preau/texts.ts";

export type IfTaken = "refuse" | "number" | "replace";

const wholeAtOnce = 1 << 20; // smaller files go with the request that announces them
const perRequest = 64 << 20;
const longestWait = 30_000;
const patience = 12; // cuts in a row before somebody has to press "try again"

export class Cancelled extends Error {}

export class TusUpload {
  sent = 0;
  private request: XMLHttpRequest | null = null;
  private stopped: "" | "paused" | "cancelled" = "";
  private wake: (() => void) | null = null;
  ifTaken: IfTaken = "refuse";

  // `path`: folders below the one uploaded to, "a/b"; made by the server on the way.
  constructor(readonly file: File, readonly folder: string, readonly path: string, private readonly moved: (state: "sending" | "storing" | "cut") => void) {}

  static key(folder: string, path: string, file: File): string {
    return `upload ${folder} ${path ? `${path}/` : ""}${file.name} ${file.size} ${file.lastModified}`;
  }

  private get key(): string {
    return TusUpload.key(this.folder, this.path, this.file);
  }

  // Resolves when the file stands in the folder. Errors: Problem (what the server refuses), Cancelled.
  async run(): Promise<void> {
    this.stopped = "";
    for (let cuts = 0; ; ) {
      try {
        return await this.attempt(() => (cuts = 0));
      } catch (error) {
        if (!(error instanceof Problem) || !worthAgain(error)) throw error;
        const busy = error.status === 429 || error.status === 423; // ours to wait for, nothing is broken
        if (!busy && ++cuts > patience) throw error;
        if (!busy) this.moved("cut");
        await this.pause(Math.min(longestWait, 500 * 2 ** cuts));
      }
    }
  }

  // The bytes that arrived stay at the server; run() goes on from there.
  halt(): void {
    this.stopped = "paused";
    this.request?.abort();
    this.wake?.();
  }

  cancel(): void {
    this.stopped = "cancelled";
    this.request?.abort();
    this.wake?.();
    this.forget();
  }

  // What the server keeps of it is given up; run() begins anew.
  forget(): void {
    const address = localStorage.getItem(this.key);
    localStorage.removeItem(this.key);
    if (address) void fetch(address, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => undefined);
  }

  private async attempt(progressed: () => void): Promise<void> {
    let address = localStorage.getItem(this.key);
    if (address) {
      try {
        this.sent = Number((await this.send("HEAD", address, {})).getResponseHeader("Upload-Offset"));
      } catch (error) {
        if (!(error instanceof Problem) || error.status === 0 || error.status >= 500) throw error;
        localStorage.removeItem(this.key); // it expired, or was finished from another tab
        address = null;
      }
    }
    if (!address) {
      this.sent = 0; // until the server answers again, what had gone out before a cut is the best that is known
      const made = await this.create();
      if (made.getResponseHeader("Preau-Item")) return;
      address = new URL(made.getResponseHeader("Location")!, location.href).pathname;
      this.sent = Number(made.getResponseHeader("Upload-Offset") ?? 0);
      localStorage.setItem(this.key, address);
    }
    do {
      const end = Math.min(this.file.size, this.sent + perRequest);
      const answer = await this.send("PATCH", address, { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(this.sent) },
                                     this.file.slice(this.sent, end), this.sent);
      this.sent = Number(answer.getResponseHeader("Upload-Offset") ?? end);
      progressed();
    } while (this.sent < this.file.size);
    localStorage.removeItem(this.key);
  }

  private create(): Promise<XMLHttpRequest> {
    const facts = { filename: this.file.name, filetype: this.file.type, path: this.path, if_taken: this.ifTaken };
    const headers: Record<string, string> = {
      "Upload-Length": String(this.file.size),
      "Upload-Metadata": Object.entries(facts).filter(([, value]) => value).map(([name, value]) => `${name} ${base64(value)}`).join(","),
    };
    if (this.file.size > wholeAtOnce) return this.send("POST", `/api/files/${this.folder}/uploads`, headers);
    headers["Content-Type"] = "application/offset+octet-stream";
    return this.send("POST", `/api/files/${this.folder}/uploads`, headers, this.file, 0);
  }

  private send(method: string, address: string, headers: Record<string, string>, body?: Blob, from = 0): Promise<XMLHttpRequest> {
    if (this.stopped) return Promise.reject(new Cancelled());
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open(method, address);
      for (const [name, value] of Object.entries({ "Tus-Resumable": "1.0.0", Accept: "application/json", "Accept-Language": french ? "fr" : "en", ...headers }))
        request.setRequestHeader(name, value);
      if (body) {
        request.upload.addEventListener("progress", (event) => {
          this.sent = from + event.loaded;
          this.moved("sending");
        });
        request.upload.addEventListener("load", () => this.moved("storing"));
      }
      const over = (settle: () => void) => (): void => {
        this.request = null;
        settle();
      };
      request.addEventListener("load", over(() => (request.status < 300 ? resolve(request) : reject(problemOf(request.status, request.responseText)))));
      request.addEventListener("error", over(() => reject(problemOf(0, ""))));
      request.addEventListener("abort", over(() => reject(new Cancelled())));
      request.send(body ?? null);
    });
  }

  // Until the time is over, the line is back, or somebody stops it.
  private pause(time: number): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => {
        clearTimeout(timer);
        removeEventListener("online", over);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(over, time);
      addEventListener("online", over);
      this.wake = over;
    });
  }
}

// A cut line, a server that restarts or is too busy, an offset that the other side knows better.
function worthAgain({ status, key }: Problem): boolean {
  return status === 0 || key.includes("upload_offset") || status === 423 || status === 429 || status === 460 || (status >= 500 && status !== 507);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
