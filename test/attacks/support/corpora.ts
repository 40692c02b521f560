/** Finds the attack corpora: the folder in AEDEV_ATTACK_CORPORA, or none, which is printed. The suites only read it. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** The path of a corpora file; null without a folder. Throws if the folder lacks the file, because an incomplete corpus must not pass for a complete one. */
export function corpusFile(...names: string[]): string | null {
  const folder = process.env.AEDEV_ATTACK_CORPORA;
  if (folder === undefined || folder === "") return null;
  const path = join(folder, ...names);
  if (!existsSync(path)) throw new Error(`AEDEV_ATTACK_CORPORA has no ${names.join("/")}`);
  return path;
}

/** A folder that the corpora may contain; null if they lack it, which is printed. */
export function optionalCorpusFolder(name: string): string | null {
  const folder = process.env.AEDEV_ATTACK_CORPORA;
  if (folder !== undefined && folder !== "" && existsSync(join(folder, name))) return join(folder, name);
  console.log(`corpora: no folder ${name}`);
  return null;
}

/** The line about the corpora in the run's output. */
export function corporaNote(): string {
  const folder = process.env.AEDEV_ATTACK_CORPORA;
  return folder === undefined || folder === "" ? "corpora: not given (a small set of our own)" : `corpora: ${folder}`;
}
