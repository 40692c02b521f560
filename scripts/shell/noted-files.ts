/** A night's notes of passed test files: one line per file with its path, its passed and skipped tests, and the SHA-256 of its text. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Paths are relative to the repository's root. */
interface NotedFile {
  readonly path: string;
  readonly passed: number;
  readonly skipped: number;
}

/** The line for a file that passed. */
export function noteOf(root: string, { path, passed, skipped }: NotedFile): string {
  return `${path} ${passed} ${skipped} ${digestOf(join(root, path))}\n`;
}

/** The files that passed and have not changed since; none without notes. */
export function notedFiles(root: string, notes: string | undefined): NotedFile[] {
  if (notes === undefined || !existsSync(notes)) return [];
  return [...readFileSync(notes, "utf8").matchAll(/^(\S+) (\d+) (\d+) ([0-9a-f]{64})$/gm)].flatMap(
    ([, path = "", passed, skipped, digest]) => {
      const file = join(root, path);
      if (!existsSync(file) || digestOf(file) !== digest) return [];
      return [{ path, passed: Number(passed), skipped: Number(skipped) }];
    },
  );
}

const digestOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
