/** Builds the candidate tree in a new bare repository, by applying the patch to an index: no work tree, no change to the mirror (SECURITY T1, T2, T3). */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, type PlacedSubmodule } from "@aedev/contracts";
import { gitInfoAttributes } from "@aedev/host/git/git-safety";
import { homeLayout, submoduleStore } from "@aedev/host/home-layout";
import type { RunnerContext } from "../engine/context.ts";
import type { Objects } from "./check-tree.ts";

const site = "runner/tree/candidate";
const makeSite = "runner/tree/candidate#make";

/** Creates an empty bare repository in `gitDir` that also reads the objects of the mirror and of filled submodules. */
export async function openObjects(
  context: RunnerContext,
  repository: string,
  gitDir: string,
  submodules: readonly PlacedSubmodule[] = [],
): Promise<Objects> {
  const mirror = homeLayout(context.home).mirror(repository);
  const { git } = context;
  const format = await git(site, ["rev-parse", "--show-object-format"], { gitDir: mirror }).catch((cause: unknown) => {
    throw new Fault("HOLD-FETCH-FAILED", `the mirror of ${repository} can't be read`, { detail: "mirror", cause });
  });
  await git(makeSite, ["init", "--quiet", "--bare", "--template=", `--object-format=${format.text}`, gitDir], {});
  mkdirSync(join(gitDir, "info"), { recursive: true });
  writeFileSync(join(gitDir, "info", "attributes"), gitInfoAttributes);
  const lenders = [mirror, ...submodules.map(({ store }) => submoduleStore(mirror, store))];
  const alternates = lenders.map((lender) => `${join(lender, "objects")}\n`).join("");
  writeFileSync(join(gitDir, "objects", "info", "alternates"), alternates);
  return { gitDir, git, submodules };
}

/** The id of the base's tree with the patch. Throws `HOLD-FETCH-FAILED` if the mirror lacks the base, and `HOLD-BASE-MOVED` if the patch does not apply. */
export async function applyPatch(objects: Objects, baseCommit: string, patch: Uint8Array): Promise<string> {
  const gitOptions = {
    gitDir: objects.gitDir,
    environment: { GIT_INDEX_FILE: join(objects.gitDir, "index-candidate") },
  };
  await objects.git(site, ["read-tree", `${baseCommit}^{tree}`], gitOptions).catch((cause: unknown) => {
    throw new Fault("HOLD-FETCH-FAILED", `the base ${baseCommit} is not in the mirror`, { detail: "base", cause });
  });
  if (patch.length > 0) {
    const apply = ["apply", "--cached", "--binary", "--whitespace=nowarn", "-p1", "-"];
    await objects.git(site, apply, { ...gitOptions, input: patch }).catch((cause: unknown) => {
      const detail = cause instanceof Error ? cause.message.slice(0, 400) : "apply";
      throw new Fault("HOLD-BASE-MOVED", "the patch does not apply to this base", { detail, cause });
    });
  }
  return (await objects.git(site, ["write-tree"], gitOptions)).text;
}
