/** Assembles the daemon: lock, configuration, policy, log, planes, loop and HTTP, in that order; shuts down in reverse order and signs the head. It holds the only connection that writes. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { canonicalJson, Fault, type FromPlane, progressLine } from "@aedev/contracts";
import { decide } from "@aedev/core";
import { homeLayout, type SecretPlane } from "@aedev/host/home-layout";
import { openCanaryWorker } from "../canary/canary-worker.ts";
import { presentPromptDigest } from "../canary/judge-setup.ts";
import { configuredFamilies } from "../configuration/configured-families.ts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { productRoot } from "../configuration/product-root.ts";
import { type Control, makeCommand } from "../control/control.ts";
import { makeEvidenceKey } from "../evidence/evidence-key.ts";
import { verifyHome } from "../home/audit.ts";
import { blobStore } from "../home/blobs.ts";
import { removeDaemonRecord, writeDaemonRecord } from "../home/daemon-record.ts";
import { isDiskFull, keepReserve, releaseReserve } from "../home/disk-reserve.ts";
import { type HomeLock, takeLock } from "../home/lock.ts";
import { readControlSecrets } from "../home/secrets.ts";
import { assertExtendsHead, signHead } from "../home/signed-head.ts";
import { openServer } from "../http/server.ts";
import { openEventLog } from "../log/event-log.ts";
import { killProcess } from "../log/kill-process.ts";
import { createRedactor } from "../log/redact.ts";
import { startLoop } from "../loop/loop.ts";
import { createPerform } from "../loop/perform.ts";
import { openApprovalListener } from "../phone/approval/listener.ts";
import { makeApprovalKey } from "../phone/approval/token.ts";
import { openNotifier } from "../phone/notifier.ts";
import { planeLaunches } from "../planes/launches.ts";
import { openPlanes, type Planes } from "../planes/planes.ts";
import { createProbes } from "../planes/probes.ts";
import { liveRuns, releaseRuns } from "../planes/release-runs.ts";

/** While the log changes, its head is signed at least this often (THREATS T13). */
const headPeriodMs = 60_000;
/** How many planted bundles of an audit are judged at once: a single bundle leaves room for live judging, which is urgent. */
const canariesAtOnce = 1;
const lockTriesMax = 20;
const lockPauseMs = 100;
/** Bytes of a run's progress file; anything beyond the limit is dropped here but kept in the transcript. */
const progressBytesMax = 1024 * 1024;

export interface DaemonOptions {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: Record<SecretPlane, Record<string, string>>;
}

