/** Performs a task's work that needs a plane: orders it, and turns the report into a command. A report is only a claim until it is in the log. */
import {
  addUsage,
  type Blob,
  budgetDetail,
  Fault,
  type GatewayLimits,
  noUsage,
  type RunCoderReport,
  type RunLimits,
  type TryRepository,
} from "@aedev/contracts";
import {
  type BudgetGrant,
  type CommandBody,
  passedViews,
  runOfChange,
  type State,
  type TaskState,
  type TaskWork,
} from "@aedev/core";
import { anyDepthGlobs } from "@aedev/host/globs";
import { newId, requiredTask } from "../control/control.ts";
import type { Blobs, Configured, Judges, Mirrors, Records, Spending } from "../control/parts.ts";
import { readPolicy } from "../control/read-blobs.ts";
import { carriedOver, independentOf, toldSince } from "../control/run-inputs.ts";
import { submodulesOf } from "../control/submodules-of.ts";
import { askPlane } from "../planes/ask-plane.ts";
import { askJudge } from "../planes/judge-order.ts";
import type { Planes } from "../planes/planes.ts";
import { gatewayBudgets, grantsOf, nextMidnight, requireRoomForJudge } from "../work/budgets.ts";
import { knownVerdict } from "../work/known-verdict.ts";
import { sameTestsOf } from "../work/same-tests.ts";

type PlaneTaskWork = Extract<TaskWork, { plane: "execution" | "judgement" }>;
interface Using {
  readonly control: Blobs & Mirrors & Records & Spending & Judges & Configured<"runLimits" | "usageResumes">;
  readonly planes: Planes;
}
type Result = Promise<CommandBody | null>;

/** Orders the work and returns the command that records its report. */
export function performByPlane(work: PlaneTaskWork, state: State, using: Using): Result {
  const perform = performers[work.kind] as (work: PlaneTaskWork, task: TaskState, using: Using) => Result;
  return perform(work, requiredTask(state, work.task_id), using);
}

const performers: {
  readonly [K in PlaneTaskWork["kind"]]: (
    work: PlaneTaskWork & { readonly kind: K },
    task: TaskState,
    using: Using,
  ) => Result;
} = { ProbeEngine: probeEngine, RunCoder: runCoder, RunChecks: runChecks, JudgeEvidence: judgeEvidence };

async function probeEngine(
  { work_id }: { readonly work_id: string },
  { hold }: TaskState,
  { control, planes }: Using,
): Result {
  const { docker_deadline_ms } = control.configuration.runLimits;
  const { available } = await askPlane<"ProbeEngine">(planes, "execution", {
    kind: "ProbeEngine",
    work_id,
    docker_deadline_ms,
  });
  return available && hold !== null ? { kind: "ReleaseHold", hold_id: hold.hold_id } : null;
}

async function runCoder(work: RunWork, task: TaskState, { control, planes }: Using): Result {
  const budgets = runBudgets(task, control);
  const { settings, base_commit } = startedRun(task);
  const run = runOfChange(task);
  if (run === undefined || run.prompt === null)
    throw new Error(`task ${task.task_id} has a pending run that was never started`);
  const report = await askPlane<"RunCoder">(planes, "execution", {
    kind: "RunCoder",
    ...runIdentity(work, task),
    base_commit,
    prompt: run.prompt,
    role: "coder",
    settings,
    limits: budgets.limits,
    gateway: budgets.gateway,
    ...carriedOver(run),
    told: [...toldSince(task, run)],
    ...(await submodulesFor(task, base_commit, control)),
  });
  const result = underMinutes(report.result, budgets.minutes);
  requireBlobs(control, [
    result.patch,
    result.journal,
    result.outcome === "captured" ? result.transcript : result.session,
  ]);
  const recorded = { task_id: work.task_id, run_id: report.run_id, result, hold_id: newId("h") };
  const usage_resumes = control.configuration.usageResumes;
  return { kind: "RecordCoderResult", ...recorded, repair: readPolicy(control, task).repair, usage_resumes };
}

async function runChecks(
  work: RunWork & { readonly base_commit: string },
  task: TaskState,
  { control, planes }: Using,
): Result {
  const { settings } = startedRun(task);
  const run = runOfChange(task);
  if (run === undefined || task.patch === null)
    throw new Error(`task ${task.task_id} has pending checks without a change`);
  const { base_commit } = work;
  const { run_id, result } = await askPlane<"RunChecks">(planes, "execution", {
    kind: "RunChecks",
    ...runIdentity(work, task),
    base_commit,
    patch: task.patch,
    specification: task.specification,
    // Without the models: evidence says how much was used, not by whom.
    usage: addUsage(noUsage, run.usage),
    environment: task.environment,
    control_files: anyDepthGlobs(readPolicy(control, task).paths.control_files),
    parent: task.evidence?.bundle.digest ?? null,
    ...independentOf(task),
    ...(await sameTestsOf(task, base_commit, control)),
    settings,
    limits: control.configuration.runLimits,
    ...(await submodulesFor(task, base_commit, control)),
  });
  if (result.outcome === "checked") requireBlobs(control, Object.values(result.manifest.entries));
  return { kind: "RecordChecksResult", task_id: work.task_id, run_id, base_commit, result, hold_id: newId("h") };
}

