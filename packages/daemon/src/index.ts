/**
 * The control plane's API for clients: starting and stopping it, reading a home with or without it. Each function loads its parts when called, so a verb loads
 * only what it uses.
 * Folder: the entry of the control plane.
 */

import type { StatusBoardDocument } from "@aedev/contracts/api";
import type { DaemonFact } from "./board/board-facts.ts";
import type { HomeOptions } from "./configuration/load-configuration.ts";
import type { BoardServer } from "./http/board-server.ts";
import type { HomeConfiguration, HomeReader } from "./reader/home-reader.ts";
import type { EvidenceReport } from "./reader/verify-evidence.ts";
import type { WatchReader } from "./reader/watch-reader.ts";

export type { Backtest, BacktestOptions, PastDecision } from "./backtest/backtest-repository.ts";
export type { DaemonFact } from "./board/board-facts.ts";
export type { Check } from "./doctor/check.ts";
export type { LogRecord } from "./logging/log-record.ts";
export type { RepositoryCalibration } from "./prior/calibrate-repository.ts";
export type { DemoHome } from "./process/demo-home.ts";
export type { BudgetRow } from "./reader/budget-rows.ts";
export type { DigestReading } from "./reader/digest.ts";
export type { HoldReading } from "./reader/hold-reading.ts";
export type {
  HomeReader,
  HomeStatus,
  MissionReading,
  RiskReading,
  TaskReading,
} from "./reader/home-reader.ts";
export type { PolicySuggestions, SuggestedKey } from "./reader/policy-suggestions.ts";
export type { DifferentKey, PolicyComparison, PolicySimulation, PolicyTest } from "./reader/policy-trials.ts";
export type { Pulled, PullReader } from "./reader/pull.ts";
export type { RecordedRun } from "./reader/recorded-run.ts";
export type { WatchReader } from "./reader/watch-reader.ts";
export type { WatchRow } from "./reader/watch-rows.ts";

/** Makes a function whose file is loaded with its first call. */
function onCall<Given extends readonly unknown[], Result>(load: () => Promise<(...given: Given) => Result>) {
  return async (...given: Given): Promise<Awaited<Result>> => await (await load())(...given);
}

/** Creates the home's folders, token, keys, empty overlays and log, and leaves existing files unchanged. `changed`: something was missing. */
export async function initHome({ home }: { home: string }): Promise<{ changed: boolean }> {
  return (await import("./process/initialize-home.ts")).initHome(home);
}

/** The names that `setSecret` takes. */
export async function knownSecrets(): Promise<readonly string[]> {
  return (await import("./home/secrets.ts")).secretNames;
}

/** Stores a secret in its plane's own file. Throws a Fault if the name is unknown or the value is not one line. */
export const setSecret = onCall(async () => (await import("./reader/offline.ts")).storeSecret);

/** The secrets in the home's files: name, plane, file, and when the file last changed; never a value. */
export const listSecrets = onCall(async () => (await import("./reader/offline.ts")).listSecrets);

/** Removes a secret from its file. Throws a Fault `unknown-secret` if no file has it. */
export const removeSecret = onCall(async () => (await import("./reader/offline.ts")).deleteSecret);

/** Every key of `config.yaml` and `policies.yaml` with its value and source. Throws a Fault `config-invalid`. */
export const describeConfiguration = onCall(
  async () => (await import("./configuration/describe-configuration.ts")).describeConfiguration,
);

/** Sets one key in the home's overlay. Throws a Fault `config-invalid` and changes nothing if the result would not load. */
export const setConfiguration = onCall(
  async () => (await import("./configuration/describe-configuration.ts")).setConfiguration,
);

/** Throws a Fault `config-invalid` with every problem in the files that the daemon reads when it starts. */
export const requireValidFiles = onCall(async () => (await import("./configuration/check-files.ts")).requireValidFiles);

/** The status board's address, for the owner. Throws a Fault `config-invalid`. */
export const boardLink = onCall(async () => (await import("./control/board-link.ts")).boardLink);

/** What happened since an instant, and what waits or is held now, with the daemon up or down. Throws a Fault `no-home` if there is no log. */
export const readDigest = onCall(async () => (await import("./reader/digest.ts")).readDigest);

