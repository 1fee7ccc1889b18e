// Where to? A tree of folders that loads as it opens (ARIA authoring practices, "tree view"), with a new folder inside.
import { ask } from "preau/dialog.ts";
import { fetchJson, Problem } from "preau/fetch_json.ts";
import { icon, make } from "preau/element.ts";
import { fold, type Entry } from "./entries.ts";
import { counted, fill, type Host } from "./host.ts";

export type PlaceVerb = "move" | "copy" | "shortcut"; // also how its words begin

export interface Place {
  id: string;
  name: string;
}

interface Page {
  folder: { id: string; name: string };
  items: Entry[];
  next?: string | null;
}

// Resolves with the folder that was chosen, or null.
export async function choosePlace(host: Host, verb: PlaceVerb, items: readonly Entry[]): Promise<Place | null> {
  const dialog = new PlaceDialog(host, verb, items);
  return dialog.run();
}

const line = (node: HTMLElement): HTMLElement => make("li", { role: "none" }, node);

class PlaceDialog {
  private readonly dialog: HTMLDialogElement;
  private readonly tree = make("ul", { role: "tree", class: "tree" });
  private readonly go: HTMLButtonElement;
  private readonly told = make("p", { class: "problem", role: "alert" });
  private readonly forbidden: Set<string>; // a folder is not put into itself
  private chosen: HTMLElement | null = null;
  private typed = ""; // letters of a search by name
  private typedAt = 0;

  constructor(private readonly host: Host, private readonly verb: PlaceVerb, items: readonly Entry[]) {
    const { words } = host;
    const what = items.length === 1 ? items[0]!.name : counted(words, "items", items.length);
    this.forbidden = new Set(items.map((item) => item.id));
    this.go = make("button", { class: "button main", value: "ok", disabled: true }, words[`${verb}Here`]!);
    const title = make("h2", { id: "place-heading" }, fill(words[`${verb}Title`]!, { what }));
    this.tree.setAttribute("aria-labelledby", "place-heading");
    const fresh = make("button", { class: "button plain", type: "button" }, icon("folder-plus"), words["addFolder"]!);
    const cancel = make("button", { class: "button", value: "" }, words["cancel"]!);
    const form = make("form", { method: "dialog", class: "form" }, title, make("div", { class: "tree-frame" }, this.tree), this.told,
                      make("div", { class: "row wrap between" }, fresh, make("div", { class: "row end" }, cancel, this.go)));
    this.dialog = make("dialog", { class: "dialog", "aria-labelledby": "place-heading" }, form);
    fresh.addEventListener("click", () => this.newFolder());
    this.tree.addEventListener("click", (event) => this.clicked(event));
    this.tree.addEventListener("keydown", (event) => this.key(event));
    this.tree.addEventListener("dblclick", () => {
      if (!this.go.disabled) this.dialog.close("ok");
    });
  }

  async run(): Promise<Place | null> {
    document.body.append(this.dialog);
    const answer = ask(this.dialog);
    await this.roots();
    const closed = await answer;
    this.dialog.remove();
    return closed === "ok" && this.chosen ? { id: this.chosen.dataset["id"]!, name: this.chosen.dataset["name"]! } : null;
  }

  // The viewer's own space, open, and the spaces of their groups.
  private async roots(): Promise<void> {
    await this.guard(async () => {
      const own = await fetchJson<Page>("/api/files?limit=1");
      const first = this.node(own.folder.id, this.host.words["myFiles"]!, 1, "home");
      this.tree.append(line(first));
      const { spaces } = await fetchJson<{ spaces: (Place & { role: string })[] }>("/api/files/spaces");
      for (const space of spaces)
        if (space.role === "edit" || space.role === "manage") this.tree.append(line(this.node(space.id, space.name, 1, "users")));
      this.choose(first);
      first.focus();
      await this.expand(first);
    });
  }

  // The group of folders inside stands beside the item, not in it, so that the item's name is its own and no more.
  private node(id: string, name: string, level: number, symbol = "folder"): HTMLElement {
    const mark = make("span", { class: "twist" }, icon("chevron-right"));
    const node = make("div", {
      role: "treeitem", class: "branch", "aria-level": level, "aria-expanded": "false", "aria-selected": "false", tabindex: -1, "data-id": id, "data-name": name,
      "aria-owns": `inside-${id}`,
    }, mark, icon(symbol), make("span", { class: "clip" }, name));
    if (this.forbidden.has(id)) node.setAttribute("aria-disabled", "true");
    node.style.setProperty("--level", String(level));
    return node;
  }

  private group(node: HTMLElement): HTMLElement | null {
    return node.parentElement!.querySelector<HTMLElement>(":scope > ul");
  }

  private makeGroup(node: HTMLElement): HTMLElement {
    const group = make("ul", { role: "group", id: `inside-${node.dataset["id"]}` });
    node.after(group);
    return group;
  }

