/** Starts everything that acts: the policy's record, the notifier, the planes and the loop. The daemon runs it only while it trusts its log. */

import { type Blob, canonicalJson, type Progress } from "@aedev/contracts";
import type { SecretPlane } from "@aedev/host/home-layout";
import type { CanaryWorker } from "../canary/canary-worker.ts";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { repositoryRunsOf } from "../configuration/run-window.ts";
import { type Control, makeCommand } from "../control/control.ts";
import { watchIssues } from "../issues/watch-issues.ts";
import type { Redactor } from "../log/redact.ts";
import { complain } from "../logging/complain.ts";
import { type LoopOptions, startLoop } from "../loop/loop.ts";
import { createPerform } from "../loop/perform.ts";
import { requireBlobs } from "../loop/plane-work.ts";
import { type Notifier, openNotifier } from "../phone/notifier.ts";
import { planeLaunches } from "../planes/launches.ts";
import type { RunMessage } from "../planes/plane.ts";
import { openPlanes, type Planes } from "../planes/planes.ts";
import { liveRuns, releaseRuns, tellRuns } from "../planes/release-runs.ts";
import { watchProposals } from "../proposals/watch-proposals.ts";
import { watchRetention } from "../retention/collect-garbage.ts";
import { compareAllLanded } from "../work/compare-landed.ts";
import { expectNews } from "../work/watch-landings.ts";
import { keepProgress } from "./keep-progress.ts";

/** How many planted bundles are judged at once during an audit: one leaves room for live judging, which is urgent. */
const canariesAtOnce = 1;

export interface StartedWork {
  readonly planes: Planes;
  readonly notifier: Notifier;
  /** See `Loop`. */
  readonly firstWorkDone: Promise<void>;
  /** News came from these repositories: work that waits for GitHub there looks now. */
  noteNews(repositories: ReadonlySet<string>): void;
  stop(): Promise<void>;
}

/** `policyDigest`: the digest of `control.policy()`. */
export async function startWork(options: {
  control: Control;
  policyDigest: string;
  canaries: CanaryWorker;
  secrets: Record<SecretPlane, Record<string, string>>;
  environment: NodeJS.ProcessEnv;
  redactor: Redactor;
  /** See `LoopOptions`. */
  passes: NonNullable<LoopOptions["passes"]>;
}): Promise<StartedWork> {
  const { control, canaries, secrets, environment } = options;
  const { log, configuration } = control;
  await recordPolicy(control, options.policyDigest);
  const notifier = await openNotifier({ control, secrets: secrets.control });
  const planes = openPlanes({
    launches: planeLaunches({ control, secrets, environment, liveRuns: () => liveRuns(log.state) }),
    nextGeneration: (name) => nextGeneration(control, name),
    onProgress: (message) => {
      keepRunMessage(control, options.redactor, message).catch((error: unknown) =>
        complain(`a message of run ${message.run_id} was not kept: ${error}`),
      );
    },
    onReady: () => loop.wakeNow(),
  });
  const loop = startLoop({
    state: () => log.state,
    submit: (item) => log.submit(item),
    perform: createPerform({ control, planes, notifier, canaries }),
    mayWork: () => control.trust.untrusted === null,
    passes: options.passes,
    bounds: {
      concurrentRuns: configuration.schedule.concurrentRuns,
      ...repositoryRunsOf(configuration.schedule),
      reminders: control.policy().approvals.reminders,
      holds: { ttlMs: control.policy().hold.ttl_ms, onTimeout: control.policy().hold.on_timeout },
      drafts: configuration.landing.draft === "after-judging",
      canaries: {
        sharePercent: control.policy().judges.canary_share,
        atOnce: canariesAtOnce,
        families: configuredFamilies(configuration),
      },
    },
  });
  const issues = watchIssues(control);
  const proposals = watchProposals(control);
  const retention = watchRetention(control);
  const unsubscribe = log.subscribe((events, state) => {
    for (const event of events) {
      releaseRuns(event, state, planes);
      tellRuns(event, state, planes);
    }
    if (events.some((event) => event.type === "ChangeLanded")) control.signHead();
    const configured = events.flatMap((event) => (event.type === "RepositoryConfigured" ? [event.data.name] : []));
    if (configured.length > 0) proposals.noteNews(new Set(configured));
    loop.wake();
  });
  void compareAllLanded(control);
  return {
    planes,
    notifier,
    firstWorkDone: loop.firstWorkDone,
    noteNews(repositories) {
      for (const repository of repositories) expectNews(repository, control);
      issues.noteNews(repositories);
      proposals.noteNews(repositories);
      loop.noteNews(repositories);
    },
    async stop() {
      loop.stop();
      unsubscribe();
      await issues.close();
      await proposals.close();
      await retention.close();
      await notifier.close();
      await planes.stop();
    },
  };
}

/** Records the policy in force, so that the log's decisions follow it. `digest`: that of `control.policy()`. */
async function recordPolicy({ log, blobs, ...control }: Control, digest: string): Promise<void> {
  const policy = blobs.put(canonicalJson(control.policy()), "application/json");
  const { require_second_person, require_sign_in_above } = control.policy().approvals;
  const approvals = { require_second_person, require_sign_in_above };
  await log.submit(makeCommand({ kind: "LoadPolicy", digest, policy, approvals }, "control"));
}

async function nextGeneration(control: Control, plane: "execution" | "judgement"): Promise<number> {
  await control.log.submit(makeCommand({ kind: "StartPlane", plane }, "control"));
  return control.log.state.system.generations[plane];
}

/** Appends progress to the run's file for `task logs`, and records refusals and salvaged work as events. None of it is evidence. */
async function keepRunMessage(control: Control, redactor: Redactor, message: RunMessage): Promise<void> {
  const { run_id } = message;
  const keep = (progress: Progress) => keepProgress({ home: control.home, redactor }, run_id, progress);
  if (message.kind === "Progress") return keep(message.progress);
  if (message.kind === "Refusal") keep({ kind: "refused", what: message.what });
  const task = Object.values(control.log.stateWith({ runs: [run_id] }).tasks).find((candidate) =>
    candidate.runs.some((run) => run.run_id === run_id),
  );
  if (task === undefined) return;
  const { task_id } = task;
  if (message.kind === "Refusal") {
    const { what } = message;
    await control.log.submit(makeCommand({ kind: "RecordRefusal", task_id, run_id, what }, "execution"));
    return;
  }
  // Usage counts, and each stored blob is kept, even if another one is missing.
  const ifStored = (blob: Blob | null) => {
    try {
      requireBlobs(control, [blob]);
      return blob;
    } catch (error) {
      complain(error, { run_id });
      return null;
    }
  };
  const kept = { patch: ifStored(message.patch), journal: ifStored(message.journal), usage: message.usage };
  await control.log.submit(makeCommand({ kind: "RecordSalvage", task_id, run_id, ...kept }, "execution"));
}
