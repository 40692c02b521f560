/**
 * Assembles the daemon: lock, configuration, policy, log, whether that is trusted, HTTP and, while it is, everything that acts; shuts down in
 * reverse order and signs the head. It holds the only connection that writes.
 */
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Fault, isFault } from "@aedev/contracts";
import { decide } from "@aedev/core";
import { homeLayout, type SecretPlane } from "@aedev/host/home-layout";
import { assertPrivateHome } from "@aedev/host/private-home";
import { openCanaryWorker } from "../canary/canary-worker.ts";
import { presentPromptDigest } from "../canary/judge-setup.ts";
import { openBudgets } from "../configuration/live-budgets.ts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import type { Control } from "../control/control.ts";
import { makeEvidenceKey } from "../evidence/evidence-key.ts";
import { openGitHubAccess } from "../github/credential.ts";
import { noteTips } from "../home/acknowledged-tip.ts";
import { verifyHome } from "../home/audit.ts";
import { blobStore } from "../home/blobs.ts";
import { removeDaemonRecord, writeDaemonRecord } from "../home/daemon-record.ts";
import { isDiskFull, keepReserve, releaseReserve } from "../home/disk-reserve.ts";
import { type HomeLock, takeLock } from "../home/lock.ts";
import { type LogTrust, openLogTrust } from "../home/log-trust.ts";
import { readControlSecrets, webhookSecret } from "../home/secrets.ts";
import { signHead } from "../home/signed-head.ts";
import { renewToken } from "../home/token.ts";
import { verificationReason } from "../home/untrusted-log.ts";
import { openServer } from "../http/server.ts";
import { type EventLog, openEventLog } from "../log/event-log.ts";
import { killProcess } from "../log/kill-process.ts";
import { createRedactor } from "../log/redact.ts";
import { logTo, note } from "../logging/complain.ts";
import { openLogger } from "../logging/logger.ts";
import { createHeartbeat, passEveryMs } from "../loop/heartbeat.ts";
import { openMetrics } from "../metrics/metrics.ts";
import { openApprovalListener } from "../phone/approval/listener.ts";
import { makeApprovalKey } from "../phone/approval/token.ts";
import { createProbes } from "../planes/probes.ts";
import { openSignOfLife } from "../supervisor/sign-of-life.ts";
import { openWebhookListener } from "../webhook/listener.ts";
import { recordPolicy, type StartedWork, startWork } from "./start-work.ts";

/** While the log changes, its head is signed at least this often (THREATS T13). */
const headPeriodMs = 60_000;
const lockTriesMax = 20;
const lockPauseMs = 100;

export interface DaemonOptions {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: Record<SecretPlane, Record<string, string>>;
}

