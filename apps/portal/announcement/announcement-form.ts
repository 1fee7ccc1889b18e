// The list of structures of a circular: what is typed narrows it at once, all that are shown are chosen with one button, and
// a line says how many are. Without script the same field and button search on the server.

class AnnouncementForm extends HTMLElement {
  connectedCallback(): void {
    const list = this.querySelector<HTMLElement>("[data-structures]");
    const filter = this.querySelector<HTMLInputElement>("[data-filter]");
    const all = this.querySelector<HTMLElement>("[data-all]");
    const count = this.querySelector<HTMLElement>("[data-count]");
    if (!list || !filter || !all || !count) return;
    const rows = [...list.querySelectorAll<HTMLLabelElement>("label")];
    const box = (row: HTMLElement): HTMLInputElement => row.querySelector<HTMLInputElement>("input")!;
    const plain = (text: string): string => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    const words = rows.map((row) => plain(row.textContent ?? ""));
    const say = (): void => {
      const chosen = rows.filter((row) => box(row).checked).length;
      const text = (chosen === 1 ? count.dataset["one"] : count.dataset["many"]) ?? "";
      count.textContent = text.replace("%n", String(chosen));
    };
    filter.addEventListener("input", () => {
      const typed = plain(filter.value).split(/\s+/).filter(Boolean);
      rows.forEach((row, i) => (row.hidden = !typed.every((word) => words[i]!.includes(word))));
    });
    list.addEventListener("change", say);
    all.querySelector("[data-choose]")?.addEventListener("click", () => {
      const shown = rows.filter((row) => !row.hidden);
      const on = !shown.every((row) => box(row).checked);
      for (const row of shown) box(row).checked = on;
      say();
    });
    all.hidden = false;
    say();
  }
}

customElements.define("announcement-form", AnnouncementForm);
