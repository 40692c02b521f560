/** Decides whether and how a pull request merges: its mergeability as GitHub reports it, and merge commit, squash and rebase as real commits. */
import { isUnstable } from "./check-results.ts";
import {
  commitsBetween,
  commitTree,
  containsCommit,
  mergeTree,
  moveRef,
  readCommit,
  readRefs,
  signatureOf,
  webFlow,
} from "./git.ts";
import { type Actor, recordEvent } from "./issues.ts";
import { mayBypass, unmetByPull } from "./protection.ts";
import { markMerged, type PullIssue } from "./pulls.ts";
import type { FakeMergeMethod, Mergeability, RepositoryRecord } from "./records.ts";
import { GitHubRefusal } from "./refusal.ts";
import { instant, type World } from "./world.ts";

export type MergeableState = "behind" | "blocked" | "clean" | "dirty" | "draft" | "unknown" | "unstable";
export interface MergeabilityAnswer {
  readonly mergeable: boolean | null;
  readonly state: MergeableState;
}

/** A read's answer about merging. After a change the first reads may answer `unknown`. */
export async function readMergeability(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
): Promise<MergeabilityAnswer> {
  if (issue.state === "closed") return { mergeable: null, state: "unknown" };
  const found = await computeMergeability(world, repository, issue);
  if (found.unknownReads > 0) {
    found.unknownReads -= 1;
    return { mergeable: null, state: "unknown" };
  }
  return { mergeable: found.mergeable, state: await stateOf(world, repository, issue) };
}

async function computeMergeability(
  world: World,
  repository: RepositoryRecord,
  { pull, author }: PullIssue,
): Promise<Mergeability> {
  const { headSha, baseSha, mergeability: known } = pull;
  if (known !== null && known.headSha === headSha && known.baseSha === baseSha) return known;
  const tree = await mergeTree(world, repository, baseSha, headSha);
  const { date } = (await readCommit(world, repository, headSha)).committer;
  const testMergeSha =
    tree === undefined
      ? null
      : await commitTree(world, repository, {
          tree,
          parents: [baseSha, headSha],
          message: `Merge ${headSha} into ${baseSha}`,
          author: signatureOf(author, date),
          committer: webFlow(date),
        });
  const ref = `refs/pull/${pull.number}/merge`;
  const from = (await readRefs(world, repository, ref)).get(ref) ?? null;
  if (testMergeSha !== null) await moveRef(world, repository, ref, { from, to: testMergeSha });
  const unknownReads = world.unknownMergeabilityReads;
  pull.mergeability = { headSha, baseSha, mergeable: tree !== undefined, testMergeSha, unknownReads };
  return pull.mergeability;
}

async function stateOf(world: World, repository: RepositoryRecord, issue: PullIssue): Promise<MergeableState> {
  const { pull } = issue;
  if (pull.mergeability?.mergeable === false) return "dirty";
  if (pull.draft) return "draft";
  const protection = repository.protections.get(pull.baseRef);
  const isBehind = !(await containsCommit(world, repository, pull.baseSha, pull.headSha));
  if (protection !== undefined) {
    const { author } = issue;
    if (unmetByPull(repository, protection, { pull, author, isBehind: false }).length > 0) return "blocked";
    if (isBehind && protection.strict === true) return "behind";
  }
  return isUnstable(repository, pull.headSha) ? "unstable" : "clean";
}

export interface MergeInput {
  readonly actor: Actor;
  readonly method: FakeMergeMethod;
  /** The head that the caller saw. */
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** Only the merge queue merges. */
  readonly throughQueue?: boolean;
}

/** Merges or throws GitHub's refusal. Returns the base's commit afterwards. */
export async function mergePull(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  input: MergeInput,
): Promise<string> {
  const { pull } = issue;
  const { actor, method } = input;
  if (issue.state === "closed") throw new GitHubRefusal(405, "Pull Request is not mergeable");
  if (input.sha !== undefined && input.sha !== pull.headSha)
    throw new GitHubRefusal(409, "Head branch was modified. Review and try the merge again.");
  refuseMethod(repository, method);
  if (pull.draft) throw new GitHubRefusal(405, "Pull Request is still a draft");
  const { mergeable } = await computeMergeability(world, repository, issue);
  if (!mergeable) throw new GitHubRefusal(405, "Pull Request is not mergeable");
  if (input.throughQueue !== true && repository.protections.get(pull.baseRef)?.mergeQueue === true)
    throw new GitHubRefusal(405, "Changes must be made through the merge queue");
  await refuseUnmet(world, repository, issue, actor);
  const date = instant(world);
  const tip = await commitsOf[method](world, repository, { issue, input, date });
  const moved = await moveRef(world, repository, `refs/heads/${pull.baseRef}`, { from: pull.baseSha, to: tip });
  if (!moved) throw new GitHubRefusal(405, "Base branch was modified. Review and try the merge again.");
  pull.mergeCommitSha = tip;
  repository.lastPusher = actor.account;
  repository.pushedAt = date;
  markMerged(world, issue, actor);
  if (repository.settings.deleteBranchOnMerge) {
    await moveRef(world, repository, `refs/heads/${pull.headRef}`, { from: pull.headSha, to: null });
    recordEvent(world, issue, { actor, event: "head_ref_deleted" });
  }
  return tip;
}

