/**
 * Makes a git directory of ours in front of a person's repository (SECURITY T39), with its own configuration and links to their objects and branches. Through
 * it, git reads and writes those without reading the person's configuration or running anything from it.
 */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OwnRepository } from "@aedev/host/git/own-repository";

const linked = ["objects", "refs", "packed-refs", "reftable"];

/** Creates the front repository in the new folder `dir`. `idLength`: the length of the repository's object ids. */
export function makeFrontRepository(
  { commonDir }: OwnRepository,
  { dir, idLength }: { dir: string; idLength: number },
): void {
  mkdirSync(dir, { mode: 0o700 });
  // git makes this file when it packs branches, which it never does here.
  for (const name of linked)
    if (name !== "reftable" || existsSync(join(commonDir, name))) symlinkSync(join(commonDir, name), join(dir, name));
  const extensions = [
    ...(idLength === 64 ? ["\tobjectformat = sha256"] : []),
    ...(existsSync(join(commonDir, "reftable")) ? ["\trefstorage = reftable"] : []),
  ];
  const version = extensions.length === 0 ? 0 : 1;
  const lines = ["[core]", `\trepositoryformatversion = ${version}`, "\tbare = true"];
  if (version === 1) lines.push("[extensions]", ...extensions);
  writeFileSync(join(dir, "config"), `${lines.join("\n")}\n`, { mode: 0o600 });
  // With this HEAD, none of their branches counts as checked out.
  writeFileSync(join(dir, "HEAD"), "ref: refs/heads/aedev-front\n", { mode: 0o600 });
}
