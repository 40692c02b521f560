/** Pushing on real remotes: compare-and-swap, ancestry, refusals, and attempts without an answer. */

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { host } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
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
import { buildCommit } from "../../src/git/landing.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import {
  isAncestor,
  isLanded,
  pushCommit,
  readRemoteBranch,
  readRemoteBranchAndHead,
  removeRemoteBranch,
  taskBranch,
} from "../../src/git/push.ts";

const ref = "refs/heads/main";

async function readyToPush(remote = bareRemote({ a: "a\n" })) {
  const options = { home: temporaryFolder(), repository: "demo", url: remote, timeoutMs };
  const { commit: baseCommit } = await fetchBase(options);
  const build = async (content: string) => {
    const { patch, tree } = candidate(remote, baseCommit, { files: { a: content } });
    const { contentDigest } = await deriveChange({ ...options, baseCommit, patch });
    const expected = { expectedTree: tree, expectedContentDigest: contentDigest };
    const signature = { authorName: "aedev", authorEmail: "aedev@localhost", committedAt: "2026-01-02T03:04:05.678Z" };
    return (await buildCommit({ ...options, ...expected, ...signature, baseCommit, patch, message: host`Fix\n` }))
      .commit;
  };
  const commit = await build("b\n");
  return { remote, options, baseCommit, build, commit, push: { ...options, ref, commit, expectedOld: baseCommit } };
}

function writeHook(remote: string, options: { name: string; script: string }): void {
  mkdirSync(join(remote, "hooks"), { recursive: true });
  writeFileSync(join(remote, "hooks", options.name), `#!/bin/sh\n${options.script}\n`);
  chmodSync(join(remote, "hooks", options.name), 0o755);
}

