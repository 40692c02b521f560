/**
 * Makes a git directory of ours in front of a person's repository (SECURITY T39), with its own configuration and links to their objects and branches. Through
 * it, git reads and writes those without reading the person's configuration or running anything from it.
 */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OwnRepository } from "@aedev/host/git/own-repository";

const linked = ["objects", "refs", "packed-refs", "reftable", "shallow"];
const linkedIfPresent = ["reftable", "shallow"];

/**
 * Creates the front repository in the new folder `dir`. `idLength`: the length of the repository's object ids. `checkedOut`: the branch (`refs/heads/…`) of
 * the working copy, so that git also writes its reflogs; without it, none of their branches counts as checked out.
 */
export function makeFrontRepository(
  { gitDir, commonDir }: OwnRepository,
  { dir, idLength, checkedOut }: { dir: string; idLength: number; checkedOut?: string },
): void {
  mkdirSync(dir, { mode: 0o700 });
  // git makes the file packed-refs when it packs branches, which it never does here.
  for (const name of linked) linkTo(commonDir, name, { dir, always: !linkedIfPresent.includes(name) });
  if (checkedOut !== undefined) {
    mkdirSync(join(dir, "logs"), { mode: 0o700 });
    linkTo(gitDir, "logs/HEAD", { dir });
    linkTo(commonDir, "logs/refs", { dir });
  }
  const extensions = [
    ...(idLength === 64 ? ["\tobjectformat = sha256"] : []),
    ...(existsSync(join(commonDir, "reftable")) ? ["\trefstorage = reftable"] : []),
  ];
  const version = extensions.length === 0 ? 0 : 1;
  const lines = ["[core]", `\trepositoryformatversion = ${version}`, `\tbare = ${checkedOut === undefined}`];
  if (version === 1) lines.push("[extensions]", ...extensions);
  writeFileSync(join(dir, "config"), `${lines.join("\n")}\n`, { mode: 0o600 });
  writeFileSync(join(dir, "HEAD"), `ref: ${checkedOut ?? "refs/heads/aedev-front"}\n`, { mode: 0o600 });
}

function linkTo(theirs: string, name: string, { dir, always = false }: { dir: string; always?: boolean }): void {
  if (always || existsSync(join(theirs, name))) symlinkSync(join(theirs, name), join(dir, name));
}
