/** Capture puts the form of files back as the base has it, names ignored files, and leaves out files in submodules. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

async function checkOut(files: Record<string, string>): Promise<void> {
  baseCommit = place.commit(files);
  await checkOutCommit();
}

async function checkOutCommit(): Promise<void> {
  const runId = newId("r");
  folder = runFolder({ home: place.home, homeId: "test", sha256 }, runId);
  mkdirSync(folder.root, { recursive: true });
  const full = { ...context, user: { uid: 0, gid: 0, chown: false } } as RunnerContext;
  await makeWorktree({ folder, runId, repository: "demo", baseCommit, outputs: [] }, full);
}

function write(path: string, text: string): void {
  const place = join(folder.tree, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}

const capture = (): Promise<Captured> =>
  captureTree({ folder, mirror: place.mirror, baseCommit, outputs: [], limits }, context);
const captured = async (path: string) => {
  const result = await capture();
  const git = (...args: string[]) =>
    execFileSync("git", ["--git-dir", folder.captureGit, ...args], { encoding: "latin1" });
  return {
    ...result,
    text: git("cat-file", "blob", `${result.tree}:${path}`),
    mode: git("ls-tree", result.tree, path).slice(0, 6),
  };
};
/** The agent's git, in its own repository. */
const agentGit = (...args: string[]) =>
  execFileSync("git", ["--git-dir", folder.agentGit, "--work-tree", folder.tree, "-c", "safe.directory=*", ...args]);
const ten = (ending: string, fifth = "5") =>
  Array.from({ length: 10 }, (_, n) => `line ${n === 4 ? fifth : n + 1}${ending}`).join("");

describe("capture of a file whose form is uniform on the base", () => {
  it.each([
    ["CRLF", "\r\n", "\n"],
    ["LF", "\n", "\r\n"],
    ["CR", "\r", "\n"],
  ])("puts line endings back: %s", async (to, was, is) => {
    await checkOut({ "rate.js": ten(was) });
    write("rate.js", ten(is, "changed"));
    const { text, notes } = await captured("rate.js");
    expect(text).toBe(ten(was, "changed"));
    expect(notes).toEqual({ put_back: [{ kind: "line-endings", to, paths: ["rate.js"], count: 1 }] });
  });

  it("puts the byte order mark and the newline at the end back", async () => {
    await checkOut({ "a.cs": "\ufeffone\ntwo\nthree\n", "b.cs": "one\ntwo\n" });
    write("a.cs", "one\n2\nthree");
    write("b.cs", "\ufeffone\n2\n");
    const { text, notes } = await captured("a.cs");
    expect(Buffer.from(text, "latin1").toString()).toBe("\ufeffone\n2\nthree\n");
    expect((await captured("b.cs")).text).toBe("one\n2\n");
    expect(notes?.put_back).toMatchObject([
      { kind: "byte-order-mark", paths: ["a.cs", "b.cs"] },
      { kind: "final-newline", paths: ["a.cs"] },
    ]);
  });

  it("puts a script's executable bit back, if its text changed too", async () => {
    await checkOut({ "run.sh": "#!/bin/sh\necho 1\n" });
    chmodSync(join(place.work, "run.sh"), 0o755);
    place.git("commit", "--quiet", "--all", "--message=x");
    baseCommit = place.git("rev-parse", "HEAD");
    place.git("-C", place.mirror, "fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*");
    await checkOutCommit();
    write("run.sh", "#!/bin/sh\necho 2\n");
    chmodSync(join(folder.tree, "run.sh"), 0o644);
    expect(await captured("run.sh")).toMatchObject({ mode: "100755", notes: { put_back: [{ kind: "executable" }] } });
    write("run.sh", "#!/bin/sh\necho 1\n");
    expect(await captured("run.sh")).toMatchObject({ mode: "100644", notes: null });
  });

  it("keeps the form that the coder wrote if nothing else changed, the base is mixed, or the rules change too", async () => {
    const files = { "all.txt": ten("\r\n"), "mixed.txt": "a\r\nb\nc\n", "bin.dat": "a\r\n\0b\r\n" };
    await checkOut(files);
    write("all.txt", ten("\n"));
    write("mixed.txt", "a\r\nb\nd\r\n");
    write("bin.dat", "a\n\0c\n");
    const { text, notes } = await captured("all.txt");
    expect([text, notes]).toEqual([ten("\n"), null]);
    expect((await captured("mixed.txt")).text).toBe("a\r\nb\nd\r\n");
    write("all.txt", ten("\n", "changed"));
    write(".gitattributes", "*.txt text\n");
    expect((await captured("all.txt")).text).toBe(ten("\n", "changed"));
  });
});

