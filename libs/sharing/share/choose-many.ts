// Lists to act on, "Ce que je partage" among them: choosing all at once, and how many are chosen. Everything else is plain forms.
class ChooseMany extends HTMLElement {
  connectedCallback(): void {
    const boxes = (): HTMLInputElement[] => [...this.querySelectorAll<HTMLInputElement>("input[name=what][type=checkbox]")];
    const all = this.querySelector<HTMLElement>("[data-all]");
    const every = all?.querySelector("input");
    const button = this.querySelector<HTMLButtonElement>("[data-withdraw]");
    const count = this.querySelector<HTMLElement>("[data-count]");
    const tell = (): void => {
      const chosen = boxes().filter((box) => box.checked).length;
      if (count) count.textContent = chosen ? `(${chosen})` : "";
      if (button) button.disabled = !chosen;
      if (!every) return;
      every.checked = chosen > 0 && chosen === boxes().length;
      every.indeterminate = chosen > 0 && !every.checked;
    };
    if (all) all.hidden = false;
    every?.addEventListener("change", () => {
      for (const box of boxes()) box.checked = every.checked;
      tell();
    });
    this.addEventListener("change", tell);
    window.addEventListener("pageshow", tell); // going back brings the boxes as they were
    tell();
  }
}
customElements.define("choose-many", ChooseMany);

export {};
