/** Reads what a person or client names as a repository over HTTP (an address, a path, or `owner/name` on the configured GitHub), and how changes get there. */
import { escapeLine, Fault, type LandingWay, nullOn, shellWord } from "@aedev/contracts";
import type { RepositoryDocument } from "@aedev/contracts/api";
import type { Configured, Mirrors } from "../control/parts.ts";
import { readDefaultBranch } from "../git/mirror.ts";
import { readRemoteBranch } from "../git/push.ts";
import { inspectSource, type Source } from "../git/remote.ts";
import { gitHubRepository, gitHubUrl, parseRepositoryName } from "../github/address.ts";
import type { GitHubAccess } from "../github/credential.ts";

/** How remotes are reached, registered or not. */
export type Remotes = Configured<"github" | "landing"> & { readonly github: GitHubAccess };

/** A path must be absolute, because the caller's folder is unknown here; `owner/name` never is. Throws as `inspectSource`. */
export async function readSource(pathOrUrl: string, { configuration, github }: Remotes): Promise<Source> {
  const named = parseRepositoryName(pathOrUrl);
  const text = named === null ? pathOrUrl : gitHubUrl(named, configuration.github);
  return inspectSource(text, { timeoutMs: configuration.landing.git_timeout_ms, remotes: github.remotes });
}

/** The base branch that a person named, in the form that a fetch needs. */
export function chosenBase(branch: string | null | undefined): { ref: string; head: null } | undefined {
  return branch == null ? undefined : { ref: `refs/heads/${branch}`, head: null };
}

/**
 * The base to store: the requested branch, else the stored one, else the remote's default branch; undefined if that can't be read now, or a working copy's
 * checkout is the base. Throws a Fault `bad-landing` if the remote lacks the branch.
 */
export async function baseFor(
  { url, target }: Source,
  asked: { name: string; base: string | null | undefined; before: RepositoryDocument | undefined },
  control: Mirrors,
): Promise<RepositoryDocument["base"]> {
  const { base, before, name } = asked;
  if (target === "task-branch") {
    if (base == null) return undefined;
    throw new Fault(
      "bad-landing",
      "in a working copy without an origin, missions start from the branch that is checked out",
      {
        hint: `git switch ${shellWord(base)}`,
      },
    );
  }
  if (base == null && before?.base !== undefined && before.url === url) return before.base;
  const place = { ...control.mirror(name), url };
  const head = await readDefaultBranch(place).catch(nullOn("HOLD-FETCH-FAILED"));
  if (base == null) return head === null ? undefined : { ref: head, head };
  const ref = `refs/heads/${base}`;
  const { commit } = await readRemoteBranch({ ...place, ref });
  if (commit === null)
    throw new Fault("bad-landing", `the repository has no branch ${escapeLine(base, 100)}`, {
      hint: "aedev repo add --help",
    });
  return { ref, head: head ?? ref };
}

/** The way to store: the requested one, else the stored one, else what suits a new repository. Throws a Fault `bad-landing` if the repository can't take it. */
export function landingFor(
  { url, target }: Source,
  asked: { landing: LandingWay | null | undefined; before: RepositoryDocument | undefined },
  { configuration, github }: Remotes,
): LandingWay | undefined {
  const onGitHub = gitHubRepository(url, configuration.github) !== null;
  const usual = onGitHub && github.kind() !== null ? "pull-request" : undefined;
  const way = asked.landing ?? (asked.before === undefined ? usual : asked.before.landing);
  if (way === "pull-request" && !onGitHub)
    throw new Fault("bad-landing", `a pull request needs a repository at ${configuration.github.url}`, {
      hint: "aedev repo add PATH --landing push (or branch)",
    });
  if (way !== undefined && way !== "branch" && target === "task-branch")
    throw new Fault("bad-landing", "a working copy without an origin gets results on a branch of their own only", {
      hint: "aedev repo add PATH --landing branch",
    });
  return way;
}
