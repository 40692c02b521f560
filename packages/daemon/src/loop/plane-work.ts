/** Turns a debt of another plane into the message that orders it, and the report into the command that records it. Everything in a report is a claim until the log holds it. */
import { type CommandBody, type State, type TaskState, tokensSpent, type Work } from "@aedev/core";
import { type Blob, type Family, Fault, type GatewayLimits, type PlaneReport, type PlaneWork } from "@aedev/core/wire";
import { anyDepthGlobs } from "../findings/glob.ts";
import type { Planes } from "../planes/planes.ts";
import { readPolicy } from "../work/read-blobs.ts";
import { type Control, newId, taskOf } from "./control.ts";

type Ordered<T> = T extends unknown ? Omit<T, "nonce" | "generation"> : never;
type PlaneDebt = Extract<Work, { plane: "execution" | "judgement" }>;

/** Orders the work and answers with the command that records its report. */
export async function performByPlane(
  work: PlaneDebt,
  state: State,
  { control, planes }: { control: Control; planes: Planes },
): Promise<CommandBody | null> {
  const task = taskOf(state, work.task_id);
  const report = await planes.perform(work.plane, orderFor(work, task, control));
  return commandFor(work, task, report, control);
}

function orderFor(work: PlaneDebt, task: TaskState, control: Control): Ordered<PlaneWork> {
  const { configuration } = control;
  const limits = configuration.runLimits;
  const run = task.runs.at(-1);
  switch (work.kind) {
    case "ProbeEngine":
      return { kind: "ProbeEngine", work_id: work.work_id, docker_deadline_ms: limits.docker_deadline_ms };
    case "JudgeEvidence":
      return judgeOrder(work, task, control);
    case "RunCoder": {
      const { settings, base_commit } = started(task);
      if (run === undefined) throw new Error(`task ${task.task_id} owes a run that was never started`);
      return {
        kind: "RunCoder",
        ...identity(work, task),
        run_id: work.run_id as never,
        base_commit,
        prompt: run.prompt,
        role: "coder",
        settings,
        limits,
        gateway: gatewayLimits(task, control),
      };
    }
    case "RunChecks": {
      const { settings } = started(task);
      if (run === undefined || task.patch === null || task.environment === null)
        throw new Error(`task ${task.task_id} owes checks without a change`);
      return {
        kind: "RunChecks",
        ...identity(work, task),
        run_id: work.run_id as never,
        base_commit: work.base_commit,
        patch: task.patch,
        specification: task.specification,
        usage: run.usage,
        environment: task.environment,
        control_files: anyDepthGlobs(readPolicy(control, task).paths.control_files),
        parent: task.evidence?.bundle.digest ?? null,
        settings,
        limits,
      };
    }
  }
}

/** A run may spend what one run may, and never more than what its task has left. */
function gatewayLimits(task: TaskState, control: Control): GatewayLimits {
  const limits = control.configuration.gatewayLimits;
  const left = readPolicy(control, task).repair.task_tokens - tokensSpent(task);
  return { ...limits, run_tokens: Math.max(1, Math.min(limits.run_tokens, left)) };
}

function judgeOrder(
  work: Extract<Work, { kind: "JudgeEvidence" }>,
  task: TaskState,
  control: Control,
): Ordered<PlaneWork> {
  if (task.evidence === null) throw new Error(`task ${task.task_id} owes a verdict without evidence`);
  const { judges } = control.policy();
  const verdict_nonce = task.evidence.verdict_nonces[work.family];
  if (verdict_nonce === undefined)
    throw new Error(`task ${task.task_id} owes a verdict of a family that was not asked`);
  return {
    kind: "JudgeEvidence",
    work_id: work.work_id,
    task_id: task.task_id as never,
    family: work.family,
    ...judgeModel(work.family, control),
    bundle: task.evidence.bundle,
    verdict_nonce,
    prompt_digest: control.judgePromptDigest,
    timeout_ms: judges.timeout_ms,
    prompt_bytes: judges.prompt_bytes,
    answer_tokens: judges.answer_tokens,
  };
}

/** A family that was asked and is configured no more answers nothing: a judge nobody knows must not be called in its name. */
function judgeModel(family: Family, { configuration }: Control): { model: string; base_url: string | null } {
  const model = configuration.models[family];
  if (model === null)
    throw new Fault("JUDGE-NOT-CONFIGURED", `no model is configured for the judge ${family}`, {
      hint: `set models.${family} in ~/.aedev/config.yaml`,
    });
  return { model, base_url: configuration.addresses[family] };
}

function identity(work: PlaneDebt, task: TaskState): { work_id: string; task_id: never; repository: never } {
  return { work_id: work.work_id, task_id: task.task_id as never, repository: task.repository as never };
}

function started(task: TaskState): { settings: NonNullable<TaskState["settings"]>; base_commit: string } {
  if (task.settings === null || task.base_commit === null)
    throw new Error(`task ${task.task_id} owes work of a run that was never started`);
  return { settings: task.settings, base_commit: task.base_commit };
}

/** A report must be of the work's own kind and task; blobs that it names must be in the store before the log may name them. */
function commandFor(work: PlaneDebt, task: TaskState, report: PlaneReport, control: Control): CommandBody | null {
  const { task_id } = work;
  if (report.kind !== work.kind)
    throw new Fault("REPORT-MISMATCH", `a ${report.kind} report came back for ${work.kind}`);
  switch (report.kind) {
    case "ProbeEngine":
      return report.available && task.hold !== null ? { kind: "ReleaseHold", hold_id: task.hold.hold_id } : null;
    case "RunCoder": {
      const { result } = report;
      requireBlobs(control, [result.patch, result.journal, result.outcome === "captured" ? result.transcript : null]);
      return { kind: "RecordCoderResult", task_id, run_id: report.run_id, result, hold_id: newId("h") };
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
      if (work.kind !== "JudgeEvidence" || report.verdict.family !== work.family)
        throw new Fault("REPORT-MISMATCH", "a verdict of another family came back");
      const answer = report.answer === null ? null : control.blobs.put(report.answer, "text/plain");
      return { kind: "RecordVerdict", task_id, verdict: { ...report.verdict, answer } };
    }
  }
}

function requireBlobs(control: Control, blobs: readonly (Blob | null | undefined)[]): void {
  for (const blob of blobs) {
    if (blob != null && control.blobs.get(blob.digest).length !== blob.size_bytes) {
      throw new Fault("BLOB-CORRUPT", `blob ${blob.digest} has not the size that its report says`);
    }
  }
}
