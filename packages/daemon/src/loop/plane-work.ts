/** Turns a work item for another plane into the message that orders it, and the plane's report into the command that records it. A report is only a claim until it is in the log. */

import {
  addUsage,
  type Blob,
  budgetDetail,
  Fault,
  type GatewayLimits,
  noUsage,
  type PlaneReport,
  type PlaneWork,
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
  type Work,
} from "@aedev/core";
import { anyDepthGlobs } from "@aedev/host/globs";
import { newId, requiredTask } from "../control/control.ts";
import type { Blobs, Configured, Judges, Mirrors, Records, Spending } from "../control/parts.ts";
import { readPolicy } from "../control/read-blobs.ts";
import { carriedOver, independentOf } from "../control/run-inputs.ts";
import { submodulesOf } from "../control/submodules-of.ts";
import { isAsOrdered, judgeOrder } from "../planes/judge-order.ts";
import type { Planes } from "../planes/planes.ts";
import { gatewayBudgets, grantsOf, nextMidnight, requireRoomForJudge } from "../work/budgets.ts";
import { knownVerdict } from "../work/known-verdict.ts";

type Ordered<T> = T extends unknown ? Omit<T, "nonce" | "generation"> : never;
type PlaneTaskWork = Extract<TaskWork, { plane: "execution" | "judgement" }>;

/** Orders the work and returns the command that records its report. */
export async function performByPlane(
  work: PlaneTaskWork,
  state: State,
  {
    control,
    planes,
  }: {
    control: Blobs & Mirrors & Records & Spending & Judges & Configured<"runLimits" | "usageResumes">;
    planes: Planes;
  },
): Promise<CommandBody | null> {
  const task = requiredTask(state, work.task_id);
  const known = work.kind === "JudgeEvidence" ? knownVerdict(work, { task, control }) : null;
  if (known !== null) return { kind: "RecordVerdict", task_id: work.task_id, verdict: known };
  if (work.kind === "JudgeEvidence")
    requireRoomForJudge(task, control.configuration.models[work.family] ?? "", control);
  const budgets = work.kind === "RunCoder" ? runBudgets(task, control) : null;
  const order = { ...orderFor(work, task, { control, budgets }), ...(await submodulesFor(work, task, control)) };
  const report = underMinutes(await planes.perform(work.plane, order), budgets?.minutes ?? null);
  if (report.kind === "JudgeEvidence" && !(order.kind === "JudgeEvidence" && isAsOrdered(report.verdict, order)))
    throw new Fault("report-mismatch", "the verdict is from another judge or on another bundle");
  return commandFor(work, task, report, control);
}

function orderFor(
  work: PlaneTaskWork,
  task: TaskState,
  { control, budgets }: { control: Blobs & Judges & Configured<"runLimits">; budgets: RunBudgets | null },
): Ordered<PlaneWork> {
  const { configuration } = control;
  const limits = configuration.runLimits;
  const run = runOfChange(task);
  switch (work.kind) {
    case "ProbeEngine":
      return { kind: "ProbeEngine", work_id: work.work_id, docker_deadline_ms: limits.docker_deadline_ms };
    case "JudgeEvidence":
      return orderOnTask(work, task, control);
    case "RunCoder": {
      const { settings, base_commit } = started(task);
      if (run === undefined || run.prompt === null || budgets === null)
        throw new Error(`task ${task.task_id} has a pending run that was never started`);
      return {
        kind: "RunCoder",
        ...identity(work, task),
        run_id: work.run_id as never,
        base_commit,
        prompt: run.prompt,
        role: "coder",
        settings,
        limits: budgets.limits,
        gateway: budgets.gateway,
        ...carriedOver(run),
      };
    }
    case "RunChecks": {
      const { settings } = started(task);
      if (run === undefined || task.patch === null)
        throw new Error(`task ${task.task_id} has pending checks without a change`);
      return {
        kind: "RunChecks",
        ...identity(work, task),
        run_id: work.run_id as never,
        base_commit: work.base_commit,
        patch: task.patch,
        specification: task.specification,
        // Without the models: the evidence says what was used, not by whom.
        usage: addUsage(noUsage, run.usage),
        environment: task.environment,
        control_files: anyDepthGlobs(readPolicy(control, task).paths.control_files),
        parent: task.evidence?.bundle.digest ?? null,
        ...independentOf(task),
        settings,
        limits,
      };
    }
  }
}

/** Fetched now unless they were for an earlier order on this base. Throws a Fault `HOLD-FETCH-FAILED`. */
async function submodulesFor(
  work: PlaneTaskWork,
  task: TaskState,
  control: Mirrors & Records,
): Promise<Pick<TryRepository, "submodules">> {
  if (work.kind !== "RunCoder" && work.kind !== "RunChecks") return {};
  const { settings, base_commit } = started(task);
  const commit = work.kind === "RunChecks" ? work.base_commit : base_commit;
  return (await submodulesOf({ settings, commit, repository: task.repository }, control)).order;
}