describe("capture of a file that git normalizes by the base's attributes", () => {
  it("stores the file with LF, so that a fresh checkout is clean", async () => {
    await checkOut({ ".gitattributes": "* text=auto\n*.txt text\n*.bat eol=crlf\n*.raw -text\n", "old.txt": "a\nb\n" });
    write("old.txt", "a\r\nc\r\n");
    write("new.txt", "a\r\n");
    write("new.bat", "a\r\n");
    write("auto.js", "a\r\n");
    write("new.raw", "a\r\n");
    // Both look binary without a NUL byte; git keeps the first and converts the second.
    write("picture", "\x01\x02\r\n\x03");
    write("odd.txt", "\x01\x02\r\n\x03");
    const { notes, tree } = await capture();
    expect(notes?.put_back?.map(({ kind, paths }) => [kind, paths])).toEqual([
      ["normalized", ["auto.js", "new.bat", "new.txt", "odd.txt"]],
      ["line-endings", ["old.txt"]],
    ]);
    const clone = join(place.home, "clone");
    execFileSync("git", ["init", "--quiet", clone]);
    const inClone = (...args: string[]) => execFileSync("git", ["-C", clone, ...args], { encoding: "utf8" });
    writeFileSync(
      join(clone, ".git", "objects", "info", "alternates"),
      `${folder.captureGit}/objects\n${place.mirror}/objects\n`,
    );
    inClone("read-tree", tree);
    inClone("checkout-index", "--all");
    inClone("update-index", "--refresh");
    expect(inClone("diff", "--name-only")).toBe("");
    expect(inClone("cat-file", "blob", `${tree}:new.raw`)).toBe("a\r\n");
    expect(inClone("cat-file", "blob", `${tree}:picture`)).toBe("\x01\x02\r\n\x03");
  });
});

describe("capture of new files that the base ignores", () => {
  beforeEach(() => checkOut({ ".gitignore": "fixtures/\nnode_modules/\n*.log\n", "a.js": "1\n" }));

  it("names ignored files, except those that builds, package managers and tools leave", async () => {
    write("a.js", "2\n");
    write("fixtures/semi.csv", "a;b\n");
    write("fixtures/deep/two.csv", "a;b\n");
    write("fixtures/node_modules/x.js", "1\n");
    write("fixtures/data.bin", "\0\n");
    write("node_modules/x/index.js", "1\n");
    write("debug.log", "1\n");
    const { notes, finding } = await capture();
    expect(finding).toBeNull();
    expect(notes).toEqual({
      ignored: { paths: ["fixtures/deep/two.csv", "fixtures/semi.csv"], count: 2, others: 4 },
    });
  });

  it("counts a folder as one file, without listing it, if it has more files than a person writes", async () => {
    write("a.js", "2\n");
    write("fixtures/few/semi.csv", "a;b\n");
    for (let index = 0; index <= 2000; index += 1) write(`fixtures/many/${index}.csv`, "a;b\n");
    expect((await capture()).notes).toEqual({ ignored: { paths: ["fixtures/few/semi.csv"], count: 1, others: 1 } });
  });

  it("makes no note of ignored files if only tools left them", async () => {
    write("a.js", "2\n");
    write("node_modules/x/index.js", "1\n");
    expect((await capture()).notes).toBeNull();
  });

  it.each(["2", "3", "4"])(
    "takes files that the coder added by force, with an index of version %s",
    async (version) => {
      write("fixtures/semi.csv", "a;b\n");
      write("fixtures/semi-two.csv", "a;b\n");
      write("fixtures/other.csv", "a;b\n");
      agentGit("-c", `index.version=${version}`, "add", "--force", "fixtures/semi.csv", "fixtures/semi-two.csv");
      agentGit("update-index", "--index-version", version);
      if (version === "3") agentGit("update-index", "--skip-worktree", "a.js");
      const { notes, text } = await captured("fixtures/semi.csv");
      expect(text).toBe("a;b\n");
      expect((await captured("fixtures/semi-two.csv")).text).toBe("a;b\n");
      expect(notes).toMatchObject({ ignored: { paths: ["fixtures/other.csv"] } });
    },
  );

  it("reads no names from an index that is broken or a link", async () => {
    write("fixtures/semi.csv", "a;b\n");
    for (const bytes of [
      "DIRC",
      "DIRC\0\0\0\x02\xff\xff\xff\xff",
      `DIRC\0\0\0\x04\0\0\0\x09${"\xff".repeat(200)}`,
      "x".repeat(100),
    ]) {
      writeFileSync(join(folder.agentGit, "index"), bytes, "latin1");
      expect(await capture()).toMatchObject({ isEmpty: true, finding: null, notes: { ignored: { count: 1 } } });
    }
  });
});

describe("capture of files in a submodule", () => {
  it("names the files and leaves them out, and takes the rest of the change", async () => {
    const inner = place.commit({ "a.js": "1\n" });
    place.git("update-index", "--add", "--cacheinfo", `160000,${inner},vendor/module`);
    place.git("commit", "--quiet", "--message=submodule");
    baseCommit = place.git("rev-parse", "HEAD");
    place.git("-C", place.mirror, "fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*");
    await checkOutCommit();
    write("vendor/module/lib/data.json", "{}\n");
    write("a.js", "2\n");
    const { text, finding, notes, tree } = await captured("a.js");
    expect([text, finding]).toEqual(["2\n", null]);
    expect(notes).toEqual({ in_submodules: { paths: ["vendor/module/lib/data.json"], count: 1 } });
    expect(tree).not.toBe(place.git("rev-parse", `${baseCommit}^{tree}`));
    mkdirSync(join(folder.tree, "vendor/module/.git"));
    expect((await capture()).finding?.code).toBe("HOLD-FORBIDDEN-PATH");
  });
});
