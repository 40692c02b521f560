/** The walker on honest and hostile trees: what it captures, what it refuses, and that nothing from the tree ever runs on the host. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { openGit } from "@aedev/host/git/git-at";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Captured, captureTree } from "../../src/capture/capture.ts";
import type { RunnerContext } from "../../src/engine/context.ts";
import { type RunFolder, runFolder } from "../../src/tree/run-folder.ts";
import { makeWorktree } from "../../src/tree/worktree.ts";
import { limits, makeHome, newId, sha256, type ThrowAwayHome } from "../throw-away-home.ts";

let place: ThrowAwayHome;
let folder: RunFolder;
let baseCommit: string;
let context: Pick<RunnerContext, "git" | "blobs" | "home">;

beforeEach(() => {
  place = makeHome();
  context = { git: openGit(join(place.home, "run", "empty")), blobs: place.blobs, home: place.home };
});
afterEach(() => place.remove());

async function check(out: { outputs?: string[] } = {}): Promise<void> {
  const runId = newId("r");
  folder = runFolder({ home: place.home, homeId: "test", sha256 }, runId);
  mkdirSync(folder.root, { recursive: true });
  const full: RunnerContext = {
    ...context,
    user: { uid: 0, gid: 0, chown: false },
  } as RunnerContext;
  await makeWorktree({ folder, runId, repository: "demo", baseCommit, outputs: out.outputs ?? [] }, full);
}
const capture = (outputs: string[] = []): Promise<Captured> =>
  captureTree({ folder, mirror: place.mirror, baseCommit, outputs, limits }, context);
const inTree = (...path: string[]) => join(folder.tree, ...path);
const patchOf = (captured: Captured) =>
  captured.patch === null ? "" : Buffer.from(place.blobs.get(captured.patch.digest)).toString("latin1");

/** The tree that plain git makes of the same files, in a copy of ours. */
function naiveTree(): string {
  execFileSync("cp", ["-a", `${folder.tree}/.`, place.work]);
  rmSync(join(place.work, ".git", "index"), { force: true });
  place.git("add", "--all");
  return place.git("write-tree");
}

