// The bar of a selection: how many are chosen, and what may be done with all of them.
import type { Entry } from "./entries.ts";
import { counted, type Host } from "./host.ts";

export function showSelection(host: Host, chosen: readonly Entry[], outOf: number): void {
  const root = host.element;
  const n = chosen.length;
  const bar = root.querySelector<HTMLElement>("[data-selected]")!;
  bar.hidden = n === 0;
  root.classList.toggle("selecting", n > 0);
  const all = root.querySelector<HTMLInputElement>("[data-all]")!;
  all.checked = n > 0 && n === outOf;
  all.indeterminate = n > 0 && n < outOf;
  const count = counted(host.words, "selected", n);
  root.querySelector("[data-count]")!.textContent = count;
  host.say(n ? count : "");
  const only = n === 1 ? chosen[0] : undefined;
  const allowed = {
    share: only?.may_manage ?? false,
    move: chosen.every((entry) => entry.may_edit),
    trash: chosen.every((entry) => entry.may_edit),
    favourite: root.dataset["favourites"] !== undefined,
  };
  for (const [name, may] of Object.entries(allowed))
    for (const button of bar.querySelectorAll<HTMLElement>(`[data-act="${name}"]`)) button.hidden = !may;
}
