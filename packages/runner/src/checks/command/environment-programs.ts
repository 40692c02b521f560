/** Puts a prepared virtual environment's programs on a verify command's PATH, because tests may call their project's console script. Pure. */
import { posix } from "node:path";
import { shellWord } from "@aedev/contracts";

const environments = /(?:^|\/)\.?venv$/u;

/**
 * Shell text that puts each virtual environment's `bin` before the image's PATH; empty if no output is one. `outputs`: prepared paths, relative to `checkout`.
 * The coder can't add programs there, because capture leaves declared outputs out of the change (docs/SECURITY.md).
 */
export function environmentPrograms(outputs: readonly string[], checkout: string): string {
  const folders = outputs
    .map((path) => posix.normalize(path).replace(/\/$/u, ""))
    .filter((path) => environments.test(path))
    .map((path) => shellWord(posix.join(checkout, path, "bin")));
  return folders.length === 0 ? "" : `PATH=${folders.join(":")}:"$PATH"\nexport PATH\n`;
}
