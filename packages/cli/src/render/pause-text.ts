/** What is paused, with the commands that resume it. */
import type { PausedRepository, ResumedRepository, StatusSummary } from "@aedev/contracts/api";

/** One line for the pause of all work, and one for each repository that is paused on its own. */
export function pauseLines({ paused, paused_repositories = [] }: StatusSummary): string[] {
  return [...allPausedLines(paused), ...paused_repositories.map(pausedLine)];
}

function allPausedLines(paused: StatusSummary["paused"]): string[] {
  if (paused === undefined) return [];
  return [`${paused.stop_runs ? "all runs are stopped" : "all work is paused"} since ${paused.since}: aedev resume`];
}

export function pausedLine({ name, paused }: PausedRepository): string {
  return paused === "repository"
    ? `${name} is paused: aedev repo resume ${name}`
    : `landings in ${name} are paused: aedev queue resume ${name}`;
}

/** The text after runs and landings of a repository, or only its landings, were resumed: it names any pause that still stops them. */
export function resumedText(
  { name, paused, landings_paused, was_paused, all_paused }: ResumedRepository,
  what: "repository" | "landings",
): string {
  const now = {
    repository: was_paused ? `${name} is resumed` : `${name} was not paused`,
    landings: was_paused ? `landings in ${name} are resumed` : `landings in ${name} were not paused`,
  };
  return [
    now[what],
    ...(paused ? [pausedLine({ name, paused: "repository" })] : []),
    ...(landings_paused === true ? [pausedLine({ name, paused: "landings" })] : []),
    ...allPausedLines(all_paused),
  ].join("\n");
}
