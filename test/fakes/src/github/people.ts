/** Acts in a repository as a person or an app without a request, as others do while aedev works. It checks no permission. */
import { z } from "zod";
import { type CheckRunInput, createCheckRun, recordStatus, type StatusInput } from "./state/check-results.ts";
import { moveRef, readRefs } from "./state/git.ts";
import {
  type Actor,
  addComment,
  addLabels,
  closeIssue,
  editIssue,
  findComment,
  findIssue,
  openIssue,
  removeLabel,
  reopenIssue,
} from "./state/issues.ts";
import { mergePull } from "./state/merge.ts";
import { enqueue, leaveQueue, mergeQueued } from "./state/merge-queue.ts";
import {
  changeBase,
  dismissReview,
  findPull,
  followBranches,
  openPull,
  type ReviewInput,
  reopenPull,
  setDraft,
  submitReview,
} from "./state/pulls.ts";
import type { FakeMergeMethod, RepositoryRecord } from "./state/records.ts";
import { ensureAccount, instant, type World } from "./state/world.ts";

/** The files that a person's commit changes: text by path, null deletes. */
export type CommitFiles = Readonly<Record<string, string | null>>;
export interface PersonPush {
  readonly branch: string;
  readonly files: CommitFiles;
  readonly message?: string;
  /** The branch to commit on; by default the branch itself, or the default branch if it is new. */
  readonly onto?: string;
  /** Replaces the branch by one commit on `onto`, like a force-push. */
  readonly force?: boolean;
}
/** Actions of one account. Each call ends once the repository and its pull requests show it. */
export interface Person {
  /** Commits and moves the branch; returns the new commit. */
  push(push: PersonPush): Promise<string>;
  deleteBranch(branch: string): Promise<void>;
  openPull(input: { title: string; head: string; base?: string; body?: string; draft?: boolean }): Promise<number>;
  /** Returns the review's id. */
  review(number: number, review: Omit<ReviewInput, "actor">): Promise<number>;
  dismiss(number: number, reviewId: number, message?: string): Promise<void>;
  merge(number: number, method?: FakeMergeMethod): Promise<string>;
  setDraft(number: number, draft: boolean): Promise<void>;
  enqueue(number: number): Promise<void>;
  /** Merges through the queue. */
  mergeQueued(number: number, method?: FakeMergeMethod): Promise<string>;
  /** Removes the pull request from the queue; `createdAt`: when the event says that this happened. */
  putOut(number: number, out: { reason: string; createdAt?: string }): Promise<void>;
  openIssue(input: { title: string; body?: string; labels?: readonly string[] }): Promise<number>;
  /** Edits an issue or pull request. `base`: the new target branch of a pull request. */
  edit(number: number, change: { title?: string; body?: string; base?: string }): Promise<void>;
  comment(number: number, body: string): Promise<number>;
  editComment(id: number, body: string): Promise<void>;
  label(number: number, ...names: string[]): Promise<void>;
  unlabel(number: number, name: string): Promise<void>;
  close(number: number): Promise<void>;
  reopen(number: number): Promise<void>;
  status(status: StatusInput): Promise<number>;
}