function refuseMethod({ settings }: RepositoryRecord, method: FakeMergeMethod): void {
  const allowed = {
    merge: settings.allowMergeCommit,
    squash: settings.allowSquashMerge,
    rebase: settings.allowRebaseMerge,
  };
  const names = { merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" };
  if (!allowed[method]) throw new GitHubRefusal(405, `${names[method]} are not allowed on this repository.`);
}

async function refuseUnmet(
  world: World,
  repository: RepositoryRecord,
  { pull, author }: PullIssue,
  actor: Actor,
): Promise<void> {
  const protection = repository.protections.get(pull.baseRef);
  if (protection === undefined || mayBypass(repository, protection, actor.account)) return;
  const isBehind = !(await containsCommit(world, repository, pull.baseSha, pull.headSha));
  const unmet = unmetByPull(repository, protection, { pull, author, isBehind });
  if (unmet.length === 0) return;
  const words = unmet.join(" ");
  throw new GitHubRefusal(
    405,
    protection.source === "ruleset" ? `Repository rule violations found\n\n${unmet.join("\n\n")}\n\n` : words,
  );
}

interface Merging {
  readonly issue: PullIssue;
  readonly input: MergeInput;
  readonly date: string;
}

/** The commit that the base moves to, for each method. */
const commitsOf: Record<
  FakeMergeMethod,
  (world: World, repository: RepositoryRecord, merging: Merging) => Promise<string>
> = {
  merge: async (world, repository, { issue, input, date }) => {
    const { pull, title } = issue;
    const subject = input.title ?? `Merge pull request #${pull.number} from ${repository.owner.login}/${pull.headRef}`;
    return commitTree(world, repository, {
      tree: await mergedTree(world, repository, pull.baseSha, pull.headSha),
      parents: [pull.baseSha, pull.headSha],
      message: messageOf(subject, input.message ?? title),
      author: signatureOf(input.actor.account, date),
      committer: webFlow(date),
    });
  },
  squash: async (world, repository, { issue, input, date }) => {
    const { pull, author } = issue;
    const shas = await commitsBetween(world, repository, pull.baseSha, pull.headSha);
    const messages = await Promise.all(shas.map(async (sha) => (await readCommit(world, repository, sha)).message));
    const only = messages.length === 1 ? splitMessage(messages[0] ?? "") : undefined;
    return commitTree(world, repository, {
      tree: await mergedTree(world, repository, pull.baseSha, pull.headSha),
      parents: [pull.baseSha],
      message: messageOf(
        input.title ?? `${only?.subject ?? issue.title} (#${pull.number})`,
        input.message ?? only?.body ?? messages.map((message) => `* ${message}`).join("\n\n"),
      ),
      author: signatureOf(author, date),
      committer: webFlow(date),
    });
  },
  rebase: async (world, repository, { issue, date }) => {
    const { pull } = issue;
    let tip = pull.baseSha;
    for (const sha of await commitsBetween(world, repository, pull.baseSha, pull.headSha)) {
      const commit = await readCommit(world, repository, sha);
      const [parent, ...others] = commit.parents;
      if (parent === undefined || others.length > 0) throw cannotRebase();
      // A commit with the tip's tree on the picked commit's parent makes that parent the merge base, so merging the two is the cherry-pick.
      const { tree } = await readCommit(world, repository, tip);
      const pick = { author: webFlow(date), committer: webFlow(date), message: "pick" };
      const ours = await commitTree(world, repository, { ...pick, tree, parents: [parent] });
      const picked = await mergeTree(world, repository, ours, sha);
      if (picked === undefined) throw cannotRebase();
      const { author, message } = commit;
      tip = await commitTree(world, repository, {
        tree: picked,
        parents: [tip],
        message,
        author,
        committer: webFlow(date),
      });
    }
    return tip;
  },
};

async function mergedTree(world: World, repository: RepositoryRecord, base: string, head: string): Promise<string> {
  const tree = await mergeTree(world, repository, base, head);
  if (tree === undefined) throw new GitHubRefusal(405, "Pull Request is not mergeable");
  return tree;
}

function cannotRebase(): GitHubRefusal {
  return new GitHubRefusal(405, "This branch can't be rebased");
}

function messageOf(subject: string, body: string): string {
  return body === "" ? subject : `${subject}\n\n${body}`;
}

function splitMessage(message: string): { subject: string; body: string } {
  const [subject = "", ...rest] = message.split("\n");
  return { subject, body: rest.join("\n").trim() };
}
