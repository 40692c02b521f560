/** Connects to a repository at the configured GitHub with the stored credential. */
import type { Configuration } from "../configuration/configuration-schema.ts";
import { gitHubRepository } from "./address.ts";
import { openGitHub } from "./client.ts";
import type { GitHubConnection } from "./connection.ts";
import type { GitHubAccess } from "./credential.ts";
import { conditionalRequest, type KnownAnswers } from "./known-answers.ts";

/** Null if the address is elsewhere or no credential is stored. Throws as `GitHubAccess.credential` does. */
export async function connectTo(
  url: string,
  { configuration, github }: { configuration: Pick<Configuration, "github">; github: GitHubAccess },
): Promise<GitHubConnection | null> {
  const repository = gitHubRepository(url, configuration.github);
  const credential = repository === null ? null : await github.credential(repository);
  if (repository === null || credential === null) return null;
  const { apiUrl, timeoutMs } = configuration.github;
  const { request } = await openGitHub({ apiUrl, credential, timeoutMs });
  const known = knownAnswers.get(github) ?? new Map();
  knownAnswers.set(github, known);
  return { ...repository, identity: credential.kind, request: conditionalRequest(request, known) };
}
/** The answers that GitHub gave each home, for as long as its daemon runs. */
const knownAnswers = new WeakMap<GitHubAccess, KnownAnswers>();