async function judgeEvidence(
  work: PlaneTaskWork & { readonly kind: "JudgeEvidence" },
  task: TaskState,
  { control, planes }: Using,
): Result {
  const { family, task_id } = work;
  const known = knownVerdict(work, { task, control });
  if (known !== null) return { kind: "RecordVerdict", task_id, verdict: known };
  const model = control.configuration.models[family] ?? "";
  requireRoomForJudge(task, model, control);
  const { evidence } = task;
  if (evidence === null) throw new Error(`task ${task_id} has a pending verdict without evidence`);
  const verdict_nonce = evidence.verdict_nonces[family];
  if (verdict_nonce === undefined)
    throw new Error(`task ${task_id} has a pending verdict of a family that was not asked`);
  const passed_views = passedViews(task, { family, model, prompt_digest: control.judgePromptDigest });
  const verdict = await askJudge(
    { task_id, family, bundle: evidence.bundle, verdict_nonce, passed_views },
    { control, planes },
  );
  return { kind: "RecordVerdict", task_id, verdict };
}

/** Submodules are fetched now unless an earlier order on this base fetched them. Throws a Fault `HOLD-FETCH-FAILED`. */
async function submodulesFor(
  task: TaskState,
  commit: string,
  control: Mirrors & Records,
): Promise<Pick<TryRepository, "submodules">> {
  const { settings } = startedRun(task);
  return (await submodulesOf({ settings, commit, repository: task.repository }, control)).order;
}

/** The budgets of one run. `minutes`: a budget shorter than the run's own time limit. */
interface RunBudgets {
  readonly limits: RunLimits;
  readonly gateway: GatewayLimits;
  readonly minutes: BudgetGrant | null;
}

/** A run's own limits, but never more than what its task, mission, repository and day have left. */
function runBudgets(task: TaskState, control: Blobs & Spending & Configured<"runLimits">): RunBudgets {
  const { runLimits, gatewayLimits } = control.configuration;
  const grants = grantsOf(task, { control, taskTokens: readPolicy(control, task).repair.task_tokens });
  // The file's current value, like the budgets beside it.
  const own = control.budgets().limits.minutes.run ?? runLimits.run_timeout_ms;
  const left = grants.minutes === null ? own : Math.max(1, grants.minutes.amount);
  return {
    limits: { ...runLimits, run_timeout_ms: Math.min(own, left) },
    gateway: { ...gatewayLimits, ...gatewayBudgets(grants, control) },
    minutes: left < own ? grants.minutes : null,
  };
}

/** If a budget of minutes was shorter than the run's time limit and ended it, the hold names the budget. */
function underMinutes(result: RunCoderReport["result"], minutes: BudgetGrant | null): RunCoderReport["result"] {
  if (minutes === null || result.outcome !== "held" || result.code !== "HOLD-CODER-TIMEOUT") return result;
  const resumes_at = minutes.isDaily ? nextMidnight() : null;
  return { ...result, code: "HOLD-BUDGET", detail: budgetDetail("minutes", minutes.budget), resumes_at };
}

type RunWork = Pick<Extract<TaskWork, { run_id: string }>, "work_id" | "task_id" | "run_id">;
function runIdentity({ work_id, run_id }: RunWork, { task_id, repository }: TaskState) {
  return { work_id, task_id: task_id as never, repository: repository as never, run_id: run_id as never };
}

function startedRun(task: TaskState): { settings: NonNullable<TaskState["settings"]>; base_commit: string } {
  if (task.settings === null || task.base_commit === null)
    throw new Error(`task ${task.task_id} has pending work of a run that was never started`);
  return { settings: task.settings, base_commit: task.base_commit };
}

/** A report's blobs must be in the store before the log may name them. */
export function requireBlobs(control: Blobs, blobs: readonly (Blob | null | undefined)[]): void {
  for (const blob of blobs) {
    if (blob != null && control.blobs.get(blob.digest).length !== blob.size_bytes) {
      throw new Fault("blob-corrupt", `blob ${blob.digest} does not have the size that its report names`);
    }
  }
}
