/**
 * Takes changes through everything that decides about them: control's own work from the base to the gate's decision, and the runner's checks in containers. Only
 * the coder, which brings the change, and the judges, which pass everything, are replaced. Landing is left out.
 */
import { randomBytes } from "node:crypto";
import { clarifyMission } from "@aedev/clarify";
import {
  Fault,
  type Registry,
  type RepositorySettings,
  repositoryNameSchema,
  repositorySettingsSchema,
  runIdSchema,
} from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import { noQuestions } from "@aedev/contracts/events";
import { type CommandBody, pendingWork, type TaskState, type TaskWork } from "@aedev/core";
import { writeSpecification } from "../../../packages/daemon/src/clarification/specification.ts";
import { type Control, makeCommand, newId } from "../../../packages/daemon/src/control/control.ts";
import { createPerform } from "../../../packages/daemon/src/loop/perform.ts";
import { createTrials } from "../../../packages/daemon/src/repository/trials.ts";
import { openControl } from "../../../packages/daemon/test/phone/approval/asked-home.ts";
import { performTryRepository } from "../../../packages/runner/src/checks/try-repository.ts";
import { type CoderChanges, planesOf, runsForTests } from "./planes.ts";

export type GateDecision = Extract<CommandBody, { kind: "DecideGate" }>["decision"];

/** One decision. `gate` is null if a hold came before the gate; `code` and `detail` are the hold's. */
export interface Decided {
  readonly answer: "merge" | "ask" | "hold";
  readonly code: string | null;
  readonly detail: string | null;
  readonly gate: GateDecision | null;
  /** The digest of the bundle that it is about; null: none was sealed. */
  readonly bundle: string | null;
}
/** The last decision, and the earlier ones that asked and led to answered runs for tests. */
export type Decision = Decided & { readonly earlier: readonly Decided[] };

export interface Mission {
  readonly repository: string;
  readonly request: string;
  readonly criterion: string;
}

export interface DecisionStand {
  readonly control: Control;
  /** Registers a repository with writes allowed, under the profile `balanced`. */
  register(repository: { name: string; url: string; settings: Partial<RepositorySettings> }): Promise<void>;
  /** Runs the settings' commands on the base, as a registration does. */
  tryOut(repository: { name: string; url: string; settings: Partial<RepositorySettings> }): Promise<Tried>;
  /**
   * The decision about the mission's change. If a run for tests follows and there is a change for it, that change is decided in turn; without one the run
   * would repeat the change, so the earlier decision stands.
   */
  decide(mission: Mission, changes: CoderChanges): Promise<Decision>;
  close(): Promise<void>;
}

