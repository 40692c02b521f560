/**
 * Assembles the daemon: lock, configuration, policy, log and, while the log is trusted, everything that acts, then HTTP. It shuts down in reverse order and
 * signs the head. It holds the only connection that writes.
 * Folder: starting, stopping and finding the daemon; creating and restoring a home.
 */
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Fault, isFault } from "@aedev/contracts";
import { decide, type Policy } from "@aedev/core";
import { keepSpareDescriptors, withSpareDescriptors } from "@aedev/host/durable-file";
import { homeLayout, type SecretPlane } from "@aedev/host/home-layout";
import { assertPrivateHome } from "@aedev/host/private-home";
import { openCanaryWorker } from "../canary/canary-worker.ts";
import { presentPromptDigest } from "../canary/judge-setup.ts";
import { openBudgets } from "../configuration/live-budgets.ts";
import { loadConfiguration } from "../configuration/load-configuration.ts";
import { loadPolicy } from "../configuration/load-policy.ts";
import { isSourceOn } from "../configuration/proposal-sources.ts";
import { openUnreadFiles } from "../configuration/unread-files.ts";
import { type Control, makeCommand, mirrorsOf } from "../control/control.ts";
import { demoCommandRefusal, isDemoHome } from "../control/demo-home.ts";
import { makeEvidenceKey } from "../evidence/evidence-key.ts";
import { openGitHubAccess } from "../github/credential.ts";
import { noteTips } from "../home/acknowledged-tip.ts";
import { verifyHome } from "../home/audit.ts";
import { blobStore } from "../home/blobs.ts";
import { readDaemonRecord, removeDaemonRecord, writeDaemonRecord } from "../home/daemon-record.ts";
import { isDiskFull, keepReserve, releaseReserve } from "../home/disk-reserve.ts";
import { type HomeLock, takeLock } from "../home/lock.ts";
import { type LogTrust, openLogTrust } from "../home/log-trust.ts";
import { readControlSecrets } from "../home/secrets.ts";
import { signHead } from "../home/signed-head.ts";
import { verificationReason } from "../home/untrusted-log.ts";
import { type EventLog, openEventLog } from "../log/event-log.ts";
import { killProcess } from "../log/kill-process.ts";
import { createRedactor, type Redactor } from "../log/redact.ts";
import { complain, logTo, note } from "../logging/complain.ts";
import { openLogger } from "../logging/logger.ts";
import { createHeartbeat, type Heartbeat, passEveryMs } from "../loop/heartbeat.ts";
import { openObserver } from "../observed/observer.ts";
import { makeApprovalKey } from "../phone/approval/token.ts";
import { openSignOfLife } from "../supervisor/sign-of-life.ts";
import { createShutdown } from "./shutdown.ts";
import { type StartedWork, startWork } from "./start-work.ts";

/** While the log changes, its head is signed at least this often (SECURITY T13). */
const headPeriodMs = 60_000;
/** How long the API waits at most for the work of the first pass. */
const headStartMs = 250;
const lockTriesMax = 20;
const lockPauseMs = 100;

export interface DaemonOptions {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly secrets: Record<SecretPlane, Record<string, string>>;
}

/** Resolves with the port. SIGTERM and SIGINT end the process in order, also during the start. If it can't start, it closes what it opened and throws. */
export async function runDaemon({ home, environment, secrets }: DaemonOptions): Promise<{ port: number }> {
  assertPrivateHome(home);
  const signOfLife = openSignOfLife(environment);
  const heartbeat = createHeartbeat(signOfLife.alive);
  const everyMs = Math.min(passEveryMs, signOfLife.everyMs ?? passEveryMs);
  const shutdown = createShutdown();
  const lock = await takeLockSoon(home);
  shutdown.begins(() => lock.release());
  // A killed daemon leaves its record behind. Once it is removed, clients report "not running" until this daemon writes its own.
  const after_death = readDaemonRecord(home) !== null;
  removeDaemonRecord(home);
  shutdown.begins(() => removeDaemonRecord(home));
  const layout = homeLayout(home);
  if (!existsSync(layout.log)) throw new Fault("no-home", `there is no log at ${layout.log}`, { hint: "aedev init" });
  const configuration = loadConfiguration({ home, environment });
  const loaded = loadPolicy({ home });
  keepReserve(home);
  keepSpareDescriptors();
  const redactor = createRedactor(
    [readControlSecrets(home), ...Object.values(secrets)].flatMap((some) => Object.values(some)),
  );
  const logger = openLogger({ home, redactor });
  logTo(logger);
  note("the daemon starts", { pid: process.pid, node: process.version });
  const { log, trust } = await openTrustedLog(home, redactor);
  shutdown.begins(noteTips(home, log));
  shutdown.begins(() => log.close());
  const control = controlOf({ home, environment, secrets }, { configuration, policy: loaded.policy, log, trust });
  const observer = await openObserver(home);
  shutdown.begins(() => observer.close());
  makeApprovalKey(home);
  makeEvidenceKey(home);
  const canaries = openCanaryWorker(control);
  const work = createSwitch({
    isOn: () => trust.untrusted === null && !isDemoHome(control),
    start: () =>
      startWork({
        control,
        policyDigest: loaded.digest,
        canaries,
        secrets,
        environment,
        redactor,
        passes: { everyMs, completed: heartbeat.beat },
      }),
  });
  shutdown.begins(() => control.signHead());
  shutdown.begins(() => work.close());
  shutdown.listenToSignals();
  try {
    // Pending pushes, landings and releases resume right away. They need neither planes nor API, and loading the API would block the event loop.
    await work.settle();
    await Promise.race([work.current?.firstWorkDone, delay(headStartMs)]);
    await shutdown.passIfNone();
    const opening = import("./open-listeners.ts").then(({ openListeners }) =>
      openListeners({
        control,
        environment,
        secrets: secrets.control,
        canaries,
        working: () => work.current,
        passAgeMs: heartbeat.ageMs,
        observer,
      }),
    );
    shutdown.begins(async () => (await opening.catch(() => null))?.close());
    const listeners = await opening;
    await work.current?.planes.started;
    await shutdown.passIfNone();
    trust.subscribe(() => void work.settle());
    const endTimers = startTimers({ control, everyMs, heartbeat, isActing: () => work.current !== null });
    shutdown.begins(endTimers);
    shutdown.begins(() => signOfLife.stopping());
    writeDaemonRecord(home, {
      port: listeners.port,
      approval_port: listeners.approvalPort,
      ...(listeners.webhookPort === null ? {} : { webhook_port: listeners.webhookPort }),
      pid: process.pid,
      started_at: new Date().toISOString(),
    });
    if (trust.untrusted === null) await log.submit(makeCommand({ kind: "StartDaemon", after_death }, "control"));
    note("the daemon is ready", { port: listeners.port, log_position: log.head.position });
    await signOfLife.ready();
    return { port: listeners.port };
  } catch (error) {
    await shutdown.close().catch(complain);
    throw error;
  }
}

