/** Checks without an engine: the candidate from real git, hostile patches, and leftovers. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { clearCheckFolders } from "../../src/checks/leftovers.ts";
import { openDocker } from "../../src/engine/docker.ts";
import type { ContainerSpec, Engine } from "../../src/engine/engine.ts";
import { mountFolder } from "../../src/engine/mount-folder.ts";
import { withSandboxUser } from "../../src/engine/sandbox-user.ts";
import { applyPatch, openObjects } from "../../src/tree/candidate.ts";
import { layOut, readCheckTree, writeBlob, writeCheckTree } from "../../src/tree/check-tree.ts";
import { type Laboratory, limits, openLaboratory } from "./laboratory.ts";

let laboratory: Laboratory;
let base: string;
beforeAll(() => {
  laboratory = openLaboratory();
  base = laboratory.repository("app", { "index.js": "1\n", ".gitattributes": "*.js filter=evil eol=crlf\n" });
});
afterAll(() => laboratory.close());

const newFolder = () => mkdtempSync(join(laboratory.home, "work-"));

describe("the tree of a candidate", () => {
  it("has every file of its base under its original bytes, even if a name is not UTF-8", async () => {
    const work = newFolder();
    const objects = await openObjects(laboratory.context, "app", join(work, "git"));
    const id = await writeBlob(objects, "ours\n");
    const tree = await writeCheckTree(
      objects,
      new Map([
        ["b\\xfccher/x.txt", { mode: "100644", id }],
        ["b\\xf6cher/x.txt", { mode: "100644", id }],
        ["index.js", { mode: "100644", id }],
      ]),
    );
    const listed = execFileSync("git", ["--git-dir", objects.gitDir, "ls-tree", "-r", "-z", "--name-only", tree]);
    expect(listed.toString("latin1").split("\0")).toEqual(["b\xf6cher/x.txt", "b\xfccher/x.txt", "index.js", ""]);
    const entries = await readCheckTree(objects, tree);
    expect(await writeCheckTree(objects, entries)).toBe(tree);
    await layOut(objects, tree, join(work, "repo"));
    const names = readdirSync(Buffer.from(join(work, "repo")), { encoding: "buffer" }).map((name) =>
      name.toString("latin1"),
    );
    expect(names.sort()).toEqual(["b\xf6cher", "b\xfccher", "index.js"]);
  });

  it("is base plus patch, laid out byte by byte whatever its attributes are, and leaves the mirror as it was", async () => {
    const { context, home } = laboratory;
    const work = newFolder();
    const objects = await openObjects(context, "app", join(work, "git"));
    const patch = laboratory.patch("app", base, { "index.js": "2\n", "new.bin": "\u0000\u0001\n" });
    const tree = await applyPatch(objects, base, patch);
    expect([...(await readCheckTree(objects, tree)).keys()].sort()).toEqual([".gitattributes", "index.js", "new.bin"]);
    await layOut(objects, tree, join(work, "repo"));
    expect(readFileSync(join(work, "repo", "index.js"), "utf8")).toBe("2\n");
    const inMirror = context.git("runner/tree/worktree", ["cat-file", "-e", tree], {
      gitDir: join(home, "mirrors", "app.git"),
    });
    await expect(inMirror).rejects.toMatchObject({ code: "git-failed" });
  });

  it("can't write through a link or out of its folder", async () => {
    const outside = mkdtempSync(join(tmpdir(), "aedev-outside-"));
    onTestFinished(() => rmSync(outside, { recursive: true, force: true }));
    const file = (path: string, mode: string, line: string) =>
      `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${line}\n${mode === "120000" ? "\\ No newline at end of file\n" : ""}`;
    const apply = async (patch: string) => {
      const objects = await openObjects(laboratory.context, "app", join(newFolder(), "git"));
      return applyPatch(objects, base, Buffer.from(patch));
    };
    await expect(apply(file("link", "120000", outside) + file("link/x", "100644", "x"))).rejects.toMatchObject({
      code: "HOLD-BASE-MOVED",
    });
    await expect(apply(file("../x", "100644", "x"))).rejects.toMatchObject({ code: "HOLD-BASE-MOVED" });
    await expect(apply(file(".git/config", "100644", "x"))).rejects.toMatchObject({ code: "HOLD-BASE-MOVED" });
    expect(await apply(file("link", "120000", outside) + file("folder/x", "100644", "x"))).toMatch(/^[0-9a-f]{40}$/);
    expect(readdirSync(outside)).toEqual([]);
  });
});

describe("checks without an engine", () => {
  it("are held free of charge, and leave no files", async () => {
    const { context, home } = laboratory;
    context.docker = openDocker({ dockerHost: `unix://${home}/no.sock`, deadlineMs: 2000 });
    const held = await laboratory.check({ name: "app", base, change: { "index.js": "2\n" } });
    expect(held).toMatchObject({ outcome: "held", code: "HOLD-DOCKER-UNAVAILABLE", retry_free: true });
    const mounted = mountFolder(home);
    expect(readdirSync(mounted)).toEqual([]);
    mkdirSync(join(mounted, randomBytes(12).toString("hex")));
    mkdirSync(join(home, "prepared", ".work-old"), { recursive: true });
    mkdirSync(join(home, "prepared", "kept"));
    await clearCheckFolders(home);
    expect(readdirSync(mounted)).toEqual([]);
    expect(readdirSync(join(home, "prepared"))).toEqual(["kept"]);
  });

  it("are cleared except for containers' identity files, which another process of the plane may be mounting", async () => {
    const { home } = laboratory;
    const mounted: string[] = [];
    const engine: Engine = {
      ...openDocker({ dockerHost: `unix://${home}/no.sock`, deadlineMs: 2000 }),
      create: async ({ mounts }) => {
        mounted.push(...mounts.map(({ source }) => source));
        return "c1";
      },
    };
    const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, chown: false };
    const spec: ContainerSpec = {
      ...{ imageId: `sha256:${"0".repeat(64)}`, entrypoint: null, command: [], environment: {}, mounts: [], limits },
      ...{ user: "1:1", workingFolder: "/", seccomp: "checks", labels: {} },
    };
    const create = () => withSandboxUser(engine, { home, user }).create(spec);
    await create();
    expect(mounted.map((path) => basename(path))).toEqual(["passwd", "group", "hosts"]);
    const texts = () => mounted.map((path) => readFileSync(path, "utf8"));
    const before = texts();
    await clearCheckFolders(home);
    expect(texts()).toEqual(before);
    // The next process of the plane has the same files, so that neither changes the other's.
    await create();
    expect(texts()).toEqual([...before, ...before]);
  });
});
