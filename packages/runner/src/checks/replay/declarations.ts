/** Lists the declarations at the top of a hostile file, each with a digest of its text. Run it in a process that may be killed. */
import { sha256 } from "@aedev/host/sha256";
import { readersOf } from "@aedev/languages/readers";
import type { TopDeclaration } from "@aedev/languages/shared/top-declarations";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";

export interface Declaration extends Omit<TopDeclaration, "text"> {
  readonly digest: string;
}

/** Null if declarations can't be read in the file's language. */
export function declarationsIn(text: string, path: string): Declaration[] | null {
  const found = readersOf(path)?.declarations?.(readSyntax(text, path));
  return found?.map(({ text: own, ...declared }) => ({ ...declared, digest: sha256(own) })) ?? null;
}
