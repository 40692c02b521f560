/** `aedev pull` brings a clean checkout forward to what landed, with real git; whatever a person could lose is refused, and nothing of the checkout's runs. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLandingRepository } from "../packages/daemon/src/git/landing.ts";
import { type CommandResult, Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { fetchIntoMirror, recordLanding } from "./support/recorded-landings.ts";

const program = join(dirname(dirname(fileURLToPath(import.meta.url))), "bin/aedev");
const fixed = "exports.add = (a, b) => a + b;\nexports.twice = (a) => a * 2;\n";
const arriving = { "lib/add.js": fixed, "test/negative.test.js": "// new\n", "deep/inside.js": "// new\n" };

let laboratory: Laboratory;
let bare = "";
let base = "";
let landed = "";
let checkouts = 0;

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  bare = await registerSmallProject(laboratory);
  await registerSmallProject(laboratory, "filtered");
  await registerSmallProject(laboratory, "apart", ["--profile", "balanced", "--allow-writes", "--landing", "branch"]);
  await laboratory.must("daemon", "stop");
  base = await laboratory.git(bare, "rev-parse", "main");
  await laboratory.pushElsewhere(bare, { "README.md": "# somebody's\n" });
  landed = await land("Mend the sign", arriving);
}, 120_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

/** Lands on main of the repository, and the home has fetched it. */
async function land(title: string, files: Record<string, string>, repository = "small"): Promise<string> {
  const remote = join(laboratory.folder, `${repository}.git`);
  const commit = await laboratory.pushElsewhere(remote, files);
  await recordLanding(laboratory.home, { repository, title, commit });
  await fetchIntoMirror(laboratory.home, repository, remote);
  return commit;
}

/** A clone whose main is at a commit before what landed. */
async function clone(at = base, remote = bare): Promise<string> {
  checkouts += 1;
  const folder = join(laboratory.folder, `checkout-${checkouts}`);
  await laboratory.git(laboratory.folder, "clone", "-q", remote, folder);
  await laboratory.git(folder, "reset", "-q", "--hard", at);
  return folder;
}

const pull = (folder: string, ...more: string[]) => laboratory.run("pull", "--into", folder, ...more);
const git = (folder: string, ...args: string[]) => laboratory.git(folder, ...args);
const headOf = (folder: string) => git(folder, "rev-parse", "HEAD");

