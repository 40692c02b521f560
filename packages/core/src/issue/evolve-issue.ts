/** Applies events about a GitHub issue to its mission, and to the repository whose labels made no mission. */
import type { EventData } from "@aedev/contracts/events";
import type { FoldedEvent } from "../model/event.ts";
import { type IssueState, newIssue } from "../model/issue-state.ts";
import type { RepositoryState } from "../model/repository-state.ts";
import type { MissionState } from "../model/state.ts";

/** The most refused labels of one repository that are remembered: more than can be set on issues at one time. */
const refusedLabelsMax = 1_000;

/** The repository with one more refused label. */
export function withRefusedLabel(
  repository: RepositoryState,
  { labeled_event }: EventData<"IssueRefused">,
): RepositoryState {
  const labels = [...(repository.refused_labels ?? []), labeled_event].slice(-refusedLabelsMax);
  return { ...repository, refused_labels: labels };
}

/** The mission after an event that may concern its issue; the same object if it does not. */
export function evolveIssue(mission: MissionState, event: FoldedEvent): MissionState {
  if (mission.origin === undefined) return mission;
  const issue = mission.issue ?? newIssue;
  const changed = changeBy(issue, event);
  return changed === null ? mission : { ...mission, issue: { ...issue, ...changed } };
}

function changeBy(issue: IssueState, event: FoldedEvent): Partial<IssueState> | null {
  switch (event.type) {
    case "IssueCommented": {
      const { slot, key, comment, final } = event.data;
      return { comments: { ...issue.comments, [slot]: { key, comment } }, closed: final };
    }
    case "IssueAnswerRefused": {
      const { comment } = event.data;
      return { read_to: Math.max(issue.read_to, comment), refused: issue.refused + 1, last_refused: event.data };
    }
    case "ClarificationAnswered": {
      const { comment } = event.data;
      return comment === undefined ? null : { read_to: Math.max(issue.read_to, comment), last_refused: null };
    }
    case "MissionRejected":
      return event.data.reason === null ? null : { rejected_for: event.data.reason };
    default:
      return null;
  }
}
