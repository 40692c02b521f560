/** Creates the files and folders that a person asks for by path: private, only where nothing exists, and through no link. */
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { writeDurably } from "./durable-file.ts";

/** Writes a file of mode 600. `hint`: how to name another path. Throws a Fault `not-written` if anything exists at `path`, even a link, or if it can't be written. */
export function writeNewFile(path: string, content: string | Uint8Array, hint: string): void {
  refusing(path, hint, () => writeFileSync(path, content, { mode: 0o600, flag: "wx" }));
}

/** As `writeNewFile`, but replaces a file that begins with `firstLine`, as `content` does, at once. It replaces no link. */
export function renewFile(
  path: string,
  { content, firstLine, hint }: Record<"content" | "firstLine" | "hint", string>,
): void {
  const present = lstatSync(path, { throwIfNoEntry: false });
  const isOwn = present?.isFile() === true && readFileSync(path, "utf8").startsWith(`${firstLine}\n`);
  if (isOwn) refusing(path, hint, () => writeDurably(path, `${firstLine}\n${content}`));
  else writeNewFile(path, `${firstLine}\n${content}`, hint);
}

/** Creates a folder of mode 700. Throws as `writeNewFile` does. */
export function makeNewFolder(path: string, hint: string): void {
  refusing(path, hint, () => mkdirSync(path, { mode: 0o700 }));
}

function refusing(path: string, hint: string, make: () => void): void {
  try {
    make();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    const why = code === "EEXIST" ? "it exists already and is not replaced" : code;
    throw new Fault("not-written", `${path} can't be written (${why})`, { hint, cause });
  }
}