describe("a push", () => {
  it("a push lands the commit on the branch and nothing else", async () => {
    const { remote, options, commit, push, baseCommit } = await readyToPush();
    expect(await readRemoteBranch({ ...options, ref })).toEqual({ commit: baseCommit });
    expect(await isLanded(push)).toBe(false);
    expect(await pushCommit(push)).toBe("landed");
    expect(await readRemoteBranch({ ...options, ref })).toEqual({ commit });
    expect(await isLanded(push)).toBe(true);
    expect(gitText(remote, ["for-each-ref", "--format=%(refname)"])).toBe(ref);
    expect(gitText(remote, ["rev-list", "--count", "main"])).toBe("2");
  });

  it("a push lands once however often it is repeated, even after others built on it", async () => {
    const { remote, commit, push } = await readyToPush();
    expect(await pushCommit(push)).toBe("landed");
    expect(await pushCommit(push)).toBe("landed");
    const next = commitTo(remote, { files: { later: "l\n" } });
    expect(await isLanded(push)).toBe(true);
    expect(await pushCommit(push)).toBe("landed");
    expect(gitText(remote, ["rev-parse", "main"])).toBe(next);
    expect(gitText(remote, ["rev-list", "--count", commit])).toBe("2");
    expect(gitText(remote, ["rev-list", "--count", "main"])).toBe("3");
  });

  it("a push says where the branch moved if somebody was faster, and drops nothing of theirs", async () => {
    const { remote, push } = await readyToPush();
    const theirs = commitTo(remote, { files: { other: "o\n" } });
    expect(await pushCommit(push)).toEqual({ moved: theirs });
    expect(gitText(remote, ["rev-parse", "main"])).toBe(theirs);
    expect(await isLanded(push)).toBe(false);
  });

  it("a push notices a branch that moves between its check and its write", async () => {
    const { remote, push } = await readyToPush();
    const theirs = commitTo(remote, { files: { other: "o\n" }, branch: "theirs" });
    // The remote's own hook moves the branch after git has compared the old id and before it writes the new one.
    writeHook(remote, { name: "pre-receive", script: `unset GIT_QUARANTINE_PATH; git update-ref ${ref} ${theirs}` });
    expect(await pushCommit(push)).toEqual({ moved: theirs });
    expect(gitText(remote, ["rev-parse", "main"])).toBe(theirs);
  });

  it("a push reports a deleted branch", async () => {
    const { remote, push } = await readyToPush();
    git(remote, ["update-ref", "-d", ref]);
    expect(await pushCommit(push)).toEqual({ moved: null });
  });

  it("a push makes a new branch only if there is none", async () => {
    const { remote, push, build, baseCommit } = await readyToPush();
    const fresh = { ...push, ref: taskBranch("t-0123456789abcdef", "aedev"), expectedOld: null };
    expect(await readRemoteBranch(fresh)).toEqual({ commit: null });
    expect(await pushCommit(fresh)).toBe("landed");
    expect(await pushCommit(fresh)).toBe("landed");
    expect(await pushCommit({ ...fresh, commit: await build("other\n") })).toEqual({ moved: push.commit });
    expect(gitText(remote, ["rev-parse", "main"])).toBe(baseCommit);
  });

  it("a push leaves the checkout of a working copy alone", async () => {
    const copy = join(temporaryFolder(), "copy");
    git("/", ["init", "--quiet", "--initial-branch=main", copy]);
    commitTo(join(copy, ".git"), { files: { a: "a\n" } });
    git(copy, ["reset", "--quiet", "--hard"]);
    const { push } = await readyToPush(copy);
    expect(await pushCommit({ ...push, ref: taskBranch("t-0123456789abcdef", "aedev"), expectedOld: null })).toBe(
      "landed",
    );
    expect(gitText(copy, ["status", "--porcelain"])).toBe("");
    expect(gitText(copy, ["log", "--format=%s", "aedev/t-0123456789abcdef"])).toBe("Fix\nchange");
  });

  it("a push passes on the remote's refusal, and the remote's hooks see nothing of our environment", async () => {
    const { remote, push } = await readyToPush();
    const seen = join(temporaryFolder(), "environment");
    process.env.AEDEV_PROBE = "hunter2";
    try {
      writeHook(remote, { name: "pre-receive", script: `env >${seen}; echo not on a Friday >&2; exit 1` });
      expect(await pushCommit(push)).toEqual({ refused: expect.stringContaining("not on a Friday") });
    } finally {
      delete process.env.AEDEV_PROBE;
    }
    expect(readFileSync(seen, "utf8")).toContain("PATH=");
    expect(readFileSync(seen, "utf8")).not.toContain("hunter2");
    rmSync(join(remote, "hooks", "pre-receive"));
    expect(await pushCommit(push)).toBe("landed");
  });

  it("a push is unknown if the remote never answers and has not moved, and its processes are ended", async () => {
    const { remote, push, baseCommit } = await readyToPush();
    const late = join(temporaryFolder(), "late");
    writeHook(remote, { name: "pre-receive", script: `sleep 5; touch ${late}` });
    expect(await pushCommit({ ...push, timeoutMs: 1_000 })).toBe("unknown");
    expect(gitText(remote, ["rev-parse", "main"])).toBe(baseCommit);
    await new Promise((passed) => setTimeout(passed, 5_000));
    expect(existsSync(late)).toBe(false);
    rmSync(join(remote, "hooks", "pre-receive"));
    expect(await pushCommit(push)).toBe("landed");
  });

  it("a push has landed if the answer is lost after the remote has written", async () => {
    const { remote, push } = await readyToPush();
    writeHook(remote, { name: "post-receive", script: "sleep 5" });
    expect(await pushCommit({ ...push, timeoutMs: 1_500 })).toBe("landed");
    expect(gitText(remote, ["rev-parse", "main"])).toBe(push.commit);
  });

  it("a push is unknown if the remote can't be reached at all", async () => {
    const { remote, push } = await readyToPush();
    renameSync(remote, `${remote}.away`);
    expect(await pushCommit(push)).toBe("unknown");
    await expect(isLanded(push)).rejects.toMatchObject({ code: "git-failed", retry: true });
    renameSync(`${remote}.away`, remote);
    expect(await pushCommit(push)).toBe("landed");
  });

  it("a push never forces: a commit that does not build on the expected one, or a ref that is no branch, is refused", async () => {
    const { remote, options, push } = await readyToPush();
    const theirs = commitTo(remote, { files: { other: "o\n" } });
    await fetchBase(options);
    await expect(pushCommit({ ...push, expectedOld: theirs })).rejects.toMatchObject({ code: "ref-refused" });
    for (const wrong of ["HEAD", "refs/tags/v1", "refs/heads/a:refs/heads/b", "refs/heads/*", ""])
      await expect(pushCommit({ ...push, ref: wrong })).rejects.toMatchObject({ code: "ref-refused" });
    await expect(pushCommit({ ...push, url: "ext::sh -c true" })).rejects.toMatchObject({ code: "remote-refused" });
    expect(gitText(remote, ["rev-parse", "main"])).toBe(theirs);
  });

  it("a push looks at exactly the named branch", async () => {
    const { remote, options, baseCommit } = await readyToPush();
    commitTo(remote, { files: { x: "x" }, branch: "a/refs/heads/main" });
    expect(await readRemoteBranch({ ...options, ref })).toEqual({ commit: baseCommit });
    expect(await readRemoteBranch({ ...options, ref: "refs/heads/none" })).toEqual({ commit: null });
    git(remote, ["update-ref", "refs/remotes/origin/HEAD", "a/refs/heads/main"]);
    expect(await readRemoteBranchAndHead({ ...options, ref })).toEqual({ commit: baseCommit, head: baseCommit });
    git(remote, ["symbolic-ref", "HEAD", "refs/heads/none"]);
    expect(await readRemoteBranchAndHead({ ...options, ref })).toEqual({ commit: baseCommit, head: null });
  });

  it("isAncestor knows what builds on what, and that nothing builds on a missing commit", async () => {
    const { options, baseCommit, commit } = await readyToPush();
    const call = { gitDir: join(options.home, "landing/demo.git"), timeoutMs };
    expect(await isAncestor({ ...call, older: baseCommit, newer: commit })).toBe(true);
    expect(await isAncestor({ ...call, older: commit, newer: baseCommit })).toBe(false);
    expect(await isAncestor({ ...call, older: "3".repeat(40), newer: commit })).toBe(false);
    const unreadable = isAncestor({ ...call, older: baseCommit, newer: "3".repeat(40) });
    await expect(unreadable).rejects.toMatchObject({ code: "git-failed" });
  });

  it("isLanded needs no fetch to say that a branch at the parent lacks the commit, and looks at any other", async () => {
    const { remote, baseCommit, push } = await readyToPush();
    const known = { ...push, parent: baseCommit };
    expect(await isLanded(known)).toBe(false);
    expect(await pushCommit(known)).toBe("landed");
    commitTo(remote, { files: { later: "l\n" } });
    expect(await isLanded(known)).toBe(true);
  });
});

