// What is done to entries: rename, move, copy, throw away, star, take home. Fetched when the first of them is asked for.
// Whatever can be taken back says so in the message that tells it was done.
import { ask } from "preau/dialog.ts";
import { make } from "preau/element.ts";
import { fetchJson, Problem } from "preau/fetch_json.ts";
import { toast } from "preau/toast.ts";
import * as batch from "./batch.ts";
import type { Entry } from "./entries.ts";
import { counted, fill, type Host } from "./host.ts";
import { choosePlace } from "./place-dialog.ts";
import type { DropVerb } from "./row-drag.ts";

export async function run(host: Host, name: string, items: Entry[]): Promise<void> {
  try {
    await act(host, name, items);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(error.message, "bad");
  }
}

// `to`: a folder, or empty for one's own space.
export function drop(host: Host, verb: DropVerb, items: Entry[], to: string, name: string): Promise<void> {
  const into = async (): Promise<void> => {
    const id = to || (await fetchJson<{ folder: batch.Named }>("/api/files?limit=1")).folder.id;
    await (verb === "copy" ? copy : move)(host, items, { id, name });
  };
  return guarded(verb === "trash" ? trash(host, items) : into());
}

async function act(host: Host, name: string, items: Entry[]): Promise<void> {
  const first = items[0]!;
  switch (name) {
    case "rename": return first.may_edit && !first.shortcut ? rename(host, first) : undefined;
    case "trash": return items.every((entry) => entry.may_edit) ? trash(host, items) : undefined;
    case "move":
    case "copy": {
      const place = await choosePlace(host, name, items);
      if (place) await (name === "move" ? move(host, items, place) : copy(host, items, place));
      return host.focusOn(first.id);
    }
    case "shortcut": return shortcut(host, first);
    case "see-as": return seeAs(first);
    case "star": return batch.favour([first], !first.favourite);
    case "favourite": {
      const on = items.some((entry) => !entry.favourite);
      await batch.favour(items, on);
      return host.say(host.words[on ? "starred" : "unstarred"]!);
    }
    case "zip": return location.assign(items.length === 1 && first.kind === "file" ? `/files/${first.id}/download` : await batch.zip(items));
    case "share": return share(first);
    case "hide":
    case "leave":
      await fetchJson(`/api/files/shared/${first.id}/${name}`, { method: "POST" });
      return host.refresh(neighbour(host, items));
  }
}

async function guarded(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(error.message, "bad");
  }
}

// The name of the one thing, or how many.
function what(host: Host, items: readonly batch.Named[]): string {
  return items.length === 1 ? `« ${items[0]!.name} »` : counted(host.words, "items", items.length);
}

function tellFailures(host: Host, items: readonly Entry[], outcome: batch.Outcome): void {
  if (!outcome.failed.length) return;
  const first = outcome.failed[0]!;
  const name = items.find((entry) => entry.id === first.id)?.name ?? "";
  const more = outcome.failed.length > 1 ? ` ${counted(host.words, "alsoFailed", outcome.failed.length - 1)}` : "";
  toast(`${name} : ${first.title}${more}`, "bad");
}

// The row that takes the focus when these are gone.
function neighbour(host: Host, items: readonly Entry[]): string | undefined {
  const gone = new Set(items.map((entry) => entry.id));
  const list = host.entries();
  const at = list.findIndex((entry) => gone.has(entry.id));
  const after = list.slice(at).find((entry) => !gone.has(entry.id));
  return (after ?? list.slice(0, Math.max(0, at)).reverse().find((entry) => !gone.has(entry.id)))?.id;
}

async function trash(host: Host, items: Entry[]): Promise<void> {
  const next = neighbour(host, items);
  const outcome = await batch.trash(items);
  await host.refresh(next);
  tellFailures(host, items, outcome);
  if (!outcome.done.length) return;
  toast(fill(outcome.done.length === 1 ? host.words["trashedOne"]! : host.words["trashedMany"]!, { n: String(outcome.done.length), name: outcome.done[0]!.name }), "plain", {
    label: host.words["undo"]!, act: () => void guarded(restore(host, outcome.done)),
  });
}

