/** Commits, refs, statuses and check runs in the form of GitHub's documents. */
import { combinedState, latestStatuses } from "../state/check-results.ts";
import type { CommitFacts, Signature } from "../state/git.ts";
import type { AccountRecord, CheckRunRecord, RepositoryRecord, StatusRecord } from "../state/records.ts";
import { repositoryDocument } from "./repository.ts";
import { type GitHubSite, nodeId } from "./site.ts";
import { appDocument, simpleUser } from "./users.ts";

export function commitDocument(
  site: GitHubSite,
  { fullName, id }: RepositoryRecord,
  { facts, accountOf }: { facts: CommitFacts; accountOf: (signature: Signature) => AccountRecord | undefined },
) {
  const repositoryUrl = `${site.api}/repos/${fullName}`;
  const html = `${site.origin}/${fullName}/commit`;
  const { sha, author, committer } = facts;
  const person = (signature: Signature) => {
    const account = accountOf(signature);
    return account === undefined ? null : simpleUser(site, account);
  };
  const instant = (date: string) => new Date(date).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    sha,
    node_id: nodeId("C", id) + Buffer.from(sha).toString("base64url"),
    commit: {
      author: { ...author, date: instant(author.date) },
      committer: { ...committer, date: instant(committer.date) },
      message: facts.message,
      tree: { sha: facts.tree, url: `${repositoryUrl}/git/trees/${facts.tree}` },
      url: `${repositoryUrl}/git/commits/${sha}`,
      comment_count: 0,
      verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
    },
    url: `${repositoryUrl}/commits/${sha}`,
    html_url: `${html}/${sha}`,
    comments_url: `${repositoryUrl}/commits/${sha}/comments`,
    author: person(author),
    committer: person(committer),
    parents: facts.parents.map((parent) => ({
      sha: parent,
      url: `${repositoryUrl}/commits/${parent}`,
      html_url: `${html}/${parent}`,
    })),
  };
}

export function refDocument(
  site: GitHubSite,
  { fullName, id }: RepositoryRecord,
  { ref, type, sha }: { ref: string; type: string; sha: string },
) {
  const url = `${site.api}/repos/${fullName}/git`;
  return {
    ref,
    node_id: nodeId("REF", id) + Buffer.from(ref).toString("base64url"),
    url: `${url}/${ref}`,
    object: { sha, type, url: `${url}/${type}s/${sha}` },
  };
}

export function statusDocument(site: GitHubSite, { fullName }: RepositoryRecord, status: StatusRecord) {
  return {
    url: `${site.api}/repos/${fullName}/statuses/${status.sha}`,
    avatar_url: simpleUser(site, status.creator).avatar_url,
    id: status.id,
    node_id: nodeId("SC", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

/** The combined status of a commit; `statuses`: the page of its latest ones. */
export function combinedStatusDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  { sha, statuses }: { sha: string; statuses: readonly StatusRecord[] },
) {
  const url = `${site.api}/repos/${repository.fullName}/commits/${sha}`;
  const all = latestStatuses(repository, sha);
  return {
    state: combinedState(all),
    statuses: statuses.map((status) => statusDocument(site, repository, status)),
    sha,
    total_count: all.length,
    repository: repositoryDocument(site, repository, undefined),
    commit_url: url,
    url: `${url}/status`,
  };
}

export function checkRunDocument(site: GitHubSite, repository: RepositoryRecord, run: CheckRunRecord) {
  const repositoryUrl = `${site.api}/repos/${repository.fullName}`;
  const url = `${repositoryUrl}/check-runs/${run.id}`;
  const html = `${site.origin}/${repository.fullName}/runs/${run.id}`;
  const { annotations, ...output } = run.output;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CR", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...output, annotations_count: annotations, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suiteId },
    app: appDocument(site, run.app),
    pull_requests: pullsOfHead(site, repository, run.headSha),
  };
}

/** `runs`: all of one suite, only the newest of each name. */
export function checkSuiteDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  {
    runs,
    isOpen,
    facts,
  }: { runs: readonly [CheckRunRecord, ...CheckRunRecord[]]; isOpen: boolean; facts: CommitFacts },
) {
  const [{ suiteId: id, app, headSha, startedAt }] = runs;
  const url = `${site.api}/repos/${repository.fullName}/check-suites/${id}`;
  const isCompleted = !isOpen && runs.every(({ status }) => status === "completed");
  const worst = runs.find(({ conclusion }) => conclusion !== "success") ?? runs[0];
  return {
    id,
    node_id: nodeId("CS", id),
    head_branch: null,
    head_sha: headSha,
    before: null,
    after: null,
    status: isCompleted ? "completed" : runs.every(({ status }) => status === "queued") ? "queued" : "in_progress",
    conclusion: isCompleted ? worst.conclusion : null,
    url,
    check_runs_url: `${url}/check-runs`,
    latest_check_runs_count: runs.length,
    app: appDocument(site, app),
    created_at: startedAt,
    updated_at: startedAt,
    pull_requests: pullsOfHead(site, repository, headSha),
    repository: repositoryDocument(site, repository, undefined),
    head_commit: {
      id: facts.sha,
      tree_id: facts.tree,
      message: facts.message,
      timestamp: new Date(facts.committer.date).toISOString(),
      author: { name: facts.author.name, email: facts.author.email },
      committer: { name: facts.committer.name, email: facts.committer.email },
    },
  };
}

function pullsOfHead(site: GitHubSite, { id, name, fullName, issues }: RepositoryRecord, sha: string) {
  const url = `${site.api}/repos/${fullName}`;
  const repo = { id, url, name };
  return [...issues.values()].flatMap(({ pull, state, number }) =>
    pull === null || state !== "open" || pull.headSha !== sha
      ? []
      : [
          {
            url: `${url}/pulls/${number}`,
            id: pull.id,
            number,
            head: { ref: pull.headRef, sha: pull.headSha, repo },
            base: { ref: pull.baseRef, sha: pull.baseSha, repo },
          },
        ],
  );
}
