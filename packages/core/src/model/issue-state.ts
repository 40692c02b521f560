/** What the state keeps about the issue that a mission was made from. Plain data; only `issue/evolve-issue.ts` creates new values. */
import type { EventData, IssueCommentSlot, MissionOrigin } from "@aedev/contracts/events";

export interface IssueState {
  /** The last content of aedev's comments; a null `comment` was left out. */
  readonly comments: Partial<
    Readonly<Record<IssueCommentSlot, { readonly key: string; readonly comment: number | null }>>
  >;
  /** The newest comment that was decided on; 0: none. */
  readonly read_to: number;
  /** How many comments did not count; `last_refused` is the last of them. */
  readonly refused: number;
  readonly last_refused: EventData<"IssueAnswerRefused"> | null;
  /** The person's reason for rejecting the mission. */
  readonly rejected_for: string | null;
  /** True: the last comment reports how the mission ended. */
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

/** Whether a mission has an issue without a comment that reports its end. */
export function isIssueOpen({
  origin,
  issue,
}: {
  readonly origin?: MissionOrigin | undefined;
  readonly issue?: IssueState | undefined;
}): boolean {
  return origin !== undefined && issue?.closed !== true;
}
