// The form of a hand-in, with script: one big button that takes a photo or chooses files, as often as one likes; what was
// chosen, each with a way to take it out again; how far it is on its way. Without script the browser's own field stands
// there, says what was chosen, and posts the same form by itself.
import { progress, size } from "preau/format.ts";

class FamilyDeposit extends HTMLElement {
  private chosen: File[] = []; // phones give one photo at a time, and each choice in a field replaces the one before

  connectedCallback(): void {
    this.offerButton();
    const form = this.one<HTMLFormElement>("form");
    this.field.addEventListener("change", () => this.take());
    this.one("[data-chosen]").addEventListener("click", (event) => this.pressed(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(form);
    });
    this.show();
  }

  private one<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector)!;
  }

  private get field(): HTMLInputElement {
    return this.one<HTMLInputElement>("input[type=file]");
  }

  private words(name: string): string {
    return this.querySelector("template")?.dataset[name] ?? "";
  }

  // The label becomes the button; the field lies over it, unseen, so that it keeps touch, keys, drops and its focus.
  private offerButton(): void {
    this.one("[data-chooser]").classList.replace("field", "chooser");
    this.one("[data-chooser]").classList.add("button", "full", "large");
    this.one("[data-chooser-icon]").hidden = false;
  }

  private take(): void {
    const same = (a: File, b: File) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
    for (const file of this.field.files ?? []) if (!this.chosen.some((one) => same(one, file))) this.chosen.push(file);
    this.field.value = ""; // the same file may be chosen again after it was taken out
    this.problem("");
    this.show();
    this.say(this.chosen.map((file) => file.name).join(", "));
  }

  private pressed(event: Event): void {
    const row = (event.target as Element).closest("button")?.closest("li");
    if (!row) return;
    const at = [...row.parentElement!.children].indexOf(row);
    const [gone] = this.chosen.splice(at, 1);
    this.problem("");
    this.show();
    const buttons = this.querySelectorAll<HTMLElement>("[data-chosen] button");
    (buttons[Math.min(at, buttons.length - 1)] ?? this.field).focus();
    this.say(`${this.words("removed")} – ${gone?.name ?? ""}`);
  }

  // Nothing chosen: choosing is the one thing to do. Then handing in is.
  private show(): void {
    const list = this.one("[data-chosen]");
    list.replaceChildren(...this.chosen.map((file) => this.row(file)));
    const any = this.chosen.length > 0;
    list.hidden = !any;
    this.field.required = !any;
    this.submit.hidden = !any;
    this.one("[data-chooser]").classList.toggle("main", !any);
    this.one("[data-chooser-word]").textContent = this.words(any ? "another" : "first");
  }

  private get submit(): HTMLButtonElement {
    return this.one<HTMLButtonElement>("form > button.main");
  }

  private row(file: File): HTMLElement {
    const row = this.one<HTMLTemplateElement>("template[data-row]").content.firstElementChild!.cloneNode(true) as HTMLElement;
    row.querySelector("strong")!.textContent = file.name;
    row.querySelector(".small")!.textContent = size(file.size);
    row.querySelector("button")!.setAttribute("aria-label", `${this.words("remove")} – ${file.name}`);
    if (/^image\/(jpeg|png|webp|gif|heic)$/.test(file.type)) this.preview(file, row.querySelector(".mark")!);
    return row;
  }

  // Whether it is the right photo is seen, not read from "IMG_4031.jpg".
  private preview(file: File, mark: Element): void {
    const picture = new Image();
    const address = URL.createObjectURL(file);
    picture.alt = "";
    picture.addEventListener("load", () => {
      mark.replaceChildren(picture);
      URL.revokeObjectURL(address);
    });
    picture.addEventListener("error", () => URL.revokeObjectURL(address));
    picture.src = address;
  }

  private say(text: string): void {
    this.one("[data-say]").textContent = text;
  }

  private problem(text: string): void {
    const place = this.one("[data-problem]");
    place.textContent = text;
    place.hidden = text === "";
  }

  private send(form: HTMLFormElement): void {
    const largest = Number(this.dataset["largest"]);
    const heavy = this.chosen.find((file) => file.size > largest);
    if (heavy) return this.problem(`${heavy.name} – ${this.words("tooLarge")}`);
    const data = new FormData(form);
    data.delete("files");
    for (const file of this.chosen) data.append("files", file, file.name); // after the name, which the server wants first
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    this.follow(request);
    this.problem("");
    this.busy(true);
    this.say(this.words("sending"));
    request.send(data);
  }

  private busy(sending: boolean): void {
    this.submit.disabled = sending;
    this.field.disabled = sending;
    this.one("[data-chooser]").hidden = sending;
    this.one("[data-progress]").hidden = !sending;
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-chosen] button")) button.hidden = sending;
  }

  private follow(request: XMLHttpRequest): void {
    const bar = this.one<HTMLProgressElement>("progress");
    const far = this.one("[data-how-far]");
    bar.value = 0;
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.total ? (100 * event.loaded) / event.total : 0;
      far.textContent = progress(event.loaded, event.total);
    });
    request.upload.addEventListener("load", () => (far.textContent = this.words("storing")));
    request.addEventListener("load", () => {
      // The receipt came after the redirect: its address is what one keeps.
      if (request.status === 200 && request.responseURL.includes("/files/receipts/")) return location.assign(request.responseURL);
      this.busy(false);
      const told = request.responseXML?.querySelector("#deposit-problem, h1")?.textContent?.trim();
      this.problem(told || this.words("offline"));
    });
    request.addEventListener("error", () => {
      this.busy(false);
      this.problem(this.words("offline"));
    });
  }
}

customElements.define("family-deposit", FamilyDeposit);
