/** The measurements of the gate on changes with known answers: how they lay out repositories, keep rows, count, and tell commits' kinds apart. The decisions have their own tests. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clopperPearson } from "../packages/core/src/lane/clopper-pearson.ts";
import { applyPatches, layOutCommit } from "../scripts/decided/one-commit.ts";
import { openRows } from "../scripts/decided/rows-file.ts";
import { kindsText, realPatchesText } from "../scripts/decided/tables.ts";
import { recentCommits } from "../scripts/honest/history.ts";
import { ordinaryKindOf } from "../scripts/honest/kinds.ts";
import { type DecidedRow, leftOutRow } from "./support/decisions/decided-row.ts";

let place: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
    cwd: join(place, "work"),
    encoding: "utf8",
  });

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "decided-"));
  execFileSync("git", ["init", "--quiet", "-b", "main", join(place, "work")]);
  writeFileSync(join(place, "work", "a.js"), "1\n");
  git("add", "-A");
  git("commit", "--quiet", "-m", "Begin");
  writeFileSync(join(place, "work", "a.js"), "2\n");
  git("commit", "--quiet", "-am", "Answer\n\nWhy it is so.");
  git("mv", "a.js", "b.js");
  git("commit", "--quiet", "-m", "Rename a");
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe("a repository for a decision", () => {
  it("has the base's tree in one commit without past or future, and takes patches in order", async () => {
    const from = join(place, "work", ".git");
    const base = git("rev-parse", "HEAD~2").trim();
    const answer = git("diff", "--binary", "HEAD~2", "HEAD~1");
    const laid = await layOutCommit({ from, commit: base, url: join(place, "laid.git") });
    const inLaid = (...args: string[]) => execFileSync("git", [`--git-dir=${laid.url}`, ...args], { encoding: "utf8" });
    expect(inLaid("log", "--format=%T %P", "main").trim()).toBe(git("rev-parse", "HEAD~2^{tree}").trim());
    expect(inLaid("cat-file", "--batch-all-objects", "--batch-check")).not.toContain(
      git("rev-parse", "HEAD~1:a.js").trim(),
    );
    const later = answer
      .replaceAll("+2", "+3")
      .replaceAll("-1", "-2")
      .replace(/^index .*$/mu, "");
    expect((await applyPatches(laid, [answer])).tree).toBe(git("rev-parse", "HEAD~1^{tree}").trim());
    expect((await applyPatches(laid, [answer, later])).patch.toString()).toMatch(/^-1\n\+3$/mu);
    await expect(applyPatches(laid, [later])).rejects.toThrow("patch does not apply");
  });
});

const row = (change: Partial<DecidedRow>): DecidedRow => ({
  ...leftOutRow({ source: "real-patches", repository: "r", case: "i/m1", label: "right", layer: "visible" }, "red"),
  answer: "merge",
  ...change,
});

describe("the rows of decided cases", () => {
  it("are kept in a file, so that a later measurement skips them", () => {
    const path = join(place, "rows.jsonl");
    openRows(path).add(row({}));
    const again = openRows(path);
    expect(again.rows).toEqual([row({})]);
    expect(again.has(row({ answer: "ask" }))).toBe(true);
    for (const other of [row({ case: "i/m2" }), row({ layer: "independent" }), row({ source: "history" })])
      expect(again.has(other)).toBe(false);
    writeFileSync(path, "{}\n");
    expect(() => openRows(path)).toThrow("schema");
  });

  it("are counted by layer and label, disputed ones apart and those left out not at all", () => {
    const text = realPatchesText([
      row({ label: "wrong" }),
      row({ label: "wrong", answer: "hold", hold_code: "HOLD-CHECKS", reasons: {} }),
      row({ label: "wrong", answer: "left-out" }),
      row({ label: "wrong", disputed: true }),
      row({ answer: "ask", reasons: { profile: 1 }, shares: { untested_ways: 1200, judges_pass: -600 } }),
    ]);
    expect(text).toContain("wrong            merge 1 of 2 (50 %, 1 to 99 %); asked 0, held 1, left out 1");
    expect(text).toContain("right            merge 0 of 1 (0 %, 0 to 98 %); asked 1, held 0, left out 0");
    expect(text).toContain("wrong, disputed  merge 1 of 1 (100 %, 2 to 100 %)");
    expect(text).toMatch(/why right ones do not land:\n +1 profile\n +1 risk: untested_ways\nwhat stops/u);
    expect(text).toMatch(/what stops wrong ones:\n +1 HOLD-CHECKS$/u);
  });

  it("are counted by kind, with the time beside two runs of the repository's own tests", () => {
    const timed = (seconds: number) => row({ kind: "documentation", seconds, tests_seconds: 5 });
    expect(kindsText([timed(10), timed(30), timed(20), row({ kind: "fix", answer: "ask" })])).toMatch(
      /documentation +merge 3 of 3 .* median 20 s, 2 × two runs of its tests\n +fix .*asked 1/u,
    );
  });
});

it("the exact interval of a proportion is Clopper's and Pearson's", () => {
  const rounded = (hits: number, of: number) => {
    const { lower, upper } = clopperPearson(hits, of, 0.025);
    return [lower, upper].map((bound) => Math.round(bound * 10_000) / 10_000);
  };
  expect(rounded(0, 12)).toEqual([0, 0.2646]);
  expect(rounded(3, 12)).toEqual([0.0549, 0.5719]);
  expect(rounded(12, 12)).toEqual([0.7354, 1]);
  expect(rounded(1, 93)).toEqual([0.0003, 0.0585]);
});

describe("the kind of a commit", () => {
  it("is read from a history with its renames", async () => {
    const found = await recentCommits({ name: "work", gitDir: join(place, "work", ".git") }, 10);
    expect(found.map(({ subject, body, paths, renamed, lines }) => [subject, body, paths, renamed, lines])).toEqual([
      ["Rename a", "", ["b.js"], 1, 0],
      ["Answer", "Why it is so.", ["a.js"], 0, 2],
    ]);
  });

  it.each([
    ["documentation", "Explain", ["README.md", "docs/a.png"], 0],
    ["tests", "Cover more", ["test/a.test.js"], 0],
    ["dependencies", "Bump got", ["package.json", "package-lock.json"], 0],
    ["rename", "Tidy", ["lib/a.js"], 1],
    ["refactoring", "Simplify parse", ["lib/a.js"], 0],
    ["fix", "Fix parse", ["lib/a.js", "test/a.test.js"], 0],
    ["feature", "Parse lists", ["lib/a.js", "test/a.test.js", "README.md"], 0],
    ["configuration", "Run on Node 24", [".github/workflows/ci.yml"], 0],
    [null, "Fix parse", ["lib/a.js"], 0],
    [null, "Nothing", [], 0],
  ])("is %s for %s", (kind, subject, paths, renamed) => {
    const [isTest, isDocument] = [(path: string) => path.startsWith("test/"), (path: string) => path.endsWith(".md")];
    expect(ordinaryKindOf({ subject, paths, renamed, isTest, isDocument })).toBe(kind);
  });
});

it("bench real-patches refuses to run without mirrors", () => {
  const run = spawnSync(process.execPath, ["--import", "tsx", "scripts/bench.ts", "real-patches", "data"], {
    encoding: "utf8",
  });
  expect([run.status, run.stderr.split("\n")[0]]).toEqual([2, "bench real-patches: --mirrors is missing"]);
});
