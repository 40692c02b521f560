/** What a person reads before they decide, for clients that show it at once. */
import {
  independentTestsText,
  isFault,
  type LandingPage,
  landingPlaceText,
  largestShares,
  outsideReplayLines,
  provennessLines,
  reasonText,
  riskText,
  secondImplementationText,
  signalText,
} from "@aedev/contracts";
import type { ChangeToDecide } from "@aedev/contracts/api";
import { entityById, missionDocument, type TaskState, taskDetails, tasksOf } from "@aedev/core";
import type { Blobs, Records, WriteRules } from "../../control/parts.ts";
import { landingPlace } from "../../control/permitted-writes.ts";
import { readPartSpecifications, readSpecification } from "../../control/read-blobs.ts";
import { landingEvidence, patchToShow } from "../../phone/approval/landing-evidence.ts";
import { judgedCriteria } from "../../reader/judged-criteria.ts";
import { filesOfPatch, onlyFile } from "../../reader/patch-files.ts";
import { errorBody } from "./error-body.ts";
import { ErrorAnswer, type Handlers, notFound } from "./handler.ts";

export function decisionRoutes(control: Blobs & Records & WriteRules) {
  return {
    async showDecision({ params: { id }, query: { known } }) {
      const state = control.log.stateWith({ missions: [id] });
      const mission = entityById(state.missions, id);
      const document = missionDocument(state, id);
      if (mission === undefined || document === undefined) return notFound("mission", id, "aedev mission list");
      // The tasks of a plan are those of its parts, each of which has a page of its own.
      const task = mission.plan === undefined ? tasksOf(state, mission).at(-1) : undefined;
      const specification = readSpecification(control, mission);
      const hasChange = task !== undefined && task.evidence !== null && task.patch !== null && task.gate !== null;
      const details = task === undefined ? undefined : taskDetails(state, task, landingPlace(task, control));
      return {
        position: control.log.head.position,
        mission: document,
        task: details ?? null,
        specification,
        parts: readPartSpecifications(control, specification),
        change: hasChange ? keptChange(control, task, known) : null,
      };
    },
    async showPatchFile({ params: { id }, query: { digest, file, from } }) {
      const task = entityById(control.log.stateWith({ tasks: [id] }).tasks, id);
      if (task === undefined) return notFound("task", id, "aedev task list");
      const patch =
        task.patch === null || task.evidence?.change_digest !== digest ? null : patchToShow(control, task.patch);
      const found = patch === null ? null : onlyFile(patch, { file, from });
      const help = `aedev task show ${id}`;
      return (
        found ??
        new ErrorAnswer(409, errorBody("wrong-digest", "the task has no such change, or it has no such file", help))
      );
    },
  } satisfies Partial<Handlers>;
}

/** Null: its evidence has expired. While a person is asked to decide, it must be there: then this throws. */
function keptChange(
  control: Blobs & Records & WriteRules,
  task: TaskState,
  known: string | undefined,
): ChangeToDecide | null {
  try {
    return changeToDecide(control, task, known);
  } catch (error) {
    if (isFault(error, "blob-missing") && task.status !== "asked") return null;
    throw error;
  }
}

/** `known`: the digest of the change whose files the client has. */
function changeToDecide(
  control: Blobs & Records & WriteRules,
  task: TaskState,
  known: string | undefined,
): ChangeToDecide {
  const evidence = landingEvidence(control, task);
  const { checks, risk, commit } = evidence;
  const { files, omitted } = filesOfPatch(evidence.patch);
  const { harm, against } = largestShares(risk.shares);
  return {
    digest: evidence.change_digest,
    files: known === evidence.change_digest ? null : files,
    files_omitted: omitted,
    patch_command: evidence.patch_command,
    replay_command: `aedev task replay ${task.task_id}`,
    reasons: evidence.reasons.map((reason) => reasonText(reason)),
    notes: [...evidence.capture_notes],
    tests:
      checks === null
        ? null
        : {
            status: checks.status,
            fail_to_pass: checks.fail_to_pass,
            pass_to_pass: checks.pass_to_pass,
            problems: checks.reasons,
          },
    proofs: proofsOf(evidence),
    verdicts: task.verdicts.map((one) => {
      const { family, model, verdict, detail } = one;
      const criteria = judgedCriteria(one, control.blobs).map(({ id, result, cited }) => ({
        id,
        result,
        cited: [...cited],
      }));
      return { family, model, verdict, detail, criteria };
    }),
    risk: riskText(risk),
    harm: harm.map(shareOf),
    against: against.map(shareOf),
    commit: commit.title,
    lands: landingPlaceText(commit, commit.remote),
    take_in: commit.take_in,
  };
}

function proofsOf(
  evidence: Pick<LandingPage, "provenness" | "replay" | "independent_tests" | "second_implementation" | "test_changes">,
): string[] {
  const { provenness, replay, independent_tests: independent, second_implementation: second, test_changes } = evidence;
  const whole = (text: string) => text;
  return [
    ...(provenness === null ? [] : provennessLines(provenness, whole)),
    ...(replay === null ? [] : outsideReplayLines(replay, whole)),
    ...(independent === null ? [] : [independentTestsText(independent, whole)]),
    ...(second === null ? [] : [secondImplementationText(second, whole)]),
    ...(test_changes ?? []),
  ];
}

function shareOf({ factor, points, why }: LandingPage["risk"]["shares"][number]): ChangeToDecide["harm"][number] {
  return { points, text: signalText(factor), why };
}
