/** A throw-away home in which past commits of a registered repository are decided about, with the operator's configuration and policy and without any secret. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gitIdSchema, type RepositorySettings, repositorySettingsSchema } from "@aedev/contracts";
import type { Tried } from "@aedev/contracts/api";
import type { Profile } from "@aedev/contracts/events";
import { decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import type { Control } from "../control/control.ts";
import { ensureBareRepository, mirrorDirectory } from "../git/bare-repository.ts";
import { openLogTrust } from "../home/log-trust.ts";
import { openEventLog } from "../log/event-log.ts";
import { planeLaunches } from "../planes/launches.ts";
import { type Plane, startPlane } from "../planes/plane.ts";
import type { Planes } from "../planes/planes.ts";
import { createProbes } from "../planes/probes.ts";
import { initHome } from "../process/initialize-home.ts";
import { controlOf } from "../process/run-daemon.ts";
import { createTrials } from "../repository/trials.ts";
import { type FinalDecision, openDecider } from "./decide-task.ts";
import { type CoderChange, capturedChange, givenPlanes } from "./given-planes.ts";

/** A commit with one parent, as the change of a mission whose words are its message. */
export interface PastCommit {
  readonly commit: string;
  readonly parent: string;
  readonly tree: string;
  readonly patch: Uint8Array;
  readonly words: string;
}

/** Decides about past changes. */
export interface PastHome {
  /** Runs the settings' commands on a commit. */
  tryOut(commit: string): Promise<Tried>;
  decide(change: PastCommit): Promise<FinalDecision>;
  close(): Promise<void>;
}

const noSecrets = { control: {}, execution: {}, judgement: {} };
const stopGraceMs = 15_000;
const planeName = "execution";
/** The branch of a new bare repository. */
const branchFile = "refs/heads/aedev";

/** `repository`: as the home knows it; its mirror has the commits. */
export async function openPastHome({
  repository: { name, settings },
  profile,
  ...options
}: HomeOptions & {
  repository: { name: string; settings: RepositorySettings };
  profile: Profile;
}): Promise<PastHome> {
  const folder = mkdtempSync(join(tmpdir(), "aedev-backtest-"));
  const home = join(folder, "home");
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closing.toReversed()) await end();
  };
  try {
    await initHome(home);
    const [from, to] = [homeLayout(options.home), homeLayout(home)];
    copyFileSync(from.configuration, to.configuration);
    copyFileSync(from.policies, to.policies);
    const { environment } = options;
    const configuration = loadConfiguration({ home, environment });
    const policy = { ...loadPolicy({ home }).policy, independent_tests: false };
    const log = await openEventLog({ path: to.log, decide });
    closing.push(() => log.close());
    const trust = openLogTrust(home, log, async () => []);
    const control = controlOf({ home, environment, secrets: noSecrets }, { configuration, policy, log, trust });
    const plane = await openExecution(control, environment);
    closing.push(() => plane.stop(stopGraceMs));
    const url = join(folder, "past.git");
    const call = { home: options.home, repository: name };
    const at = async (commit: string) => {
      const alternates = mirrorDirectory(call);
      const timeoutMs = configuration.landing.git_timeout_ms;
      await ensureBareRepository({ dir: url, likeId: commit, alternates, timeoutMs });
      writeFileSync(join(url, branchFile), `${gitIdSchema.parse(commit)}\n`);
    };
    return { ...(await deciding({ control, plane, name, url, settings, profile, at })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openExecution(control: Control, environment: HomeOptions["environment"]): Promise<Plane> {
  const { [planeName]: launch } = planeLaunches({ control, secrets: noSecrets, environment, liveRuns: () => [] });
  return startPlane({
    ...launch,
    ...{ name: planeName, generation: 1, start: launch.start(1) },
    onProgress: () => undefined,
    onExit: () => undefined,
  });
}

async function deciding({
  control,
  plane,
  name,
  url,
  settings,
  profile,
  at,
}: {
  control: Control;
  plane: Plane;
  name: string;
  url: string;
  settings: RepositorySettings;
  profile: Profile;
  /** Makes the commit the base. */
  at: (commit: string) => Promise<void>;
}): Promise<Omit<PastHome, "close">> {
  const changes = new Map<string, CoderChange>();
  const planes = givenPlanes({
    runCoder(work) {
      const change = changes.get(work.task_id);
      if (change === undefined) throw new Error(`no change is known for ${work.task_id}`);
      return capturedChange(change, { work, control });
    },
    async runChecks(work) {
      const report = await plane.perform(work);
      if (report.kind !== "RunChecks") throw new Error(`a ${report.kind} report came back`);
      return report.result;
    },
  });
  const decider = await openDecider(control, planes);
  await decider.register({ name, url, settings, profile });
  const real: Planes = { ...planes, perform: (_name, work) => plane.perform(work) };
  const trials = createTrials({ control, probes: createProbes({ control, planes: () => real }) });
  return {
    async tryOut(commit) {
      await at(commit);
      const what = { name, url, settings: repositorySettingsSchema.parse(settings) };
      return trials.run(what, new AbortController().signal);
    },
    async decide({ parent, tree, patch, words }) {
      await at(parent);
      const [criterion = ""] = words.split("\n");
      const taskId = await decider.approve({ repository: name, request: words, criterion });
      changes.set(taskId, { tree, patch: control.blobs.put(patch, "text/x-diff") });
      return decider.decide(taskId, () => false);
    },
  };
}
