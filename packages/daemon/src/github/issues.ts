/** Reads GitHub issues: the list of those with a label, the events of one, its text with the time of its last edit. */
import { z } from "zod";
import { type ConditionalAnswer, type GitHubConnection, graphql, readAll, readIfChanged } from "./connection.ts";

/** Pages of 100 events that are read of one issue. */
const pagesMax = 10;

const userSchema = z.object({ login: z.string().max(200), type: z.string() }).nullable();
const instantSchema = z.iso.datetime({ offset: true });

const listedIssueSchema = z.object({
  number: z.int().positive(),
  updated_at: instantSchema,
  comments: z.int().nonnegative(),
  title: z.string(),
  body: z.string().nullish(),
  /** Only pull requests have it. */
  pull_request: z.unknown().optional(),
});
/** An issue as it appears in a list. */
export type ListedIssue = z.infer<typeof listedIssueSchema>;

/** One page of open issues with this label, latest change first, unless it has not changed since `tag`. Pages count from 1. */
export function listLabelled(
  gitHub: GitHubConnection,
  { label, page, tag }: { label: string; page: number; tag: string | null },
): Promise<ConditionalAnswer<ListedIssue[]>> {
  return readIfChanged(gitHub, {
    route: "GET /repos/{owner}/{repo}/issues",
    parameters: { labels: label, state: "open", sort: "updated", direction: "desc", per_page: issuesPerPage, page },
    tag,
    schema: z.array(listedIssueSchema),
  });
}
/** Issues on one page of the list. */
export const issuesPerPage = 100;

const eventSchema = z.object({
  id: z.int().positive(),
  event: z.string(),
  actor: userSchema,
  created_at: instantSchema,
  label: z.object({ name: z.string().nullable() }).optional(),
});
export type IssueEvent = z.infer<typeof eventSchema>;

/** All events of an issue except comments and edits of its text, oldest first. */
export async function readIssueEvents(gitHub: GitHubConnection, issue: number): Promise<IssueEvent[]> {
  const pages = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/issues/{issue_number}/events",
    parameters: { issue_number: issue },
    schema: z.array(eventSchema),
    pagesMax,
  });
  return (pages ?? []).flat().toSorted((left, right) => left.id - right.id);
}

const textQuery = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $number) { url title body lastEditedAt author { login } editor { login } } }
}`;
const actorSchema = z.object({ login: z.string().min(1).max(200) });
const textSchema = z.object({
  repository: z.object({
    issue: z.object({
      url: z.url({ protocol: /^https?$/ }).max(500),
      title: z.string(),
      body: z.string(),
      /** When the body was last edited; a new title is an event instead. */
      lastEditedAt: instantSchema.nullable(),
      /** Null: the account no longer exists. */
      author: actorSchema.nullable(),
      editor: actorSchema.nullable(),
    }),
  }),
});
export type IssueText = z.infer<typeof textSchema>["repository"]["issue"];

/** Title and body as of one instant, and when the body was last edited, which the REST API does not tell. */
export async function issueText(gitHub: GitHubConnection, number: number): Promise<IssueText> {
  const { owner, name } = gitHub;
  const answer = await graphql(gitHub, {
    name: "the text of an issue",
    document: textQuery,
    variables: { owner, name, number },
    schema: textSchema,
  });
  return answer.repository.issue;
}
