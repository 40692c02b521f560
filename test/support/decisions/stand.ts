/**
 * Takes changes through everything that decides about them: control's own work from the base to the gate's decision, and the runner's checks in containers. Only
 * the coder, which brings the change, and the judges, which pass everything, are replaced. Landing is left out.
 */
import { randomBytes } from "node:crypto";
import {
  type Registry,
  type RepositorySettings,
  repositoryNameSchema,
  repositorySettingsSchema,
  runIdSchema,
} from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import type { TaskState } from "@aedev/core";
import { type FinalDecision, type Mission, openDecider } from "../../../packages/daemon/src/backtest/decide-task.ts";
import type { Control } from "../../../packages/daemon/src/control/control.ts";
import { createTrials } from "../../../packages/daemon/src/repository/trials.ts";
import { openControl } from "../../../packages/daemon/test/phone/approval/asked-home.ts";
import { performTryRepository } from "../../../packages/runner/src/checks/try-repository.ts";
import { type CoderChanges, planesOf, runsForTests } from "./planes.ts";

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
  decide(mission: Mission, changes: CoderChanges): Promise<FinalDecision>;
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
  const decider = await openDecider(control, planes);
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
  return {
    control,
    register: (repository) => decider.register({ ...repository, profile: "balanced" }),
    tryOut: ({ settings, ...where }) =>
      trials.run(
        { ...where, settings: repositorySettingsSchema.parse({ ...noSettings, ...settings }) },
        new AbortController().signal,
      ),
    async decide(mission, changes) {
      const taskId = await decider.approve(mission);
      coder.set(taskId, changes);
      return decider.decide(taskId, (task) => hasAnswer(task, changes));
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
