// How a file is looked at, by its media type; what is not named here is taken home.
import type { Entry } from "../folder/entries.ts";

export interface Look {
  kind: "image" | "pdf" | "text" | "audio" | "video" | "none";
  address: string;
  whole?: string; // of a picture: the stored one, for full size
}

const shown = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]); // by every browser we name

export function lookOf(entry: Entry): Look {
  const type = (entry.type ?? "").split(";")[0]!.trim();
  const inline = `/files/${entry.id}/inline`;
  const made = `/files/${entry.id}/preview`; // the server can make one where it gave a thumbnail
  if (entry.thumbnail && type.startsWith("image/") && type !== "image/gif")
    return { kind: "image", address: `${made}/large`, ...(shown.has(type) ? { whole: inline } : {}) };
  if (shown.has(type)) return { kind: "image", address: inline };
  if (type === "application/pdf") return { kind: "pdf", address: inline };
  if (type.startsWith("text/")) return { kind: "text", address: inline };
  if (type.startsWith("audio/")) return { kind: "audio", address: inline };
  if (type.startsWith("video/")) return { kind: "video", address: inline };
  if (entry.thumbnail) return { kind: "pdf", address: `${made}/document` }; // an office document
  return { kind: "none", address: "" };
}
