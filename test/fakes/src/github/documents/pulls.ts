/** Pull requests, reviews and review comments in the form of GitHub's documents. */
import type { DiffSize } from "../state/git.ts";
import type { MergeabilityAnswer } from "../state/merge.ts";
import type { PullIssue } from "../state/pulls.ts";
import type { RepositoryRecord, ReviewCommentRecord, ReviewRecord, Role } from "../state/records.ts";
import { associationOf, issueHtml, labelDocument } from "./issues.ts";
import { repositoryDocument } from "./repository.ts";
import { type GitHubSite, nodeId } from "./site.ts";
import { simpleUser, teamDocument } from "./users.ts";

/** A pull request in the form of lists. */
export function simplePullDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  { issue, role }: { issue: PullIssue; role: Role | undefined },
) {
  const { pull, number } = issue;
  const repositoryUrl = `${site.api}/repos/${repository.fullName}`;
  const url = `${repositoryUrl}/pulls/${number}`;
  const issueUrl = `${repositoryUrl}/issues/${number}`;
  const html = issueHtml(site, repository, issue);
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: simpleUser(site, repository.owner),
    repo: repositoryDocument(site, repository, role),
  });
  const addresses = {
    commits: `${url}/commits`,
    review_comments: `${url}/comments`,
    review_comment: `${repositoryUrl}/pulls/comments{/number}`,
    comments: `${issueUrl}/comments`,
    statuses: `${repositoryUrl}/statuses/${pull.headSha}`,
  };
  const links = { self: url, html, issue: issueUrl, ...addresses };
  return {
    url,
    id: pull.id,
    node_id: nodeId("PR", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    ...Object.fromEntries(Object.entries(addresses).map(([name, address]) => [`${name}_url`, address])),
    number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    user: simpleUser(site, issue.author),
    body: issue.body,
    labels: issue.labels.map((label) => labelDocument(site, repository, label)),
    milestone: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha ?? pull.mergeability?.testMergeSha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.requestedReviewers.map((account) => simpleUser(site, account)),
    requested_teams: pull.requestedTeams.map((team) => teamDocument(site, repository, team)),
    draft: pull.draft,
    head: side(pull.headRef, pull.headSha),
    base: side(pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: associationOf(repository, issue.author),
    auto_merge: null,
  };
}

/** A pull request in the form of a single document. */
export function pullDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  options: {
    issue: PullIssue;
    role: Role | undefined;
    mergeability: MergeabilityAnswer;
    size: DiffSize;
    commits: number;
  },
) {
  const { issue, mergeability, size } = options;
  const { pull } = issue;
  return {
    ...simplePullDocument(site, repository, options),
    merged: pull.mergedAt !== null,
    mergeable: mergeability.mergeable,
    rebaseable: mergeability.mergeable,
    mergeable_state: mergeability.state,
    merged_by: pull.mergedBy === null ? null : simpleUser(site, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: options.commits,
    additions: size.additions,
    deletions: size.deletions,
    changed_files: size.changedFiles,
  };
}

export function reviewDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  { issue, review }: { issue: PullIssue; review: ReviewRecord },
) {
  const html = `${issueHtml(site, repository, issue)}#pullrequestreview-${review.id}`;
  const pullUrl = `${site.api}/repos/${repository.fullName}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId("PRR", review.id),
    user: simpleUser(site, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, review.author),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    ...(review.state === "PENDING" ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

export function reviewCommentDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  { issue, comment }: { issue: PullIssue; comment: ReviewCommentRecord },
) {
  const url = `${site.api}/repos/${repository.fullName}/pulls/comments/${comment.id}`;
  const html = `${issueHtml(site, repository, issue)}#discussion_r${comment.id}`;
  const pullUrl = `${site.api}/repos/${repository.fullName}/pulls/${issue.number}`;
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId("PRRC", comment.id),
    diff_hunk: "",
    path: comment.path,
    commit_id: comment.commitId,
    original_commit_id: comment.commitId,
    user: simpleUser(site, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.createdAt,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, comment.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    line: comment.line,
    original_line: comment.line,
    side: "RIGHT",
    subject_type: "line",
  };
}
