/** Routes of pull requests: lists, opening, reading, editing, merging. Reviews are in reviews.ts. */
import { z } from "zod";
import { pullDocument, simplePullDocument } from "../documents/pulls.ts";
import { actorOf, type RepositoryCall, type RestAnswer, type RestRoute, repositoryRoute } from "../rest/call.ts";
import { numberParam, pageOf, parseBody } from "../rest/read-body.ts";
import { commitsBetween, diffSize } from "../state/git.ts";
import { closeIssue, editIssue } from "../state/issues.ts";
import { mergePull, readMergeability } from "../state/merge.ts";
import { changeBase, findPull, followBranches, isPull, openPull, type PullIssue, reopenPull } from "../state/pulls.ts";

const read = { permission: "pull_requests", level: "read" } as const;
const write = { permission: "pull_requests", level: "write" } as const;

export const pullRoutes: readonly RestRoute[] = [
  repositoryRoute("GET", "/pulls", read, listPulls),
  // Whoever reads a public repository may open a pull request from a fork, but only whoever may push may open one from its branches.
  repositoryRoute("POST", "/pulls", write, postPull),
  repositoryRoute("GET", "/pulls/:number", read, async (call) => ({
    document: await describePull(call, pullOf(call)),
  })),
  repositoryRoute("PATCH", "/pulls/:number", write, patchPull),
  repositoryRoute("PUT", "/pulls/:number/merge", { permission: "contents", level: "write" }, putMerge),
];

export function pullOf(call: RepositoryCall): PullIssue {
  return findPull(call.repository, numberParam(call, "number"));
}

async function describePull({ world, site, repository, role }: RepositoryCall, issue: PullIssue) {
  const { pull } = issue;
  const mergeability = await readMergeability(world, repository, issue);
  const size = await diffSize(world, repository, pull.baseSha, pull.headSha);
  const commits = (await commitsBetween(world, repository, pull.baseSha, pull.headSha)).length;
  return pullDocument(site, repository, { issue, role, mergeability, size, commits });
}

async function listPulls(call: RepositoryCall): Promise<RestAnswer> {
  const { site, repository, role, query } = call;
  const state = query.get("state") ?? "open";
  const head = query.get("head");
  const base = query.get("base");
  const byUpdate = query.get("sort") === "updated";
  const owner = repository.owner.login;
  const pulls = [...repository.issues.values()].filter(isPull).filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      // As on GitHub, a head without its owner filters nothing.
      (head === null || !head.includes(":") || head.toLowerCase() === `${owner}:${issue.pull.headRef}`.toLowerCase()) &&
      (base === null || base === issue.pull.baseRef),
  );
  const direction =
    query.get("direction") ?? (query.get("sort") === null || query.get("sort") === "created" ? "desc" : "asc");
  const sorted = byUpdate ? pulls.toSorted((left, right) => left.updatedAt.localeCompare(right.updatedAt)) : pulls;
  const { items, headers } = pageOf(call, direction === "desc" ? sorted.toReversed() : sorted);
  return { document: items.map((issue) => simplePullDocument(site, repository, { issue, role })), headers };
}

const pullSchema = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().default(false),
});

async function postPull(call: RepositoryCall): Promise<RestAnswer> {
  const {
    title,
    head,
    base,
    body = null,
    draft,
    maintainer_can_modify: maintainerCanModify,
  } = parseBody(call, pullSchema);
  const input = { actor: actorOf(call), title, head, base, body, draft, maintainerCanModify };
  const issue = await openPull(call.world, call.repository, input);
  return { status: 201, document: await describePull(call, issue) };
}

const pullPatchSchema = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

async function patchPull(call: RepositoryCall): Promise<RestAnswer> {
  const { world, repository } = call;
  const { title, body, state, base, maintainer_can_modify: maintainerCanModify } = parseBody(call, pullPatchSchema);
  const issue = pullOf(call);
  const actor = actorOf(call);
  if (base !== undefined) await changeBase(world, repository, issue, base);
  editIssue(world, issue, { actor, title, body });
  if (maintainerCanModify !== undefined) issue.pull.maintainerCanModify = maintainerCanModify;
  if (state === "closed") closeIssue(world, issue, { actor });
  if (state === "open") await reopenPull(world, repository, issue, actor);
  return { document: await describePull(call, issue) };
}

const mergeSchema = z.object({
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).default("merge"),
});

async function putMerge(call: RepositoryCall): Promise<RestAnswer> {
  const { world, repository } = call;
  const {
    commit_title: title,
    commit_message: message,
    sha,
    merge_method: method,
  } = parseBody({ ...call, body: call.body ?? {} }, mergeSchema);
  const merged = await mergePull(world, repository, pullOf(call), {
    actor: actorOf(call),
    method,
    sha,
    title,
    message,
  });
  await followBranches(world, repository);
  return { document: { sha: merged, merged: true, message: "Pull Request successfully merged" } };
}