/** Opens the log. One that is not trusted takes only its acceptance. */
async function openTrustedLog(home: string, redactor: Redactor): Promise<{ log: EventLog; trust: LogTrust }> {
  const opened: { trust: LogTrust | null } = { trust: null };
  const log = await openEventLog({
    path: homeLayout(home).log,
    decide: (command, state) => {
      const untrusted = command.kind === "AcceptLog" ? null : (opened.trust?.refusal() ?? null);
      return untrusted ?? demoCommandRefusal(state, command.kind) ?? decide(command, state);
    },
    onFatal: (error) => {
      if (isDiskFull(error)) releaseReserve(home);
      killProcess(error);
    },
    redactor,
  });
  const trust = openLogTrust(home, log);
  opened.trust = trust;
  return { log, trust };
}

/** The control plane's record. `trust`: of this log. */
export function controlOf(
  { home, environment, secrets }: DaemonOptions,
  { configuration, policy, log, trust }: Pick<Control, "configuration" | "log" | "trust"> & { policy: Policy },
): Control {
  const github = openGitHubAccess({
    github: configuration.github,
    issues: configuration.intake.enabled,
    alerts: isSourceOn(configuration.proposals.sources, "dependabot"),
    secrets: () => ({ ...readControlSecrets(home), ...secrets.control }),
  });
  return {
    home,
    configuration,
    log,
    blobs: blobStore(home),
    trust,
    policy: () => policy,
    budgets: openBudgets({ home, environment }),
    unreadFiles: openUnreadFiles({ home, environment }),
    verify: () => verifyHome(home),
    judgePromptDigest: presentPromptDigest(),
    signHead: () => signTrusted(home, log, trust),
    github,
    mirror: mirrorsOf({ home, configuration, github, log }),
  };
}

/** Starts the timers and returns the function that stops them. */
function startTimers(options: {
  control: Control;
  everyMs: number;
  heartbeat: Heartbeat;
  isActing: () => boolean;
}): () => void {
  const { log, signHead } = options.control;
  let signedPosition = 0;
  const headTimer = setInterval(() => {
    if (log.head.position === signedPosition) return;
    signedPosition = log.head.position;
    signHead();
  }, headPeriodMs);
  // A daemon that only reads has no loop that could get stuck.
  const readingTimer = setInterval(() => {
    if (!options.isActing()) options.heartbeat.beat();
  }, options.everyMs);
  return () => {
    clearInterval(readingTimer);
    clearInterval(headTimer);
  };
}

/** Signs the head. One that no longer fits the log is not replaced; from then on the log is not trusted. */
function signTrusted(home: string, log: EventLog, trust: LogTrust): void {
  if (trust.untrusted !== null) return;
  try {
    withSpareDescriptors(() => signHead(home, log, new Date().toISOString()));
  } catch (error) {
    if (!isFault(error, "log-broken")) throw error;
    trust.distrust([verificationReason({ what: error.message })]);
  }
}

/** Starts and stops everything that acts, one change after the other, so that it runs exactly while `isOn`. */
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
    // A turn's caller handles its error; the next turn runs all the same.
    turn = turn.catch(() => undefined).then(change);
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

/** Waits for the lock for a moment: a mere check for the lock ends soon, a daemon keeps it. */
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
