/** A pull request as a pair of live branches: opening it, following its branches, reviews, drafts. merge.ts merges it. */
import { closedBy, visibleMarkdown } from "./acts.ts";
import { commitsBetween, containsCommit, moveRef, readCommit, readRefs } from "./git.ts";
import { type Actor, closeIssue, findIssue, openIssue, recordEvent, reopenIssue } from "./issues.ts";
import type { IssueRecord, PullRecord, RepositoryRecord, ReviewCommentRecord, ReviewRecord } from "./records.ts";
import { GitHubRefusal, notFoundRefusal, validationFailed } from "./refusal.ts";
import { instant, type World } from "./world.ts";

export interface PullIssue extends IssueRecord {
  readonly pull: PullRecord;
}

export function findPull(repository: RepositoryRecord, number: number): PullIssue {
  const issue = findIssue(repository, number);
  if (!isPull(issue)) throw notFoundRefusal();
  return issue;
}

export function isPull(issue: IssueRecord): issue is PullIssue {
  return issue.pull !== null;
}

const refOf = (branch: string) => `refs/heads/${branch}`;

/** Like GitHub, refuses missing branches, a second open pull request, and a head without new commits. */
export async function openPull(
  world: World,
  repository: RepositoryRecord,
  input: {
    actor: Actor;
    title: string;
    body: string | null;
    head: string;
    base: string;
    draft: boolean;
    maintainerCanModify: boolean;
  },
): Promise<PullIssue> {
  const { head, base } = input;
  const branch = branchOfHead(repository, head);
  const refs = await readRefs(world, repository, "refs/heads/");
  const headSha = refs.get(refOf(branch));
  const baseSha = refs.get(refOf(base));
  if (headSha === undefined) throw validationFailed({ resource: "PullRequest", field: "head", code: "invalid" });
  if (baseSha === undefined) throw validationFailed({ resource: "PullRequest", field: "base", code: "invalid" });
  await refuseSecond(repository, branch, base);
  if ((await commitsBetween(world, repository, baseSha, headSha)).length === 0)
    throw customRefusal(`No commits between ${base} and ${branch}`);
  const issue = openIssue(world, repository, {
    ...input,
    pull: (number) => ({
      id: world.nextId(),
      number,
      headRef: branch,
      baseRef: base,
      headSha,
      baseSha,
      draft: input.draft,
      mergedAt: null,
      mergedBy: null,
      mergeCommitSha: null,
      maintainerCanModify: input.maintainerCanModify,
      reviews: [],
      requestedReviewers: [],
      requestedTeams: [],
      reviewComments: [],
      mergeability: null,
      queue: null,
    }),
  });
  await publishHead(world, repository, issue.number, headSha);
  return findPull(repository, issue.number);
}

/** Accepts `branch` or `owner:branch`; there are no forks. */
function branchOfHead(repository: RepositoryRecord, head: string): string {
  const [owner = "", ...rest] = head.split(":");
  if (rest.length === 0) return head;
  if (owner.toLowerCase() !== repository.owner.login.toLowerCase())
    throw validationFailed({ resource: "PullRequest", field: "head", code: "invalid" });
  return rest.join(":");
}

async function refuseSecond(repository: RepositoryRecord, head: string, base: string): Promise<void> {
  const isSame = ({ state, pull }: IssueRecord) => state === "open" && pull?.headRef === head && pull.baseRef === base;
  if ([...repository.issues.values()].some(isSame))
    throw customRefusal(`A pull request already exists for ${repository.owner.login}:${head}.`);
}

function customRefusal(message: string): GitHubRefusal {
  return validationFailed({ resource: "PullRequest", code: "custom", message });
}

async function publishHead(world: World, repository: RepositoryRecord, number: number, sha: string): Promise<void> {
  const ref = `refs/pull/${number}/head`;
  const from = (await readRefs(world, repository, ref)).get(ref) ?? null;
  await moveRef(world, repository, ref, { from, to: sha });
}

/** Updates every open pull request to its branches: moved heads, deleted branches, heads that the base now contains. */
export async function followBranches(world: World, repository: RepositoryRecord): Promise<void> {
  const refs = await readRefs(world, repository, "refs/heads/");
  await closeByMessages(world, repository, refs.get(refOf(repository.defaultBranch)) ?? null);
  for (const issue of repository.issues.values()) {
    if (isPull(issue) && issue.state === "open") await followPull(world, repository, { issue, refs });
  }
}