describe("the removal of a branch", () => {
  const branch = "refs/heads/aedev/m/t";
  const withBranch = async () => {
    const ready = await readyToPush();
    gitText(ready.remote, ["update-ref", branch, ready.baseCommit]);
    return { ...ready, removal: { ...ready.options, ref: branch, expected: ready.baseCommit } };
  };

  it("removing a branch removes it once, and nothing else", async () => {
    const { remote, removal } = await withBranch();
    expect(await removeRemoteBranch(removal)).toBe("gone");
    expect(await removeRemoteBranch(removal)).toBe("gone");
    expect(gitText(remote, ["for-each-ref", "--format=%(refname)"])).toBe(ref);
  });

  it("a branch stays if somebody put more on it, even between the look and the removal", async () => {
    const { remote, removal, baseCommit } = await withBranch();
    const theirs = gitText(remote, [
      ...["-c", "user.name=n", "-c", "user.email=e@x", "commit-tree", `${baseCommit}^{tree}`],
      ...["-p", baseCommit, "-m", "theirs"],
    ]);
    // Runs after the remote has read the request and before it changes the branch.
    writeHook(remote, { name: "update", script: `git update-ref ${branch} ${theirs}` });
    expect(await removeRemoteBranch(removal)).toEqual({ moved: theirs });
    rmSync(join(remote, "hooks", "update"));
    expect(await removeRemoteBranch(removal)).toEqual({ moved: theirs });
    expect(await removeRemoteBranch({ ...removal, expected: theirs })).toBe("gone");
  });

  it("removing a branch says why if the remote keeps it", async () => {
    const { remote, removal } = await withBranch();
    writeHook(remote, { name: "pre-receive", script: "echo kept by a rule >&2; exit 1" });
    expect(await removeRemoteBranch(removal)).toEqual({ refused: expect.stringContaining("kept by a rule") });
    rmSync(join(remote, "hooks", "pre-receive"));
    expect(await removeRemoteBranch(removal)).toBe("gone");
  });
});
