/**
 * Whether the daemon trusts its log (THREATS T33). At a start and before each landing it verifies what was appended since the signed head; after a
 * start also the newest of the earlier events, in a process of its own. Landed commits of our own are compared with the log. While the log is not trusted,
 * nothing is appended but a person's acceptance, so nothing runs, lands or is approved.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type DistrustReason, distrustReasonsMax, Fault, repositoryNameSchema } from "@aedev/contracts";
import type { UntrustedLog } from "@aedev/contracts/api";
import { type CommandBody, type Refusal, refuse } from "@aedev/core";
import type { LandedHead } from "../git/log-trailers.ts";
import type { EventLog } from "../log/event-log.ts";
import type { LogVerification } from "../log/verify.ts";
import { verifyHome } from "./audit.ts";
import { isOwnTrailer, readSignedHead, signAcceptedHead } from "./signed-head.ts";
import { readDistrustReasons, unreadableReasons, untrustedDocument, writeDistrustReasons } from "./untrusted-log.ts";

export type Acceptance = { readonly position: number; readonly hash: string; readonly reason: string };

export interface LogTrust {
  /** Why the log is not trusted, as clients show it; null if it is. */
  readonly untrusted: UntrustedLog | null;
  /** The refusal of everything that changes something; null while the log is trusted. */
  refusal(): Refusal | null;
  /** Verifies what was appended since the signed head, once the newest events were verified after the start. Throws a Fault `log-untrusted`. */
  require(): Promise<void>;
  /** Compares the heads that commits of a repository name with the log; those that this home's key has not signed are ignored. */
  compare(repository: string, heads: readonly LandedHead[]): void;
  /** Stops trusting the log. */
  distrust(reasons: readonly DistrustReason[]): void;
  /** Accepts the log as it is: records it with a new epoch, which voids every approval, and signs a new head. */
  accept(
    acceptance: Acceptance,
    submit: (body: CommandBody) => Promise<Refusal | null>,
  ): Promise<Refusal | { epoch: number }>;
  /** Called after each change. */
  subscribe(listener: () => void): void;
}

/** Verifies at once what was appended since the signed head, and starts to verify the newest events before it. The caller holds the home's lock. */
export function openLogTrust(home: string, log: EventLog): LogTrust {
  const listeners = new Set<() => void>();
  let reasons: readonly DistrustReason[] = [];

  function set(next: readonly DistrustReason[]): void {
    reasons = next.slice(0, distrustReasonsMax);
    writeDistrustReasons(home, reasons);
    for (const listener of listeners) listener();
  }
  const allReasons = () => [...reasons, ...unreadableReasons(log.unreadable)].slice(0, distrustReasonsMax);
  const untrusted = () => untrustedDocument(allReasons(), log.head);
  const distrust = (found: readonly DistrustReason[]) => {
    if (found.length > 0) set([...reasons, ...found.filter((one) => !reasons.some((known) => isSame(known, one)))]);
  };
  const conflictOf = (
    repository: string,
    { commit, position, hash, epoch }: Omit<LandedHead, "signature">,
  ): DistrustReason[] => {
    const ours = log.state.system.epoch;
    const named = { repository: repositoryNameSchema.parse(repository), commit, position, hash, epoch };
    // What a commit of an earlier epoch names may have been given up by an acceptance.
    if (epoch < ours) return [];
    if (epoch > ours || position > log.head.position) return [{ kind: "commit-ahead", ...named }];
    return log.hashAt(position) === hash ? [] : [{ kind: "commit-differs", ...named }];
  };

  const known = readDistrustReasons(home).flatMap((one) =>
    one.kind === "verification" ? [] : conflictOf(one.repository, one),
  );
  set([...known, ...reasonsOf(verifyHome(home, { sinceHead: true }))]);
  const verified = reasons.length > 0 ? Promise.resolve() : verifyBeside(home).then((found) => distrust(found));

  return {
    get untrusted() {
      return untrusted();
    },
    refusal() {
      const now = untrusted();
      if (now === null) return null;
      return refuse(
        "log-untrusted",
        `the log is not trusted: ${now.reasons[0]}; nothing runs, lands or is approved`,
        now.help,
      );
    },
    async require() {
      await verified;
      if (reasons.length === 0) distrust(reasonsOf(verifyHome(home, { sinceHead: true })));
      const now = untrusted();
      if (now !== null)
        throw new Fault("log-untrusted", `the log is not trusted: ${now.reasons[0]}`, { hint: now.help, retry: true });
    },
    compare(repository, heads) {
      const own = heads.filter((head) => isOwnTrailer(home, head));
      distrust(own.flatMap((head) => conflictOf(repository, head)).slice(0, 1));
    },
    distrust,
    async accept({ position, hash, reason }, submit) {
      const now = untrusted();
      if (now === null) return refuse("log-trusted", "the log is trusted; there is nothing to accept", "aedev status");
      if (position !== now.position || hash !== now.hash)
        return refuse("not-confirmed", `the log ends at position ${now.position} with hash ${now.hash}`, now.help);
      // The state continues from the views, so they must be what the accepted events say.
      // Taken before the rebuild, which finds anew what can't be read.
      const faults = allReasons();
      distrust(faults);
      const gap = faults.some(({ kind }) => kind === "verification") ? rebuildProblem(log) : null;
      if (gap !== null) return refuse("log-unreadable", gap, restoreHelp);
      const epoch = Math.max(log.state.system.epoch, ...epochsOf(home, reasons)) + 1;
      const refused = await submit({ kind: "AcceptLog", epoch, position, hash, reason, faults });
      if (refused !== null) return refused;
      signAcceptedHead(home, log, new Date().toISOString());
      set([]);
      return { epoch };
    },
    subscribe: (listener) => void listeners.add(listener),
  };
}

