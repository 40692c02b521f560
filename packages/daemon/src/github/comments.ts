/** Reads comments of issues and pull requests, which GitHub treats alike, by one schema, and writes and changes aedev's own. */
import type { HostText } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, readAll, readOne, sendChange } from "./connection.ts";
import { isSameLogin, ownLogin, personSchema } from "./person.ts";

/** Pages of 100 comments that are read at most. */
const pagesMax = 10;
/** More than GitHub keeps; a longer text counts as empty. */
const bodyCharactersMax = 100_000;
const instantSchema = z.iso.datetime({ offset: true });

const commentSchema = z.object({
  id: z.int().positive(),
  user: personSchema.nullable(),
  body: z.string().max(bodyCharactersMax).catch(""),
  author_association: z.string(),
  created_at: instantSchema,
  updated_at: instantSchema,
});
export type Comment = z.infer<typeof commentSchema>;

const route = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const routeOfOne = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

interface Comments {
  /** Number of the issue or pull request. */
  readonly number: number;
  /** ISO 8601: only comments written or changed since then. */
  readonly since?: string;
  /** `peek`: the credential may be unable to read them. */
  readonly effect?: "read" | "peek";
  /** The first 1,000 comments are enough. By default more are a fault, because nobody knows what they say. */
  readonly mayEndEarly?: boolean;
}

/** The comments, oldest first. Throws as `readAll` does. */
export async function readComments(
  gitHub: GitHubConnection,
  { number, since, effect = "read", mayEndEarly = false }: Comments,
): Promise<Comment[]> {
  const parameters = { issue_number: number, ...(since === undefined ? {} : { since }) };
  const schema = z.array(commentSchema);
  const pages = await readAll(gitHub, { route: `GET ${route}`, parameters, effect, schema, pagesMax, mayEndEarly });
  return (pages ?? []).flat().toSorted((left, right) => left.id - right.id);
}

/** A comment by its number; null if it was deleted. */
export async function readComment(gitHub: GitHubConnection, comment: number): Promise<Comment | null> {
  return readOne(gitHub, { route: `GET ${routeOfOne}`, parameters: { comment_id: comment }, schema: commentSchema });
}

/** Writes a comment. */
export async function createComment(
  gitHub: GitHubConnection,
  { number, body }: { number: number; body: HostText },
): Promise<Comment> {
  const parameters = { issue_number: number, body };
  return sendChange(gitHub, { effect: "comment", route: `POST ${route}`, parameters, schema: commentSchema });
}

/** Replaces a comment's text. */
export async function changeComment(
  gitHub: GitHubConnection,
  { comment, body }: { comment: number; body: HostText },
): Promise<Comment> {
  const parameters = { comment_id: comment, body };
  return sendChange(gitHub, { effect: "update", route: `PATCH ${routeOfOne}`, parameters, schema: commentSchema });
}

/** Whether one of aedev's own comments has this line. */
export async function hasComment(
  gitHub: GitHubConnection,
  { marker, ...where }: Pick<Comments, "number" | "since"> & { readonly marker: string },
): Promise<boolean> {
  const marked = (await readComments(gitHub, where)).filter(({ body }) => body.split(/\r?\n/).includes(marker));
  if (marked.length === 0) return false;
  const own = await ownLogin(gitHub);
  return marked.some(({ user }) => user !== null && isSameLogin(user.login, own));
}

/** Writes the comment unless it exists. Throws as `sendChange` does. */
export async function commentOnce(
  gitHub: GitHubConnection,
  comment: { readonly number: number; readonly marker: string; readonly body: HostText; readonly since: string },
): Promise<void> {
  if (!(await hasComment(gitHub, comment))) await createComment(gitHub, comment);
}
