/** Reads a pull request's place in GitHub's merge queue and adds it to the queue. REST can't do this, GraphQL can. */
import { gitIdSchema } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, graphql } from "./connection.ts";

/** `added`: id of the newest event that added it; null: it never was added. `putOut`: its removal after that, if any. */
export interface MergeQueuePlace {
  /** The pull request's id, as GraphQL wants it. */
  readonly id: string;
  /** Whether the branch merges only through a queue. */
  readonly isRequired: boolean;
  readonly isIn: boolean;
  readonly added: string | null;
  readonly putOut: { readonly reason: string | null; readonly at: string } | null;
}

export const mergeQueueQuery = `query MergeQueue($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      isMergeQueueEnabled
      mergeQueueEntry { id }
      timelineItems(last: 50, itemTypes: [ADDED_TO_MERGE_QUEUE_EVENT, REMOVED_FROM_MERGE_QUEUE_EVENT]) {
        nodes {
          __typename
          ... on AddedToMergeQueueEvent { id }
          ... on RemovedFromMergeQueueEvent { createdAt reason }
        }
      }
    }
  }
}`;
export const enqueueMutation = `mutation Enqueue($id: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) {
    mergeQueueEntry { id }
  }
}`;

const nodeIdSchema = z.string().min(1).max(200);
const entrySchema = z.object({ id: nodeIdSchema }).nullable();
const eventSchema = z.discriminatedUnion("__typename", [
  z.object({ __typename: z.literal("AddedToMergeQueueEvent"), id: nodeIdSchema }),
  z.object({
    __typename: z.literal("RemovedFromMergeQueueEvent"),
    createdAt: z.iso.datetime({ offset: true }),
    reason: z.string().nullable(),
  }),
]);
const placeSchema = z.object({
  repository: z.object({
    pullRequest: z.object({
      id: nodeIdSchema,
      isMergeQueueEnabled: z.boolean(),
      mergeQueueEntry: entrySchema,
      timelineItems: z.object({ nodes: z.array(eventSchema).max(50) }),
    }),
  }),
});

/** Reads where the pull request stands. Throws as `sendChange` does. */
export async function readMergeQueue(gitHub: GitHubConnection, number: number): Promise<MergeQueuePlace> {
  const { owner, name } = gitHub;
  const { repository } = await graphql(gitHub, {
    name: "the merge queue",
    document: mergeQueueQuery,
    variables: { owner, name, number },
    schema: placeSchema,
  });
  const { id, isMergeQueueEnabled, mergeQueueEntry, timelineItems } = repository.pullRequest;
  let added: string | null = null;
  let putOut: MergeQueuePlace["putOut"] = null;
  for (const event of timelineItems.nodes) {
    if (event.__typename === "AddedToMergeQueueEvent") [added, putOut] = [event.id, null];
    else putOut = { reason: event.reason, at: event.createdAt };
  }
  return { id, isRequired: isMergeQueueEnabled, isIn: mergeQueueEntry !== null, added, putOut };
}

/** Adds the pull request to the queue if its head is still `commit`. Throws as `sendChange` does. */
export async function enqueuePullRequest(
  gitHub: GitHubConnection,
  { id, commit }: { id: string; commit: string },
): Promise<void> {
  await graphql(gitHub, {
    name: "putting it into the merge queue",
    document: enqueueMutation,
    variables: { id, head: gitIdSchema.parse(commit) },
    schema: z.object({ enqueuePullRequest: z.object({ mergeQueueEntry: entrySchema }) }),
  });
}
