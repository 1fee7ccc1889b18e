// The trash with script: several are put back at once. Without it each row has its own button.
import { fetchJson, Problem } from "preau/fetch_json.ts";
import "../quota/space-quota.ts";
import { make } from "preau/element.ts";
import { toast } from "preau/toast.ts";

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
    this.querySelector("[data-restore]")!.addEventListener("click", () => void this.restore());
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
    this.querySelector<HTMLButtonElement>("[data-restore]")!.disabled = n === 0;
    const one = document.documentElement.lang === "en" ? n === 1 : n < 2;
    this.querySelector("[data-count]")!.textContent = n ? this.word(one ? "selectedOne" : "selectedMany").replace("%n%", String(n)) : "";
  }

  private async restore(): Promise<void> {
    const items = this.rows.filter((row) => row.querySelector("input")!.checked).map((row) => row.dataset["id"]!);
    try {
      const { failed } = await fetchJson<{ failed: { title: string }[] }>("/api/files/restore", { method: "POST", json: { items } });
      if (!failed.length) return location.reload();
      toast(failed[0]!.title, "bad");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(error.message, "bad");
    }
  }
}

customElements.define("files-trash", FilesTrash);
