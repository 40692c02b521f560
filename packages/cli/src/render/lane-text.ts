/** How changes turned out that merged without a person's approval. */
import { badShareText, laneClosedText, laneKindTexts, localTime, mergedAloneText, reopenHelp } from "@aedev/contracts";
import type { LaneDocument, StatusSummary } from "@aedev/contracts/api";

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
