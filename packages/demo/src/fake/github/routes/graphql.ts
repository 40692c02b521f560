/** The GraphQL route: two queries, which change nothing, and the mutations of reviews.ts. It answers whole documents whatever was selected. */
import { z } from "zod";
import { issueHtml } from "../documents/issues.ts";
import { hasPermission, maySee } from "../rest/authorize.ts";
import { plainRoute, type RestAnswer, type RestCall, type RestRoute } from "../rest/call.ts";
import { parseBody } from "../rest/read-body.ts";
import { GitHubRefusal } from "../state/refusal.ts";
import { findRepository } from "../state/world.ts";
import { changeDraft, graphqlFailure } from "./reviews.ts";

const read = { permission: "issues", level: "read" } as const;

export const graphqlRoutes: readonly RestRoute[] = [plainRoute("POST", "/graphql", answerGraphql)];

const querySchema = z.object({ query: z.string(), variables: z.unknown().optional() });
const issueVariablesSchema = z.object({ owner: z.string(), name: z.string(), number: z.int() });

async function answerGraphql(call: RestCall): Promise<RestAnswer> {
  const { query, variables } = parseBody(call, querySchema);
  if (/^\s*mutation\b/.test(query)) return changeDraft(call);
  if (call.caller.kind !== "token") throw new GitHubRefusal(401, "This endpoint requires you to be authenticated.");
  const place = issueVariablesSchema.safeParse(variables);
  const isIssue =
    /\brepository\s*\(\s*owner\s*:\s*\$owner\s*,\s*name\s*:\s*\$name\s*\)\s*\{\s*issue\s*\(\s*number\s*:\s*\$number/;
  const answer = /\{\s*viewer\s*\{/.test(query)
    ? { document: { data: { viewer: { login: call.caller.token.actor.login } } } }
    : isIssue.test(query) && place.success
      ? readIssue(call, place.data)
      : graphqlFailure("undefinedField", "The fake of GitHub knows only two mutations and two queries");
  return { ...answer, mutates: false };
}

function readIssue(call: RestCall, { owner, name, number }: z.infer<typeof issueVariablesSchema>): RestAnswer {
  const repository = findRepository(call.world, `${owner}/${name}`);
  if (call.caller.kind !== "token" || repository === undefined || !maySee(repository, call.caller.token))
    return graphqlFailure(
      "NOT_FOUND",
      `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      "repository",
    );
  if (!hasPermission(repository, call.caller.token, read))
    return graphqlFailure("FORBIDDEN", "Resource not accessible by personal access token", "repository");
  const issue = repository.issues.get(number);
  if (issue === undefined || issue.pull !== null)
    return graphqlFailure("NOT_FOUND", `Could not resolve to an Issue with the number of ${number}.`, "repository");
  const { title, body, lastEditedAt } = issue;
  const url = issueHtml(call.site, repository, issue);
  return { document: { data: { repository: { issue: { number, url, title, body: body ?? "", lastEditedAt } } } } };
}
