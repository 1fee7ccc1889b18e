// Looks at files without leaving the folder: pictures (fit or full size), PDF, text, sound, film; arrows and swipes lead to the
// next one. The address becomes that of the file's own page, so that it can be sent to somebody, and "back" closes.
import { icon, make } from "preau/element.ts";
import type { Entry } from "../folder/entries.ts";
import { fill, type Host } from "../folder/host.ts";
import { lookOf, type Look } from "./look.ts";

export function view(host: Host, id: string): void {
  if (host.element.ownerDocument.querySelector("dialog.viewer")) return;
  new Viewer(host).open(id);
}

class Viewer {
  private readonly dialog: HTMLDialogElement;
  private readonly stage = make("div", { class: "stage" });
  private readonly title = make("h2", { class: "clip", id: "viewer-title", tabindex: -1 });
  private readonly place = make("span", { class: "soft small number nowrap wide", role: "status" });
  private readonly about = make("aside", { class: "about", hidden: true });
  private readonly zoom: HTMLButtonElement;
  private readonly share: HTMLAnchorElement;
  private readonly download: HTMLAnchorElement;
  private readonly before: HTMLButtonElement;
  private readonly after: HTMLButtonElement;
  private readonly ends = new AbortController();
  private id = "";
  private byHistory = false; // closed by "back": the address is right already
  private detailed = false;

