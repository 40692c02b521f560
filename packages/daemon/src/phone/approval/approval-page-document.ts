/** Composes an approval page's document from log and sealed blobs, with a fresh token for each decision; it renders nothing. */

import { placesIn } from "@aedev/clarify";
import {
  type ApprovalPage,
  type BudgetPage,
  Fault,
  type PagePlan,
  type PageSignIn,
  type RaisableBudget,
  type ReturnedForm,
  type Specification,
  specificationSchema,
} from "@aedev/contracts";
import { type ApprovalSubject, outcomeText } from "@aedev/contracts/events";
import {
  type Approvable,
  entityById,
  heldBudget,
  isAboutTests,
  type MissionState,
  offerNeedsSignIn,
  openHolds,
  operatorsOf,
  signInNeed,
  type TaskState,
} from "@aedev/core";
import { isDemoHome } from "../../control/demo-home.ts";
import type { Blobs, Home, Records, Spending, WriteRules } from "../../control/parts.ts";
import { readDocument, readPartSpecifications } from "../../control/read-blobs.ts";
import { filesOfPatch } from "../../reader/patch-files.ts";
import { budgetFigures } from "../../work/raise-offer.ts";
import { landingEvidence } from "./landing-evidence.ts";
import { fieldsOf, questionsOf } from "./question-form.ts";
import { approvalKey, type Grant, mintToken } from "./token.ts";
import type { Claim } from "./use-token.ts";

type QuestionSubject = Extract<ApprovalSubject, { kind: "question" }>;
type QuestionPage = Extract<ApprovalPage, { kind: "question" }>;
/** Makes a fresh token for a decision; null if the reader's own token does not allow that decision. */
type Mint = (grant: Grant) => string | null;

/** Most places that a page lists; the whole request is on the page anyway. */
const placesMax = 20;

/** For an open approval only. A reader's token for one decision yields only that decision's token; one that only views yields all. */
export function approvalPageDocument(
  control: Home & Blobs & Records & WriteRules & Spending,
  { approval, token }: Claim,
  returned: ReturnedForm | null = null,
): ApprovalPage {
  const { subject, expires_at } = approval;
  const mint = mintFor(control, { approval, token });
  const mission = entityById(control.log.stateWith({ missions: [subject.mission_id] }).missions, subject.mission_id);
  if (mission === undefined) throw new Fault("unknown-mission", `there is no mission ${subject.mission_id}`);
  const demo = isDemoHome(control) ? { demo: true as const } : {};
  const head = { mission_title: mission.title, repository: mission.repository, expires_at, returned, ...demo };
  const [approve, change, reject] = [
    mint({ action: "approve" }),
    mint({ action: "change" }),
    mint({ action: "reject" }),
  ];
  const tokens = { approve, change, reject };
  switch (subject.kind) {
    case "landing": {
      const task = taskOf(control, subject.task_id);
      const sign_in = signInOf(control, { kind: "landing", mission, task });
      const { patch, ...evidence } = landingEvidence(control, task);
      const { files, omitted: files_omitted } = filesOfPatch(patch);
      return { ...head, kind: "landing", ...evidence, files, files_omitted, sign_in, tokens };
    }
    case "specification":
      return specificationPage(control, mission, { head, tokens });
    case "revert": {
      const { outcomes = [] } = taskOf(control, subject.task_id);
      const observed = outcomes.filter(({ outcome }) => outcome === "red").map((one) => outcomeText(one));
      const sign_in = signInForOffer(control);
      return {
        ...head,
        kind: "revert",
        commit: subject.commit,
        observed,
        sign_in,
        revert_token: mint({ action: "revert" }),
      };
    }
    case "budget": {
      const figures = budgetFigures(taskOf(control, subject.task_id), subject.budget, control);
      const { budget, raise_to, hold_id } = subject;
      const raised = { raised: { budget, raise_to }, ...figures, holds: heldBy(control, budget, hold_id) };
      const tap = { sign_in: signInForOffer(control), raise_token: mint({ action: "raise" }) };
      return { ...head, kind: "budget", ...raised, ...tap };
    }
    case "question":
      return { ...head, kind: "question", ...askedOn(control, { approval, token }, { subject, mint }) };
  }
}