/** Makes a home for a program to fill with simulated missions. What is in it is labelled as a demo, and no daemon acts on it. */
export const createDemoHome = onCall(async () => (await import("./process/demo-home.ts")).createDemoHome);

/** Starts the daemon and resolves when it answers; a running daemon is left alone. Throws a Fault with the cause if it does not start. */
export const startDaemon = onCall(async () => (await import("./process/start-daemon.ts")).startDaemon);

/** Stops the daemon and waits until it has ended. */
export const stopDaemon = onCall(async () => (await import("./process/start-daemon.ts")).stopDaemon);

/** Lets the machine's supervisor run the daemon from now on. Throws a Fault `no-supervisor` or `service-failed`. */
export const installService = onCall(async () => (await import("./process/home-service.ts")).installService);

/** Stops the daemon and removes its service; false if none was installed. */
export const uninstallService = onCall(async () => (await import("./process/home-service.ts")).uninstallService);

/** The supervisor's view of the service; null if none is installed. */
export const serviceStatus = onCall(async () => (await import("./process/home-service.ts")).serviceStatus);

/** The newest records that the daemon and its planes logged, in the order of their times. */
export const readLogs = onCall(async () => (await import("./reader/daemon-logs.ts")).readLogs);

/** Returns a function whose calls give the records logged since the previous one. */
export const followLogs = onCall(async () => (await import("./reader/daemon-logs.ts")).followLogs);

/** Counts a check of `aedev watchdog`, and sends a push once the daemon certainly does not work. */
export const recordCheck = onCall(async () => (await import("./process/watchdog-record.ts")).recordCheck);

/** Opens a home for reading, beside a running daemon or without one. Throws a Fault `no-home` if it has no log. Close it after use. */
export async function openHome(options: HomeOptions): Promise<HomeReader> {
  const [{ openOffline }, { homeReader }] = await Promise.all([
    import("./reader/open-offline.ts"),
    import("./reader/home-reader.ts"),
  ]);
  return homeReader(openOffline(options.home), configurationAt(options));
}

