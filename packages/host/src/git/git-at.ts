/**
 * git for every call site of the product (SECURITY T1, T39). Each call names its row in the table of call sites, and this file enforces that row: the
 * kind of repository, what git may reach and the subcommand. A call without a row does not compile, and a call that breaks its row is a bug.
 *
 * Folder: the one place that runs git.
 */
import { mkdirSync, statSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import { type GitCallSite, type GitSite, gitCallSites } from "./git-call-sites.ts";
import { isOwn } from "./is-own.ts";
import { type GitAnswer, type GitCall, runGit } from "./run-git.ts";

/** A call site on an aedev repository names its directory; any other names none. */
type Place<S extends GitSite> = (typeof gitCallSites)[S]["repository"] extends "own"
  ? { readonly gitDir: string }
  : { readonly gitDir?: never; readonly workTree?: never };
type CallAt<S extends GitSite> = Omit<GitCall, "gitDir" | "protocols"> & Place<S>;

const openedTimeoutMs = 120_000;
/** No repository: git searches for none and reads no configuration. */
const noRepository = { GIT_DIR: "/nonexistent" };
const protocolsOf = { nothing: "none", own: "file", remote: undefined } as const;

/** git at one call site. Throws as `runGit` does, and a Fault `git-owner` if the git directory belongs to another account. */
export function gitAt<S extends GitSite>(site: S): (call: CallAt<S>) => Promise<GitAnswer> {
  return (call) => runAt(site, call);
}

/** `timeoutMs` has a default. */
type OptionsAt<S extends GitSite> = Partial<Omit<GitCall, "args" | "home" | "gitDir" | "protocols">> & Place<S>;
/** git with one HOME, for a plane whose functions get their git as a parameter. */
export type Git = <S extends GitSite>(site: S, args: readonly string[], options: OptionsAt<S>) => Promise<GitAnswer>;

/** `emptyHome` is HOME and the default current folder; it is created and must stay empty. */
export function openGit(emptyHome: string): Git {
  mkdirSync(emptyHome, { recursive: true, mode: 0o700 });
  return (site, args, options) =>
    runAt(site, { folder: emptyHome, timeoutMs: openedTimeoutMs, ...options, args, home: emptyHome });
}

async function runAt(site: GitSite, call: GitCall): Promise<GitAnswer> {
  const row: GitCallSite = gitCallSites[site];
  const subcommand = subcommandOf(call.args);
  const isHeld = row.subcommands.includes(subcommand) && (row.repository === "own") === (call.gitDir !== undefined);
  if (!isHeld || (call.remote === true) !== (row.reaches === "remote"))
    throw new TypeError(`the table of call sites does not have git ${subcommand} at ${site}`);
  if (call.gitDir !== undefined) assertOwnDirectory(call.gitDir);
  const protocols = protocolsOf[row.reaches];
  const seesNoRepository = row.repository === "none" && subcommand !== "init";
  return runGit({
    ...call,
    ...(protocols === undefined ? {} : { protocols }),
    environment: { ...(seesNoRepository ? noRepository : {}), ...call.environment },
  });
}

function subcommandOf(args: readonly string[]): string {
  let at = 0;
  while (args[at]?.startsWith("-") === true) at += args[at] === "-c" ? 2 : 1;
  return args[at] ?? "";
}

/** git itself reports a missing directory. */
function assertOwnDirectory(gitDir: string): void {
  const state = statSync(gitDir, { throwIfNoEntry: false });
  if (state === undefined || isOwn(state)) return;
  const message = `${gitDir} belongs to another user (uid ${state.uid})`;
  throw new Fault("git-owner", message, { detail: message, hint: "run aedev as that user" });
}
