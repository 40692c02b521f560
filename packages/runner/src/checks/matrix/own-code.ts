/** Computes a digest of our own code that produces a base's result, so that results of other versions are not reused. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { canonicalJson, type Sha256 } from "@aedev/contracts";
import { isPackaged, productRoot } from "@aedev/host/product";

/** `prepare` is missing here, because a base's key already contains the digest of its prepared archive. */
const folders = isPackaged
  ? ["dist", "packages"]
  : [
      ...["checks", "engine", "tree"].map((name) => `packages/runner/src/${name}`),
      "packages/runner/seccomp",
      ...["languages", "host", "contracts"].map((name) => `packages/${name}/src`),
    ];
/** They contain the versions of the parsers. */
const packageFiles = isPackaged
  ? ["package.json"]
  : ["runner", "languages", "host"].map((name) => `packages/${name}/package.json`);

let known: string | undefined;

/** Reads the sources once per process. */
export function ownCodeDigest(sha256: Sha256): string {
  known ??= sha256(
    canonicalJson(
      [...packageFiles, ...ownCodeFiles()].map((path) => [path, sha256(readFileSync(join(productRoot, path)))]),
    ),
  );
  return known;
}

/** The covered files as paths from the product's root, sorted by folder. */
export function ownCodeFiles(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(productRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(productRoot, join(entry.parentPath, entry.name)))
      .sort(),
  );
}
