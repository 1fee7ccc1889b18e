// A new passkey for this account: the browser makes it, the server keeps the public half.
import { Problem } from "preau/fetch_json.ts";
import { available, calledOff, register } from "preau/passkey.ts";

class NewPasskey extends HTMLElement {
  connectedCallback(): void {
    if (!available) return;
    this.hidden = false;
    this.querySelector("button")?.addEventListener("click", () => void this.make());
  }

  private async make(): Promise<void> {
    const problem = this.querySelector<HTMLElement>(".problem");
    const label = this.querySelector("input")?.value.trim() ?? "";
    if (problem) problem.hidden = true;
    try {
      const { to } = await register("/account/passkeys/options", "/account/passkeys", label);
      // The first one: the codes for the day it is lost come next, and are shown in the answer to a form.
      const form = this.querySelector("form");
      if (form && to === form.getAttribute("action")) form.submit();
      else location.assign(to);
    } catch (error) {
      if (error instanceof Problem && error.key === "portal.proof_needed") location.assign(`/account/proof?to=${encodeURIComponent("/account/security")}`);
      else if (problem && !calledOff(error)) {
        const known = error instanceof DOMException && error.name === "InvalidStateError";
        problem.textContent = known ? (this.dataset["known"] ?? "") : error instanceof Error ? error.message : String(error);
        problem.hidden = false;
      }
    }
  }
}
customElements.define("new-passkey", NewPasskey);
