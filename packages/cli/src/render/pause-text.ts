/** What is paused, with the commands that resume it. */
import { localTime } from "@aedev/contracts";
import type { PausedRepository, ResumedRepository, StatusSummary } from "@aedev/contracts/api";

/** One line for the pause of all work, and one for each repository that is paused on its own. */
export function pauseLines({ paused, paused_repositories = [] }: StatusSummary): string[] {
  return [...allPausedLines(paused), ...paused_repositories.flatMap(pausedLines)];
}

function allPausedLines(paused: StatusSummary["paused"]): string[] {
  if (paused === undefined) return [];
  return [
    `${paused.stop_runs ? "all runs are stopped" : "all work is paused"} since ${localTime(paused.since)}`,
    "    aedev resume",
  ];
}

export function pausedLines({ name, paused }: PausedRepository): string[] {
  return paused === "repository"
    ? [`${name} is paused`, `    aedev repo resume ${name}`]
    : [`landings in ${name} are paused`, `    aedev queue resume ${name}`];
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
    ...(paused ? pausedLines({ name, paused: "repository" }) : []),
    ...(landings_paused === true ? pausedLines({ name, paused: "landings" }) : []),
    ...allPausedLines(all_paused),
  ].join("\n");
}
