/** The GraphQL API as far as the fake has it: a pull request with its merge queue, turning it into a draft and back, and adding it to the queue. */
import { GraphQLError } from "graphql";
import { z } from "zod";
import { issueGraphql, pullGraphql } from "../documents/graphql.ts";
import { idOfNode } from "../documents/site.ts";
import { hasPermission, maySee } from "../rest/authorize.ts";
import { actorOf, plainRoute, type RestAnswer, type RestCall, type RestRoute } from "../rest/call.ts";
import { type GraphqlRequest, readGraphql } from "../rest/graphql-request.ts";
import { parseBody } from "../rest/read-body.ts";
import type { Actor } from "../state/issues.ts";
import { enqueue } from "../state/merge-queue.ts";
import { followBranches, isPull, type PullIssue, setDraft } from "../state/pulls.ts";
import type { RepositoryRecord, TokenRecord } from "../state/records.ts";
import { GitHubRefusal } from "../state/refusal.ts";
import { findRepository, hasRole, roleOf, type World } from "../state/world.ts";

export const graphqlRoutes: readonly RestRoute[] = [plainRoute("POST", "/graphql", answerGraphql)];

const requestSchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}) });

async function answerGraphql(call: RestCall): Promise<RestAnswer> {
  if (call.caller.kind !== "token") throw new GitHubRefusal(401, "This endpoint requires you to be authenticated.");
  const { token } = call.caller;
  const { query, variables } = parseBody(call, requestSchema);
  const request = readGraphql(query, variables);
  if (typeof request === "string") return failed({ message: request, extensions: { code: "parseError" } });
  try {
    if (request.field === "viewer")
      return { document: { data: { viewer: request.select({ login: token.actor.login }) } }, mutates: false };
    return request.field === "repository"
      ? { ...(await readRepository(call, token, request)), mutates: false }
      : await mutate(call, token, request);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return failed({ message: error.message, extensions: { code: "undefinedField" } });
  }
}

const placeSchema = z.object({ owner: z.string(), name: z.string() });

async function readRepository(
  { world, site }: RestCall,
  token: TokenRecord,
  request: GraphqlRequest,
): Promise<RestAnswer> {
  const { owner, name } = placeSchema.parse(request.arguments);
  const repository = findRepository(world, `${owner}/${name}`);
  if (repository === undefined || !maySee(repository, token)) {
    const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
    return failed({ type: "NOT_FOUND", path: ["repository"], message });
  }
  return world.exclusively(repository.fullName, async () => {
    await followBranches(world, repository);
    const pullRequest = ({ number }: Readonly<Record<string, unknown>>) => {
      const issue = repository.issues.get(Number(number));
      return issue !== undefined && isPull(issue) ? pullGraphql(repository, issue) : null;
    };
    const issue = ({ number }: Readonly<Record<string, unknown>>) => {
      const found = repository.issues.get(Number(number));
      return found === undefined || found.pull !== null ? null : issueGraphql(site, repository, found);
    };
    const document = { data: { repository: request.select({ pullRequest, issue }) } };
    const selected = document.data.repository as Readonly<Record<string, unknown>>;
    if (selected["issue"] === null)
      return failed({ type: "NOT_FOUND", path: ["repository", "issue"], message: "Could not resolve to an Issue" });
    const mayRead = hasPermission(repository, token, { permission: "issues", level: "read" });
    if ("issue" in selected && !mayRead)
      return failed({
        type: "FORBIDDEN",
        path: ["repository", "issue"],
        message: "Resource not accessible by personal access token",
      });
    return { document };
  });
}

const inputSchema = z.looseObject({ pullRequestId: z.string(), expectedHeadOid: z.string().optional() });

interface Change {
  readonly world: World;
  readonly repository: RepositoryRecord;
  readonly issue: PullIssue;
  readonly actor: Actor;
  readonly expectedHead: string | undefined;
}

/** Performs each mutation and returns its answer. */
const mutations: Readonly<Record<string, (change: Change) => unknown>> = {
  markPullRequestReadyForReview: (change) => changeDraft(change, false),
  convertPullRequestToDraft: (change) => changeDraft(change, true),
  enqueuePullRequest: ({ world, repository, issue, actor, expectedHead }) => {
    enqueue(world, repository, issue, { actor, expectedHead });
    return { mergeQueueEntry: pullGraphql(repository, issue).mergeQueueEntry };
  },
};

function changeDraft({ world, repository, issue, actor }: Change, draft: boolean): unknown {
  setDraft(world, issue, { actor, draft });
  return { pullRequest: pullGraphql(repository, issue) };
}

async function mutate(call: RestCall, token: TokenRecord, request: GraphqlRequest): Promise<RestAnswer> {
  const name = request.field;
  const change = Object.hasOwn(mutations, name) ? mutations[name] : undefined;
  if (change === undefined) throw new GraphQLError(`Field '${name}' doesn't exist on type 'Mutation'`);
  const { pullRequestId, expectedHeadOid } = inputSchema.parse(request.arguments["input"]);
  const refused = (type: string, message: string) => failed({ type, path: [name], message }, name);
  const found = findByNode(call, token, pullRequestId);
  if (found === undefined)
    return refused("NOT_FOUND", `Could not resolve to a node with the global id of '${pullRequestId}'`);
  const { repository, issue } = found;
  const write = { permission: "pull_requests", level: "write" } as const;
  if (!hasPermission(repository, token, write) || !hasRole(roleOf(repository, token.actor), "write")) {
    const bearer = token.app === undefined ? "personal access token" : "integration";
    return refused("FORBIDDEN", `Resource not accessible by ${bearer}`);
  }
  return call.world.exclusively(repository.fullName, async () => {
    await followBranches(call.world, repository);
    const options = { world: call.world, repository, issue, actor: actorOf(call), expectedHead: expectedHeadOid };
    try {
      const answer = change(options) as object;
      return { document: { data: { [name]: request.select({ clientMutationId: null, ...answer }) } } };
    } catch (error) {
      if (error instanceof GitHubRefusal) return refused("UNPROCESSABLE", error.message);
      throw error;
    }
  });
}

function findByNode(
  { world }: RestCall,
  token: TokenRecord,
  node: string,
): Pick<Change, "repository" | "issue"> | undefined {
  const id = idOfNode("PR", node);
  for (const repository of world.repositories.values()) {
    if (id === undefined || !maySee(repository, token)) continue;
    const issue = [...repository.issues.values()].filter(isPull).find(({ pull }) => pull.id === id);
    if (issue !== undefined) return { repository, issue };
  }
  return undefined;
}

/** GraphQL refuses with 200 and a list of errors. `name`: the refused mutation. */
function failed(error: { message: string } & Readonly<Record<string, unknown>>, name?: string): RestAnswer {
  const data = name === undefined ? {} : { data: { [name]: null } };
  return { document: { ...data, errors: [{ ...error, locations: [{ line: 1, column: 1 }] }] } };
}
