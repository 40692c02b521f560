/** What a person or a client names as a repository, over HTTP: an address, a path, or `owner/name` on the configured GitHub; and how changes get there. */
import { Fault, type LandingWay } from "@aedev/contracts";
import type { RepositoryDocument } from "@aedev/contracts/api";
import type { Control } from "../control/control.ts";
import { inspectSource, type Source } from "../git/remote.ts";
import { gitHubRepository, gitHubUrl, parseRepositoryName } from "../github/address.ts";

type SourceControl = Pick<Control, "configuration" | "github">;

/** A path is absolute, because the caller's folder is not known here: `owner/name` is never one. Throws as `inspectSource`. */
export async function readSource(pathOrUrl: string, { configuration, github }: SourceControl): Promise<Source> {
  const named = parseRepositoryName(pathOrUrl);
  const text = named === null ? pathOrUrl : gitHubUrl(named, configuration.github);
  return inspectSource(text, { timeoutMs: configuration.landing.git_timeout_ms, remotes: github.remotes });
}

/** The way to store: the one that is asked for, else the one before, else what suits a new repository (undefined: as `landingWayOf`). Throws a Fault `bad-landing` if the repository can't take it. */
export function landingFor(
  { url, target }: Source,
  asked: { landing: LandingWay | null | undefined; before: RepositoryDocument | undefined },
  { configuration, github }: SourceControl,
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
