// Files of dropped folders, each with the path of folders that it stands in; and the folders that hold nothing.

export interface Chosen {
  file: File;
  path: string; // "a/b", or "" for one that was chosen by itself
}

export interface Dropped {
  files: Chosen[];
  empty: string[]; // "a/c"
}

export async function filesIn(dropped: readonly (FileSystemEntry | File)[]): Promise<Dropped> {
  const found: Dropped = { files: [], empty: [] };
  for (const entry of dropped) {
    if (entry instanceof File) found.files.push({ file: entry, path: "" });
    else await walk(entry, "", found);
  }
  return found;
}

// Of <input type=file webkitdirectory>, which names no folder without files, and of an ordinary one, where the path is empty.
export function chosenOf(file: File): Chosen {
  return { file, path: file.webkitRelativePath.split("/").slice(0, -1).join("/") };
}

async function walk(entry: FileSystemEntry, path: string, found: Dropped): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)).catch(() => null);
    if (file) found.files.push({ file, path }); // one that cannot be read is left where it is
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside = path ? `${path}/${entry.name}` : entry.name;
  for (let first = true; ; first = false) { // Chromium answers at most 100 at a time
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length && first) found.empty.push(inside);
    if (!some.length) return;
    for (const child of some) await walk(child, inside, found);
  }
}
