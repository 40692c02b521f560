/**
 * Decides whether the daemon trusts its log (SECURITY T33). At a start and before each landing it verifies what was appended since the signed head; after a
 * start a separate process verifies the newest of the earlier events. Our own landed commits are compared with the log. While the log is not trusted, only a
 * person's acceptance is appended, so nothing runs, lands or is approved.
 */
import { type DistrustReason, Fault, repositoryNameSchema } from "@aedev/contracts";
import type { UntrustedLog } from "@aedev/contracts/api";
import { type CommandBody, type Refusal, refuse } from "@aedev/core";
import type { LandedHead } from "../git/log-trailers.ts";
import type { EventLog } from "../log/event-log.ts";
import { verifyHome } from "./audit.ts";
import { isOwnTrailer, readSignedHead, signAcceptedHead } from "./signed-head.ts";
import {
  joinReasons,
  readDistrustReasons,
  untrustedDocument,
  withUnreadable,
  writeDistrustReasons,
} from "./untrusted-log.ts";
import { reasonsOf, verifyBeside } from "./verify-beside.ts";

export type Acceptance = { readonly position: number; readonly hash: string; readonly reason: string };

export interface LogTrust {
  /** Why the log is not trusted, as clients show it; null if it is trusted. */
  readonly untrusted: UntrustedLog | null;
  /** The refusal of every change; null while the log is trusted. */
  refusal(): Refusal | null;
  /** Waits until the newest events are verified, then verifies what was appended since the signed head. Throws a Fault `log-untrusted`. */
  require(): Promise<void>;
  /** Compares the heads named in a repository's commits with the log, ignoring those that this home's key has not signed. */
  compare(repository: string, heads: readonly LandedHead[]): void;
  /** Stops trusting the log. */
  distrust(reasons: readonly DistrustReason[]): void;
  /** Accepts the log as it is: records a new epoch, which voids every approval, and signs a new head. */
  accept(
    acceptance: Acceptance,
    submit: (body: CommandBody) => Promise<Refusal | null>,
  ): Promise<Refusal | { epoch: number }>;
  /** Called after each change of trust. */
  subscribe(listener: () => void): void;
}

/**
 * Verifies at once what was appended since the signed head, and starts to verify the newest events before it. The caller holds the home's lock. `verifyRecent`
 * returns why the newest events are not trusted; it never rejects.
 */
export function openLogTrust(
  home: string,
  log: EventLog,
  verifyRecent: (home: string) => Promise<readonly DistrustReason[]> = verifyBeside,
): LogTrust {
  const listeners = new Set<() => void>();
  let reasons: readonly DistrustReason[] = [];

  function set(next: readonly DistrustReason[]): void {
    reasons = next;
    writeDistrustReasons(home, reasons);
    for (const listener of listeners) listener();
  }
  /** A part of the log that turns out unreadable is a reason from now on, and everything that acts stops. */
  const noteUnreadable = () => {
    const all = withUnreadable(reasons, log.unreadable);
    if (all.length > reasons.length) set(all);
  };
  const untrusted = () => untrustedDocument(reasons, log.head);
  const distrust = (found: readonly DistrustReason[]) => {
    if (found.length > 0) set(joinReasons(reasons, found));
  };
  const conflictOf = (
    repository: string,
    { commit, position, hash, epoch }: Omit<LandedHead, "signature">,
  ): DistrustReason[] => {
    const ours = log.state.system.epoch;
    const named = { repository: repositoryNameSchema.parse(repository), commit, position, hash, epoch };
    // A person's acceptance may have given up what a commit of an earlier epoch names.
    if (epoch < ours) return [];
    if (epoch > ours || position > log.head.position) return [{ kind: "commit-ahead", ...named }];
    return log.hashAt(position) === hash ? [] : [{ kind: "commit-differs", ...named }];
  };

  const known = readDistrustReasons(home).flatMap((one) =>
    one.kind === "verification" ? [] : conflictOf(one.repository, one),
  );
  const found = joinReasons(known, reasonsOf(verifyHome(home, { sinceHead: true })));
  set(withUnreadable(found, log.unreadable));
  const verified = reasons.length > 0 ? Promise.resolve() : verifyRecent(home).then((found) => distrust(found));

  return {
    get untrusted() {
      noteUnreadable();
      return untrusted();
    },
    refusal() {
      noteUnreadable();
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
      noteUnreadable();
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
      noteUnreadable();
      const now = untrusted();
      if (now === null) return refuse("log-trusted", "the log is trusted; there is nothing to accept", "aedev status");
      if (position !== now.position || hash !== now.hash)
        return refuse("not-confirmed", `the log ends at position ${now.position} with hash ${now.hash}`, now.help);
      const faults = [...reasons];
      // The state continues from the views, so they must match the accepted events.
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

/** Why the views can't be rebuilt from the log, in which case they stay as they were; null if they were rebuilt. */
function rebuildProblem(log: EventLog): string | null {
  try {
    log.rebuild();
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `the log can't be accepted, because what happened can't be read from it any more: ${why.slice(0, 300)}`;
  }
}

/** Epochs seen outside the log, which a new one must exceed. */
function epochsOf(home: string, reasons: readonly DistrustReason[]): number[] {
  const head = readSignedHead(home);
  const named = reasons.flatMap((one) => (one.kind === "verification" ? [] : [one.epoch]));
  return [...named, ...(head.kind === "head" ? [head.epoch] : [])];
}