/** Closes issues as said by a message on the default branch or by a pull request merged into it. */
async function closeByMessages(world: World, repository: RepositoryRecord, tip: string | null): Promise<void> {
  const { readTo } = repository;
  repository.readTo = tip;
  if (tip === null || readTo === null || readTo === tip) return;
  const actor: Actor = { account: repository.lastPusher, app: undefined };
  const shas = await commitsBetween(world, repository, readTo, tip);
  const messages = await Promise.all(shas.map(async (sha) => (await readCommit(world, repository, sha)).message));
  const merged = [...repository.issues.values()]
    .filter(({ pull }) => pull?.mergeCommitSha != null && shas.includes(pull.mergeCommitSha))
    .map(({ title, body }) => `${title}\n\n${visibleMarkdown(body ?? "")}`);
  for (const number of [...messages, ...merged].flatMap((said) => closedBy(said, repository.fullName))) {
    const issue = repository.issues.get(number);
    if (issue !== undefined && issue.pull === null) closeIssue(world, issue, { actor });
  }
}

async function followPull(
  world: World,
  repository: RepositoryRecord,
  { issue, refs }: { issue: PullIssue; refs: ReadonlyMap<string, string> },
): Promise<void> {
  const { pull } = issue;
  const actor: Actor = { account: repository.lastPusher, app: undefined };
  const head = refs.get(refOf(pull.headRef));
  const base = refs.get(refOf(pull.baseRef));
  if (head === pull.headSha && base === pull.baseSha) return;
  if (base === undefined) return closeIssue(world, issue, { actor });
  const last = head ?? pull.headSha;
  const isContained = base !== pull.baseSha && (await containsCommit(world, repository, last, base));
  const wasContained = isContained && (await containsCommit(world, repository, last, pull.baseSha));
  if (head !== undefined && head !== pull.headSha) await moveHead(world, repository, { issue, head, actor });
  if (isContained && !wasContained) {
    pull.mergeCommitSha = await mergingCommit(world, repository, { head: last, base, before: pull.baseSha });
    markMerged(world, issue, actor);
  } else pull.baseSha = base;
  if (head === undefined) recordEvent(world, issue, { actor, event: "head_ref_deleted" });
  if (head === undefined || (await containsCommit(world, repository, head, base))) closeIssue(world, issue, { actor });
}

/** The first-parent commit that brought the head into the base; the head itself if the base was fast-forwarded to it. */
async function mergingCommit(
  world: World,
  { gitDir }: RepositoryRecord,
  { head, base, before }: { head: string; base: string; before: string },
): Promise<string> {
  const args = ["rev-list", "--first-parent", "--reverse", "--ancestry-path", `${head}..${base}`, `^${before}`];
  const { text } = await world.git(args, { gitDir });
  const [first = ""] = text.split("\n");
  return first === "" ? head : first;
}

export function markMerged(world: World, issue: PullIssue, actor: Actor): void {
  const { pull } = issue;
  pull.mergedAt = instant(world);
  pull.mergedBy = actor.account;
  recordEvent(world, issue, { actor, event: "merged", commitId: pull.mergeCommitSha });
  closeIssue(world, issue, { actor });
}

async function moveHead(
  world: World,
  repository: RepositoryRecord,
  { issue, head, actor }: { issue: PullIssue; head: string; actor: Actor },
): Promise<void> {
  const { pull } = issue;
  const isForced = !(await containsCommit(world, repository, pull.headSha, head));
  pull.headSha = head;
  // GitHub removes a pull request from the queue if its head moves.
  if (pull.queue !== null) recordEvent(world, issue, { actor, event: "removed_from_merge_queue" });
  pull.queue = null;
  issue.updatedAt = instant(world);
  if (isForced) recordEvent(world, issue, { actor, event: "head_ref_force_pushed", commitId: head });
  await publishHead(world, repository, pull.number, head);
  if (repository.protections.get(pull.baseRef)?.dismissStaleReviews !== true) return;
  for (const review of pull.reviews) if (review.state === "APPROVED") review.state = "DISMISSED";
}