  constructor(private readonly host: Host) {
    const { words } = host;
    const round = (symbol: string, word: string, act: () => void): HTMLButtonElement => {
      const button = make("button", { type: "button", class: "round", "aria-label": words[word]!, title: words[word]! }, icon(symbol));
      button.addEventListener("click", act);
      return button;
    };
    this.zoom = round("zoom-in", "zoom", () => this.toggleZoom());
    this.zoom.setAttribute("aria-pressed", "false");
    this.download = make("a", { class: "round", "aria-label": words["download"]!, title: words["download"]! }, icon("download"));
    this.share = make("a", { class: "round", "aria-label": words["share"]!, title: words["share"]! }, icon("share"));
    this.before = round("chevron-left", "before", () => void this.step(-1));
    this.after = round("chevron-right", "after", () => void this.step(1));
    this.before.classList.add("before");
    this.after.classList.add("after");
    const details = round("info-circle", "details", () => this.toggleDetails());
    details.setAttribute("aria-expanded", "false");
    details.dataset["details"] = "";
    const head = make("div", { class: "row head-line" }, this.title, this.place, make("span", { class: "grow" }), this.zoom, this.download, this.share, details,
                      round("x", "close", () => this.dialog.close()));
    this.dialog = make("dialog", { class: "viewer", "aria-labelledby": "viewer-title" }, head, make("div", { class: "around" }, this.before, this.stage, this.after, this.about));
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.closed());
    this.stage.addEventListener("dblclick", () => this.toggleZoom());
    this.swipes();
    addEventListener("popstate", () => {
      this.byHistory = true;
      this.dialog.close();
    }, { signal: this.ends.signal });
  }

  open(id: string): void {
    this.host.element.append(this.dialog); // where links to the share dialog are listened to
    history.pushState({ viewer: true }, "");
    this.dialog.showModal();
    this.show(id);
    this.title.focus();
  }

  private get files(): Entry[] {
    return this.host.entries().filter((entry) => entry.kind === "file");
  }

  private get entry(): Entry | undefined {
    return this.files.find((entry) => entry.id === this.id);
  }

  private show(id: string): void {
    this.id = id;
    const { files, entry } = this;
    if (!entry) return this.dialog.close();
    const at = files.indexOf(entry);
    this.title.textContent = entry.name;
    this.place.textContent = fill(this.host.words["placeOf"]!, { n: String(at + 1), all: String(files.length) });
    this.download.href = `/files/${id}/download`;
    this.share.href = `/share/${id}`;
    this.share.dataset["share"] = id;
    this.share.hidden = !entry.may_manage;
    this.before.disabled = at === 0;
    this.after.disabled = at === files.length - 1;
    history.replaceState({ viewer: true }, "", entry.url);
    const look = lookOf(entry);
    this.dialog.dataset["look"] = look.kind;
    this.zoom.hidden = look.kind !== "image";
    this.setZoom(false);
    this.stage.replaceChildren(this.contentOf(entry, look));
    if (this.detailed) void this.fillDetails();
    for (const near of [files[at + 1], files[at - 1]]) {
      const next = near && lookOf(near);
      if (next?.kind === "image") new Image().src = next.address;
    }
    if (at > files.length - 5) void this.host.reach(this.host.entries().length + 1).catch(() => undefined);
  }

  private contentOf(entry: Entry, look: Look): HTMLElement {
    switch (look.kind) {
      case "image": {
        const picture = make("img", { alt: entry.name, class: "picture", decoding: "async" });
        picture.addEventListener("error", () => picture.replaceWith(this.nothing(entry)));
        picture.src = look.address;
        return picture;
      }
      case "video": return make("video", { src: look.address, controls: true, preload: "metadata", playsinline: true, "aria-label": entry.name });
      case "audio": return make("div", { class: "sound" }, icon("file-music"), make("audio", { src: look.address, controls: true, preload: "metadata", "aria-label": entry.name }));
      case "pdf":
      case "text": return make("iframe", { src: look.address, title: entry.name, class: look.kind });
      default: return this.nothing(entry);
    }
  }

  // What no browser shows: its icon and the way to take it home.
  private nothing(entry: Entry): HTMLElement {
    return make("div", { class: "card empty" }, icon(entry.icon), make("p", { class: "soft" }, this.host.words["noPreview"]!),
                make("a", { class: "button main", href: `/files/${entry.id}/download` }, icon("download"), this.host.words["download"]!));
  }

  private async step(by: 1 | -1): Promise<void> {
    const { files } = this;
    const next = files[files.findIndex((entry) => entry.id === this.id) + by];
    if (next) this.show(next.id);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest("input, textarea, audio, video")) return;
    const zoomed = this.stage.classList.contains("full");
    const acts: Record<string, () => void> = {
      i: () => this.toggleDetails(), "+": () => this.setZoom(true), "-": () => this.setZoom(false),
      Home: () => this.show(this.files[0]!.id), End: () => this.show(this.files[this.files.length - 1]!.id),
      PageDown: () => void this.step(1), PageUp: () => void this.step(-1),
      ...(zoomed ? {} : { ArrowRight: () => void this.step(1), ArrowLeft: () => void this.step(-1) }), // else they scroll the picture
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private toggleZoom(): void {
    this.setZoom(!this.stage.classList.contains("full"));
  }

  // Full size shows the stored picture itself, not the smaller one made for the screen.
  private setZoom(full: boolean): void {
    const { entry } = this;
    const picture = this.stage.querySelector<HTMLImageElement>("img.picture");
    this.stage.classList.toggle("full", full && picture !== null);
    this.stage.tabIndex = full ? 0 : -1; // arrows scroll it
    this.zoom.setAttribute("aria-pressed", String(full));
    if (!picture || !entry) return;
    const look = lookOf(entry);
    const wanted = full ? (look.whole ?? look.address) : look.address;
    if (picture.getAttribute("src") !== wanted) picture.src = wanted;
    if (full) this.stage.focus();
  }

  private swipes(): void {
    let from: { x: number; y: number } | null = null;
    this.stage.addEventListener("touchstart", (event) => {
      const touch = event.touches[0]!;
      from = event.touches.length === 1 && !this.stage.classList.contains("full") ? { x: touch.clientX, y: touch.clientY } : null;
    }, { passive: true });
    this.stage.addEventListener("touchend", (event) => {
      const touch = event.changedTouches[0]!;
      if (!from) return;
      const across = touch.clientX - from.x;
      if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(touch.clientY - from.y)) void this.step(across < 0 ? 1 : -1);
      from = null;
    }, { passive: true });
  }

  private toggleDetails(): void {
    this.detailed = !this.detailed;
    this.about.hidden = !this.detailed;
    this.dialog.classList.toggle("detailed", this.detailed);
    this.dialog.querySelector("[data-details]")!.setAttribute("aria-expanded", String(this.detailed));
    if (this.detailed) void this.fillDetails();
  }

  // The same words as on the file's own page, taken from there.
  private async fillDetails(): Promise<void> {
    const { id } = this;
    const page = await documentAt(`/files/${id}`);
    const sections = [...(page?.querySelectorAll("[data-beside]") ?? [])];
    if (id !== this.id) return;
    this.about.replaceChildren(...sections.map((section) => document.importNode(section, true)));
    if (!customElements.get("item-comments") && this.about.querySelector("item-comments"))
      void import("../../../libs/sharing/comments/item-comments.ts").catch(() => undefined); // its forms work without
  }

  private closed(): void {
    this.ends.abort();
    this.dialog.remove();
    if (!this.byHistory) history.back();
    this.host.focusOn(this.id);
  }
}

// XMLHttpRequest parses a page without a string becoming markup here, which Trusted Types would refuse.
function documentAt(address: string): Promise<Document | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.addEventListener("load", () => resolve(request.responseXML));
    request.addEventListener("error", () => resolve(null));
    request.send();
  });
}
