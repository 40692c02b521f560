/** Describes a hold for a person: its meaning, the facts behind it, and what each run of the task tried. From patches it reads only file names and sizes. */

import {
  type Advice,
  adviceIn,
  type CodedReason,
  codedReasons,
  filled,
  holdMeanings,
  isFault,
  type Meaning,
  type Reason,
  reasonMeanings,
} from "@aedev/contracts";
import type { HoldDocument, RunDetails } from "@aedev/contracts/api";
import { entityById, type RunState, type State, taskDetails, taskQuestion } from "@aedev/core/reading";
import { type PatchFile, patchLines } from "@aedev/host/patch/read-patch";
import { patchAsText } from "@aedev/host/patch/visible-patch";
import type { OfflineHome } from "./open-offline.ts";

/** A meaning, and the advice with its commands filled in. */
interface Explained {
  readonly means: string;
  readonly helps: Advice;
}
const noAdvice: Advice = { text: "", commands: [] };
/** A reason with its meaning and what usually helps; both are empty if it has no code. */
export interface ExplainedReason extends CodedReason, Explained {}
/** How many lines a run added to and deleted from a file. */
export interface TriedFile {
  readonly path: string;
  readonly added_lines: number;
  readonly deleted_lines: number;
}
/** One run: its cause, its changed files (null: it left no change, or its patch is no longer kept), and its outcome. */
export interface TriedRun extends Pick<RunDetails, "run_id" | "attempt" | "cause" | "outcome"> {
  readonly files: readonly TriedFile[] | null;
}
export interface HoldReading extends HoldDocument, Explained {
  readonly findings: readonly ExplainedReason[];
  readonly tried: readonly TriedRun[];
}

/** Undefined if the state does not have the hold's task. */
export function holdReading(
  hold: HoldDocument,
  { state, blobs }: { state: State } & Pick<OfflineHome, "blobs">,
): HoldReading | undefined {
  const task = entityById(state.tasks, hold.task_id);
  if (task === undefined) return undefined;
  const question = taskQuestion(task);
  const source = state.repositories[task.repository]?.url;
  const values = {
    ...{ hold: hold.hold_id, task: hold.task_id, mission: hold.mission_id, name: task.repository },
    ...(source === undefined ? {} : { source }),
    ...(question === null ? {} : { question: question.id }),
  };
  const said = (meaning: Meaning) => ({ means: meaning.means, helps: adviceIn(filled(meaning.helps, values)) });
  const isKept = hold.code !== "HOLD-QUESTION" && task.hold?.tests !== undefined;
  const details = taskDetails(state, task);
  return {
    ...hold,
    ...said(isKept ? keptTests : holdMeanings[hold.code]),
    findings: codedReasons((task.gate?.reasons ?? []).filter(isOfHold)).map((reason) => ({
      ...reason,
      ...(reason.code === null ? { means: "", helps: noAdvice } : said(reasonMeanings[reason.code])),
      ...(isKept ? { helps: noAdvice } : {}),
    })),
    tried: details.run_details.map(({ run_id, attempt, cause, outcome }) => ({
      ...{ run_id, attempt, cause, outcome },
      files: triedFiles(
        task.runs.find((run) => run.run_id === run_id),
        blobs,
      ),
    })),
  };
}

/** Shown instead of the code's own meaning, because another run would break the same tests. */
const keptTests: Meaning = {
  means: "Your request breaks tests that you want to keep.",
  helps: "`aedev task send-back <task> --reason TEXT`, or `aedev task reject <task>`",
};

/** Whether the reason belongs to the hold, not to the question for a person. */
function isOfHold(reason: Reason): boolean {
  return typeof reason === "object" && reason.kind === "hold";
}

function triedFiles(run: RunState | undefined, blobs: OfflineHome["blobs"]): TriedFile[] | null {
  if (run === undefined || run.patch === null) return null;
  const patch = textOf(run.patch.digest, blobs);
  if (patch === null) return null;
  const files = new Map<PatchFile, { added_lines: number; deleted_lines: number }>();
  for (const { oldLine, newLine, file } of patchLines(patch)) {
    if (file === null) continue;
    const count = files.get(file) ?? { added_lines: 0, deleted_lines: 0 };
    if (oldLine === null && newLine !== null) count.added_lines += 1;
    if (oldLine !== null && newLine === null) count.deleted_lines += 1;
    files.set(file, count);
  }
  return [...files].map(([{ names }, count]) => ({ path: [...names].at(-1) ?? "a file without a name", ...count }));
}

/** Null if the patch is broken or no longer kept, because the hold is shown all the same. */
function textOf(digest: string, blobs: OfflineHome["blobs"]): string | null {
  try {
    return patchAsText(blobs.get(digest));
  } catch (error) {
    if (isFault(error, "blob-missing") || isFault(error, "blob-corrupt")) return null;
    throw error;
  }
}
