/** The digest of our own code that makes a base's result: what was kept by other code is not believed. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalJson, type Sha256 } from "@aedev/core/wire";

const checksFolder = fileURLToPath(new URL("..", import.meta.url));
/** Names the parsers' versions. */
const packageFile = fileURLToPath(new URL("../../../package.json", import.meta.url));

let known: string | undefined;

/** Reads the sources once in the life of this process: they don't change under it. */
export function ownCodeDigest(sha256: Sha256): string {
  known ??= sha256(
    canonicalJson(
      [packageFile, ...filesUnder(checksFolder)].map((path) => [
        relative(checksFolder, path),
        sha256(readFileSync(path)),
      ]),
    ),
  );
  return known;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
