/** What the state knows of the issue that a mission was made from. Plain data; only `issue/evolve-issue.ts` creates new ones. */
import type { EventData, IssueCommentSlot, MissionOrigin } from "@aedev/contracts/events";

export interface IssueState {
  /** What aedev's comments said last; a `comment` null was left out. */
  readonly comments: Partial<
    Readonly<Record<IssueCommentSlot, { readonly key: string; readonly comment: number | null }>>
  >;
  /** The newest comment that was decided on; 0: none was. */
  readonly read_to: number;
  /** How many comments did not count, and the last of them. */
  readonly refused: number;
  readonly last_refused: EventData<"IssueAnswerRefused"> | null;
  /** The reason with which the mission was rejected. */
  readonly rejected_for: string | null;
  /** The last comment says how the mission ended. */
  readonly closed: boolean;
}

/** An issue on which nothing has happened yet. */
export const newIssue: IssueState = {
  comments: {},
  read_to: 0,
  refused: 0,
  last_refused: null,
  rejected_for: null,
  closed: false,
};

/** Whether a mission is from an issue that has not been told how the mission ended. */
export function isIssueOpen({
  origin,
  issue,
}: {
  readonly origin?: MissionOrigin | undefined;
  readonly issue?: IssueState | undefined;
}): boolean {
  return origin !== undefined && issue?.closed !== true;
}
