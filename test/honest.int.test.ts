/** The clones that `pnpm honest` reads and the results that it prints; the checks that it runs have their own tests. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSources, type SourceCounts, sourcesText } from "../scripts/honest/by-source.ts";
import { clonesIn, commitsWithTests, filesInto, patchOf, pathsOf, textAt } from "../scripts/honest/history.ts";
import type { Measured } from "../scripts/honest/measure.ts";
import { rowText, totalsText } from "../scripts/honest/totals.ts";

let place: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
    cwd: join(place, "work"),
    encoding: "utf8",
  }).trim();

function commit(subject: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, "work", path)), { recursive: true });
    writeFileSync(join(place, "work", path), text);
  }
  git("add", "-A");
  git("commit", "--quiet", "-m", subject);
  return git("rev-parse", "HEAD");
}

let first: string;
let meant: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "honest-"));
  mkdirSync(join(place, "work"));
  git("init", "--quiet", "-b", "main");
  first = commit("begin", { "lib/sums.js": "1\n", "test/sums.test.js": "1\n" });
  commit("code alone", { "lib/sums.js": "2\n" });
  commit("tests alone", { "test/sums.test.js": "2\n" });
  meant = commit("both", { "lib/sums.js": "3\n", "test/sums.test.js": "3\n" });
  commit("text and tests", { "readme.md": "3\n", "test/sums.test.js": "4\n" });
  mkdirSync(join(place, "clones"));
  for (const name of ["bare.git", "owner+name/repo"])
    git("clone", "--quiet", "--bare", join(place, "work"), join(place, "clones", name));
  mkdirSync(join(place, "clones", "nothing"));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

it("honest finds bare clones, and commits with one parent that change code and tests together", async () => {
  const clones = clonesIn(join(place, "clones"));
  expect(clones.map(({ name }) => name)).toEqual(["bare", "owner+name"]);
  for (const clone of clones) {
    const found = await commitsWithTests(clone, 10);
    expect(found.map(({ commit: id }) => id)).toEqual([meant]);
    expect(found[0]?.paths).toEqual(["lib/sums.js", "test/sums.test.js"]);
    expect(await commitsWithTests(clone, 1)).toEqual([]);
  }
});

it("honest reads a commit's files and patch, and leaves the clone as it was", async () => {
  const [clone] = clonesIn(join(place, "clones"));
  if (clone === undefined) throw new Error("no clone");
  const [honest] = await commitsWithTests(clone, 10);
  if (honest === undefined) throw new Error("no commit");
  const folder = join(place, "files");
  await filesInto(clone, first, folder);
  expect(readFileSync(join(folder, "lib/sums.js"), "utf8")).toBe("1\n");
  expect(await pathsOf(clone, first)).toEqual(["lib/sums.js", "test/sums.test.js"]);
  expect(await textAt(clone, { commit: meant, path: "lib/sums.js", bytesMax: 9 })).toBe("3\n");
  expect(await textAt(clone, { commit: meant, path: "lib/sums.js", bytesMax: 1 })).toBeNull();
  expect(await textAt(clone, { commit: meant, path: "lib/none.js", bytesMax: 9 })).toBeNull();
  const patch = (await patchOf(clone, honest)).toString("utf8");
  expect(patch).toContain("-2\n+3\n");
  expect([existsSync(`${folder}.index`), existsSync(join(clone.gitDir, "index"))]).toEqual([true, false]);
});

it("honest counts by extension which sources are misread, and which are misread only with probes", async () => {
  git("checkout", "--quiet", "-b", "misread");
  commit("errors", {
    ...{ "lib/broken.py": "def (\n", "lib/types.ts": "const is = (x: a): x is b => f(x) || g(x);\n" },
    ...{ "lib/deep.py": `x = ${"[".repeat(900)}${"]".repeat(900)}\n`, "lib/large.ts": "a;\n".repeat(100_000) },
    ...{ "vendor/a.js": "(", "lib/a.d.ts": "(", "lib/a.rs": "fn a() {}\n" },
  });
  const clone = { name: "mine", gitDir: join(place, "work/.git") };
  const text = async (...more: [] | [(text: string) => string]) => {
    const counts = new Map<string, SourceCounts>();
    await readSources(clone, counts, ...more);
    return sourcesText(counts);
  };
  const misread = ["  misread mine:lib/broken.py", "  misread mine:lib/deep.py"];
  expect((await text()).split("\n")).toEqual([
    ".js: 2 files, 0 misread, 0 of 2 spoiled, 0 unread",
    ".py: 2 files, 2 misread, 0 of 1 spoiled, 0 unread",
    ...misread,
    ".rs: 1 file, 0 misread, 0 of 0 spoiled, 0 unread",
    ".ts: 1 file, 0 misread, 0 of 1 spoiled, 1 unread",
  ]);
  expect(await text((given) => `${given}(`)).toContain("1 of 1 spoiled, 1 unread\n  spoiled mine:lib/types.ts");
  git("checkout", "--quiet", "main");
});

const measured = (outcome: Measured["outcome"], reasons: string[]): Measured => ({
  ...{ repository: "a+b", commit: "0".repeat(40), subject: "Add\u0007", outcome, reasons },
  ...{ sentences: [], functions: { same: 2, left_out: { "not-plain": 1 } }, variants: { tried: 3, untried: 0 } },
  ...{ tests: { proven: 4, unproven: {} }, coverage: "measured" },
});

it("honest counts questions by reason, and leaves out commits that could not be measured", () => {
  const results = [
    measured("clear", []),
    measured("asked", ["near: new-rule", "variants: unneeded-code"]),
    measured("asked", ["near: new-rule"]),
    measured("left-out", ["red: add"]),
  ];
  expect(totalsText(results)).toBe(
    [
      "3 commits of 1 repository, 1 left out: 2 asked about, 0 held, 1 clear",
      "calls were repeated in 3, variants tried in 3",
      "functions: 6 the same, 3 not-plain",
      "tests: 12 proven",
      "coverage: 3 measured",
      "  2 near: new-rule",
      "  1 variants: unneeded-code",
    ].join("\n"),
  );
  expect(totalsText([])).toMatch(/^0 commits of 0 repositories, 0 left out: 0 asked about/u);
  expect(rowText(measured("asked", ["near: new-rule"]))).not.toContain("\u0007");
  expect(rowText(measured("asked", ["near: new-rule"]))).toContain("a+b 00000000 asked: near: new-rule");
  expect(rowText(measured("left-out", ["red: add"]))).toMatch(/^a\+b 00000000 left-out: red: add\n/u);
});

function run(...args: string[]) {
  const tsx = join(import.meta.dirname, "../node_modules/.bin/tsx");
  const { status, stdout, stderr } = spawnSync(tsx, [join(import.meta.dirname, "../scripts/honest.ts"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

it("honest says what the gate would ask because of files alone", () => {
  const test = (body: string) => `import { it, expect } from "vitest";\n${body}`;
  const old = "it('adds', () => {\n  expect(sum(1)).toBe(1);\n});\n";
  const more = `${old}it('more', () => {});\n`;
  const manifest = JSON.stringify({ scripts: { test: "vitest run" }, devDependencies: { vitest: "4.0.0" } });
  commit("tests", { "package.json": manifest, "test/sums.test.js": test(old) });
  const clear = commit("fix: more", {
    "lib/sums.js": "4\n",
    "test/sums.test.js": test(more),
  });
  const edited = commit("fix: edit", {
    "lib/sums.js": "5\n",
    "test/sums.test.js": test(more.replace("toBe(1)", "toBe(2)")),
  });
  git("push", "--quiet", "--force", join(place, "clones", "bare.git"), "main");
  const { status, stdout } = run("--from", join(place, "clones"), "--files", "--only", "bare", "--commits", "2");
  expect(status).toBe(0);
  expect(stdout).toContain(`bare ${clear.slice(0, 8)} clear\n`);
  expect(stdout).toMatch(new RegExp(`bare ${edited.slice(0, 8)} asked: changed-tests$`, "mu"));
  expect(stdout).toMatch(/^2 commits of 1 repository, 0 left out: 1 asked about, 0 held, 1 clear$/mu);
});

it("honest refuses what it can't measure, and prints its usage", () => {
  expect(run("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--from FOLDER") });
  expect(run()).toMatchObject({ status: 2, stderr: expect.stringMatching(/^honest: --from is missing/u) });
  expect(run("--from", join(place, "work"))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^honest: no clone/u),
  });
  expect(run("--from", place, "--commits", "0")).toMatchObject({ status: 2 });
});