describe("capture of an honest tree", () => {
  it("makes the tree that git itself would make, with new, changed, deleted, executable and linked files", async () => {
    baseCommit = place.commit({
      "a.txt": "one\n",
      "dir/b.txt": "two\n",
      "gone.txt": "x\n",
      "was-file": "f\n",
      "was-dir/x": "d\n",
      ".gitignore": "*.log\nbuild/\n!keep.log\n",
      "sub/.gitignore": "secret\n",
      "tracked.log": "t\n",
    });
    await check();
    writeFileSync(inTree("a.txt"), "one\nmore\n");
    writeFileSync(inTree("dir", 'new ünï "q"\n.txt'), "n\n");
    rmSync(inTree("gone.txt"));
    rmSync(inTree("was-file"));
    mkdirSync(inTree("was-file"));
    writeFileSync(inTree("was-file", "inner"), "i\n");
    rmSync(inTree("was-dir"), { recursive: true });
    writeFileSync(inTree("was-dir"), "now a file\n");
    writeFileSync(inTree("run.sh"), "#!/bin/sh\n");
    chmodSync(inTree("run.sh"), 0o755);
    symlinkSync("a.txt", inTree("link"));
    mkdirSync(inTree("build"));
    writeFileSync(inTree("build", "out.js"), "ignored");
    writeFileSync(inTree("debug.log"), "ignored");
    writeFileSync(inTree("keep.log"), "kept\n");
    mkdirSync(inTree("sub"), { recursive: true });
    writeFileSync(inTree("sub", "secret"), "ignored");
    writeFileSync(inTree(":(glob)magic"), "m\n");
    writeFileSync(inTree("tracked.log"), "changed though ignored\n");
    const captured = await capture();
    expect(captured.finding).toBeNull();
    const patch = patchOf(captured);
    expect(patch).toContain("+more");
    expect(patch).toContain("keep.log");
    expect(patch).not.toContain("build/out.js");
    expect(patch).not.toContain("debug.log");
    expect(patch).not.toContain("sub/secret");
    place.git("reset", "--quiet", "--hard", baseCommit);
    rmSync(join(place.work, "was-dir"), { recursive: true });
    rmSync(join(place.work, "was-file"));
    rmSync(join(place.work, "gone.txt"));
    rmSync(join(folder.tree, ".git"), { recursive: true });
    expect(captured.tree).toBe(naiveTree());
  });

  it("is empty if nothing changed, leaves prepared outputs out, and follows the base's ignore rules, not the agent's", async () => {
    baseCommit = place.commit({ "a.txt": "one\n", ".gitignore": "ignored-by-base\n" });
    await check({ outputs: ["deps"] });
    mkdirSync(inTree("deps", "x"), { recursive: true });
    writeFileSync(inTree("deps", "x", "y"), "prepared");
    const first = await capture(["deps"]);
    expect(first).toMatchObject({ isEmpty: true, finding: null });
    writeFileSync(inTree(".gitignore"), "*\n");
    writeFileSync(inTree("hidden"), "not hidden\n");
    const second = await capture(["deps"]);
    expect(patchOf(second)).toContain("+not hidden");
  });

  it("refuses an output that the base tracks", async () => {
    baseCommit = place.commit({ "dist/a.js": "1\n" });
    await expect(check({ outputs: ["dist"] })).rejects.toMatchObject({ code: "HOLD-PREPARE-FAILED" });
    await expect(check({ outputs: ["other"] })).resolves.toBeUndefined();
  });

  it("shows the change although the base's attributes would hide or change it", async () => {
    baseCommit = place.commit({
      ".gitattributes": "*.txt -diff\n*.md working-tree-encoding=UTF-16 eol=crlf\n",
      "a.txt": "1\n",
    });
    await check();
    writeFileSync(inTree("a.txt"), "2\n");
    writeFileSync(inTree("b.md"), "plain\n");
    const patch = patchOf(await capture());
    expect(patch).toContain("+2");
    expect(patch).toContain("+plain");
  });
});

