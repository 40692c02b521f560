/** The list of folders. In each folder, the header of the file to open first has a line "Folder: what the folder is for." */
import { posix } from "node:path";

/** One line for each folder of source files, under its package; folders inside those are left to their headers. */
export function folderList(sources: readonly string[], read: (path: string) => string): string {
  const folders = [...new Set(sources.map((path) => posix.dirname(path)))];
  const lines = folders.toSorted().flatMap((folder) => {
    const files = sources.filter((path) => posix.dirname(path) === folder);
    const described = files.flatMap((path) => {
      const purpose = purposeIn(read(path));
      return purpose === null ? [] : [{ path, purpose }];
    });
    const [first, ...others] = described;
    if (first === undefined || others.length > 0)
      throw new Error(
        `${folder}: exactly one file's header needs a line "Folder: …."; now ${described.length} have one`,
      );
    const [, name = folder, inside = ""] = /^(packages\/[^/]+\/src)\/?(.*)$/.exec(folder) ?? [];
    const line = `- \`${posix.join(inside, posix.basename(first.path))}\`: ${first.purpose}`;
    if (inside.includes("/")) return [];
    return [inside === "" ? `\n## ${name}\n\n${line}` : line];
  });
  return lines.join("\n").trim();
}

/** The text of the header's line "Folder: ….", which is its last paragraph; null if it has none. */
export function purposeIn(text: string): string | null {
  const header = /^(?:#![^\n]*\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "";
  const words = header.replaceAll(/^\s*\* ?/gm, "");
  return /^Folder: ([\s\S]*?)\.\s*$/m.exec(words)?.[1]?.replaceAll(/\s+/g, " ").trim() ?? null;
}
