/**
 * Where this program's own files are, in a checkout and in the npm package, which keeps them at the paths that they have in the repository. A source names a
 * file by `import.meta.url` as here; scripts/package/own-files.ts turns that into the file's place in the package.
 */
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Whether this is the npm package, whose sources are bundled. */
export const isPackaged: boolean = basename(import.meta.dirname) === "dist";

/** The folder that contains `config/` and `scripts/`. */
export const productRoot: string = resolve(fileURLToPath(new URL("../../..", import.meta.url)));

/** The package needs only what its sources were compiled for; the sources of a checkout need the Node that it brings along. */
export const oldestNodeMajor: number = isPackaged ? 22 : 24;

/** The version of the package, the command line and the runner image. */
export function productVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../aedev/package.json", import.meta.url), "utf8"));
  return String((manifest as { version: unknown }).version);
}
