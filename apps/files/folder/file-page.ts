// The page of one file: its comments, how full the space is in the side column, and the share dialog in place.
import { text } from "preau/texts.ts";
import { toast } from "preau/toast.ts";
import "../../../libs/sharing/comments/item-comments.ts";
import "../quota/space-quota.ts";

class FilesFile extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => this.pressed(event));
    document.addEventListener("share-changed", this.changed);
  }

  disconnectedCallback(): void {
    document.removeEventListener("share-changed", this.changed);
  }

  private changed = (): void => location.reload(); // the words that say whom it reaches

  private pressed(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-share][href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || customElements.get("share-dialog")) return; // it listens by itself
    event.preventDefault();
    import("../../../libs/sharing/share/share-dialog.ts").then(() => link.click(), () => toast(text("offline"), "bad"));
  }
}

customElements.define("files-file", FilesFile);
