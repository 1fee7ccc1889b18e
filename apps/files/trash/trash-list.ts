// The trash with script: several are put back, or deleted for good, at once. Without it each row has its own buttons.
import { fetchJson, Problem } from "preau/fetch_json.ts";
import "../quota/space-quota.ts";
import { ask } from "preau/dialog.ts";
import { make } from "preau/element.ts";
import { toast } from "preau/toast.ts";

interface Answer {
  done: { id: string }[];
  failed: { title: string }[];
}

class FilesTrash extends HTMLElement {
  connectedCallback(): void {
    for (const row of this.rows) {
      const name = row.querySelector("strong")!.textContent!;
      const box = make("input", { type: "checkbox", "aria-label": this.word("select").replace("%name%", name) });
      row.prepend(box);
      box.addEventListener("click", (event) => this.picked(box, event.shiftKey));
      row.addEventListener("click", (event) => {
        if (!(event.target as Element).closest("button, a, input")) box.click();
      });
    }
    const all = this.all;
    all.closest<HTMLElement>("[hidden]")!.hidden = false;
    all.addEventListener("change", () => {
      for (const box of this.boxes) box.checked = all.checked;
      this.show();
    });
    this.querySelector("[data-restore]")!.addEventListener("click", () => void this.send("restore"));
    this.querySelector("[data-erase]")!.addEventListener("click", () => void this.erase());
    this.show();
  }

  private last: HTMLInputElement | null = null;

  private get rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("li[data-id]")];
  }

  private get boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>("li[data-id] > input")];
  }

  private get all(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("[data-all]")!;
  }

  private word(name: string): string {
    return this.dataset[name] ?? "";
  }

  // With shift from the last one to this one.
  private picked(box: HTMLInputElement, range: boolean): void {
    const boxes = this.boxes;
    if (range && this.last) {
      const [from, to] = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b) as [number, number];
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    this.last = box;
    this.show();
  }

  private show(): void {
    const boxes = this.boxes;
    const n = boxes.filter((box) => box.checked).length;
    this.all.checked = n > 0 && n === boxes.length;
    this.all.indeterminate = n > 0 && n < boxes.length;
    for (const box of boxes) box.closest("li")!.classList.toggle("selected", box.checked);
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-restore], [data-erase]")) button.disabled = n === 0;
    this.querySelector("[data-count]")!.textContent = n ? this.counted("selected", n) : "";
  }

  private counted(key: string, n: number): string {
    const one = document.documentElement.lang === "en" ? n === 1 : n < 2;
    return this.word(`${key}${one ? "One" : "Many"}`).replace("%n%", String(n));
  }

  private get chosen(): string[] {
    return this.rows.filter((row) => row.querySelector("input")!.checked).map((row) => row.dataset["id"]!);
  }

  // There is no way back from this one: the question says how many it is about.
  private async erase(): Promise<void> {
    const dialog = this.querySelector<HTMLDialogElement>("[data-erase-dialog]")!;
    dialog.querySelector("[data-erase-question]")!.textContent = this.counted("erase", this.chosen.length);
    if ((await ask(dialog)) === "yes") await this.send("erase");
  }

  // What could not be done stays, chosen, with the reason of the first.
  private async send(verb: "restore" | "erase"): Promise<void> {
    try {
      const { done, failed } = await fetchJson<Answer>(`/api/files/${verb}`, { method: "POST", json: { items: this.chosen } });
      if (!failed.length) return location.reload();
      for (const { id } of done) this.querySelector(`li[data-id="${CSS.escape(id)}"]`)?.remove();
      document.dispatchEvent(new CustomEvent("files-changed"));
      this.show();
      toast(failed[0]!.title, "bad");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(error.message, "bad");
    }
  }
}

customElements.define("files-trash", FilesTrash);
