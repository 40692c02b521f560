/** Issues, their comments, labels and events in the form of GitHub's documents. */
import type {
  AccountRecord,
  CommentRecord,
  EventRecord,
  IssueRecord,
  LabelRecord,
  RepositoryRecord,
} from "../state/records.ts";
import { type GitHubSite, nodeId } from "./site.ts";
import { appDocument, simpleUser } from "./users.ts";

export function issueDocument(site: GitHubSite, repository: RepositoryRecord, issue: IssueRecord) {
  const repositoryUrl = `${site.api}/repos/${repository.fullName}`;
  const url = `${repositoryUrl}/issues/${issue.number}`;
  return {
    url,
    repository_url: repositoryUrl,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issueHtml(site, repository, issue),
    id: issue.id,
    node_id: nodeId(issue.pull === null ? "I" : "PR", issue.pull?.id ?? issue.id),
    number: issue.number,
    title: issue.title,
    user: simpleUser(site, issue.author),
    labels: issue.labels.map((label) => labelDocument(site, repository, label)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    active_lock_reason: null,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : simpleUser(site, issue.closedBy),
    author_association: associationOf(repository, issue.author),
    performed_via_github_app: issue.app === undefined ? null : appDocument(site, issue.app),
    body: issue.body,
    reactions: noReactions(url),
    ...(issue.pull === null ? {} : { draft: issue.pull.draft, pull_request: pullLinks(site, repository, issue) }),
  };
}

function pullLinks(site: GitHubSite, repository: RepositoryRecord, { number, pull }: IssueRecord) {
  const html = `${site.origin}/${repository.fullName}/pull/${number}`;
  return {
    url: `${site.api}/repos/${repository.fullName}/pulls/${number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    merged_at: pull?.mergedAt ?? null,
  };
}

export function issueHtml(
  { origin }: GitHubSite,
  { fullName }: RepositoryRecord,
  { number, pull }: IssueRecord,
): string {
  return `${origin}/${fullName}/${pull === null ? "issues" : "pull"}/${number}`;
}

export function associationOf(repository: RepositoryRecord, account: AccountRecord): "OWNER" | "COLLABORATOR" | "NONE" {
  if (account.id === repository.owner.id) return "OWNER";
  return repository.roles.has(account.login.toLowerCase()) ? "COLLABORATOR" : "NONE";
}

function noReactions(url: string) {
  const none = { "+1": 0, "-1": 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...none };
}

export function labelDocument(site: GitHubSite, { fullName }: RepositoryRecord, label: LabelRecord) {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${site.api}/repos/${fullName}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function commentDocument(
  site: GitHubSite,
  repository: RepositoryRecord,
  { issue, comment }: { issue: IssueRecord; comment: CommentRecord },
) {
  const repositoryUrl = `${site.api}/repos/${repository.fullName}`;
  const url = `${repositoryUrl}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${issueHtml(site, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IC", comment.id),
    user: simpleUser(site, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: associationOf(repository, comment.author),
    performed_via_github_app: comment.app === undefined ? null : appDocument(site, comment.app),
    reactions: noReactions(url),
  };
}

export function eventDocument(site: GitHubSite, repository: RepositoryRecord, event: EventRecord) {
  const url = `${site.api}/repos/${repository.fullName}`;
  return {
    id: event.id,
    node_id: nodeId("EV", event.id),
    url: `${url}/issues/events/${event.id}`,
    actor: simpleUser(site, event.actor),
    event: event.event,
    commit_id: event.commitId,
    commit_url: event.commitId === null ? null : `${url}/commits/${event.commitId}`,
    created_at: event.createdAt,
    performed_via_github_app: event.app === undefined ? null : appDocument(site, event.app),
    ...event.details,
  };
}
