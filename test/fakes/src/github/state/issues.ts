/** Changes of an issue, and of a pull request as far as it is one: comments, labels, edits, closing, and their events. */
import { randomInt } from "node:crypto";
import type {
  AccountRecord,
  AppRecord,
  CommentRecord,
  EventRecord,
  IssueRecord,
  LabelRecord,
  PullRecord,
  RepositoryRecord,
} from "./records.ts";
import { GitHubRefusal, notFoundRefusal } from "./refusal.ts";
import { instant, type World } from "./world.ts";

/** The acting account, and the app through which it acts. */
export interface Actor {
  readonly account: AccountRecord;
  readonly app: AppRecord | undefined;
}

export function openIssue(
  world: World,
  repository: RepositoryRecord,
  input: { actor: Actor; title: string; body: string | null; pull?: (number: number) => PullRecord },
): IssueRecord {
  const number = repository.issues.size + 1;
  const now = instant(world);
  const issue: IssueRecord = {
    id: world.nextId(),
    number,
    author: input.actor.account,
    app: input.actor.app,
    createdAt: now,
    pull: input.pull?.(number) ?? null,
    comments: [],
    events: [],
    labels: [],
    title: input.title,
    body: input.body,
    state: "open",
    stateReason: null,
    updatedAt: now,
    lastEditedAt: null,
    editor: null,
    closedAt: null,
    closedBy: null,
  };
  repository.issues.set(number, issue);
  return issue;
}

export function findIssue(repository: RepositoryRecord, number: number): IssueRecord {
  const issue = repository.issues.get(number);
  if (issue === undefined) throw notFoundRefusal();
  return issue;
}

export function recordEvent(
  world: World,
  issue: IssueRecord,
  event: {
    actor: Actor;
    event: string;
    commitId?: string | null;
    details?: EventRecord["details"];
    createdAt?: string | undefined;
  },
): void {
  const createdAt = event.createdAt ?? instant(world);
  issue.events.push({
    id: world.nextId(),
    actor: event.actor.account,
    app: event.actor.app,
    event: event.event,
    createdAt,
    commitId: event.commitId ?? null,
    details: event.details ?? {},
  });
  issue.updatedAt = createdAt;
}

export function addComment(
  world: World,
  issue: IssueRecord,
  { actor, body }: { actor: Actor; body: string },
): CommentRecord {
  const now = instant(world);
  const comment: CommentRecord = {
    id: world.nextId(),
    author: actor.account,
    app: actor.app,
    createdAt: now,
    body,
    updatedAt: now,
  };
  issue.comments.push(comment);
  issue.updatedAt = now;
  return comment;
}

export function findComment(repository: RepositoryRecord, id: number): { issue: IssueRecord; comment: CommentRecord } {
  for (const issue of repository.issues.values()) {
    const comment = issue.comments.find((candidate) => candidate.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFoundRefusal();
}

/** Adds labels. Like GitHub, it creates one that the repository lacks. */
export function addLabels(
  world: World,
  repository: RepositoryRecord,
  { issue, actor, names }: { issue: IssueRecord; actor: Actor; names: readonly string[] },
): void {
  for (const name of names) {
    if (issue.labels.some((label) => sameName(label, name))) continue;
    const label = ensureLabel(world, repository, name);
    issue.labels.push(label);
    recordEvent(world, issue, {
      actor,
      event: "labeled",
      details: { label: { name: label.name, color: label.color } },
    });
  }
}

export function removeLabel(
  world: World,
  { issue, actor, name }: { issue: IssueRecord; actor: Actor; name: string },
): void {
  const index = issue.labels.findIndex((label) => sameName(label, name));
  const [label] = index < 0 ? [] : issue.labels.splice(index, 1);
  if (label === undefined) throw new GitHubRefusal(404, "Label does not exist");
  recordEvent(world, issue, {
    actor,
    event: "unlabeled",
    details: { label: { name: label.name, color: label.color } },
  });
}

function ensureLabel(world: World, repository: RepositoryRecord, name: string): LabelRecord {
  const known = repository.labels.get(name.toLowerCase());
  if (known !== undefined) return known;
  const color = randomInt(0x1000000).toString(16).padStart(6, "0");
  const label: LabelRecord = { id: world.nextId(), name, color, description: null };
  repository.labels.set(name.toLowerCase(), label);
  return label;
}

function sameName(label: LabelRecord, name: string): boolean {
  return label.name.toLowerCase() === name.toLowerCase();
}

/** Changes title and body; undefined keeps one. */
export function editIssue(
  world: World,
  issue: IssueRecord,
  { actor, title, body }: { actor: Actor; title?: string | undefined; body?: string | null | undefined },
): void {
  if (title !== undefined && title !== issue.title) {
    recordEvent(world, issue, { actor, event: "renamed", details: { rename: { from: issue.title, to: title } } });
    issue.title = title;
  }
  issue.updatedAt = instant(world);
  if (body === undefined || body === issue.body) return;
  issue.body = body;
  issue.lastEditedAt = issue.updatedAt;
  issue.editor = actor.account;
}

export function closeIssue(
  world: World,
  issue: IssueRecord,
  { actor, reason, commitId }: { actor: Actor; reason?: IssueRecord["stateReason"]; commitId?: string },
): void {
  if (issue.state === "closed") return;
  issue.state = "closed";
  issue.stateReason = issue.pull === null ? (reason ?? "completed") : null;
  issue.closedAt = instant(world);
  issue.closedBy = actor.account;
  const details = issue.pull === null ? { state_reason: issue.stateReason } : {};
  recordEvent(world, issue, { actor, event: "closed", commitId: commitId ?? null, details });
}

export function reopenIssue(world: World, issue: IssueRecord, actor: Actor): void {
  if (issue.state === "open") return;
  issue.state = "open";
  issue.stateReason = issue.pull === null ? "reopened" : null;
  issue.closedAt = null;
  issue.closedBy = null;
  recordEvent(world, issue, { actor, event: "reopened" });
}
