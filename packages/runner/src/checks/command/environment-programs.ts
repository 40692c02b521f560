/** Lets a verify command find the programs of a prepared virtual environment, as `activate` does: tests may call their project's own console script. Pure. */
import { posix } from "node:path";
import { shellWord } from "@aedev/contracts";

const environments = /(?:^|\/)\.?venv$/u;

/**
 * Shell text that puts each virtual environment's `bin` before the image's PATH; empty if no output is one. `outputs`: prepared paths, relative to
 * `checkout`. The coder can't add programs there, because capture leaves declared
 * outputs out of the change; what the base has there is the base's, and what a build step writes there is the build's (docs/SECURITY.md).
 */
export function environmentPrograms(outputs: readonly string[], checkout: string): string {
  const folders = outputs
    .map((path) => posix.normalize(path).replace(/\/$/u, ""))
    .filter((path) => environments.test(path))
    .map((path) => shellWord(posix.join(checkout, path, "bin")));
  return folders.length === 0 ? "" : `PATH=${folders.join(":")}:"$PATH"\nexport PATH\n`;
}
