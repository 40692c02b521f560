/** Takes an approved mission through control's own work up to the gate's decision. Nothing lands. */
import { clarifyMission } from "@aedev/clarify";
import {
  Fault,
  holdCodeSchema,
  type RepositorySettings,
  repositoryNameSchema,
  repositorySettingsSchema,
} from "@aedev/contracts";
import { noQuestions, type Profile } from "@aedev/contracts/events";
import { type CommandBody, pendingWork, type TaskState, type TaskWork } from "@aedev/core";
import { writeSpecification } from "../clarification/specification.ts";
import { type Control, makeCommand, newId } from "../control/control.ts";
import { createPerform } from "../loop/perform.ts";
import type { Planes } from "../planes/planes.ts";

/** One decision. `gate` is null if a hold came before the gate; `code` and `detail` are the hold's. */
export interface Decided {
  readonly answer: "merge" | "ask" | "hold";
  readonly code: string | null;
  readonly detail: string | null;
  readonly gate: Extract<CommandBody, { kind: "DecideGate" }>["decision"] | null;
  /** The digest of the bundle that it is about; null: none was sealed. */
  readonly bundle: string | null;
}
/** The last decision, and the earlier ones that asked and led to answered runs for tests. */
export type FinalDecision = Decided & { readonly earlier: readonly Decided[] };

/** What a mission asks for. */
export interface Mission {
  readonly repository: string;
  readonly request: string;
  readonly criterion: string;
}

/** Decides about missions in a home of their own. */
export interface Decider {
  /** Registers a repository with writes allowed. */
  register(repository: {
    name: string;
    url: string;
    settings: Partial<RepositorySettings>;
    profile: Profile;
  }): Promise<void>;
  /** Submits and approves a mission, and returns its task. */
  approve(mission: Mission): Promise<string>;
  /** `hasTestsFor`: whether the coder has a change for the next run, which is to add tests. */
  decide(taskId: string, hasTestsFor: (task: TaskState) => boolean): Promise<FinalDecision>;
}

const noSettings = { prepare: null, build: null, inputs: [], outputs: [], verify: [], tests: [], image: null };

/** Records the policy in force first. */
export async function openDecider(control: Control, planes: Planes): Promise<Decider> {
  const perform = createPerform({
    control,
    planes,
    notifier: { send: () => Promise.reject(new Error("nobody is notified here")) },
    canaries: { perform: () => Promise.reject(new Error("nothing is planted here")) },
  });
  await submit(control, {
    kind: "LoadPolicy",
    digest: "0".repeat(64),
    policy: control.blobs.put(JSON.stringify(control.policy()), "application/json"),
    approvals: { require_second_person: false, require_sign_in_above: "high" },
  });
  return {
    register: ({ name, url, settings, profile }) =>
      submit(control, {
        kind: "ConfigureRepository",
        name: repositoryNameSchema.parse(name),
        url,
        target: "default-branch",
        settings: repositorySettingsSchema.parse({ ...noSettings, ...settings }),
        profile,
        allow_writes: true,
        trial: "untried",
      }),
    approve: (mission) => approveMission(mission, control),
    decide: (taskId, hasTestsFor) => decideTask(taskId, { control, perform, hasTestsFor }),
  };
}

interface Deciding {
  readonly control: Control;
  readonly perform: ReturnType<typeof createPerform>;
  readonly hasTestsFor: (task: TaskState) => boolean;
}

/**
 * The decision about the task's change. If a run for tests follows and the coder has a change for it, that change is decided in turn; without one the run would
 * repeat the change, so the earlier decision stands.
 */