/** Starts everything and resolves with the port; ends the process on SIGTERM and SIGINT after an orderly shutdown. */
export async function runDaemon({ home, environment, secrets }: DaemonOptions): Promise<{ port: number }> {
  assertPrivateHome(home);
  const signOfLife = openSignOfLife(environment);
  const heartbeat = createHeartbeat(signOfLife.alive);
  const everyMs = Math.min(passEveryMs, signOfLife.everyMs ?? passEveryMs);
  const lock = await takeLockSoon(home);
  const layout = homeLayout(home);
  if (!existsSync(layout.log)) throw new Fault("no-home", `there is no log at ${layout.log}`, { hint: "aedev init" });
  const configuration = loadConfiguration({ home, environment });
  const loaded = loadPolicy({ home });
  const blobs = blobStore(home);
  keepReserve(home);
  const redactor = createRedactor(
    [readControlSecrets(home), ...Object.values(secrets)].flatMap((some) => Object.values(some)),
  );
  const logger = openLogger({ home, redactor });
  logTo(logger);
  note("the daemon starts", { pid: process.pid, node: process.version });
  const opened: { trust: LogTrust | null } = { trust: null };
  const log = await openEventLog({
    path: layout.log,
    // A log that is not trusted takes only its acceptance.
    decide: (command, state) => {
      const refusal = command.kind === "AcceptLog" ? null : (opened.trust?.refusal() ?? null);
      return refusal ?? decide(command, state);
    },
    onFatal: (error) => {
      if (isDiskFull(error)) releaseReserve(home);
      killProcess(error);
    },
    redactor,
  });
  const trust = openLogTrust(home, log);
  opened.trust = trust;
  const endTips = noteTips(home, log);
  const control: Control = {
    home,
    configuration,
    log,
    blobs,
    trust,
    policy: () => loaded.policy,
    budgets: openBudgets({ home, environment }),
    verify: () => verifyHome(home),
    judgePromptDigest: presentPromptDigest(),
    signHead: () => signTrusted(home, log, trust),
    github: openGitHubAccess({
      github: configuration.github,
      issues: configuration.intake.enabled,
      alerts: configuration.intake.sources.includes("dependabot"),
      secrets: () => ({ ...readControlSecrets(home), ...secrets.control }),
    }),
  };
  makeApprovalKey(home);
  makeEvidenceKey(home);
  const canaries = openCanaryWorker(control);
  const work = createSwitch({
    isOn: () => trust.untrusted === null,
    start: () =>
      startWork({
        control,
        policyDigest: loaded.digest,
        canaries,
        secrets,
        environment,
        passes: { everyMs, completed: heartbeat.beat },
      }),
  });
  const metrics = openMetrics({
    control,
    environment,
    processIds: () => ({
      daemon: process.pid,
      ...(work.current?.planes.processIds() ?? { execution: null, judgement: null }),
    }),
    passAgeMs: heartbeat.ageMs,
  });
  // Before anybody can approve anything: the rules of an earlier policy must not decide.
  if (trust.untrusted === null) await recordPolicy(control, loaded.digest);
  const server = await openServer({
    control,
    probes: createProbes({ control, planes: () => work.current?.planes ?? null }),
    notifier: {
      test: () => (work.current ?? refuseUntrusted(trust)).notifier.test(),
      sendLink: (link) => (work.current ?? refuseUntrusted(trust)).notifier.sendLink(link),
    },
    canaries,
    token: renewToken(home),
    passAgeMs: heartbeat.ageMs,
    metrics,
    port: configuration.system.port,
  });
  const approvals = await openApprovalListener(control);
  const webhook = await openWebhookListener(control, {
    secret: () => webhookSecret({ ...readControlSecrets(home), ...secrets.control }),
    acting: () => work.current,
  });
  await work.settle();
  // The loop works meanwhile; it pushes, lands and deletes without the planes.
  await work.current?.planes.started;
  trust.subscribe(() => void work.settle());
  let signedPosition = 0;
  const headTimer = setInterval(() => {
    if (log.head.position === signedPosition) return;
    signedPosition = log.head.position;
    control.signHead();
  }, headPeriodMs);
  // A daemon that only reads has no loop that could stand still.
  const readingTimer = setInterval(() => {
    if (trust.untrusted !== null && work.current === null) heartbeat.beat();
  }, everyMs);
  const stops = [
    () => signOfLife.stopping(),
    () => clearInterval(readingTimer),
    () => clearInterval(headTimer),
    () => server.close(),
    () => metrics.close(),
    () => approvals?.close(),
    () => webhook?.close(),
    () => work.close(),
    () => control.signHead(),
    () => log.close(),
    () => endTips(),
    () => removeDaemonRecord(home),
    () => lock.release(),
  ];
  writeDaemonRecord(home, {
    port: server.port,
    approval_port: approvals?.port ?? null,
    ...(webhook === null ? {} : { webhook_port: webhook.port }),
    pid: process.pid,
    started_at: new Date().toISOString(),
  });
  note("the daemon is ready", { port: server.port, log_position: log.head.position });
  stopOnSignal(stops);
  await signOfLife.ready();
  return { port: server.port };
}

/** A head that no longer fits the log must not be replaced: the log is not trusted from then on. */
function signTrusted(home: string, log: EventLog, trust: LogTrust): void {
  if (trust.untrusted !== null) return;
  try {
    signHead(home, log, new Date().toISOString());
  } catch (error) {
    if (!isFault(error, "log-broken")) throw error;
    trust.distrust([verificationReason({ what: error.message })]);
  }
}

function refuseUntrusted(trust: LogTrust): never {
  throw new Fault("log-untrusted", "the log is not trusted", { hint: trust.untrusted?.help ?? "aedev status" });
}

/** Starts and stops what acts, one after the other, so that it is on exactly while `isOn`. */
function createSwitch({ isOn, start }: { isOn: () => boolean; start: () => Promise<StartedWork> }) {
  let current: StartedWork | null = null;
  let isClosed = false;
  let turn = Promise.resolve();
  async function change(): Promise<void> {
    const shouldRun = isOn() && !isClosed;
    if (shouldRun && current === null) current = await start();
    if (shouldRun || current === null) return;
    const stopping = current;
    current = null;
    await stopping.stop();
  }
  const settle = () => {
    turn = turn.then(change);
    return turn;
  };
  return {
    get current() {
      return current;
    },
    settle,
    close() {
      isClosed = true;
      return settle();
    },
  };
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
    const startedAtMs = performance.now();
    note("the daemon stops");
    for (const step of stops) await step();
    note("the daemon has stopped", { ms: Math.round(performance.now() - startedAtMs) });
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.on("SIGINT", () => void stop());
}