/** What one run may use. `minutes`: the budget that is shorter than the run's own time limit. */
interface RunBudgets {
  readonly limits: RunLimits;
  readonly gateway: GatewayLimits;
  readonly minutes: BudgetGrant | null;
}

/** A run's own limits, but never more than its task, its mission, its repository and the day have left. */
function runBudgets(task: TaskState, control: Blobs & Spending & Configured<"runLimits">): RunBudgets {
  const { runLimits, gatewayLimits } = control.configuration;
  const grants = grantsOf(task, { control, taskTokens: readPolicy(control, task).repair.task_tokens });
  // As the file has it now, like the budgets beside it.
  const own = control.budgets().limits.minutes.run ?? runLimits.run_timeout_ms;
  const left = grants.minutes === null ? own : Math.max(1, grants.minutes.amount);
  return {
    limits: { ...runLimits, run_timeout_ms: Math.min(own, left) },
    gateway: { ...gatewayLimits, ...gatewayBudgets(grants, control) },
    minutes: left < own ? grants.minutes : null,
  };
}

/** A run that ended because a budget's minutes were fewer than its own time limit is held for the budget. */
function underMinutes(report: PlaneReport, minutes: BudgetGrant | null): PlaneReport {
  if (minutes === null || report.kind !== "RunCoder" || report.result.outcome !== "held") return report;
  if (report.result.code !== "HOLD-CODER-TIMEOUT") return report;
  const resumes_at = minutes.isDaily ? nextMidnight() : null;
  const detail = budgetDetail("minutes", minutes.budget);
  return { ...report, result: { ...report.result, code: "HOLD-BUDGET", detail, resumes_at } };
}

function orderOnTask(
  { family }: Extract<Work, { kind: "JudgeEvidence" }>,
  task: TaskState,
  control: Judges,
): Ordered<PlaneWork> {
  const { task_id, evidence } = task;
  if (evidence === null) throw new Error(`task ${task_id} has a pending verdict without evidence`);
  const verdict_nonce = evidence.verdict_nonces[family];
  if (verdict_nonce === undefined)
    throw new Error(`task ${task_id} has a pending verdict of a family that was not asked`);
  const model = control.configuration.models[family] ?? "";
  const passed_views = passedViews(task, { family, model, prompt_digest: control.judgePromptDigest });
  return judgeOrder({ task_id, family, bundle: evidence.bundle, verdict_nonce, passed_views }, control);
}

function identity(work: PlaneTaskWork, task: TaskState): { work_id: string; task_id: never; repository: never } {
  return { work_id: work.work_id, task_id: task.task_id as never, repository: task.repository as never };
}

function started(task: TaskState): { settings: NonNullable<TaskState["settings"]>; base_commit: string } {
  if (task.settings === null || task.base_commit === null)
    throw new Error(`task ${task.task_id} has pending work of a run that was never started`);
  return { settings: task.settings, base_commit: task.base_commit };
}

/** A report must match the work's kind and task, and the blobs that it names must be in the store before the log may name them. */
function commandFor(
  work: PlaneTaskWork,
  task: TaskState,
  report: PlaneReport,
  control: Blobs & Configured<"usageResumes">,
): CommandBody | null {
  const { task_id } = work;
  if (report.kind !== work.kind)
    throw new Fault("report-mismatch", `a ${report.kind} report came back for ${work.kind}`);
  switch (report.kind) {
    case "ProbeEngine":
      return report.available && task.hold !== null ? { kind: "ReleaseHold", hold_id: task.hold.hold_id } : null;
    case "RunCoder": {
      const { result } = report;
      const beside = result.outcome === "captured" ? result.transcript : result.session;
      requireBlobs(control, [result.patch, result.journal, beside]);
      const usage_resumes = control.configuration.usageResumes;
      const { run_id } = report;
      const { repair } = readPolicy(control, task);
      return { kind: "RecordCoderResult", task_id, run_id, result, hold_id: newId("h"), repair, usage_resumes };
    }
    case "RunChecks": {
      if (work.kind !== "RunChecks") throw new Error("unreachable: kinds were compared");
      const { result } = report;
      if (result.outcome === "checked") requireBlobs(control, Object.values(result.manifest.entries));
      return {
        kind: "RecordChecksResult",
        task_id,
        run_id: report.run_id,
        base_commit: work.base_commit,
        result,
        hold_id: newId("h"),
      };
    }
    case "JudgeEvidence": {
      const answer = report.answer === null ? null : control.blobs.put(report.answer, "text/plain");
      return { kind: "RecordVerdict", task_id, verdict: { ...report.verdict, answer } };
    }
  }
}

export function requireBlobs(control: Blobs, blobs: readonly (Blob | null | undefined)[]): void {
  for (const blob of blobs) {
    if (blob != null && control.blobs.get(blob.digest).length !== blob.size_bytes) {
      throw new Fault("blob-corrupt", `blob ${blob.digest} does not have the size that its report names`);
    }
  }
}
