// How full the space is that the page shows, in the side column. It says nothing until it knows, and nothing that is
// needed to work: what does not fit is refused with words of its own. Told again by the event "files-changed".
import { fetchJson } from "preau/fetch_json.ts";
import { size } from "preau/format.ts";
import { text } from "preau/texts.ts";

interface Quota {
  used: number;
  limit: number;
}

class SpaceQuota extends HTMLElement {
  connectedCallback(): void {
    document.addEventListener("files-changed", this.ask);
    void this.ask();
  }

  disconnectedCallback(): void {
    document.removeEventListener("files-changed", this.ask);
  }

  private ask = async (): Promise<void> => {
    const item = document.querySelector<HTMLElement>("[data-folder]")?.dataset["folder"] ?? "";
    const quota = await fetchJson<Quota>(`/api/files/quota?item=${encodeURIComponent(item)}`).catch(() => null);
    const bar = this.querySelector("progress");
    const words = this.querySelector("[data-words]");
    if (!quota || !bar || !words) return;
    bar.value = quota.limit > 0 ? Math.min(100, (quota.used / quota.limit) * 100) : 100;
    words.textContent = text("of", { part: size(quota.used), whole: size(quota.limit) });
    this.hidden = false;
  };
}

customElements.define("space-quota", SpaceQuota);