export function createPerson(world: World, repository: RepositoryRecord, login: string): Person {
  const actor: Actor = { account: ensureAccount(world, login), app: undefined };
  const act = <Result>(job: () => Promise<Result> | Result) =>
    world.exclusively(repository.fullName, async () => {
      await followBranches(world, repository);
      return job();
    });
  /** Moves a branch in this person's name. */
  const actOnBranch = <Result>(job: () => Promise<Result>) =>
    act(async () => {
      Object.assign(repository, { lastPusher: actor.account, pushedAt: instant(world) });
      const result = await job();
      await followBranches(world, repository);
      return result;
    });
  const issueOf = (number: number) => findIssue(repository, number);
  const pullOf = (number: number) => findPull(repository, number);
  return {
    push: (push) => actOnBranch(() => commitFiles(world, repository, { login, push })),
    deleteBranch: (branch) =>
      actOnBranch(async () => {
        const from = await tipOf(world, repository, branch);
        await moveRef(world, repository, `refs/heads/${branch}`, { from, to: null });
      }),
    openPull: ({ title, head, base = repository.defaultBranch, body = null, draft = false }) =>
      act(
        async () =>
          (await openPull(world, repository, { actor, title, head, base, body, draft, maintainerCanModify: false }))
            .number,
      ),
    review: (number, review) => act(() => submitReview(world, pullOf(number), { ...review, actor }).id),
    dismiss: (number, id, message = "dismissed") =>
      act(() => void dismissReview(world, pullOf(number), { actor, id, message })),
    merge: (number, method = "merge") =>
      actOnBranch(() => mergePull(world, repository, pullOf(number), { actor, method })),
    enqueue: (number) => act(() => enqueue(world, repository, pullOf(number), { actor })),
    mergeQueued: (number, method = "merge") =>
      actOnBranch(() => mergeQueued(world, repository, pullOf(number), { actor, method })),
    putOut: (number, out) => act(() => leaveQueue(world, pullOf(number), { actor, ...out })),
    setDraft: (number, draft) => act(() => setDraft(world, pullOf(number), { actor, draft })),
    openIssue: ({ title, body = null, labels = [] }) =>
      act(() => {
        const issue = openIssue(world, repository, { actor, title, body });
        addLabels(world, repository, { issue, actor, names: labels });
        return issue.number;
      }),
    edit: (number, { base, ...change }) =>
      act(async () => {
        if (base !== undefined) await changeBase(world, repository, pullOf(number), base);
        editIssue(world, issueOf(number), { actor, ...change });
      }),
    comment: (number, body) => act(() => addComment(world, issueOf(number), { actor, body }).id),
    editComment: (id, body) =>
      act(() => void Object.assign(findComment(repository, id).comment, { body, updatedAt: instant(world) })),
    label: (number, ...names) => act(() => addLabels(world, repository, { issue: issueOf(number), actor, names })),
    unlabel: (number, name) => act(() => removeLabel(world, { issue: issueOf(number), actor, name })),
    close: (number) => act(() => closeIssue(world, issueOf(number), { actor })),
    reopen: (number) =>
      act(async () => {
        if (issueOf(number).pull === null) return reopenIssue(world, issueOf(number), actor);
        await reopenPull(world, repository, pullOf(number), actor);
      }),
    status: (status) => act(() => recordStatus(world, repository, { ...status, creator: actor.account }).id),
  };
}

/** Posts a check run of an app; returns its id. */
export function postCheckRunAs(
  world: World,
  repository: RepositoryRecord,
  { app: slug, headSha, name, ...input }: CheckRunInput & { app: string; headSha: string; name: string },
): Promise<number> {
  const app = [...world.apps.values()].find((candidate) => candidate.slug === slug);
  if (app === undefined) throw new Error(`no app ${slug}`);
  return world.exclusively(
    repository.fullName,
    async () => createCheckRun(world, repository, { ...input, app, headSha, name }).id,
  );
}

export async function tipOf(world: World, repository: RepositoryRecord, branch: string): Promise<string | null> {
  return (await readRefs(world, repository, "refs/heads/")).get(`refs/heads/${branch}`) ?? null;
}

const branchName = z.string().regex(/^[\w][\w./-]*$/);

async function commitFiles(
  world: World,
  repository: RepositoryRecord,
  { login, push }: { login: string; push: PersonPush },
): Promise<string> {
  const { files, message = "A change", force = false } = push;
  const branch = branchName.parse(push.branch);
  const own = await tipOf(world, repository, branch);
  const onto = push.onto ?? (own === null || force ? repository.defaultBranch : branch);
  const parent = await tipOf(world, repository, onto);
  const seconds = Math.floor(world.clock().getTime() / 1000);
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}`;
  const changes = Object.entries(files).map(([path, text]) =>
    text === null ? `D ${JSON.stringify(path)}` : `M 100644 inline ${JSON.stringify(path)}\n${data(text)}`,
  );
  const stream = [
    `commit refs/heads/${branch}`,
    `committer ${login} <${login}@example.com> ${seconds} +0000`,
    data(message),
    ...(parent === null ? [] : [`from ${parent}`]),
    ...changes,
  ].join("\n");
  await world.git(["fast-import", "--quiet", ...(force ? ["--force"] : [])], {
    gitDir: repository.gitDir,
    input: stream,
  });
  const tip = await tipOf(world, repository, branch);
  if (tip === null) throw new Error("the commit was not made");
  return tip;
}
