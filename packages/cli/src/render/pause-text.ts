/** Says what is paused, each with the command that resumes it. */
import type { PausedRepository, RepositoryDocument, StatusSummary } from "@aedev/contracts/api";

/** One line for all work, and one for each repository that is paused on its own. */
export function pauseLines({ paused, paused_repositories = [] }: StatusSummary): string[] {
  const all =
    paused === undefined
      ? []
      : [`${paused.stop_runs ? "all runs are stopped" : "all work is paused"} since ${paused.since}: aedev resume`];
  return [...all, ...paused_repositories.map(pausedLine)];
}

export function pausedLine({ name, paused }: PausedRepository): string {
  return paused === "repository"
    ? `${name} is paused: aedev repo resume ${name}`
    : `landings in ${name} are paused: aedev queue resume ${name}`;
}

/** After runs and landings of a repository were resumed; its queue may have been paused as well. */
export function resumedText({ name, landings_paused }: RepositoryDocument): string {
  return landings_paused === true
    ? `runs in ${name} are not paused; its landings still are; next: aedev queue resume ${name}`
    : `${name} is not paused`;
}