/** `isIndependent`: another run writes tests before a change merges (ADR 0044). `registries`: instead of the configured ones. */
export async function openDecisionStand(
  home: string,
  options: { isIndependent: boolean; environment?: Record<string, string>; registries?: readonly Registry[] },
): Promise<DecisionStand> {
  const { isIndependent, environment = {}, registries } = options;
  const opened = await openControl(home, environment);
  const { configuration } = opened;
  const prepare = registries === undefined ? configuration.prepare : { registries: [...registries] };
  const policy = {
    ...opened.policy(),
    second_implementation: isIndependent ? ("always" as const) : ("never" as const),
  };
  const control = { ...opened, policy: () => policy, configuration: { ...configuration, prepare } };
  const coder = new Map<string, CoderChanges>();
  const { planes, context } = planesOf(control, coder);
  const perform = createPerform({
    control,
    planes,
    notifier: { send: () => Promise.reject(new Error("nobody is notified here")) },
    canaries: { perform: () => Promise.reject(new Error("nothing is planted here")) },
  });
  const trials = createTrials({
    control,
    probes: {
      ...{ probeCoder: unused, hasCredential: unused, probeJudge: unused },
      tryRepository: (order, signal = new AbortController().signal) =>
        performTryRepository(
          {
            ...{ kind: "TryRepository", work_id: "w", nonce: "0".repeat(32), generation: 1 },
            run_id: runIdSchema.parse(`r-${randomBytes(8).toString("hex")}`),
            repository: repositoryNameSchema.parse(order.repository),
            base_commit: order.baseCommit,
            settings: order.settings,
            limits: control.configuration.runLimits,
            ...(order.submodules === undefined ? {} : { submodules: order.submodules }),
          },
          context,
          signal,
        ),
    },
  });
  await submit(control, {
    kind: "LoadPolicy",
    digest: "0".repeat(64),
    policy: control.blobs.put(JSON.stringify(control.policy()), "application/json"),
    approvals: { require_second_person: false, require_sign_in_above: "high" },
  });

  return {
    control,
    register: ({ name, url, settings }) =>
      submit(control, {
        kind: "ConfigureRepository",
        name: repositoryNameSchema.parse(name),
        url,
        target: "default-branch",
        settings: repositorySettingsSchema.parse({ ...noSettings, ...settings }),
        profile: "balanced",
        allow_writes: true,
        trial: "untried",
      }),
    tryOut: ({ settings, ...where }) =>
      trials.run(
        { ...where, settings: repositorySettingsSchema.parse({ ...noSettings, ...settings }) },
        new AbortController().signal,
      ),
    async decide(mission, changes) {
      const taskId = await approvedTask(mission, control);
      coder.set(taskId, changes);
      const decisions: Decided[] = [];
      for (;;) {
        const state = control.log.stateWith({ tasks: [taskId] });
        const task = state.tasks[taskId];
        const isUnanswered = task?.next_cause === "tests" && !hasAnswer(task, changes);
        const work = pendingWork(state, new Date().toISOString()).find(
          (pending): pending is TaskWork => pending.task_id === taskId,
        );
        if (work === undefined || isUnanswered) {
          const last = decisions.pop() ?? heldDecision(task, mission);
          return endOf(last, decisions);
        }
        const done = await heldOnFault(() => perform(work, state), task);
        if ("answer" in done) return endOf(done, decisions);
        const decision = done.body.kind === "DecideGate" ? decisionOf(done.body) : null;
        if (decision?.answer === "hold" && decisions.length === 0) return endOf(decision, decisions);
        await submit(control, done.body);
        const { status } = control.log.stateWith({ tasks: [taskId] }).tasks[taskId] ?? {};
        if (decision !== null && status === "landing") return endOf(decision, decisions);
        // A change that would merge may first wait for another run's tests.
        if (decision !== null && decision.answer !== "merge") decisions.push(decision);
      }
    },
    close: async () => control[Symbol.asyncDispose](),
  };
}

const noSettings = { prepare: null, build: null, inputs: [], outputs: [], verify: [], tests: [], image: null };
const unused = () => Promise.reject(new Error("nobody asks for this here"));

/** True if there is a change for the next run for tests. */
function hasAnswer({ runs, independent }: TaskState, { forTests, forIndependentTests }: CoderChanges): boolean {
  const { before, after } = runsForTests(runs);
  return independent === undefined ? before < forTests.length : after < forIndependentTests.length;
}

/** A change that does not merge after a run for tests ends with a question to a person, about the last change or an earlier one. */
function endOf(last: Decided, earlier: readonly Decided[]): Decision {
  const asked = earlier.filter(({ answer }) => answer === "ask");
  return { ...last, answer: asked.length > 0 && last.answer !== "merge" ? "ask" : last.answer, earlier: asked };
}

function decisionOf({ decision }: Extract<CommandBody, { kind: "DecideGate" }>): Decided {
  const { answer, hold_code: code, hold_detail: detail } = decision;
  return { answer, code, detail, gate: decision, bundle: decision.bundle_digest };
}

/** Turns Faults into holds, as the daemon's loop does. */
async function heldOnFault(
  perform: () => ReturnType<ReturnType<typeof createPerform>>,
  task: TaskState | undefined,
): Promise<Decided | { body: CommandBody }> {
  try {
    const body = await perform();
    if (body === null || body.kind === "Deferred") throw new Error("the work was put off");
    return { body };
  } catch (error) {
    if (!(error instanceof Fault) || !error.code.startsWith("HOLD-")) throw error;
    const { code, detail, message } = error;
    return {
      answer: "hold",
      code,
      detail: detail ?? message,
      gate: null,
      bundle: task?.evidence?.bundle.digest ?? null,
    };
  }
}

function heldDecision(task: TaskState | undefined, { repository, request }: Mission): Decided {
  const hold = task?.hold ?? null;
  if (hold === null) throw new Error(`${repository}, ${request}: no work is pending, and nothing is held`);
  return {
    answer: "hold",
    code: hold.code,
    detail: hold.detail,
    gate: null,
    bundle: task?.evidence?.bundle.digest ?? null,
  };
}

async function approvedTask({ repository, request: text, criterion }: Mission, control: Control): Promise<string> {
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

async function submit(control: Control, body: CommandBody): Promise<void> {
  const answer = await control.log.submit(makeCommand(body, "operator"));
  if (answer.kind === "refused") throw new Error(`${body.kind} was refused: ${answer.reason}`);
}