describe("capture of a hostile tree", () => {
  const canary = () => join(place.home, "canary");

  /** A repository in which every configuration key that can run a program does, and every hook too. */
  function plantRepository(at: string): void {
    mkdirSync(join(at, "hooks"), { recursive: true });
    const run = `touch ${canary()}`;
    writeFileSync(join(at, "HEAD"), "ref: refs/heads/main\n");
    mkdirSync(join(at, "objects"), { recursive: true });
    mkdirSync(join(at, "refs"), { recursive: true });
    writeFileSync(
      join(at, "config"),
      `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "${run}"\n\tbare = false\n\tworktree = ..\n` +
        `[filter "x"]\n\tclean = "${run}; cat"\n\tsmudge = "${run}; cat"\n\trequired = true\n[diff "x"]\n\ttextconv = "${run}"\n`,
    );
    mkdirSync(join(at, "info"), { recursive: true });
    writeFileSync(join(at, "info", "attributes"), "* filter=x diff=x\n");
    for (const hook of ["post-checkout", "post-index-change", "pre-commit"]) {
      writeFileSync(join(at, "hooks", hook), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
    }
  }

  it("runs nothing from the configuration of a submodule or nested repository, in two captures, and reports it", async () => {
    const inner = place.commit({ "README.md": "x\n" });
    place.git("update-index", "--add", "--cacheinfo", `160000,${inner},module`);
    place.git("commit", "--quiet", "--message=submodule");
    baseCommit = place.git("rev-parse", "HEAD");
    place.git("-C", place.mirror, "fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*");
    await check();
    expect(existsSync(inTree("module"))).toBe(true);
    const untouched = await capture();
    expect(untouched).toMatchObject({ isEmpty: true, finding: null });
    writeFileSync(inTree("README.md"), "changed\n");
    writeFileSync(inTree(".gitattributes"), "* filter=x diff=x\n");
    plantRepository(inTree("module", ".git"));
    writeFileSync(inTree("module", "file"), "x\n");
    plantRepository(inTree("nested", ".git"));
    writeFileSync(inTree("nested", "file"), "x\n");
    plantRepository(inTree(".git"));
    for (let time = 0; time < 2; time += 1) {
      const captured = await capture();
      expect(captured.finding?.code).toBe("HOLD-FORBIDDEN-PATH");
      expect(patchOf(captured)).toContain("+changed");
      expect(patchOf(captured)).not.toContain("repositoryformatversion");
    }
    expect(existsSync(canary())).toBe(false);
    // The control: plain git, run there, does execute that configuration.
    const naive = { cwd: inTree("nested"), env: { PATH: process.env.PATH }, stdio: "ignore" as const };
    try {
      execFileSync("git", ["-c", "safe.directory=*", "add", "--all"], naive);
    } catch {
      expect(true).toBe(true);
    }
    expect(existsSync(canary())).toBe(true);
  });

  it.each([".GIT", "git~1", ".g\u200cit", ".git ", ".git.", ".git::$INDEX_ALLOCATION"])(
    "holds for an entry named %j deep in the tree, and takes the rest",
    async (name) => {
      baseCommit = place.commit({ "a.txt": "1\n" });
      await check();
      mkdirSync(inTree("deep", "er", name), { recursive: true });
      writeFileSync(inTree("deep", "er", name, "config"), "[x]\n");
      writeFileSync(inTree("deep", "ok"), "ok\n");
      const captured = await capture();
      expect(captured.finding?.code).toBe("HOLD-FORBIDDEN-PATH");
      expect(patchOf(captured)).toContain("+ok");
      rmSync(inTree("deep", "er"), { recursive: true });
      writeFileSync(inTree("deep", ".gitkeep"), "");
      expect((await capture()).finding).toBeNull();
    },
  );

  it("holds if a submodule is removed or replaced", async () => {
    const inner = place.commit({ "README.md": "x\n" });
    place.git("update-index", "--add", "--cacheinfo", `160000,${inner},module`);
    place.git("commit", "--quiet", "--message=submodule");
    baseCommit = place.git("rev-parse", "HEAD");
    place.git("-C", place.mirror, "fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*");
    await check();
    rmSync(inTree("module"), { recursive: true });
    expect((await capture()).finding?.code).toBe("HOLD-FORBIDDEN-PATH");
    symlinkSync("/etc", inTree("module"));
    expect((await capture()).finding?.code).toBe("HOLD-FORBIDDEN-PATH");
    rmSync(inTree("module"));
    mkdirSync(inTree("module"));
    expect((await capture()).finding).toBeNull();
  });

  it("captures a folder that replaced the base's ignore file, with everything in it", async () => {
    baseCommit = place.commit({ ".gitignore": "*.log\n", "a.txt": "1\n" });
    await check();
    mkdirSync(inTree("folder"));
    writeFileSync(inTree("folder", "b.txt"), "2\n");
    writeFileSync(inTree("folder", "c.log"), "3\n");
    const honest = await capture();
    expect([honest.finding, honest.tree]).toEqual([null, naiveTree()]);
    rmSync(inTree(".gitignore"));
    mkdirSync(inTree(".gitignore", "inner", "deep"), { recursive: true });
    writeFileSync(inTree(".gitignore", "inner", "deep", "d.txt"), "4\n");
    writeFileSync(inTree(".gitignore", "e.txt"), "5\n");
    const taken = await capture();
    expect(taken.finding).toBeNull();
    for (const path of [".gitignore/inner/deep/d.txt", ".gitignore/e.txt", "folder/b.txt"])
      expect(patchOf(taken)).toContain(`+++ b/${path}`);
    expect(patchOf(taken)).toContain("deleted file mode");
  });

  it("never blocks on or follows pipes, sockets and links, and holds for entries that git can't store", async () => {
    baseCommit = place.commit({ "a.txt": "1\n" });
    await check();
    symlinkSync("/etc/passwd", inTree("link"));
    symlinkSync("/etc", inTree("folder"));
    const honest = await capture();
    expect(honest.finding).toBeNull();
    expect(patchOf(honest)).toContain("+/etc/passwd");
    expect(patchOf(honest)).not.toContain("root:");
    execFileSync("/usr/bin/mkfifo", [inTree("pipe")]);
    expect((await capture()).finding).toMatchObject({ code: "HOLD-PATCH-UNSAFE", detail: "fifo pipe" });
    rmSync(inTree("pipe"));
    rmSync(inTree("a.txt"));
    execFileSync("/usr/bin/mkfifo", [inTree("a.txt")]);
    expect((await capture()).finding?.code).toBe("HOLD-PATCH-UNSAFE");
    rmSync(inTree("a.txt"));
    const server = createServer().listen(inTree("s"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect((await capture()).finding).toMatchObject({ detail: "socket s" });
    server.close();
  });

  it("takes a name that is not UTF-8 byte for byte, and holds for a file over its bound", async () => {
    baseCommit = place.commit({ "a.txt": "1\n" });
    await check();
    const odd = Buffer.concat([Buffer.from(`${folder.tree}/`), Buffer.from([0xff, 0x61])]);
    writeFileSync(odd, "x");
    const { finding, patch } = await capture();
    expect(finding).toBeNull();
    expect(Buffer.from(context.blobs.get(patch?.digest ?? "")).toString("latin1")).toContain("+++ b/\xffa\n");
    rmSync(odd);
    writeFileSync(inTree("big"), Buffer.alloc(limits.capture_file_bytes + 1));
    expect((await capture()).finding).toMatchObject({ code: "HOLD-BUDGET", detail: "bytes" });
    writeFileSync(inTree("big"), "small\n");
    expect((await capture()).finding).toBeNull();
  });
});

describe("capture of sparse files", () => {
  /** A file of this length that takes no disk space, so that no bound on written bytes sees it. */
  const hole = (path: string, sizeBytes: number) => {
    writeFileSync(path, "");
    truncateSync(path, sizeBytes);
  };

  it("does not read sparse files for ever, whether one is too large or very many are not", async () => {
    baseCommit = place.commit({ "a.txt": "1\n", "b.txt": "2\n" });
    await check();
    hole(inTree("one"), limits.patch_bytes / 4);
    expect((await capture()).finding).toBeNull();
    const many = limits.run_bytes / limits.capture_file_bytes;
    for (let number = 0; number < many; number += 1) hole(inTree(`many-${number}`), limits.capture_file_bytes);
    expect((await capture()).finding).toMatchObject({ code: "HOLD-BUDGET", detail: "bytes" });
    for (let number = 0; number < many; number += 1) rmSync(inTree(`many-${number}`));
    // Reading these would take longer than the test may.
    for (let number = 0; number < 400; number += 1) hole(inTree(`large-${number}`), limits.file_size_bytes);
    writeFileSync(inTree("a.txt"), "changed\n");
    const large = await capture();
    expect(large.finding).toMatchObject({ code: "HOLD-BUDGET", detail: "bytes" });
    expect(patchOf(large)).toContain("+changed");
  });
});

describe("the agent's repository", () => {
  it("has only objects reachable from the base, and git works in it", async () => {
    const secret = place.commit({ "a.txt": "a blob of another branch\n" });
    place.git("checkout", "--quiet", "--orphan", "other");
    baseCommit = place.commit({ "a.txt": "base\n" });
    await check();
    const inside = (...args: string[]) =>
      execFileSync("git", ["--git-dir", folder.agentGit, "--work-tree", folder.tree, ...args], {
        env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null" },
      }).toString();
    const objects = inside("cat-file", "--batch-check", "--batch-all-objects");
    expect(objects).toContain(baseCommit);
    expect(objects).not.toContain(secret);
    expect(inside("status", "--porcelain")).toBe("");
    expect(inside("log", "--format=%H").trim()).toBe(baseCommit);
    const before = place.git("-C", place.mirror, "count-objects", "-v");
    writeFileSync(inTree("new.txt"), "agent\n");
    expect((await capture()).isEmpty).toBe(false);
    expect(place.git("-C", place.mirror, "count-objects", "-v")).toBe(before);
  });
});