/** Starts everything and resolves with the port; ends the process on SIGTERM and SIGINT after an orderly shutdown. */
export async function runDaemon({ home, environment, secrets }: DaemonOptions): Promise<{ port: number }> {
  const lock = await takeLockSoon(home);
  const root = productRoot;
  const layout = homeLayout(home);
  const configuration = loadConfiguration({ root, home, environment });
  const loaded = loadPolicy({ root, home });
  const blobs = blobStore(home);
  keepReserve(home);
  const log = await openEventLog({
    path: layout.log,
    decide,
    onFatal: (error) => {
      if (isDiskFull(error)) releaseReserve(home);
      killProcess(error);
    },
    redactor: createRedactor(Object.values({ ...readControlSecrets(home), ...secrets.control })),
  });
  assertExtendsHead(home, log);
  const control: Control = {
    root,
    home,
    configuration,
    log,
    blobs,
    policy: () => loaded.policy,
    verify: () => verifyHome(home),
    judgePromptDigest: presentPromptDigest(root),
    signHead: () => void signHead(home, log, new Date().toISOString()),
  };
  await log.submit(
    makeCommand(
      {
        kind: "LoadPolicy",
        digest: loaded.digest,
        policy: blobs.put(canonicalJson(loaded.policy), "application/json"),
      },
      "control",
    ),
  );
  makeApprovalKey(home);
  makeEvidenceKey(home);
  const notifier = await openNotifier({ control, secrets: secrets.control });
  const canaries = openCanaryWorker(control);
  let opened: Planes | null = null;
  const server = await openServer({
    control,
    probes: createProbes({ control, planes: () => opened }),
    notifier,
    canaries,
    token: readFileSync(layout.token, "utf8").trim(),
    port: configuration.system.port,
  });
  const approvals = await openApprovalListener(control);

  const stops: (() => void | Promise<void>)[] = [];
  const planes = await openPlanes({
    launches: planeLaunches({ control, secrets, environment, liveRuns: () => liveRuns(log.state) }),
    nextGeneration: (name) => nextGeneration(control, name),
    onProgress: (message) => {
      keepProgress(control, message).catch((error: unknown) =>
        process.stderr.write(`aedev: progress was not kept: ${error}\n`),
      );
    },
    onReady: () => loop.wakeNow(),
  });
  opened = planes;
  const loop = startLoop({
    state: () => log.state,
    submit: (item) => log.submit(item),
    perform: createPerform({ control, planes, notifier, canaries }),
    bounds: {
      concurrentRuns: configuration.schedule.concurrentRuns,
      reminders: loaded.policy.approvals.reminders,
      canaries: {
        sharePercent: loaded.policy.judges.canary_share,
        atOnce: canariesAtOnce,
        families: configuredFamilies(configuration),
      },
    },
  });
  log.subscribe((events, state) => {
    for (const event of events) releaseRuns(event, state, planes);
    if (events.some((event) => event.type === "ChangeLanded")) control.signHead();
    loop.wake();
  });
  let signedPosition = 0;
  const headTimer = setInterval(() => {
    if (log.head.position === signedPosition) return;
    signedPosition = log.head.position;
    control.signHead();
  }, headPeriodMs);
  stops.push(
    () => loop.stop(),
    () => clearInterval(headTimer),
    () => server.close(),
    () => approvals?.close(),
    () => notifier.close(),
    () => planes.stop(),
    () => control.signHead(),
    () => log.close(),
    () => removeDaemonRecord(home),
    () => lock.release(),
  );
  writeDaemonRecord(home, {
    port: server.port,
    approval_port: approvals?.port ?? null,
    pid: process.pid,
    started_at: new Date().toISOString(),
  });
  stopOnSignal(stops);
  return { port: server.port };
}

/** A check for the lock holds it for a moment; a daemon holds it for good. */
async function takeLockSoon(home: string): Promise<HomeLock> {
  for (let tries = 1; ; tries += 1) {
    try {
      return takeLock(home);
    } catch (error) {
      if (!(error instanceof Fault) || !error.retry || tries === lockTriesMax) throw error;
      await delay(lockPauseMs);
    }
  }
}

function stopOnSignal(stops: readonly (() => void | Promise<void>)[]): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    for (const step of stops) await step();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
}

async function nextGeneration(control: Control, plane: "execution" | "judgement"): Promise<number> {
  await control.log.submit(makeCommand({ kind: "StartPlane", plane }, "control"));
  return control.log.state.system.generations[plane];
}

/** Progress goes to the run's file for `task logs`; a refusal is an event. Neither is evidence. */
async function keepProgress(
  control: Control,
  message: Extract<FromPlane, { kind: "Progress" | "Refusal" }>,
): Promise<void> {
  const layout = homeLayout(control.home);
  mkdirSync(layout.logs, { recursive: true, mode: 0o700 });
  const file = layout.runLog(message.run_id);
  const progress = message.kind === "Progress" ? message.progress : ({ kind: "refused", what: message.what } as const);
  if (!existsSync(file) || statSync(file).size < progressBytesMax)
    appendFileSync(file, `${progressLine(new Date().toISOString(), progress)}\n`, { mode: 0o600 });
  if (message.kind !== "Refusal") return;
  const task = Object.values(control.log.stateWith({ runs: [message.run_id] }).tasks).find((candidate) =>
    candidate.runs.some((run) => run.run_id === message.run_id),
  );
  if (task !== undefined)
    await control.log.submit(
      makeCommand(
        { kind: "RecordRefusal", task_id: task.task_id, run_id: message.run_id, what: message.what },
        "execution",
      ),
    );
}
