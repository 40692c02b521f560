/** Decides what the next run starts from: the earlier run's change if it still fits the base, else the base alone, with the reason. */

import { type ChangedFile, escapeLine, isFault } from "@aedev/contracts";
import { type Policy, runToContinue, type TaskState } from "@aedev/core";
import { pathAsRead } from "@aedev/host/git/path-text";
import { hasGitSegment, nameProblems } from "@aedev/host/path-names";
import type { Blobs, Mirrors } from "../control/parts.ts";
import { appliesUnchanged, type Carried } from "../git/landing.ts";
import type { ContinuedRun } from "../prompt/continued-run.ts";

const gitlinkMode = "160000";
/** The mode of a path that does not exist. */
const noMode = "000000";
const whyCharactersMax = 300;

/** Null if there is no run to continue. `onto`: the next run's base, which the mirror has. */
export async function continueRun(
  task: TaskState,
  { onto, policy }: { onto: string; policy: Policy },
  control: Blobs & Mirrors,
): Promise<ContinuedRun | null> {
  const last = runToContinue(task);
  if (last === null) return null;
  const { run, code } = last;
  const { patch, session, stuck, run_id } = run;
  const fromBase = (why: string): ContinuedRun => ({
    continuation: { run_id, code, patch: null, from_base: why },
    ...{ changed: [], stuck },
  });
  // A conversation is kept only together with the files it refers to.
  const spoken = session === undefined ? {} : { session };
  if (policy.repair.continue_from === "base") return fromBase("repair.continue_from is base");
  if (patch === null) {
    const nothing = fromBase("that run left no change that was kept");
    return { ...nothing, continuation: { ...nothing.continuation, ...spoken } };
  }
  const mirror = control.mirror(task.repository);
  const bases = { oldBase: run.base_commit, newBase: onto };
  const carried = await appliesUnchanged({ ...mirror, ...bases, patch: control.blobs.get(patch.digest) }).catch(
    unusableChange,
  );
  if (!carried.unchanged) return fromBase(carried.why);
  const unsafe = carried.change.changed.find(isUnsafe);
  if (unsafe !== undefined) return fromBase(`unsafe: ${escapeLine(unsafe.path, whyCharactersMax)}`);
  return {
    continuation: { run_id, code, patch, from_base: null, ...spoken },
    ...{ changed: carried.change.changed, stuck },
  };
}

/** Nobody has checked this change yet, so it may contain paths that must never be checked out. */
function isUnsafe({ path, old_mode, new_mode }: ChangedFile): boolean {
  const isNew = old_mode === noMode;
  return (
    new_mode === gitlinkMode ||
    (isNew && (hasGitSegment(pathAsRead(path)) || nameProblems(pathAsRead(path)).length > 0))
  );
}

function unusableChange(error: unknown): Extract<Carried, { unchanged: false }> {
  if (isFault(error, "HOLD-PATCH-UNSAFE") || isFault(error, "HOLD-EVIDENCE-INCOMPLETE"))
    return { unchanged: false, why: escapeLine(error.message, whyCharactersMax) };
  throw error;
}
