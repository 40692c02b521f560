/**
 * Paths of the files and folders of a home, the only place that joins them. It opens and creates nothing.
 *
 * Folder: blobs, durable files, paths in the home, child processes, globs.
 */
import { join } from "node:path";

export type SecretPlane = "control" | "execution" | "judgement";

/** A submodule's repository, which is inside its repository's mirror and is deleted with it. */
export function submoduleStore(mirror: string, store: string): string {
  return join(mirror, "modules", `${store}.git`);
}

export function homeLayout(home: string) {
  const at = (...names: string[]) => join(home, ...names);
  const folders = ["secrets", "keys", "blobs", "bundles", "mirrors", "worktrees", "prepared", "logs", "run"];
  return {
    home,
    log: at("aedev.db"),
    /** The files that SQLite keeps beside the open log. */
    logSidecars: [at("aedev.db-wal"), at("aedev.db-shm")] as readonly string[],
    lock: at("lock.db"),
    head: at("head.json"),
    /** The last event that anybody was told about. */
    tip: at("tip"),
    /** Why the log is not trusted; missing while it is trusted. */
    untrusted: at("untrusted.json"),
    token: at("token"),
    /** A file whose disk space is released when the disk is full. */
    reserve: at("reserve"),
    configuration: at("config.yaml"),
    policies: at("policies.yaml"),
    /** A person's cases for the policy. */
    policyCases: at("policies.test.yaml"),
    prices: at("prices.yaml"),
    /** Flows that a person keeps. */
    flows: at("flows"),
    secretsFolder: at("secrets"),
    secrets: (plane: SecretPlane) => at("secrets", `${plane}.env`),
    keys: at("keys"),
    signingKey: at("keys", "head.key"),
    verifyingKey: at("keys", "head.pub"),
    evidenceKey: at("keys", "evidence.key"),
    evidencePublicKey: at("keys", "evidence.pub"),
    approvalKey: at("keys", "approval.key"),
    blobs: at("blobs"),
    /** The only folder that the judgement plane can read, with one folder per bundle. */
    bundles: at("bundles"),
    mirrors: at("mirrors"),
    mirror: (repository: string) => at("mirrors", `${repository}.git`),
    landings: at("landing"),
    landing: (repository: string) => at("landing", `${repository}.git`),
    /** One folder per run of the coder. */
    worktrees: at("worktrees"),
    /** Archives of prepared dependencies, and programs for containers. */
    prepared: at("prepared"),
    /** Trees of checks, if they can't be beside the home. */
    checks: at("checks"),
    /** Cached results of checks on base commits. */
    checked: at("checked"),
    logs: at("logs"),
    planeLog: (plane: "daemon" | "execution" | "judgement") => at("logs", `${plane}.log`),
    runLog: (runId: string) => at("logs", `${runId}.log`),
    /** Files that only a running process needs. */
    run: at("run"),
    daemonRecord: at("run", "daemon.json"),
    /** The API's socket for the command line; api-socket.ts has its place if this path is too long. */
    apiSocket: at("run", "api.sock"),
    sandboxLink: at("run", "sandbox-link.json"),
    replyCursor: at("run", "replies.json"),
    /** Accepted deliveries of GitHub's webhook. */
    deliveries: at("run", "deliveries.jsonl"),
    /** How often in a row `aedev watchdog` found the daemon not working. */
    watchdog: at("run", "watchdog.json"),
    /** Observations of the daemon that are not events: containers without a run, a clock that jumped. */
    observed: at("run", "observed.json"),
    /** The pause that the push server's answer asks for, while it lasts. */
    pushPause: at("run", "push-pause.json"),
    /** A folder that stays empty. */
    empty: at("run", "empty"),
    /** Every folder of a home, the home itself first. */
    folders: [home, ...folders.map((name) => at(name))] as readonly string[],
  };
}
