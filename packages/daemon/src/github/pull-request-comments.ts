/** Comments of aedev on a pull request: each is recognized by a line of its own and written once. */
import { z } from "zod";
import { act, type GitHubConnection, readAll } from "./connection.ts";
import { ownLogin } from "./issues.ts";

/** Pages of 100 comments. */
const pagesMax = 10;
const commentsSchema = z.array(
  z.object({ body: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }),
);
const route = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

/** Whether a comment of aedev's own account with this line is there. `since` (ISO 8601): only comments written or changed after it are read. */
export async function hasComment(
  gitHub: GitHubConnection,
  { number, marker, since }: { number: number; marker: string; since?: string },
): Promise<boolean> {
  const pages = await readAll(gitHub, {
    route: `GET ${route}`,
    parameters: { issue_number: number, ...(since === undefined ? {} : { since }) },
    schema: commentsSchema,
    pagesMax,
  });
  const marked = (pages ?? []).flat().filter(({ body }) => body?.split(/\r?\n/).includes(marker) === true);
  if (marked.length === 0) return false;
  const own = withoutBotMark(await ownLogin(gitHub));
  return marked.some(({ user }) => user != null && withoutBotMark(user.login) === own);
}

/** GraphQL and REST name an app's account differently. */
function withoutBotMark(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, "");
}

/** Writes the comment unless it is there. Throws as `act` does. */
export async function commentOnce(
  gitHub: GitHubConnection,
  comment: { readonly number: number; readonly marker: string; readonly body: string; readonly since: string },
): Promise<void> {
  if (await hasComment(gitHub, comment)) return;
  await act(gitHub, {
    effect: "comment",
    route: `POST ${route}`,
    parameters: { issue_number: comment.number, body: comment.body },
    schema: z.object({ id: z.number() }),
  });
}
