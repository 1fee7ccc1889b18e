// How files come into a folder's page: by the button, dropped, or pasted. The queue that sends them is fetched with the first.
import { text } from "preau/texts.ts";
import { toast } from "preau/toast.ts";
import type { Host } from "../folder/host.ts";

export function takeFiles(host: Host): void {
  const queue = () => import("./upload-queue.ts").then(({ queueOf }) => queueOf(host));
  const missing = (): void => toast(text("offline"), "bad");
  const add = (files: Iterable<File>): void => void queue().then((found) => found.add(files), missing);
  takeChosen(host.element.querySelector<HTMLDetailsElement>("[data-upload]")!, add);
  addEventListener("paste", (event) => {
    const target = event.target as Element;
    if (!event.clipboardData?.files.length || target.closest("input, textarea")) return;
    event.preventDefault();
    add([...event.clipboardData.files]);
  });
  takeDrops(host.element, (dropped) => queue().then((found) => found.addDropped(dropped), missing));
  // What an earlier visit left unfinished is offered again.
  if (Object.keys(localStorage).some((key) => key.startsWith(`upload ${host.folder} `))) void queue().catch(() => undefined);
}

// With script what is chosen goes at once. Who comes by …#deposer finds the form open: a chooser opens only under
// somebody's own finger.
function takeChosen(menu: HTMLDetailsElement, add: (files: Iterable<File>) => void): void {
  menu.querySelector<HTMLElement>("[data-send]")!.hidden = true;
  for (const label of menu.querySelectorAll("[data-chooser]")) label.className = "button full chooser";
  menu.querySelector("[data-chooser]")!.classList.add("main");
  for (const input of menu.querySelectorAll<HTMLInputElement>("input[type=file]"))
    input.addEventListener("change", () => {
      add([...(input.files ?? [])]);
      input.value = "";
      menu.open = false;
    });
  const answer = (): void => {
    if (location.hash !== "#deposer") return;
    menu.open = true;
    menu.querySelector<HTMLInputElement>("[data-files]")!.focus();
  };
  addEventListener("hashchange", answer);
  answer();
}

function takeDrops(root: HTMLElement, take: (dropped: (FileSystemEntry | File)[]) => Promise<void>): void {
  let inside = 0;
  const mark = (on: boolean): void => root.querySelectorAll("[data-drop]").forEach((zone) => zone.classList.toggle("dropping", on));
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  root.addEventListener("dragenter", (event) => {
    if (carriesFiles(event) && ++inside === 1) mark(true);
  });
  root.addEventListener("dragleave", (event) => {
    if (carriesFiles(event) && --inside === 0) mark(false);
  });
  root.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  root.addEventListener("drop", (event) => {
    if (!event.dataTransfer || !carriesFiles(event)) return;
    event.preventDefault();
    inside = 0;
    mark(false);
    const files = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    // Asked now: after this event the browser has forgotten them.
    void take(files.map((item) => item.webkitGetAsEntry() ?? item.getAsFile()).filter((found) => found !== null));
  });
}