/** A merged pull request can't be reopened, nor one whose head is gone. */
export async function reopenPull(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  actor: Actor,
): Promise<void> {
  if (issue.state === "open") return;
  const { pull } = issue;
  if (pull.mergedAt !== null)
    throw validationFailed({
      resource: "PullRequest",
      field: "state",
      code: "invalid",
      message: "state cannot be changed. The pull request cannot be reopened.",
    });
  const refs = await readRefs(world, repository, "refs/heads/");
  const head = refs.get(refOf(pull.headRef));
  const base = refs.get(refOf(pull.baseRef));
  if (head === undefined || base === undefined)
    throw validationFailed({
      resource: "PullRequest",
      field: "state",
      code: "invalid",
      message: `state cannot be changed. The ${pull.headRef} branch has been deleted.`,
    });
  await refuseSecond(repository, pull.headRef, pull.baseRef);
  Object.assign(pull, { headSha: head, baseSha: base });
  reopenIssue(world, issue, actor);
}

/** Moves the pull request to another, existing base branch. */
export async function changeBase(
  world: World,
  repository: RepositoryRecord,
  { pull }: PullIssue,
  base: string,
): Promise<void> {
  if (base === pull.baseRef) return;
  const baseSha = (await readRefs(world, repository, "refs/heads/")).get(refOf(base));
  if (baseSha === undefined) throw validationFailed({ resource: "PullRequest", field: "base", code: "invalid" });
  Object.assign(pull, { baseRef: base, baseSha });
}

export function setDraft(world: World, issue: PullIssue, { actor, draft }: { actor: Actor; draft: boolean }): void {
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  recordEvent(world, issue, { actor, event: draft ? "convert_to_draft" : "ready_for_review" });
}

/** The input for submitting a review; without `event` it stays pending. */
export interface ReviewInput {
  readonly actor: Actor;
  readonly event?: "APPROVE" | "REQUEST_CHANGES" | "COMMENT" | undefined;
  readonly body?: string | undefined;
  readonly commitId?: string | undefined;
  readonly comments?: readonly { path: string; line: number; body: string }[] | undefined;
}
const stateOfEvent = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

export function submitReview(world: World, issue: PullIssue, input: ReviewInput): ReviewRecord {
  const { actor, event, body = "", comments = [] } = input;
  const { pull } = issue;
  const isAuthor = actor.account.id === issue.author.id;
  if (isAuthor && (event === "APPROVE" || event === "REQUEST_CHANGES")) {
    const verb = event === "APPROVE" ? "approve" : "request changes on";
    throw new GitHubRefusal(422, `Unprocessable Entity: "Can not ${verb} your own pull request"`);
  }
  const review: ReviewRecord = {
    id: world.nextId(),
    author: actor.account,
    body,
    commitId: input.commitId ?? pull.headSha,
    submittedAt: instant(world),
    state: event === undefined ? "PENDING" : stateOfEvent[event],
  };
  pull.reviews.push(review);
  const asked = pull.requestedReviewers.findIndex(({ id }) => id === actor.account.id);
  if (asked >= 0 && event !== undefined) pull.requestedReviewers.splice(asked, 1);
  for (const comment of comments) pull.reviewComments.push(reviewComment(world, review, comment));
  issue.updatedAt = review.submittedAt;
  return review;
}

function reviewComment(
  world: World,
  review: ReviewRecord,
  comment: { path: string; line: number; body: string },
): ReviewCommentRecord {
  const { id: reviewId, author, commitId, submittedAt: createdAt } = review;
  return { ...comment, id: world.nextId(), reviewId, author, commitId, createdAt };
}

export function dismissReview(
  world: World,
  issue: PullIssue,
  { actor, id, message }: { actor: Actor; id: number; message: string },
): ReviewRecord {
  const review = issue.pull.reviews.find((candidate) => candidate.id === id);
  if (review === undefined) throw notFoundRefusal();
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED")
    throw new GitHubRefusal(422, "Can not dismiss a commented pull request review");
  const dismissed = { state: review.state.toLowerCase(), review_id: id, dismissal_message: message };
  review.state = "DISMISSED";
  recordEvent(world, issue, { actor, event: "review_dismissed", details: { dismissed_review: dismissed } });
  return review;
}
