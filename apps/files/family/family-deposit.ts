// The form of a hand-in, with script: which files were chosen, and how far they are on their way. Without it the browser
// posts the same form by itself.
import { progress, size } from "preau/format.ts";

class FamilyDeposit extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form")!;
    const files = form.querySelector<HTMLInputElement>("input[type=file]")!;
    files.addEventListener("change", () => this.show(files));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(form, files);
    });
  }

  private words(name: string): string {
    return this.querySelector("template")?.dataset[name] ?? "";
  }

  private show(input: HTMLInputElement): void {
    const list = this.querySelector<HTMLElement>("[data-chosen]")!;
    const rows = [...(input.files ?? [])].map((file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.className = "grow";
      name.textContent = file.name;
      const weight = document.createElement("span");
      weight.className = "soft small nowrap";
      weight.textContent = size(file.size);
      row.append(name, weight);
      return row;
    });
    list.replaceChildren(...rows);
    list.hidden = rows.length === 0;
    this.problem("");
  }

  private problem(text: string): void {
    const place = this.querySelector<HTMLElement>("[data-problem]")!;
    place.textContent = text;
    place.hidden = text === "";
  }

  private send(form: HTMLFormElement, input: HTMLInputElement): void {
    const largest = Number(this.dataset["largest"]);
    if ([...(input.files ?? [])].some((file) => file.size > largest)) return this.problem(this.words("tooLarge"));
    const button = form.querySelector<HTMLButtonElement>("button.main")!;
    const box = this.querySelector<HTMLElement>("[data-progress]")!;
    const bar = box.querySelector("progress")!;
    const far = box.querySelector("[data-how-far]")!;
    const rest = () => {
      button.disabled = false;
      box.hidden = true;
    };
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => {
      bar.value = event.total ? (100 * event.loaded) / event.total : 0;
      far.textContent = progress(event.loaded, event.total);
    });
    request.upload.addEventListener("load", () => (far.textContent = this.words("storing")));
    request.addEventListener("load", () => {
      // The receipt came after the redirect: its address is what one keeps.
      if (request.status === 200 && request.responseURL.includes("/files/receipts/")) return location.assign(request.responseURL);
      rest();
      const told = request.responseXML?.querySelector("#deposit-problem, h1")?.textContent?.trim();
      this.problem(told || this.words("offline"));
    });
    request.addEventListener("error", () => {
      rest();
      this.problem(this.words("offline"));
    });
    this.problem("");
    button.disabled = true;
    box.hidden = false;
    bar.value = 0;
    this.querySelector("[data-say]")!.textContent = this.words("sending");
    request.send(new FormData(form));
  }
}

customElements.define("family-deposit", FamilyDeposit);
