// Calls our own API. Errors are RFC 9457 problem+json, whose `title` the server has translated for this reader.
import { french, text } from "./texts.ts";

export class Problem extends Error {
  constructor(
    message: string, // to show as it is
    readonly status: number, // 0: no connection
    readonly key: string, // translation key of the error, "files.name_taken"
    readonly field: string, // the input that it belongs to, or ""
  ) {
    super(message);
    this.name = "Problem";
  }
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  json?: unknown; // sent as application/json
  form?: FormData | URLSearchParams;
  signal?: AbortSignal;
}

export async function fetchJson<Answer>(address: string, call: Call = {}): Promise<Answer> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": french ? "fr" : "en" };
  if (call.json !== undefined) headers["Content-Type"] = "application/json";
  const request: RequestInit = { method: call.method ?? "GET", headers, credentials: "same-origin" };
  if (call.json !== undefined) request.body = JSON.stringify(call.json);
  else if (call.form) request.body = call.form;
  if (call.signal) request.signal = call.signal;
  let response: Response;
  try {
    response = await fetch(address, request);
  } catch (error) {
    if (call.signal?.aborted) throw error;
    throw new Problem(text("offline"), 0, "", "");
  }
  if (!response.ok) throw problemOf(response.status, await response.text());
  const body = await response.text();
  return (body ? JSON.parse(body) : undefined) as Answer;
}

// Also for XMLHttpRequest, which uploads need for their progress.
export function problemOf(status: number, body: string): Problem {
  try {
    const told = JSON.parse(body) as { title?: string; key?: string; type?: string; field?: string };
    if (told.title) return new Problem(told.title, status, told.key ?? told.type ?? "", told.field ?? "");
  } catch {
    // Not ours: a proxy's page, or nothing at all.
  }
  return new Problem(status === 0 ? text("offline") : text("unknown"), status, "", "");
}