async function decideTask(taskId: string, { control, perform, hasTestsFor }: Deciding): Promise<FinalDecision> {
  const decisions: Decided[] = [];
  for (;;) {
    const state = control.log.stateWith({ tasks: [taskId] });
    const task = state.tasks[taskId];
    const isUnanswered = task?.next_cause === "tests" && !hasTestsFor(task);
    const work = pendingWork(state, new Date().toISOString()).find(
      (pending): pending is TaskWork => pending.task_id === taskId,
    );
    if (work === undefined || isUnanswered) {
      const last = decisions.pop() ?? heldDecision(task);
      return endOf(last, decisions);
    }
    const done = await heldOnFault(() => perform(work, state), task);
    if ("answer" in done) return endOf(done, decisions);
    const decision = done.body.kind === "DecideGate" ? decisionOf(done.body) : null;
    if (decision?.answer === "hold" && decisions.length === 0)
      return endOf({ ...decision, answer: isAskedAgain(done.body) ? "ask" : "hold" }, decisions);
    await submit(control, done.body);
    const { status } = control.log.stateWith({ tasks: [taskId] }).tasks[taskId] ?? {};
    if (decision !== null && status === "landing") return endOf(decision, decisions);
    // A change that would merge may first wait for another run's tests.
    if (decision !== null && decision.answer !== "merge") decisions.push(decision);
  }
}

/** The next run would repeat the change, and after the second a person is asked about tests of the base that it breaks. */
function isAskedAgain(body: CommandBody): boolean {
  return body.kind === "DecideGate" && body.decision.hold_code === "HOLD-CHECKS-FAILED" && body.broken !== undefined;
}

/** A change that does not merge after a run for tests ends with a question to a person, about the last change or an earlier one. */
function endOf(last: Decided, earlier: readonly Decided[]): FinalDecision {
  const asked = earlier.filter(({ answer }) => answer === "ask");
  return { ...last, answer: asked.length > 0 && last.answer !== "merge" ? "ask" : last.answer, earlier: asked };
}

function decisionOf({ decision }: Extract<CommandBody, { kind: "DecideGate" }>): Decided {
  const { answer, hold_code: code, hold_detail: detail } = decision;
  return { answer, code, detail, gate: decision, bundle: decision.bundle_digest };
}

/** Turns Faults into holds, as the daemon's loop does. */
async function heldOnFault(
  perform: () => ReturnType<Deciding["perform"]>,
  task: TaskState | undefined,
): Promise<Decided | { body: CommandBody }> {
  try {
    const body = await perform();
    if (body === null || body.kind === "Deferred") throw new Error("the work was put off");
    return { body };
  } catch (error) {
    if (!(error instanceof Fault) || !holdCodeSchema.safeParse(error.code).success) throw error;
    const { code, detail, message } = error;
    return { answer: "hold", code, detail: detail ?? message, gate: null, bundle: bundleOf(task) };
  }
}

function heldDecision(task: TaskState | undefined): Decided {
  const hold = task?.hold ?? null;
  if (hold === null) throw new Error(`${task?.task_id}: no work is pending, and nothing is held`);
  return { answer: "hold", code: hold.code, detail: hold.detail, gate: null, bundle: bundleOf(task) };
}

function bundleOf(task: TaskState | undefined): string | null {
  return task?.evidence?.bundle.digest ?? null;
}

async function approveMission({ repository, request: text, criterion }: Mission, control: Control): Promise<string> {
  const missionId = newId("m");
  const taskId = newId("t");
  const { clarity: found, criteria } = clarifyMission({ text, criteria: [criterion] }, control.policy().clarification);
  // A history's short subjects leave questions open; here a person takes the mission as it is.
  const clarity = found.questions.length === 0 ? found : noQuestions;
  const title = text.slice(0, 100);
  const mission = { mission_id: missionId as never, repository: repository as never, title, criteria };
  await submit(control, {
    kind: "SubmitMission",
    ...mission,
    priority: "normal",
    after: [],
    clarity,
    ...writeSpecification(control.blobs, { schema: 1, ...mission, text }, clarity),
  } as CommandBody);
  await submit(control, { kind: "ApproveMission", mission_id: missionId, spec_digest: null, task_id: taskId });
  return taskId;
}

/** Records a command as the operator's. A refusal is a bug here. */
async function submit(control: Pick<Control, "log">, body: CommandBody): Promise<void> {
  const answer = await control.log.submit(makeCommand(body, "operator"));
  if (answer.kind === "refused") throw new Error(`${body.kind} was refused: ${answer.reason}`);
}
