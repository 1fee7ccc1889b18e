// "Se connecter avec une clé d'accès": a button, and the browser's own list under the field for the name. Shown only
// where the browser knows passkeys; with `options` and `answer` it also proves again who sits there.
import { available, autofillAvailable, calledOff, prove } from "preau/passkey.ts";

// Challenges end after five minutes; a page may stand open longer.
const renewedAfter = 4 * 60_000;

class PasskeySignin extends HTMLElement {
  private readonly button = this.querySelector("button");
  private readonly problem = this.querySelector<HTMLElement>(".problem");
  private waiting: AbortController | undefined;
  private timer = 0;

  connectedCallback(): void {
    if (!available) return;
    this.hidden = false;
    this.button?.addEventListener("click", () => void this.ask());
    if (this.hasAttribute("autofill")) void this.offer();
  }

  disconnectedCallback(): void {
    this.stop();
  }

  private get addresses(): [string, string] {
    const to = encodeURIComponent(this.getAttribute("to") ?? "/");
    return [this.getAttribute("options") ?? "/signin/passkey/options", `${this.getAttribute("answer") ?? "/signin/passkey"}?to=${to}`];
  }

  private stop(): void {
    window.clearTimeout(this.timer);
    this.waiting?.abort();
    this.waiting = undefined;
  }

  // Waits for as long as the page stands, without asking anything.
  private async offer(): Promise<void> {
    if (!(await autofillAvailable())) return;
    this.stop();
    const waiting = (this.waiting = new AbortController());
    this.timer = window.setTimeout(() => void this.offer(), renewedAfter);
    await this.go({ autofill: true, signal: waiting.signal });
  }

  private async ask(): Promise<void> {
    this.stop(); // a browser answers one request at a time
    this.button?.setAttribute("aria-busy", "true");
    await this.go({});
    this.button?.removeAttribute("aria-busy");
  }

  private async go(how: { autofill?: boolean; signal?: AbortSignal }): Promise<void> {
    if (this.problem) this.problem.hidden = true;
    try {
      const { to } = await prove(...this.addresses, how);
      location.assign(to);
    } catch (error) {
      if (calledOff(error)) return;
      if (how.autofill && !(error instanceof Error && error.name === "Problem")) return; // the form stands there all the same
      if (!this.problem) return;
      this.problem.textContent = error instanceof Error ? error.message : String(error);
      this.problem.hidden = false;
    }
  }
}
customElements.define("passkey-signin", PasskeySignin);
