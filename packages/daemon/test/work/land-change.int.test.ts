/**
 * Where an approved change, or one whose landing began, may still be pushed after things changed: on real git, with a state of one task. The log is a fixture:
 * only a landing that has begun is read of it.
 */
import { host } from "@aedev/contracts";
import { expect, it } from "vitest";
import { setTrap } from "../../../../test/attacks/support/git-trap.ts";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import {
  bareRemote,
  commitTo,
  git,
  gitText,
  temporaryFolder,
  timeoutMs,
} from "../../../../test/support/git-repositories.ts";
import { deriveChange } from "../../src/git/change.ts";
import { buildCommit, withTrailers } from "../../src/git/landing.ts";
import { fetchBase, hasFetched } from "../../src/git/mirror.ts";
import { landChange } from "../../src/work/land-change.ts";
import { noGitHub } from "../control/no-github.ts";

const missionId = "m-0123456789abcdef";
const taskId = "t-0123456789abcdef";
const bundleDigest = "b".repeat(64);
const changeDigest = "c".repeat(64);
const logHead = { position: 17, hash: "d".repeat(64) };
const branch = `refs/heads/aedev/${taskId}`;
const committedAt = "2026-01-02T03:04:05.678Z";

interface Situation {
  /** The ref that `LandingStarted` recorded. */
  readonly ref: string;
  readonly allowed: boolean;
  readonly mode: "ask" | "hold";
  readonly approved: boolean;
}

/** A landing that began but did not reach the remote. Like those of earlier versions, it has no recorded message. */
async function begun({ ref, allowed, mode, approved }: Situation) {
  const remote = bareRemote({ "a.txt": "one\n" });
  const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
  const { commit: baseCommit } = await fetchBase(options);
  const { patch, tree } = candidate(remote, baseCommit, { files: { "a.txt": "two\n" } });
  const { contentDigest } = await deriveChange({ ...options, baseCommit, patch });
  const { commit } = await buildCommit({
    ...options,
    baseCommit,
    patch,
    expectedTree: tree,
    expectedContentDigest: contentDigest,
    authorName: "aedev",
    authorEmail: "aedev@localhost",
    committedAt,
    message: withTrailers(host`Old title`, { missionId, taskId, bundleDigest, changeDigest, logHead }),
  });
  const author = { name: "aedev", email: "aedev@localhost" };
  const task = {
    task_id: taskId,
    mission_id: missionId,
    repository: "demo",
    status: "landing",
    runs: [],
    ref: "refs/heads/main",
    gate: { answer: "ask", reasons: [] },
    approval: approved ? { by: "operator" } : null,
    patch: { digest: "p" },
    evidence: {
      base_commit: baseCommit,
      tree,
      content_digest: contentDigest,
      change_digest: changeDigest,
      bundle: { digest: bundleDigest },
    },
    landing: { ref, base_commit: baseCommit, tree, committed_at: committedAt, author, log_head: logHead, commit },
  };
  const state = {
    tasks: { [taskId]: task },
    missions: { [missionId]: { title: "Old title" } },
    repositories: { demo: { name: "demo", url: remote, target: "default-branch", allow_writes: allowed } },
  };
  const control = {
    mirror: () => options,
    configuration: {
      system: { allow_remote_writes: false },
      outcomes: { watchMs: 1_000, pollMs: 1_000 },
      landing: {
        without_permission: mode,
        author_name: author.name,
        author_email: author.email,
      },
    },
    github: noGitHub,
    blobs: { get: () => patch },
    log: { state, stateWith: () => state },
    trust: { compare: () => undefined, require: async () => undefined, untrusted: null },
  };
  return {
    remote,
    commit,
    baseCommit,
    /** Fetches as the start of another run, or a look at landed changes, does. */
    fetch: () => fetchBase(options),
    /** Whether a fetch has brought the commit to this home. */
    isFetched: (id: string, home = options.home) => hasFetched({ ...options, home, commit: id }),
    land: () => landChange(taskId, control as never),
    withdraw: () => {
      state.repositories.demo.allow_writes = false;
    },
  };
}
const refsOf = (remote: string) => gitText(remote, ["for-each-ref", "--format=%(refname)"]).split("\n");

it.each<[string, Situation, string]>([
  ["is pushed while it is allowed", { ref: "refs/heads/main", allowed: true, mode: "ask", approved: true }, "landed"],
  [
    "is not pushed to main once that is forbidden, although it was approved",
    { ref: "refs/heads/main", allowed: false, mode: "ask", approved: true },
    "HOLD-REMOTE-WRITES-OFF",
  ],
  ["is pushed to its own branch once approved", { ref: branch, allowed: false, mode: "ask", approved: true }, "landed"],
  [
    "is not pushed to its own branch unapproved",
    { ref: branch, allowed: false, mode: "ask", approved: false },
    "HOLD-REMOTE-WRITES-OFF",
  ],
  [
    "is not pushed at all where nothing may be",
    { ref: branch, allowed: false, mode: "hold", approved: true },
    "HOLD-REMOTE-WRITES-OFF",
  ],
])("a change that began to land %s", async (_, situation, expected) => {
  const { remote, commit, baseCommit, land } = await begun(situation);
  const answer = await land();
  if (expected === "landed") {
    expect(answer).toMatchObject({ kind: "RecordLanded", ref: situation.ref, commit });
    // Nobody has merged a task's own branch.
    expect(answer !== null && "watch_until" in answer).toBe(situation.ref !== branch);
    expect(gitText(remote, ["rev-parse", situation.ref])).toBe(commit);
  } else {
    expect(answer).toMatchObject({ kind: "HoldTask", code: expected });
    expect(refsOf(remote)).toEqual(["refs/heads/main"]);
    expect(gitText(remote, ["rev-parse", "main"])).toBe(baseCommit);
  }
});