const restoreHelp =
  "stop the daemon and put the home's last good copy in its place; without one: mv the home away and aedev init";

/** Why the views can't be rebuilt from the log, which then leaves them as they were; null if they were rebuilt. */
function rebuildProblem(log: EventLog): string | null {
  try {
    log.rebuild();
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the log can't be accepted, because what happened can't be read from it any more: ${why.slice(0, 300)}`;
  }
}

/** Epochs that were seen outside the log: a new one must be above them. */
function epochsOf(home: string, reasons: readonly DistrustReason[]): number[] {
  const head = readSignedHead(home);
  const named = reasons.flatMap((one) => (one.kind === "verification" ? [] : [one.epoch]));
  return [...named, ...(head.kind === "head" ? [head.epoch] : [])];
}

function isSame(left: DistrustReason, right: DistrustReason): boolean {
  if (left.kind === "verification" || right.kind === "verification")
    return left.kind === "verification" && right.kind === "verification" && left.what === right.what;
  return left.kind === right.kind && left.commit === right.commit;
}

function reasonsOf(verification: LogVerification): DistrustReason[] {
  if (verification.ok) return [];
  return verification.problems.map(({ position = null, row = null, what }) => ({
    kind: "verification",
    ...{ position, row, what: what.slice(0, 500).toWellFormed() },
  }));
}

/**
 * Verifying thousands of events takes a moment, which neither delays the start nor stops the daemon's answers. In a process, because the memory of a
 * thread would stay with the daemon. A failure is a reason too: unknown is not trusted.
 */
function verifyBeside(home: string): Promise<DistrustReason[]> {
  return new Promise((resolve) => {
    const failed = (why: string) =>
      resolve([{ kind: "verification", position: null, row: null, what: `the log could not be verified: ${why}` }]);
    const cache = process.env["NODE_COMPILE_CACHE"];
    const child = fork(fileURLToPath(new URL("./verify-process.ts", import.meta.url)), [home], {
      env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.unref();
    child.channel?.unref();
    child.once("message", (verification) => resolve(reasonsOf(verification as LogVerification)));
    child.once("error", ({ message }) => failed(message));
    // Comes after the last message.
    child.once("disconnect", () => failed("the process that verifies it ended"));
  });
}
