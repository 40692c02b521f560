/** Routes of reviews and review comments, and the two GraphQL mutations (graphql.ts) that turn a pull request into a draft and back. */
import { z } from "zod";
import { reviewCommentDocument, reviewDocument } from "../documents/pulls.ts";
import { idOfNode, nodeId } from "../documents/site.ts";
import { hasPermission, maySee } from "../rest/authorize.ts";
import {
  actorOf,
  type RepositoryCall,
  type RestAnswer,
  type RestCall,
  type RestRoute,
  repositoryRoute,
} from "../rest/call.ts";
import { pageOf, parseBody } from "../rest/read-body.ts";
import { isPull, type PullIssue, setDraft, submitReview } from "../state/pulls.ts";
import type { RepositoryRecord, TokenRecord } from "../state/records.ts";
import { GitHubRefusal } from "../state/refusal.ts";
import { hasRole, roleOf } from "../state/world.ts";
import { pullOf } from "./pulls.ts";

const read = { permission: "pull_requests", level: "read" } as const;
const write = { permission: "pull_requests", level: "write" } as const;

export const reviewRoutes: readonly RestRoute[] = [
  repositoryRoute("GET", "/pulls/:number/reviews", read, async (call) => {
    const issue = pullOf(call);
    const { items, headers } = pageOf(call, issue.pull.reviews);
    return { document: items.map((review) => reviewDocument(call.site, call.repository, { issue, review })), headers };
  }),
  // Who may read may review; such a review does not count for a protected branch.
  repositoryRoute("POST", "/pulls/:number/reviews", { ...write, role: "read" }, postReview),
  repositoryRoute("GET", "/pulls/:number/comments", read, async (call) => {
    const issue = pullOf(call);
    const { items, headers } = pageOf(call, issue.pull.reviewComments);
    return {
      document: items.map((comment) => reviewCommentDocument(call.site, call.repository, { issue, comment })),
      headers,
    };
  }),
];

const reviewSchema = z.object({
  commit_id: z.string().optional(),
  body: z.string().optional(),
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]).optional(),
  comments: z.array(z.object({ path: z.string(), line: z.int().default(1), body: z.string() })).optional(),
});

async function postReview(call: RepositoryCall): Promise<RestAnswer> {
  const { commit_id: commitId, ...input } = parseBody(call, reviewSchema);
  const issue = pullOf(call);
  if (
    (input.event === "COMMENT" || input.event === "REQUEST_CHANGES") &&
    (input.body ?? "") === "" &&
    input.comments === undefined
  )
    throw new GitHubRefusal(422, "Unprocessable Entity");
  const review = submitReview(call.world, issue, { ...input, commitId, actor: actorOf(call) });
  return { document: reviewDocument(call.site, call.repository, { issue, review }) };
}

const graphqlSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}) });
const mutation =
  /\b(markPullRequestReadyForReview|convertPullRequestToDraft)\s*\(\s*input\s*:\s*\{[^}]*pullRequestId\s*:\s*(?:"([^"]+)"|\$(\w+))/;
const inputVariable = /\b(markPullRequestReadyForReview|convertPullRequestToDraft)\s*\(\s*input\s*:\s*\$(\w+)/;
const inputSchema = z.looseObject({ pullRequestId: z.string() });

/** Understands only these two mutations, and answers every field of a pull request's draft state whatever was selected. */
export async function changeDraft(call: RestCall): Promise<RestAnswer> {
  if (call.caller.kind !== "token") throw new GitHubRefusal(401, "This endpoint requires you to be authenticated.");
  const { token } = call.caller;
  const { query, variables } = parseBody(call, graphqlSchema);
  const asked = readMutation(query, variables);
  if (asked === undefined)
    return graphqlFailure("undefinedField", "The fake of GitHub knows only two mutations and two queries");
  const { name, node } = asked;
  const found = findByNode(call, token, node);
  if (found === undefined)
    return graphqlFailure("NOT_FOUND", `Could not resolve to a node with the global id of '${node}'`, name);
  const { repository, issue } = found;
  const isAllowed = hasPermission(repository, token, write) && hasRole(roleOf(repository, token.actor), "write");
  if (!isAllowed) {
    const bearer = token.app === undefined ? "personal access token" : "integration";
    return graphqlFailure("FORBIDDEN", `Resource not accessible by ${bearer}`, name);
  }
  const draft = name === "convertPullRequestToDraft";
  await call.world.exclusively(repository.fullName, async () =>
    setDraft(call.world, issue, { actor: actorOf(call), draft }),
  );
  const pullRequest = { id: node, number: issue.number, isDraft: issue.pull.draft, state: issue.state.toUpperCase() };
  return { document: { data: { [name]: { clientMutationId: null, pullRequest } } } };
}

function readMutation(query: string, variables: Record<string, unknown>): { name: string; node: string } | undefined {
  const [, name, literal, variable] = mutation.exec(query) ?? [];
  const value = literal ?? (variable === undefined ? undefined : variables[variable]);
  if (name !== undefined && typeof value === "string") return { name, node: value };
  const [, whole, input = ""] = inputVariable.exec(query) ?? [];
  const parsed = inputSchema.safeParse(variables[input]);
  return whole !== undefined && parsed.success ? { name: whole, node: parsed.data.pullRequestId } : undefined;
}

function findByNode(
  { world }: RestCall,
  token: TokenRecord,
  node: string,
): { repository: RepositoryRecord; issue: PullIssue } | undefined {
  const id = idOfNode("PR", node);
  for (const repository of world.repositories.values()) {
    if (!maySee(repository, token)) continue;
    const issue = [...repository.issues.values()]
      .filter(isPull)
      .find(({ pull }) => pull.id === id && nodeId("PR", pull.id) === node);
    if (issue !== undefined) return { repository, issue };
  }
  return undefined;
}

/** GraphQL refuses with 200 and a list of errors. */
export function graphqlFailure(type: string, message: string, name?: string): RestAnswer {
  const data = name === undefined ? {} : { data: { [name]: null } };
  const path = name === undefined ? {} : { path: [name] };
  return { document: { ...data, errors: [{ type, ...path, locations: [{ line: 1, column: 1 }], message }] } };
}