function specificationPage<Head extends object, Tokens extends object>(
  control: Blobs & Records,
  mission: MissionState,
  { head, tokens }: { readonly head: Head; readonly tokens: Tokens },
) {
  const { digest } = mission.specification;
  const specification = readDocument(control, digest, specificationSchema);
  const places = placesIn(writtenIn(specification)).slice(0, placesMax);
  const folder = control.log.state.repositories[mission.repository]?.settings.folder ?? null;
  const sign_in = signInOf(control, { kind: "specification", mission });
  const page = { ...head, kind: "specification", specification, specification_digest: digest } as const;
  const { left_out = [] } = mission.origin?.github ?? {};
  const plan = planOnPage(control, specification);
  const decisions = plan === null ? tokens : { ...tokens, change: null };
  return { ...page, plan, left_out, places, folder, sign_in, tokens: decisions };
}

function planOnPage(control: Blobs & Records, specification: Specification): PagePlan | null {
  const { plan } = specification;
  if (plan === undefined) return null;
  const { repositories } = control.log.state;
  const parts = readPartSpecifications(control, specification).flatMap((own, at) => {
    const part = plan.parts[at];
    if (part === undefined) return [];
    return [{ ...part, specification: own, folder: repositories[part.repository]?.settings.folder ?? null }];
  });
  return { on_failure: plan.on_failure, parts };
}

function signInOf({ log }: Records, approvable: Approvable): PageSignIn {
  const need = signInNeed(log.state, approvable);
  if (need !== null) return need === "second-person" ? "write" : "approve";
  return operatorsOf(log.state).length > 0 ? "possible" : "none";
}

function signInForOffer({ log }: Records): PageSignIn {
  if (offerNeedsSignIn(log.state)) return "approve";
  return operatorsOf(log.state).length > 0 ? "possible" : "none";
}

function mintFor(control: Home, { approval, token: { action, choice } }: Claim): Mint {
  const key = approvalKey(control.home);
  return (grant) => {
    const isAllowed =
      action === "look" || (action === grant.action && (choice === null || choice === (grant.choice ?? null)));
    return isAllowed ? mintToken(key, approval, grant) : null;
  };
}

/** The open holds that this budget caused, starting with the one that was asked about. */
function heldBy({ log: { state } }: Records, budget: RaisableBudget, first: string): BudgetPage["holds"] {
  const held = openHolds(state).filter((hold) => heldBudget(hold) === budget);
  const isFirst = ({ hold_id }: { hold_id: string }) => Number(hold_id === first);
  return held
    .toSorted((left, right) => isFirst(right) - isFirst(left))
    .map(({ hold_id, title, detail }) => ({ hold_id, mission_title: title, detail: detail ?? "" }));
}

function writtenIn({ text, criteria, clarifications = [] }: Specification): string {
  return [text, ...criteria.map((criterion) => criterion.text), ...clarifications.map(({ answer }) => answer)].join(
    "\n",
  );
}

function askedOn(
  control: Records,
  { token: { choice } }: Claim,
  { subject, mint }: { subject: QuestionSubject; mint: Mint },
): Pick<QuestionPage, "asked_by" | "questions" | "answer_token" | "choice"> {
  const { mission_id, task_id, question_id } = subject;
  const open = questionsOf(control.log.stateWith({ missions: [mission_id] }), subject);
  const asked = open.find(({ id }) => id === question_id);
  if (asked === undefined) throw new Fault("no-question", `the question ${question_id} is not open`);
  const text = choice === null ? undefined : asked.choices[choice];
  const token = choice === null ? null : mint({ action: "answer", choice });
  return {
    asked_by: task_id === null ? "aedev" : isAboutTests(question_id) ? "gate" : "coder",
    questions: (choice === null ? open : [asked]).map((question) => ({
      ...question,
      ...fieldsOf(subject, question.id),
    })),
    answer_token: mint({ action: "answer" }),
    choice: text === undefined || token === null ? null : { text, token },
  };
}

function taskOf(control: Records, taskId: string): TaskState {
  const task = entityById(control.log.stateWith({ tasks: [taskId] }).tasks, taskId);
  if (task === undefined) throw new Fault("unknown-task", `there is no task ${taskId}`);
  return task;
}