  private async expand(node: HTMLElement): Promise<void> {
    if (node.getAttribute("aria-disabled") === "true") return;
    node.setAttribute("aria-expanded", "true");
    if (this.group(node)) return;
    const group = this.makeGroup(node);
    node.setAttribute("aria-busy", "true");
    const found = await this.guard(() => this.foldersIn(node.dataset["id"]!));
    node.removeAttribute("aria-busy");
    if (!found) return void group.remove(); // to be tried again
    const level = Number(node.getAttribute("aria-level")) + 1;
    for (const folder of found) group.append(line(this.node(folder.id, folder.name, level)));
    if (found.length) return;
    group.remove();
    node.removeAttribute("aria-expanded"); // a leaf
  }

  // Folders stand before everything else, so the pages behind the last of them need not be fetched.
  private async foldersIn(id: string): Promise<Entry[]> {
    const folders: Entry[] = [];
    let after = "";
    for (;;) {
      const page = await fetchJson<Page>(`/api/files/${id}?${new URLSearchParams({ sort: "name", order: "asc", limit: "500", ...(after ? { after } : {}) })}`);
      folders.push(...page.items.filter((item) => item.kind === "folder" && item.may_edit));
      if (!page.next || page.items[page.items.length - 1]?.kind === "file") return folders;
      after = page.next;
    }
  }

  private choose(node: HTMLElement): void {
    for (const other of this.tree.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    for (const other of this.tree.querySelectorAll<HTMLElement>("[tabindex='0']")) other.tabIndex = -1;
    node.tabIndex = 0;
    const allowed = node.getAttribute("aria-disabled") !== "true" && !(this.verb === "move" && node.dataset["id"] === this.host.folder);
    node.setAttribute("aria-selected", String(allowed));
    this.chosen = allowed ? node : null;
    this.go.disabled = !allowed;
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const node = target.closest<HTMLElement>("[role=treeitem]");
    if (!node) return;
    node.focus();
    this.choose(node);
    if (node.getAttribute("aria-expanded") === "true" && target.closest(".twist")) node.setAttribute("aria-expanded", "false");
    else void this.expand(node);
  }

  private key(event: KeyboardEvent): void {
    const node = (event.target as Element).closest<HTMLElement>("[role=treeitem]");
    if (!node) return;
    const visible = [...this.tree.querySelectorAll<HTMLElement>("[role=treeitem]")].filter((item) => item.offsetParent !== null);
    const at = visible.indexOf(node);
    const go = (to: HTMLElement | null | undefined): void => {
      if (!to) return;
      to.focus();
      this.choose(to);
    };
    const open = node.getAttribute("aria-expanded") === "true";
    switch (event.key) {
      case "ArrowDown": go(visible[at + 1]); break;
      case "ArrowUp": go(visible[at - 1]); break;
      case "Home": go(visible[0]); break;
      case "End": go(visible[visible.length - 1]); break;
      case "ArrowRight": open ? go(this.group(node)?.querySelector<HTMLElement>("[role=treeitem]")) : void this.expand(node); break;
      case "ArrowLeft": open ? node.setAttribute("aria-expanded", "false") : go(node.closest("ul")!.parentElement!.querySelector<HTMLElement>(":scope > [role=treeitem]")); break;
      case "Enter":
        if (!this.go.disabled) this.dialog.close("ok");
        break;
      case " ": this.choose(node); break;
      default: {
        if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
        this.typed = performance.now() - this.typedAt < 900 ? this.typed + fold(event.key) : fold(event.key);
        this.typedAt = performance.now();
        const from = this.typed.length > 1 ? at : at + 1;
        go([...visible.slice(from), ...visible].find((item) => fold(item.dataset["name"]!).startsWith(this.typed)));
      }
    }
    event.preventDefault();
  }

  // A line with a field, in the folder that is chosen.
  private newFolder(): void {
    const parent = this.chosen ?? this.tree.querySelector<HTMLElement>("[tabindex='0']");
    if (!parent || this.dialog.querySelector("[data-fresh]")) return;
    const input = make("input", { class: "text", "data-fresh": true, maxlength: 255, "aria-label": this.host.words["folderName"]!, placeholder: this.host.words["folderName"]! });
    this.tree.parentElement!.after(input);
    input.focus();
    const leave = (): void => {
      input.remove();
      parent.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape") leave();
      else if (event.key === "Enter") void this.make(parent, input, leave);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }

  private async make(parent: HTMLElement, input: HTMLInputElement, leave: () => void): Promise<void> {
    const made = await this.guard(() => fetchJson<Place>(`/api/files/${parent.dataset["id"]}/folders`, { method: "POST", json: { name: input.value } }));
    if (!made) return input.setAttribute("aria-invalid", "true");
    leave();
    await this.expand(parent);
    const group = this.group(parent) ?? this.makeGroup(parent);
    parent.setAttribute("aria-expanded", "true");
    const known = group.querySelector<HTMLElement>(`[data-id="${CSS.escape(made.id)}"]`);
    const node = known ?? this.node(made.id, made.name, Number(parent.getAttribute("aria-level")) + 1);
    if (!known) group.prepend(line(node));
    this.choose(node);
    node.focus();
    node.scrollIntoView({ block: "nearest" });
  }

  private async guard<Answer>(work: () => Promise<Answer>): Promise<Answer | null> {
    this.told.textContent = "";
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.told.textContent = error.message;
      return null;
    }
  }
}