/** Opens a home for its status board, as `openHome` does. `t0`: since when the soak counts; default: the last start that followed no death. */
export async function openStatusBoard({
  t0,
  ...options
}: HomeOptions & { t0?: string | undefined }): Promise<BoardReader> {
  const [{ openOffline }, { openOfflineBoard }] = await Promise.all([
    import("./reader/open-offline.ts"),
    import("./board/offline-board.ts"),
  ]);
  const home = openOffline(options.home);
  const { environment } = options;
  const read = openOfflineBoard({
    home,
    folder: options.home,
    environment,
    configuration: configurationAt(options),
    t0,
  });
  return {
    read,
    async serve({ daemon, onError }) {
      const { openBoardServer } = await import("./http/board-server.ts");
      const operators = () => ({ log: { state: home.state() }, trust: { untrusted: home.untrusted() } });
      const document = async () => read(await daemon());
      return openBoardServer({ ...options, operators, document, onError });
    },
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}

/** A home that is open for its status board. */
export interface BoardReader extends Disposable {
  /** The document now. `daemon`: what the caller knows about the daemon. */
  read(daemon: DaemonFact): Promise<StatusBoardDocument>;
  /** Serves page and document on 127.0.0.1 until it is closed. Throws a Fault `config-invalid`. */
  serve(options: { daemon: () => Promise<DaemonFact>; onError: (error: unknown) => void }): Promise<BoardServer>;
}

/** A mission as it was at a position of the log. Throws a Fault `unknown-position`, or `unknown-mission` if it did not exist then. */
export async function missionAt({
  missionId,
  position,
  ...options
}: HomeOptions & { missionId: string; position: number }): ReturnType<
  typeof import("./reader/mission-at.ts").missionAt
> {
  const past = await import("./reader/mission-at.ts");
  return past.missionAt({ home: options.home, missionId, position }, (now) => configurationAt(options, now));
}

/** Reads a file only for a document that needs it. */
function configurationAt(options: HomeOptions, now?: Date): HomeConfiguration {
  let unreadFiles: HomeConfiguration["unreadFiles"] | undefined;
  return {
    schedule: () => readSchedule(options, now),
    budgetLimits: async () =>
      (await import("./configuration/load-configuration.ts")).loadConfiguration(options).budgets,
    prices: async () => (await import("./configuration/load-prices.ts")).loadPrices(options),
    holdBounds: async () => (await import("./reader/hold-bounds.ts")).readHoldBounds(options),
    landingRules: async () => (await import("./reader/on-approve.ts")).readLandingRules(options),
    machine: async () => (await import("./reader/machine.ts")).readMachine(options),
    async unreadFiles() {
      unreadFiles ??= (await import("./configuration/unread-files.ts")).openUnreadFiles(options);
      return unreadFiles();
    },
    observed: async () => (await import("./observed/observed-file.ts")).readObserved(options.home),
    judgeSetup: async () => (await import("./canary/judge-setup.ts")).readJudgeSetup(options),
  };
}

/** Backs the home up into a folder, daemon up or down, and verifies the copy. Throws a Fault `backup-folder` or `backup-broken`; the earlier backup remains. */
export const backupHome = onCall(async () => (await import("./home/backup.ts")).backupHome);

/** What a collection of garbage would delete; it changes nothing. */
export const planGarbage = onCall(async () => (await import("./retention/collect-garbage.ts")).planGarbage);

/** Deletes what `retention` no longer keeps in a home whose daemon is down. Throws a Fault `home-locked` if it is running. */
export const collectOffline = onCall(async () => (await import("./retention/collect-garbage.ts")).collectOffline);

/** Makes a home from a backup, with a new epoch. Throws a Fault `backup-broken`, `home-not-empty` or `home-locked`. */
export const restoreHome = onCall(async () => (await import("./process/restore-home.ts")).restoreHome);

/** Verifies chain, versions, views and signed head; each problem has its place. `sinceHead`: only events after the checkpoint or else the signed head. */
export const verifyLog = onCall(async () => (await import("./reader/offline.ts")).verifyLog);

/** Rebuilds the views from the log. Throws a Fault if a daemon is running on this home. */
export async function rebuildViews({ home }: { home: string }): Promise<{ position: number; hash: string }> {
  return (await import("./home/audit.ts")).rebuildHome(home);
}

/** Writes the log as JSON Lines in order. `views`: add the entities that it folds to. `last`: only this many of the newest events. */
export const exportLog = onCall(async () => (await import("./reader/offline.ts")).exportLog);

/** Reads the home's policy, with `file` as the overlay if given. `digest` is null if there are problems. */
export const checkPolicy = onCall(async () => (await import("./reader/offline.ts")).checkPolicy);

/** Calibrates risk from history by a repository's own commits. Throws a Fault `too-few-commits`. */
export const calibrateRisk = onCall(async () => (await import("./prior/calibrate-repository.ts")).calibrateInHome);

/** Prepares to say what a profile would have answered about a repository's past commits. Throws a Fault `too-few-commits` or `base-not-green`. */
export const openBacktest = onCall(async () => (await import("./backtest/backtest-repository.ts")).openBacktest);

/** What another policy would have answered about the recorded decisions. Throws a Fault `no-home` or `config-invalid`. */
export const simulatePolicy = onCall(async () => (await import("./reader/policy-trials.ts")).simulatePolicy);

/** What a person was asked about in vain, and what that speaks for changing. Throws a Fault `no-home` or `config-invalid`. */
export const suggestPolicy = onCall(async () => (await import("./reader/policy-suggestions.ts")).suggestForHome);

/** What two policies answer differently, and their different keys. Throws a Fault `config-invalid`. */
export const comparePolicies = onCall(async () => (await import("./reader/policy-trials.ts")).comparePolicies);

/** The policy's answers to a person's cases. Throws a Fault `config-invalid`. */
export const testPolicy = onCall(async () => (await import("./reader/policy-trials.ts")).testPolicy);

/** Checks machine, engine, home and credentials. A check is needed unless `needed` is false; `help` is the command that fixes it. */
export const doctor = onCall(async () => (await import("./doctor/doctor.ts")).doctor);

/** The settings that `aedev init` asks for, and where each known secret is. */
export const readSetup = onCall(async () => (await import("./reader/settings.ts")).readSetup);

/** The settings that a trial of the sandbox needs; null if the configuration does not load. A home without a log has an empty id. */
export const sandboxSettings = onCall(async () => (await import("./reader/sandbox-settings.ts")).sandboxSettings);

/** Writes the given settings into the home's overlays and keeps comments; returns whether a file changed. */
export const writeSettings = onCall(async () => (await import("./reader/settings.ts")).writeSettings);

/** Raises a budget in `config.yaml`, which a running daemon applies at once; `amount` null: no limit. Throws a Fault if that is not a raise. */
export const raiseBudget = onCall(async () => (await import("./reader/raise-budget.ts")).raiseBudget);

/** The `registered` addresses of a working copy: its remote's or its folder's. Throws a Fault if the folder is no working copy or its origin is refused. */
export const addressesOf = onCall(async () => (await import("./reader/working-copy.ts")).addressesOf);

/** Opens a home and a checkout to bring it forward to what landed. Throws a Fault `not-a-repository`, `git-owner` or `unknown-repository`. */
export const openPull = onCall(async () => (await import("./reader/pull.ts")).openPull);

/** A sealed bundle's digest, manifest and entries: JSON parsed, anything else as text. Throws a Fault `no-evidence` if nothing is sealed. */
export const evidenceOf = onCall(async () => (await import("./reader/offline.ts")).evidenceOf);

/** The kept work of a task's runs, oldest first. Throws a Fault `unknown-task`. */
export const keptWork = onCall(async () => (await import("./reader/salvage.ts")).keptWork);

/** Writes the work of a task's run to a new folder. Throws a Fault `no-kept-work` or `not-written`. */
export const salvageWork = onCall(async () => (await import("./reader/salvage.ts")).salvageWork);
/** Makes a branch of one run's work, in the repository of a folder. Throws a Fault `unknown-task`, `no-kept-work`, `not-a-repository` or `not-written`. */
export const salvageBranch = onCall(async () => (await import("./reader/salvage.ts")).salvageBranch);

/** A task's evidence, signed statements and key as the text of one file. Throws a Fault if there is none or it would not verify. */
export const exportEvidence = onCall(async () => (await import("./reader/evidence-of-home.ts")).exportEvidence);

/** Verifies an exported file, which needs no home, or a task's evidence in this home. `keyFile`: the only key that is trusted. */
export async function verifyEvidence(options: {
  home: string;
  source: { file: string } | { taskId: string };
  keyFile?: string;
  readPatch?: boolean;
}): Promise<EvidenceReport> {
  const { verifyEvidenceFile, verifyEvidenceTask } = await import("./reader/verify-evidence.ts");
  const { source } = options;
  return "file" in source ? verifyEvidenceFile(source.file, options) : verifyEvidenceTask(source.taskId, options);
}

/** A mission's report, and its text in Markdown or HTML. Throws a Fault `unknown-mission`. */
export const reportMission = onCall(async () => (await import("./report/report-mission.ts")).reportMission);

/** What an approval of a task would do now. Throws a Fault `unknown-task`. */
export const onApprove = onCall(async () => (await import("./reader/on-approve.ts")).onApprove);

/** Progress lines of a task's runs, oldest first, and the coder's text at the end of each. */
export const readTaskLog = onCall(async () => (await import("./reader/task-log.ts")).readTaskLog);

/** Opens a task's log to follow it, with the daemon up or down. */
export const openTaskLog = onCall(async () => (await import("./reader/task-log.ts")).openTaskLog);

/** Opens a home for a live view, beside a running daemon or without one. */
export async function openWatch(options: HomeOptions): Promise<WatchReader> {
  const { openWatch: open } = await import("./reader/watch-reader.ts");
  return open({ home: options.home, schedule: () => readSchedule(options) });
}

/** The runner's input for `task replay`: the task's last recorded run, rebuilt from log and configuration. */
export const replayOrder = onCall(async () => (await import("./reader/replay-order.ts")).replayOrder);

/** Loaded with the first document that needs it, because the configuration costs more than the rest. */
async function readSchedule(options: HomeOptions, now?: Date) {
  return (await import("./reader/schedule.ts")).readSchedule(options, now);
}