it("a landing that began before starts eleven git processes and asks the remote twice, if nothing else happened there", async () => {
  const { remote, commit, land } = await begun({ ref: "refs/heads/main", allowed: true, mode: "ask", approved: true });
  await using trap = await setTrap(temporaryFolder());
  expect(await land()).toMatchObject({ kind: "RecordLanded", commit });
  expect(trap.calls().map(({ subcommand }) => subcommand)).toEqual([
    ...["read-tree", "apply", "write-tree", "diff-tree", "cat-file", "commit-tree"],
    // Whether a fetch has brought the commit.
    "cat-file",
    // A daemon reads the branch's log once.
    ...["ls-remote", "log", "merge-base", "push"],
  ]);
  expect(gitText(remote, ["rev-parse", "main"])).toBe(commit);
});

it("a change is landed once, even if others have built on it since its answer was lost", async () => {
  const { remote, commit, land } = await begun({ ref: "refs/heads/main", allowed: true, mode: "ask", approved: true });
  expect(await land()).toMatchObject({ kind: "RecordLanded", commit });
  const theirs = commitTo(remote, { files: { "b.txt": "other\n" } });
  expect(await land()).toMatchObject({ kind: "RecordLanded", commit });
  expect(gitText(remote, ["rev-parse", "main"])).toBe(theirs);
});

const onMain: Situation = { ref: "refs/heads/main", allowed: true, mode: "ask", approved: true };

it.each([
  ["to what was before", (remote: string, base: string) => git(remote, ["update-ref", "refs/heads/main", base])],
  [
    "to something else",
    (remote: string, base: string) => void commitTo(remote, { files: { "b.txt": "other\n" }, parent: base }),
  ],
])(
  "a commit whose answer was lost and that a person set back %s after it was on the branch is held",
  async (_, setBack) => {
    const { remote, commit, baseCommit, land, fetch } = await begun(onMain);
    // Its push arrives, but the log does not learn of it.
    await land();
    await fetch();
    setBack(remote, baseCommit);
    const tip = gitText(remote, ["rev-parse", "main"]);
    expect(await land()).toMatchObject({
      kind: "HoldTask",
      code: "HOLD-BASE-MOVED",
      detail: expect.stringContaining(`${commit} was on refs/heads/main and is not any more`),
    });
    expect(gitText(remote, ["rev-parse", "main"])).toBe(tip);
  },
);

it("a commit that was never seen on the branch is pushed again", async () => {
  const { remote, commit, baseCommit, land, fetch } = await begun(onMain);
  await land();
  git(remote, ["update-ref", "refs/heads/main", baseCommit]);
  await fetch();
  expect(await land()).toMatchObject({ kind: "RecordLanded", commit });
  expect(gitText(remote, ["rev-parse", "main"])).toBe(commit);
});

it("git answers yes or no whether a commit was seen; anything else is an error", async () => {
  const { commit, baseCommit, isFetched } = await begun(onMain);
  expect([await isFetched(commit), await isFetched(baseCommit)]).toEqual([false, true]);
  await expect(isFetched(commit, temporaryFolder())).rejects.toMatchObject({ code: "git-failed" });
});

const ownBranch: Situation = { ref: branch, allowed: false, mode: "ask", approved: true };

it("a commit that arrived before the permission was taken away has landed", async () => {
  const { land, withdraw, commit } = await begun({ ...ownBranch, ref: "refs/heads/main", allowed: true });
  await land();
  withdraw();
  expect(await land()).toMatchObject({ kind: "RecordLanded", ref: "refs/heads/main", commit });
});

it("a branch with other work at the remote is named, and left alone", async () => {
  const { remote, land } = await begun(ownBranch);
  git(remote, ["update-ref", branch, commitTo(remote, { files: { "b.txt": "other\n" }, branch: "other" })]);
  const other = gitText(remote, ["rev-parse", branch]);
  expect(await land()).toMatchObject({
    kind: "HoldTask",
    code: "HOLD-REMOTE-REFUSED",
    detail: expect.stringContaining(branch),
  });
  expect(gitText(remote, ["rev-parse", branch])).toBe(other);
});

it("a base that the remote has dropped is not brought back by a branch", async () => {
  const { remote, land } = await begun(ownBranch);
  commitTo(remote, { files: { "a.txt": "one\n" }, whole: true, parent: null });
  expect(await land()).toMatchObject({ kind: "HoldTask", code: "HOLD-BASE-MOVED" });
  expect(refsOf(remote)).toEqual(["refs/heads/main"]);
});
