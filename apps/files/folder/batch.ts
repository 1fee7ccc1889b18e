// What is done to many entries at once, in calls of at most 1,000, and the way back. Answers say per item what did not work.
import { fetchJson } from "preau/fetch_json.ts";
import type { Entry } from "./entries.ts";

export interface Named {
  id: string;
  name: string;
  from?: string | null; // of what was moved: where it stood
}

export interface Outcome {
  done: Named[];
  failed: { id: string; title: string }[];
  jobs: string[]; // large copies that go on without us
}

interface Answer {
  done?: Named[];
  failed?: { id: string; title: string }[];
  job?: string | null;
}

const atOnce = 1000;

async function batch(verb: string, ids: string[], more: object = {}): Promise<Outcome> {
  const outcome: Outcome = { done: [], failed: [], jobs: [] };
  for (let from = 0; from < ids.length; from += atOnce) {
    const answer = await fetchJson<Answer>(`/api/files/${verb}`, {
      method: "POST", json: { items: ids.slice(from, from + atOnce), ...more },
    });
    outcome.done.push(...(answer.done ?? []));
    outcome.failed.push(...(answer.failed ?? []));
    if (answer.job) outcome.jobs.push(answer.job);
  }
  return outcome;
}

const ids = (items: readonly { id: string }[]): string[] => items.map((item) => item.id);

export const move = (items: readonly Named[], to: string): Promise<Outcome> => batch("move", ids(items), { to, if_taken: "number" });
export const copy = (items: readonly Named[], to: string): Promise<Outcome> => batch("copy", ids(items), { to });
export const trash = (items: readonly Named[]): Promise<Outcome> => batch("trash", ids(items));
export const restore = (items: readonly Named[]): Promise<Outcome> => batch("restore", ids(items));

// One by one: a star is a click, and a hundred of them are rare.
export async function favour(items: readonly Entry[], on: boolean): Promise<void> {
  for (const item of items) {
    await fetchJson(`/api/sharing/items/${item.id}/favourite`, { method: on ? "PUT" : "DELETE" });
    item.favourite = on;
  }
}

// The server makes no ZIP before somebody asks for it: this answers where it can be fetched.
export async function zip(items: readonly Named[]): Promise<string> {
  return (await fetchJson<{ url: string }>("/api/files/zip", { method: "POST", json: { items: ids(items) } })).url;
}

// Waits for a copy that goes on as a job; tells how far it is. Answers nothing when it is done.
export async function follow(job: string, tell: (done: number, total: number) => void): Promise<void> {
  for (let wait = 500; ; wait = Math.min(wait * 1.5, 4000)) {
    await new Promise((next) => setTimeout(next, wait));
    const state = await fetchJson<{ state: string; done?: number; total?: number; title?: string }>(`/api/files/jobs/${job}`);
    if (state.state === "done") return;
    if (state.state === "failed") throw new Error(state.title ?? "");
    tell(state.done ?? 0, state.total ?? 0);
  }
}