async function restore(host: Host, items: readonly batch.Named[]): Promise<void> {
  const outcome = await batch.restore(items);
  await host.refresh(outcome.done[0]?.id);
  tellFailures(host, [], outcome);
  host.say(host.words["restored"]!);
}

async function move(host: Host, items: Entry[], to: batch.Named): Promise<void> {
  const next = neighbour(host, items);
  const outcome = await batch.move(items, to.id);
  await host.refresh(next);
  tellFailures(host, items, outcome);
  if (!outcome.done.length) return;
  toast(fill(host.words["moved"]!, { what: what(host, outcome.done), to: to.name }), "plain", {
    label: host.words["undo"]!, act: () => void guarded(moveBack(host, outcome.done)),
  });
}

// Each to where it stood: in a list across places these are many.
async function moveBack(host: Host, items: readonly batch.Named[]): Promise<void> {
  const places = new Set(items.map((item) => item.from ?? host.folder));
  for (const place of places) {
    const outcome = await batch.move(items.filter((item) => (item.from ?? host.folder) === place), place);
    tellFailures(host, [], outcome);
  }
  await host.refresh(items[0]?.id);
  host.say(host.words["restored"]!);
}

async function copy(host: Host, items: Entry[], to: batch.Named): Promise<void> {
  const outcome = await batch.copy(items, to.id);
  if (outcome.jobs.length) toast(host.words["copying"]!);
  for (const job of outcome.jobs) await batch.follow(job, () => undefined);
  if (to.id === host.folder) await host.refresh();
  tellFailures(host, items, outcome);
  if (!outcome.done.length && !outcome.jobs.length) return;
  toast(fill(host.words["copied"]!, { what: what(host, items), to: to.name }), "plain", outcome.done.length ? {
    label: host.words["undo"]!, act: () => void guarded(batch.trash(outcome.done).then(() => host.refresh())),
  } : undefined);
}

async function shortcut(host: Host, entry: Entry): Promise<void> {
  const place = await choosePlace(host, "shortcut", [entry]);
  if (!place) return host.focusOn(entry.id);
  const made = await fetchJson<{ id: string }>(`/api/sharing/items/${place.id}/shortcuts`, { method: "POST", json: { target: entry.id } });
  if (place.id === host.folder) await host.refresh(made.id);
  else host.focusOn(entry.id);
  toast(fill(host.words["shortcutMade"]!, { to: place.name }), "plain", {
    label: host.words["undo"]!, act: () => void guarded(batch.trash([{ id: made.id, name: entry.name }]).then(() => host.refresh(entry.id))),
  });
}

// As a form, because the page that comes is another reader's.
function seeAs(entry: Entry): void {
  const form = make("form", { method: "post", action: `/share/${entry.id}/as` }, make("input", { type: "hidden", name: "as", value: entry.see_as! }));
  document.body.append(form);
  form.submit();
}

function share(entry: Entry): void {
  const link = document.createElement("a"); // the dialog listens to links
  link.href = `/share/${entry.id}`;
  link.dataset["share"] = entry.id;
  document.querySelector("files-folder")!.append(link);
  link.click();
  link.remove();
}

async function rename(host: Host, entry: Entry): Promise<void> {
  const dialog = host.element.querySelector<HTMLDialogElement>("[data-rename-dialog]")!;
  const form = dialog.querySelector("form")!;
  const input = dialog.querySelector("input")!;
  const told = form.querySelector(".problem")!;
  input.value = entry.name;
  told.textContent = "";
  input.removeAttribute("aria-invalid");
  const save = (event: Event): void => {
    event.preventDefault();
    fetchJson<{ name: string }>(`/api/files/${entry.id}`, { method: "PATCH", json: { name: input.value, revision: entry.revision } }).then(
      () => dialog.close("done"),
      (problem: Problem) => {
        told.textContent = problem.message;
        input.setAttribute("aria-invalid", "true");
        input.focus();
      });
  };
  form.addEventListener("submit", save);
  const answer = ask(dialog);
  input.focus();
  const dot = entry.kind === "file" ? input.value.lastIndexOf(".") : -1;
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length); // the ending is seldom what one wants to change
  const done = await answer;
  form.removeEventListener("submit", save);
  if (done === "done") await host.refresh(entry.id);
  else host.focusOn(entry.id);
}
