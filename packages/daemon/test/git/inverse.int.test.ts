/** Inverses of landed changes, on histories that real git made: what they restore, what they leave, and when there is none. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { git, gitText, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { mirrorDirectory } from "../../src/git/bare-repository.ts";
import { deriveChange } from "../../src/git/change.ts";
import { compareWithLanded, evidencePatch, type Inverse, inverseOf } from "../../src/git/inverse.ts";
import { commitBefore } from "../../src/git/landed-range.ts";

const numbered = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join("");
const taskId = "t-aaaaaaaaaaaaaaaa";

/** A working copy with a base on `main`, and control's view of it. */
function repository() {
  const folder = temporaryFolder();
  const home = temporaryFolder();
  const run = (...args: string[]) =>
    gitText(folder, ["-c", "user.name=Person", "-c", "user.email=person@example.org", ...args]);
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const commit = (message: string) => {
    run("add", "--all");
    run("commit", "--quiet", "--allow-empty", "-m", message);
    return run("rev-parse", "HEAD");
  };
  git("/", ["init", "--quiet", "--initial-branch=main", folder]);
  write("a.txt", numbered);
  write("kept.txt", "kept\n");
  write("old.txt", "goes\n");
  write("tool.sh", "#!/bin/sh\n");
  write("image.bin", Buffer.from([0, 1, 2, 255]));
  symlinkSync("a.txt", join(folder, "link"));
  const base = commit("base");
  return { folder, home, run, write, commit, base };
}
type Copy = ReturnType<typeof repository>;

/** Changes lines, adds, deletes and renames a file, changes a mode, a link, and bytes that are not text. */
function changeEverything({ folder, run, write }: Copy): void {
  write("a.txt", numbered.replace("line 10\n", "ours one\nours two\n"));
  write("deep/new.txt", "new\n");
  rmSync(join(folder, "old.txt"));
  run("mv", "kept.txt", "renamed.txt");
  chmodSync(join(folder, "tool.sh"), 0o755);
  rmSync(join(folder, "link"));
  symlinkSync("renamed.txt", join(folder, "link"));
  write("image.bin", Buffer.from([0, 9, 8, 254]));
}

async function take(copy: Copy, landed: string, judged: Uint8Array | null = null) {
  const { home, folder } = copy;
  const options = { home, repository: "tool", timeoutMs };
  const gitDir = mirrorDirectory(options);
  rmSync(gitDir, { recursive: true, force: true });
  git("/", ["clone", "--quiet", "--bare", folder, gitDir]);
  const call = { gitDir, timeoutMs };
  const before = await commitBefore({ ...call, commit: landed, taskId, patch: judged });
  const onto = gitText(gitDir, ["rev-parse", "main"]);
  const objects = gitText(gitDir, ["count-objects", "-v"]);
  const inverse = await inverseOf({ ...options, commit: landed, before: before ?? "", onto });
  expect(gitText(gitDir, ["count-objects", "-v"]), "the mirror gets no object").toBe(objects);
  return { before, onto, inverse, options, call };
}

/** Judges the inverse as evidence and compares it file by file. */
async function judge({ inverse, before, onto, options, call }: Awaited<ReturnType<typeof take>>, commit: string) {
  if (inverse.kind !== "inverse") throw new Error(`no inverse: ${JSON.stringify(inverse)}`);
  const change = await deriveChange({ ...options, baseCommit: onto, patch: inverse.patch });
  expect(change.tree).toBe(inverse.tree);
  return compareWithLanded({ ...call, commit, before: before ?? "", changed: change.changed });
}
const treeOf = ({ run }: Copy, commit: string) => run("rev-parse", `${commit}^{tree}`);
const kindOf = ({ kind }: Inverse) => kind;

const landings: Record<string, (copy: Copy) => { landed: string; before: string }> = {
  "one commit": (copy) => {
    changeEverything(copy);
    return { landed: copy.commit("the change"), before: copy.base };
  },
  "a merge commit, after which the branch had moved": (copy) => {
    copy.run("switch", "--quiet", "-c", "topic");
    changeEverything(copy);
    copy.commit(`one\n\nAedev-Task: ${taskId}`);
    copy.run("switch", "--quiet", "main");
    copy.write("other.txt", "others\n");
    const before = copy.commit("others");
    copy.run("merge", "--quiet", "--no-ff", "-m", "Merge topic", "topic");
    return { landed: copy.run("rev-parse", "HEAD"), before };
  },
  "several commits of a rebase, found by the trailer": (copy) => {
    changeEverything(copy);
    copy.commit(`first\n\nAedev-Task: ${taskId}`);
    copy.write("deep/new.txt", "newer\n");
    return { landed: copy.commit("a person's addition"), before: copy.base };
  },
};

