/** A pull request and an issue in the form of GitHub's GraphQL API. Functions compute fields that have arguments. */
import type { PullIssue } from "../state/pulls.ts";
import type { IssueRecord, RepositoryRecord } from "../state/records.ts";
import { issueHtml } from "./issues.ts";
import { type GitHubSite, nodeId } from "./site.ts";

const queueEvents = {
  added_to_merge_queue: "AddedToMergeQueueEvent",
  removed_from_merge_queue: "RemovedFromMergeQueueEvent",
} as const;
/** GraphQL's names of these kinds of events; the fake has no other kinds. */
const itemTypes: Readonly<Record<string, string>> = {
  AddedToMergeQueueEvent: "ADDED_TO_MERGE_QUEUE_EVENT",
  RemovedFromMergeQueueEvent: "REMOVED_FROM_MERGE_QUEUE_EVENT",
};

export function pullGraphql(repository: RepositoryRecord, issue: PullIssue) {
  const { pull, number, state } = issue;
  const { queue } = pull;
  return {
    __typename: "PullRequest",
    id: nodeId("PR", pull.id),
    number,
    isDraft: pull.draft,
    state: pull.mergedAt === null ? state.toUpperCase() : "MERGED",
    headRefOid: pull.headSha,
    isInMergeQueue: queue !== null,
    isMergeQueueEnabled: repository.protections.get(pull.baseRef)?.mergeQueue === true,
    mergeQueueEntry:
      queue === null
        ? null
        : { __typename: "MergeQueueEntry", id: nodeId("MQE", queue.id), state: "AWAITING_CHECKS", position: 1 },
    timelineItems: ({ last, itemTypes: wanted }: Readonly<Record<string, unknown>>) => {
      const nodes = issue.events.flatMap(({ id, event, createdAt, details }) => {
        const __typename = Object.hasOwn(queueEvents, event) ? queueEvents[event as keyof typeof queueEvents] : "";
        const isWanted = Array.isArray(wanted) && wanted.includes(itemTypes[__typename]);
        if (__typename === "" || !isWanted) return [];
        return [{ __typename, id: nodeId("MQ", id), createdAt, reason: details["reason"] ?? null }];
      });
      return { nodes: nodes.slice(-Number(last)) };
    },
  };
}

export function issueGraphql(site: GitHubSite, repository: RepositoryRecord, issue: IssueRecord) {
  const { number, title, body, lastEditedAt, author, editor } = issue;
  return {
    __typename: "Issue",
    number,
    url: issueHtml(site, repository, issue),
    title,
    body: body ?? "",
    lastEditedAt,
    author: { login: author.login },
    editor: editor === null ? null : { login: editor.login },
  };
}
