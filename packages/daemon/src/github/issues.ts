/** Issues at GitHub: the list of those with a label, what happened to one, its text with the instant of its last edit, and comments. */
import { z } from "zod";
import {
  act,
  type ConditionalAnswer,
  type GitHubConnection,
  graphql,
  read,
  readAll,
  readIfChanged,
} from "./connection.ts";

/** Pages of 100 events of one issue, and of comments on it. */
const pagesMax = 10;
const bodyCharactersMax = 100_000;

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
/** An issue as a list has it. */
export type ListedIssue = z.infer<typeof listedIssueSchema>;

/** Open issues with this label, the latest change first, unless the page is as it was at `tag`. Pages count from 1. */
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

/** Everything that happened to an issue but comments and edits of its text, the oldest first. */
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
      /** When the body was last edited; a new title is an event. */
      lastEditedAt: instantSchema.nullable(),
      /** Null: the account no longer exists. */
      author: actorSchema.nullable(),
      editor: actorSchema.nullable(),
    }),
  }),
});
export type IssueText = z.infer<typeof textSchema>["repository"]["issue"];

/** Title and body at one instant, with when the body was last edited: the REST API does not tell that. */
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

const viewerSchema = z.object({ viewer: z.object({ login: z.string().min(1).max(200) }) });

/** The login of the credential's own account, or of its app's bot. */
export async function ownLogin(gitHub: GitHubConnection): Promise<string> {
  const { viewer } = await graphql(gitHub, {
    name: "the account of the credential",
    document: "query { viewer { login } }",
    variables: {},
    schema: viewerSchema,
  });
  return viewer.login;
}

const commentSchema = z.object({
  id: z.int().positive(),
  user: userSchema,
  body: z.string().max(bodyCharactersMax).catch(""),
  created_at: instantSchema,
  updated_at: instantSchema,
});
export type IssueComment = z.infer<typeof commentSchema>;

/** Comments that were written or changed since an instant, the oldest first: of more than 1,000, the first. */
export async function commentsSince(
  gitHub: GitHubConnection,
  { issue, since }: { issue: number; since: string },
): Promise<IssueComment[]> {
  const comments: IssueComment[] = [];
  for (let page = 1; page <= pagesMax; page += 1) {
    const found = await read(gitHub, {
      route: "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
      parameters: { issue_number: issue, since, per_page: commentsPerPage, page },
      schema: z.array(commentSchema),
    });
    comments.push(...(found ?? []));
    if ((found ?? []).length < commentsPerPage) break;
  }
  return comments.toSorted((left, right) => left.id - right.id);
}
const commentsPerPage = 100;

/** Writes a comment. */
export async function createComment(
  gitHub: GitHubConnection,
  { issue, body }: { issue: number; body: string },
): Promise<IssueComment> {
  return act(gitHub, {
    effect: "comment",
    route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    parameters: { issue_number: issue, body },
    schema: commentSchema,
  });
}

/** Gives a comment another text. */
export async function changeComment(
  gitHub: GitHubConnection,
  { comment, body }: { comment: number; body: string },
): Promise<IssueComment> {
  return act(gitHub, {
    effect: "update",
    route: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    parameters: { comment_id: comment, body },
    schema: commentSchema,
  });
}

/** A comment by its number; null if it was deleted. */
export async function readComment(gitHub: GitHubConnection, comment: number): Promise<IssueComment | null> {
  return read(gitHub, {
    route: "GET /repos/{owner}/{repo}/issues/comments/{comment_id}",
    parameters: { comment_id: comment },
    schema: commentSchema,
  });
}
