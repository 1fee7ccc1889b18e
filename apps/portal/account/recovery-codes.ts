// Printing and copying of the codes that are shown once.
import { toast } from "preau/toast.ts";

class RecoveryCodes extends HTMLElement {
  connectedCallback(): void {
    const actions = this.querySelector<HTMLElement>("[data-actions]");
    if (actions) actions.hidden = false;
    this.querySelector("[data-print]")?.addEventListener("click", () => window.print());
    const copy = this.querySelector<HTMLElement>("[data-copy]");
    if (!navigator.clipboard) copy?.remove();
    copy?.addEventListener("click", () => {
      const codes = [...this.querySelectorAll("code")].map((code) => code.textContent).join("\n");
      void navigator.clipboard.writeText(`${this.querySelector("h2")?.textContent ?? ""}\n${codes}\n`).then(() => toast(copy.dataset["done"] ?? ""));
    });
  }
}
customElements.define("recovery-codes", RecoveryCodes);