/** Everything that a pull may change: all files, refs, reflogs and the index. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => !path.startsWith(".git/objects") && lstatSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(files.toSorted().map((path) => [path, readFileSync(join(folder, path), "latin1")]));
}

function expectRefusal({ exitCode, stdout, stderr }: CommandResult, code: string): void {
  expect({ stderr, code: (JSON.parse(stdout) as { error: { code: string } }).error.code }).toEqual({ stderr, code });
  expect(exitCode).toBe(1);
}

async function expectPulled(folder: string, commit = landed): Promise<void> {
  const { exitCode, stderr } = await pull(folder);
  expect({ exitCode, stderr, head: await headOf(folder) }).toEqual({ exitCode: 0, stderr: "", head: commit });
}

describe("a clean checkout", () => {
  it("is brought forward to what landed, and the answer names commits, missions and size", async () => {
    const folder = await clone();
    writeFileSync(join(folder, "notes.txt"), "mine\n");
    const { stdout, exitCode } = await pull(folder);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `2 commits came into ${folder}, main of small: ${base.slice(0, 9)}..${landed.slice(0, 9)}\n`,
    );
    expect(stdout).toMatch(/^ {2}m-\d{16} {2}Mend the sign\n4 files changed, 4 insertions\(\+\), 2 deletions\(-\)$/m);
    expect(await headOf(folder)).toBe(landed);
    expect(await git(folder, "status", "--porcelain")).toBe("?? notes.txt");
    expect(readFileSync(join(folder, "lib/add.js"), "utf8")).toBe(fixed);
    expect(await git(folder, "reflog", "-1", "--format=%gs")).toBe("aedev pull: fast-forward");
    expect(existsSync(join(folder, ".git/index.lock"))).toBe(false);
    const [fetched] = (await git(folder, "fsck", "--connectivity-only")).split("\n");
    expect(fetched).toBe("");
  });

  it("is left alone if it has everything, also with changes and commits of the person's own", async () => {
    const folder = await clone(landed);
    writeFileSync(join(folder, "lib/add.js"), "// mine\n");
    await git(folder, "commit", "-qam", "mine");
    writeFileSync(join(folder, "README.md"), "mine\n");
    const before = contentOf(folder);
    expect((await pull(folder)).stdout).toBe(`nothing to do: ${folder} has all that landed on main of small`);
    expect(contentOf(folder)).toEqual(before);
    expect((await pull(folder, "--json")).json()).toMatchObject({ commits: 0, landed: [] });
  });

  it("is found from a folder inside it, as a linked working copy, and as a shallow clone", async () => {
    const folder = await clone();
    const inside = { cwd: join(folder, "lib"), env: laboratory.environment, extendEnv: false };
    const { stdout } = await execa(program, ["pull", "--json"], inside);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ repository: "small", branch: "main", from: base, to: landed, commits: 2 },
      landed: [{ title: "Mend the sign", commit: landed }],
    });
    const linked = join(laboratory.folder, "linked");
    await git(folder, "switch", "-qc", "other");
    await git(folder, "branch", "-qf", "main", base);
    await git(folder, "worktree", "add", "-q", linked, "main");
    await expectPulled(linked);
    expect(await git(folder, "status", "--porcelain")).toBe("");
    const shallow = join(laboratory.folder, "shallow");
    await git(bare, "branch", "-f", "old", `${base}`);
    await git(laboratory.folder, "clone", "-q", "--depth=1", "--branch=old", `file://${bare}`, shallow);
    await git(shallow, "switch", "-qc", "main");
    await expectPulled(shallow);
    expect(await git(shallow, "status", "--porcelain")).toBe("");
  });

  it("gets what the home pushed itself and has not fetched; what it lacks is refused", async () => {
    const folder = await clone(landed);
    const commit = await laboratory.pushElsewhere(bare, { "README.md": "# pushed by aedev\n" });
    await recordLanding(laboratory.home, { repository: "small", title: "Say more", commit });
    expectRefusal(await pull(folder, "--json"), "commit-missing");
    expect(await headOf(folder)).toBe(landed);
    const repository = { home: laboratory.home, repository: "small", timeoutMs: 60_000 };
    await git(await openLandingRepository(repository, commit), "fetch", "-q", bare, "main");
    await expectPulled(folder, commit);
    landed = commit;
  });
});

describe("a checkout that could lose something", () => {
  const write = (path: string, text: string) => (folder: string) => writeFileSync(join(folder, path), text);
  const remove = (path: string) => (folder: string) => rmSync(join(folder, path), { recursive: true });
  const run =
    (...lines: string[]) =>
    async (folder: string) => {
      for (const line of lines) await git(folder, ...line.split(" ")).catch(() => undefined);
    };
  type Act = (folder: string) => unknown;
  const commitAside = ["switch -qc aside", "rm -q README.md", "commit -qm aside", "switch -q main"];
  it.each<readonly [string, string, Act, Act]>([
    ["a changed file", "checkout-changed", write("README.md", "mine\n"), run("restore README.md")],
    ["a deleted file", "checkout-changed", remove("package.json"), run("restore package.json")],
    ["a staged change", "checkout-changed", run("rm -q --cached package.json"), run("reset -q")],
    [
      "an untracked file in the way",
      "checkout-changed",
      write("test/negative.test.js", "mine\n"),
      remove("test/negative.test.js"),
    ],
    [
      "an ignored file in the way",
      "checkout-changed",
      (folder) => {
        write(".gitignore", "*.test.js\n")(folder);
        write("test/negative.test.js", "mine\n")(folder);
      },
      remove("test/negative.test.js"),
    ],
    ["a file where a folder arrives", "checkout-changed", write("deep", "mine\n"), remove("deep")],
    [
      "a link where a folder arrives",
      "checkout-changed",
      (folder) => symlinkSync(laboratory.folder, join(folder, "deep")),
      (folder) => rmSync(join(folder, "deep")),
    ],
    [
      "a folder with files where a file arrives",
      "checkout-changed",
      (folder) => {
        mkdirSync(join(folder, "deep/inside.js"), { recursive: true });
        write("deep/inside.js/mine", "mine\n")(folder);
      },
      remove("deep"),
    ],
    [
      "a change that git was told to overlook",
      "checkout-changed",
      async (folder) => {
        await git(folder, "update-index", "--assume-unchanged", "lib/add.js");
        write("lib/add.js", "mine\n")(folder);
      },
      run("update-index --no-assume-unchanged lib/add.js", "restore lib/add.js"),
    ],
    ["a detached HEAD", "checkout-branch", run("switch -q --detach"), run("switch -q main")],
    ["another branch", "checkout-branch", run("switch -qc other"), run("switch -q main")],
    ["commits of its own", "checkout-diverged", run("commit -q --allow-empty -m mine"), run("reset -q --hard HEAD~1")],
    [
      "a merge under way",
      "checkout-busy",
      run(...commitAside, "merge -q --no-ff --no-commit aside"),
      run("merge --abort"),
    ],
    [
      "a rebase under way",
      "checkout-busy",
      run("commit -q --allow-empty -m mine", "rebase -q --force-rebase --exec false HEAD~1"),
      run("rebase --abort", "reset -q --hard HEAD~1"),
    ],
    [
      "a cherry-pick under way",
      "checkout-busy",
      run(...commitAside, "cherry-pick --no-commit aside", "update-ref CHERRY_PICK_HEAD aside"),
      run("cherry-pick --abort", "reset -q --hard"),
    ],
    ["a bisect under way", "checkout-busy", run("bisect start"), run("bisect reset")],
    ["another git command at work", "checkout-busy", write(".git/index.lock", ""), remove(".git/index.lock")],
    ["a sparse checkout", "checkout-unsupported", run("sparse-checkout set lib"), run("sparse-checkout disable")],
  ])("is refused with %s and stays as it is, and is pulled without", async (_what, code, harm, mend) => {
    const folder = await clone();
    await harm(folder);
    const before = contentOf(folder);
    expectRefusal(await pull(folder, "--json"), code);
    expect(contentOf(folder)).toEqual(before);
    await mend(folder);
    await expectPulled(folder);
  });

  it("is put back if the branch can't be moved, or a file can't be written", async () => {
    const folder = await clone();
    const lock = join(folder, ".git/refs/heads/main.lock");
    writeFileSync(lock, "");
    const before = contentOf(folder);
    const refused = await pull(folder, "--json");
    expectRefusal(refused, "git-failed");
    expect(refused.stdout).toContain("is as it was");
    expect(await git(folder, "diff-index", "--cached", base)).toBe("");
    expect({ ...contentOf(folder), ".git/index": "" }).toEqual({ ...before, ".git/index": "" });
    rmSync(lock);
    await expectPulled(folder);

    landed = await land("Add a large file", { "README.md": "# large\n", "zeros.txt": `${"0".repeat(4_000_000)}\n` });
    const clean = contentOf(folder);
    const limited = ["-c", `ulimit -f 2000; exec '${program}' pull --into '${folder}' --json`];
    const { stdout, exitCode } = await execa("bash", limited, {
      env: laboratory.environment,
      extendEnv: false,
      reject: false,
    });
    expectRefusal({ stdout, exitCode: exitCode ?? -1, stderr: "", json: () => ({}) as never }, "git-failed");
    expect(stdout).toContain("is as it was");
    expect(contentOf(folder)).toEqual(clean);
    await expectPulled(folder);
  });

  it("is refused where each change lands on a branch of its own, and while the log is not trusted", async () => {
    const remote = join(laboratory.folder, "apart.git");
    expectRefusal(await pull(await clone(await git(remote, "rev-parse", "main"), remote), "--json"), "checkout-branch");
    const folder = await clone();
    const untrusted = join(laboratory.home, "untrusted.json");
    writeFileSync(untrusted, JSON.stringify({ reasons: ["planted"] }), { mode: 0o600 });
    expectRefusal(await pull(folder, "--json"), "log-untrusted");
    expect(await headOf(folder)).toBe(base);
    rmSync(untrusted);
    await expectPulled(folder);
  });

  it("is refused if files need a filter, whose program aedev does not run", async () => {
    const remote = join(laboratory.folder, "filtered.git");
    const before = await git(remote, "rev-parse", "main");
    const plain = await land("Say hello", { "README.md": "# hello\n" }, "filtered");
    const folder = await clone(before, remote);
    await expectPulled(folder, plain);
    const own = join(folder, ".git/info/attributes");
    writeFileSync(own, "# only a comment\n");
    const next = await land("Say more", { "README.md": "# hello again\n" }, "filtered");
    writeFileSync(own, "*.md filter=own\n");
    expectRefusal(await pull(folder, "--json"), "checkout-unsupported");
    writeFileSync(own, "# only a comment\n");
    await expectPulled(folder, next);
    await land("Keep pictures", { ".gitattributes": "*.png filter=lfs\n", "a.png": "pointer\n" }, "filtered");
    expectRefusal(await pull(folder, "--json"), "checkout-unsupported");
    expect(await headOf(folder)).toBe(next);
  });
});

it("runs nothing that the checkout names, which git itself would run", async () => {
  const marks = join(laboratory.folder, "marks");
  mkdirSync(marks);
  const [folder, twin] = [await clone(), await clone()];
  for (const one of [folder, twin]) {
    for (const hook of ["post-merge", "post-checkout", "reference-transaction", "post-index-change", "monitor"]) {
      const path = join(one, ".git/hooks", hook);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `#!/bin/sh\n: > '${marks}/${hook}'\nexit 0\n`);
      chmodSync(path, 0o755);
    }
    await git(one, "config", "core.hooksPath", join(one, ".git/hooks"));
    await git(one, "config", "core.fsmonitor", join(one, ".git/hooks/monitor"));
    await git(one, "config", "uploadpack.packObjectsHook", join(one, ".git/hooks/monitor"));
  }
  rmSync(marks, { recursive: true });
  mkdirSync(marks);
  await expectPulledQuietly(folder);
  expect(readdirSync(marks)).toEqual([]);
  await git(twin, "merge", "-q", "--ff-only", landed);
  expect(readdirSync(marks)).toEqual(expect.arrayContaining(["monitor", "post-merge", "reference-transaction"]));
});

/** Looks with no git command that would itself run what the checkout names. */
async function expectPulledQuietly(folder: string): Promise<void> {
  expect(await pull(folder)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(readFileSync(join(folder, ".git/refs/heads/main"), "utf8")).toBe(`${landed}\n`);
}

it("finds the repository by the checkout's remotes, or takes the one that is named", async () => {
  const folder = await clone();
  await git(folder, "remote", "rename", "origin", "upstream");
  await expectPulled(folder);
  await git(folder, "reset", "-q", "--hard", base);
  await git(folder, "remote", "set-url", "upstream", "https://example.com/other.git");
  expectRefusal(await pull(folder, "--json"), "unknown-repository");
  expectRefusal(await pull(folder, "--repo", "nobody", "--json"), "unknown-repository");
  expectRefusal(await pull(laboratory.folder, "--json"), "not-a-repository");
  expectRefusal(await pull(bare, "--json"), "not-a-repository");
  expect((await pull(folder, "--repo", "small")).exitCode).toBe(0);
  expect(await headOf(folder)).toBe(landed);
});

it("pulls after each landing with --watch, and after a person has cleaned up", { timeout: 120_000 }, async () => {
  const folder = await clone();
  await laboratory.must("daemon", "start");
  const child = spawn(program, ["pull", "--watch", "--into", folder], { env: laboratory.environment });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const until = (holds: () => boolean) => laboratory.until(async () => holds());
  await until(() => /main: \d+ commits, .*: Mend the sign/.test(out));
  writeFileSync(join(folder, "README.md"), "mine\n");
  await laboratory.must("daemon", "stop");
  await until(() => err.includes("waiting for it (aedev daemon start)"));
  landed = await land("While you work", { "lib/more.js": "// more\n" });
  await laboratory.must("daemon", "start");
  await until(() => err.includes(`${folder} has changes of your own: README.md`));
  expect(out).not.toContain("While you work");
  await git(folder, "restore", "README.md");
  await until(() => out.includes("main: 1 commit, 1 file changed, 1 insertion(+), 0 deletions(-): While you work\n"));
  expect(await headOf(folder)).toBe(landed);
  expect(err.match(/has changes of your own/g)).toHaveLength(1);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});
