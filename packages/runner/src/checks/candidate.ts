/**
 * Makes the candidate: a fresh bare repository whose alternate is the mirror, the patch applied to an index on top of the base, the
 * tree written. Nothing of it enters the mirror, and there is no work tree (THREATS T1, T2, T3).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, gitInfoAttributes } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import type { Objects } from "./tree.ts";

/** An empty bare repository in `gitDir` that reads the mirror's objects and writes its own. */
export async function openObjects(context: RunnerContext, repository: string, gitDir: string): Promise<Objects> {
  const mirror = join(context.home, "mirrors", `${repository}.git`);
  const { git } = context;
  const format = await git(["rev-parse", "--show-object-format"], { gitDir: mirror }).catch((cause: unknown) => {
    throw new Fault("HOLD-FETCH-FAILED", `the mirror of ${repository} can't be read`, { detail: "mirror", cause });
  });
  await git(["init", "--quiet", "--bare", "--template=", `--object-format=${format.text}`, gitDir]);
  mkdirSync(join(gitDir, "info"), { recursive: true });
  writeFileSync(join(gitDir, "info", "attributes"), gitInfoAttributes);
  writeFileSync(join(gitDir, "objects", "info", "alternates"), `${join(mirror, "objects")}\n`);
  return { gitDir, git };
}

/** The tree of base plus patch. Throws `HOLD-FETCH-FAILED` where the base is not in the mirror and `HOLD-BASE-MOVED` where the patch does not apply to it. */
export async function applyPatch(objects: Objects, baseCommit: string, patch: Uint8Array): Promise<string> {
  const how = { gitDir: objects.gitDir, environment: { GIT_INDEX_FILE: join(objects.gitDir, "index-candidate") } };
  await objects.git(["read-tree", `${baseCommit}^{tree}`], how).catch((cause: unknown) => {
    throw new Fault("HOLD-FETCH-FAILED", `the base ${baseCommit} is not in the mirror`, { detail: "base", cause });
  });
  if (patch.length > 0) {
    const apply = ["apply", "--cached", "--binary", "--whitespace=nowarn", "-p1", "-"];
    await objects.git(apply, { ...how, input: patch }).catch((cause: unknown) => {
      const detail = cause instanceof Error ? cause.message.slice(0, 400) : "apply";
      throw new Fault("HOLD-BASE-MOVED", "the patch does not apply to this base", { detail, cause });
    });
  }
  return (await objects.git(["write-tree"], how)).text;
}