it.each(Object.entries(landings))("the inverse takes back %s to exactly the tree before it", async (_name, land) => {
  const copy = repository();
  const { landed, before } = land(copy);
  const taken = await take(copy, landed);
  expect(taken.before).toBe(before);
  expect(taken.inverse).toMatchObject({ kind: "inverse", tree: treeOf(copy, before) });
  const { restored, merged } = await judge(taken, landed);
  expect(merged).toEqual([]);
  expect(restored).toEqual([
    "a.txt",
    "deep/new.txt",
    "image.bin",
    "kept.txt",
    "link",
    "old.txt",
    "renamed.txt",
    "tool.sh",
  ]);
});

it("the inverse of several commits is found by the judged patch, without any trailer", async () => {
  const copy = repository();
  copy.write("a.txt", "one\n");
  copy.commit("first");
  copy.write("b.txt", "two\n");
  const landed = copy.commit("second");
  const call = { gitDir: join(copy.folder, ".git"), timeoutMs };
  const judged = await evidencePatch({ ...call, from: copy.base, to: landed });
  expect((await take(copy, landed, judged)).before).toBe(copy.base);
  // Without the patch, only the last commit is known to be the change.
  expect((await take(copy, landed)).before).toBe(copy.run("rev-parse", `${landed}^`));
});

it("the inverse leaves what later commits changed in other files and lines, and says which files these are", async () => {
  const copy = repository();
  changeEverything(copy);
  const landed = copy.commit("the change");
  copy.write("a.txt", numbered.replace("line 10\n", "ours one\nours two\n").replace("line 29\n", "theirs\n"));
  copy.write("other.txt", "others\n");
  copy.commit("others");
  const taken = await take(copy, landed);
  const { restored, merged } = await judge(taken, landed);
  expect(merged).toEqual(["a.txt"]);
  expect(restored).not.toContain("a.txt");
  expect(restored).toContain("old.txt");
  const { inverse, call } = taken;
  const tree = inverse.kind === "inverse" ? inverse.tree : "";
  expect(tree).not.toBe("");
  const patch = inverse.kind === "inverse" ? Buffer.from(inverse.patch).toString("latin1") : "";
  expect(patch).toContain("+line 10");
  expect(patch).not.toContain("-theirs");
  expect(call.gitDir).toContain("mirror");
});

it("there is no inverse if later commits changed the same lines, reverted it, or nothing was before it", async () => {
  const copy = repository();
  copy.write("a.txt", numbered.replace("line 10\n", "ours\n"));
  copy.write("new.txt", "new\n");
  const landed = copy.commit("the change");
  copy.write("a.txt", numbered.replace("line 10\n", "theirs\n"));
  copy.commit("the same line");
  expect((await take(copy, landed)).inverse).toEqual({ kind: "conflict", paths: ["a.txt"] });

  const other = repository();
  changeEverything(other);
  const change = other.commit("the change");
  expect(kindOf((await take(other, change)).inverse), "the positive control").toBe("inverse");
  other.run("revert", "--no-edit", change);
  expect((await take(other, change)).inverse).toEqual({ kind: "empty" });
  const call = { gitDir: join(other.folder, ".git"), timeoutMs };
  expect(await commitBefore({ ...call, commit: other.base, taskId, patch: null })).toBeNull();
});

it("the inverse is merged with git's own driver, whatever the tree's attributes ask for", async () => {
  const copy = repository();
  copy.write(".gitattributes", "*.txt merge=ours -diff filter=evil\n");
  copy.write("a.txt", numbered.replace("line 10\n", "ours\n"));
  const landed = copy.commit("the change");
  copy.write("a.txt", numbered.replace("line 10\n", "theirs\n"));
  copy.commit("the same line");
  expect((await take(copy, landed)).inverse).toEqual({ kind: "conflict", paths: ["a.txt"] });
});

it("an earlier commit with the task's trailer is ignored if others are between, and a large difference is not the judged one", async () => {
  const copy = repository();
  copy.write("theirs.txt", "theirs\n");
  copy.commit(`Somebody's\n\nAedev-Task: ${taskId}`);
  copy.write("large.txt", "many\n".repeat(10_000));
  const between = copy.commit("Not aedev's");
  copy.write("ours.txt", "ours\n");
  const landed = copy.commit(`Ours\n\nAedev-Task: ${taskId}`);
  const gitDir = join(copy.folder, ".git");
  const of = (patch: Uint8Array | null) => commitBefore({ gitDir, timeoutMs, commit: landed, taskId, patch });
  expect(await of(null)).toBe(between);
  expect(await of(Buffer.from("another patch\n"))).toBe(between);
  // Control: the judged change is found, however large the differences before it are.
  expect(await of(await evidencePatch({ gitDir, timeoutMs, from: between, to: landed }))).toBe(between);
});
