/** What stops a home or a repository, and how merges without an approval turned out, each with the commands that help. */
import {
  badShareText,
  escapeLine,
  laneClosedText,
  laneKindTexts,
  localTime,
  mergedAloneText,
  reopenHelp,
} from "@aedev/contracts";
import type { LaneDocument, PausedRepository, ResumedRepository, StatusSummary } from "@aedev/contracts/api";
import type { HomeStatus } from "@aedev/daemon";

/** Empty if the log is trusted. */
export function untrustedText(untrusted: HomeStatus["untrusted"]): string[] {
  if (untrusted === null) return [];
  const { reasons, position, hash, help } = untrusted;
  return [
    "the log is not trusted: nothing runs, lands or is approved",
    ...reasons.map((reason) => `  ${escapeLine(reason, 300)}`),
    `  it ends at position ${position} with hash ${hash}; to accept it as it is:`,
    `      ${help}`,
  ];
}

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

/** A repository's lanes, each with the command that opens it. */
export function lanesText(lanes: readonly LaneDocument[], repository: string): string {
  if (lanes.length === 0) return `nothing has merged by itself in ${repository}`;
  return lanes
    .flatMap((lane) => [
      `${laneKindTexts[lane.kind]}: ${lane.merged} merged by ${lane.merged === 1 ? "itself" : "themselves"}${lane.since === undefined ? "" : ` since ${localTime(lane.since)}`}, ${lane.bad} went wrong: ${badShareText(lane)}`,
      ...(lane.closed === undefined
        ? []
        : [
            `  ${laneClosedText(lane.closed, repository)}`,
            `  to let them merge again: ${reopenHelp(lane.kind, repository)}`,
          ]),
    ])
    .join("\n");
}

/** What `status` says about merges without an approval. */
export function laneLines({
  merged_alone,
  closed_lanes = [],
}: Pick<StatusSummary, "merged_alone" | "closed_lanes">): string[] {
  return [
    ...(merged_alone === undefined ? [] : [mergedAloneText(merged_alone)]),
    ...closed_lanes.flatMap((lane) => [
      laneClosedText(lane, lane.repository),
      `    ${reopenHelp(lane.kind, lane.repository)}`,
    ]),
  ];
}
