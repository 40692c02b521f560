/** Routes of issues: lists, reading, comments, labels, events. They also serve a pull request as the issue that it is. */
import { z } from "zod";
import { commentDocument, eventDocument, issueDocument, labelDocument } from "../documents/issues.ts";
import { actorOf, type RepositoryCall, type RestAnswer, type RestRoute, repositoryRoute } from "../rest/call.ts";
import { numberParam, pageOf, parseBody } from "../rest/read-body.ts";
import { addComment, addLabels, findComment, findIssue, removeLabel } from "../state/issues.ts";
import type { IssueRecord } from "../state/records.ts";
import { GitHubRefusal } from "../state/refusal.ts";
import { hasRole, instant } from "../state/world.ts";

const read = { permission: "issues", or: "pull_requests", level: "read" } as const;
const write = { permission: "issues", or: "pull_requests", level: "write" } as const;

export const issueRoutes: readonly RestRoute[] = [
  repositoryRoute("GET", "/issues", read, listIssues),
  repositoryRoute("GET", "/issues/comments/:id", read, async (call) => {
    const found = findComment(call.repository, numberParam(call, "id"));
    return { document: commentDocument(call.site, call.repository, found) };
  }),
  // Whoever may read may comment.
  repositoryRoute("PATCH", "/issues/comments/:id", { ...write, role: "read" }, patchComment),
  repositoryRoute("GET", "/issues/:number", read, async (call) => ({
    document: issueDocument(call.site, call.repository, issueOf(call)),
  })),
  repositoryRoute("GET", "/issues/:number/comments", read, listComments),
  repositoryRoute("POST", "/issues/:number/comments", { ...write, role: "read" }, postComment),
  repositoryRoute("GET", "/issues/:number/events", read, async (call) => {
    const { items, headers } = pageOf(call, issueOf(call).events);
    return { document: items.map((event) => eventDocument(call.site, call.repository, event)), headers };
  }),
  repositoryRoute("POST", "/issues/:number/labels", write, postLabels),
  repositoryRoute("DELETE", "/issues/:number/labels/:name", write, async (call) => {
    const issue = issueOf(call);
    removeLabel(call.world, { issue, actor: actorOf(call), name: call.params["name"] ?? "" });
    return { document: labelsOf(call, issue) };
  }),
];

function issueOf(call: RepositoryCall): IssueRecord {
  return findIssue(call.repository, numberParam(call, "number"));
}

function labelsOf({ site, repository }: RepositoryCall, { labels }: IssueRecord) {
  return labels.map((label) => labelDocument(site, repository, label));
}

async function listIssues(call: RepositoryCall): Promise<RestAnswer> {
  const { site, repository, query } = call;
  const state = query.get("state") ?? "open";
  const since = query.get("since");
  const names = (query.get("labels") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  if (since !== null && Number.isNaN(Date.parse(since))) throw new GitHubRefusal(422, "Invalid since parameter");
  const isAsked = (issue: IssueRecord) =>
    (state === "all" || issue.state === state) &&
    (since === null || Date.parse(issue.updatedAt) >= Date.parse(since)) &&
    names.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name));
  const key = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sorted = [...repository.issues.values()]
    .filter(isAsked)
    .toSorted((left, right) => left[key].localeCompare(right[key]) || left.number - right.number);
  const { items, headers } = pageOf(call, query.get("direction") === "asc" ? sorted : sorted.toReversed());
  return { document: items.map((issue) => issueDocument(site, repository, issue)), headers };
}

async function listComments(call: RepositoryCall): Promise<RestAnswer> {
  const issue = issueOf(call);
  const since = call.query.get("since");
  const comments = issue.comments.filter(
    ({ updatedAt }) => since === null || Date.parse(updatedAt) >= Date.parse(since),
  );
  const { items, headers } = pageOf(call, comments);
  return { document: items.map((comment) => commentDocument(call.site, call.repository, { issue, comment })), headers };
}

const commentSchema = z.object({ body: z.string() });

async function postComment(call: RepositoryCall): Promise<RestAnswer> {
  const { body } = parseBody(call, commentSchema);
  const issue = issueOf(call);
  const comment = addComment(call.world, issue, { actor: actorOf(call), body });
  return { status: 201, document: commentDocument(call.site, call.repository, { issue, comment }) };
}

async function patchComment(call: RepositoryCall): Promise<RestAnswer> {
  const { body } = parseBody(call, commentSchema);
  const { issue, comment } = findComment(call.repository, numberParam(call, "id"));
  const actor = actorOf(call);
  if (comment.author.id !== actor.account.id && !hasRole(call.role, "write")) {
    const bearer = actor.app === undefined ? "personal access token" : "integration";
    throw new GitHubRefusal(403, `Resource not accessible by ${bearer}`);
  }
  Object.assign(comment, { body, updatedAt: instant(call.world) });
  return { document: commentDocument(call.site, call.repository, { issue, comment }) };
}

const nameSchema = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]);
const labelsSchema = z.union([
  z.object({ labels: z.array(nameSchema) }).transform(({ labels }) => labels),
  z.array(nameSchema),
]);

async function postLabels(call: RepositoryCall): Promise<RestAnswer> {
  const names = parseBody(call, labelsSchema);
  const issue = issueOf(call);
  addLabels(call.world, call.repository, { issue, actor: actorOf(call), names });
  return { document: labelsOf(call, issue) };
}
