/** Computes a digest of our own code that produces a base's result, so that results of other versions are not reused. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalJson, type Sha256 } from "@aedev/contracts";

const sourceFolder = fileURLToPath(new URL("../..", import.meta.url));
/** `prepare` is missing here, because a base's key already contains the digest of its prepared archive. */
const folders = [
  "checks",
  "engine",
  "tree",
  "../seccomp",
  "../../languages/src",
  "../../host/src",
  "../../contracts/src",
];
/** They contain the versions of the parsers. */
const packageFiles = [
  "../../../package.json",
  "../../../../languages/package.json",
  "../../../../host/package.json",
].map((path) => fileURLToPath(new URL(path, import.meta.url)));

let known: string | undefined;

/** Reads the sources once per process. */
export function ownCodeDigest(sha256: Sha256): string {
  known ??= sha256(
    canonicalJson(
      [...packageFiles, ...ownCodeFiles().map((path) => join(sourceFolder, path))].map((path) => [
        relative(sourceFolder, path),
        sha256(readFileSync(path)),
      ]),
    ),
  );
  return known;
}

/** The covered files as paths from `src`, sorted by folder. */
export function ownCodeFiles(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(sourceFolder, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(sourceFolder, join(entry.parentPath, entry.name)))
      .sort(),
  );
}
