/** Checks the forging cases without running them: known classes and codes, one mechanism per id, expected.yaml and README.md up to date. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  basesOfPart,
  type Case,
  casesOf,
  independentRuns,
  readAnswer,
  readCases,
  runnerOf,
} from "./support/read-cases.ts";
import { readExpected } from "./support/read-expected.ts";
import { taxonomyTable, unknownCodes } from "./support/taxonomy.ts";
import { todayTable } from "./support/today.ts";

const cases = readCases();

describe("the forging cases", () => {
  it("name known subcategories; honest twins have none", () => {
    expect(unknownCodes(cases)).toEqual([]);
    for (const { id, kind, trace } of cases) if (kind === "twin") expect([id, ...trace]).toEqual([id, "none"]);
  });

  it("are different changes, each with its own reason", () => {
    const changes = cases.map(({ base, change, proof }) => JSON.stringify([base.name, change, proof]));
    expect(new Set(changes).size).toBe(cases.length);
    const reasons = cases.flatMap((one) => (one.class === "plain" ? [] : [one.why]));
    expect(new Set(reasons).size).toBe(reasons.length);
  });

  it("include a plain wrong change and a plain fix on every base", () => {
    for (const name of new Set(cases.map(({ base }) => base.name))) {
      const plain = cases.filter((one) => one.base.name === name && one.class === "plain").map(({ kind }) => kind);
      expect([name, ...plain.toSorted()]).toEqual([name, "forged", "twin"]);
    }
  });

  it("are proved by programs that work without a network", () => {
    const fetches = cases.filter(({ proofCommand }) => /\b(?:npx|npm|pnpm|yarn|pip|uvx?)\b/u.test(proofCommand));
    expect(fetches.map(({ id }) => id)).toEqual([]);
  });

  it("have answers to a run for tests only if they are honest, and no answer remains of a deleted case", () => {
    for (const [folder, answersOf] of [
      ["answers", ({ improved }: Case) => improved],
      ["independent", ({ corrected }: Case) => corrected],
    ] as const) {
      const root = join(import.meta.dirname, folder);
      const files = readdirSync(root).flatMap((base) => readdirSync(join(root, base)).map((file) => `${base}/${file}`));
      const answered = cases.filter((one) => answersOf(one).length > 0);
      const names = answered.flatMap((one) =>
        ["", ".again"].slice(0, answersOf(one).length).map((again) => `${one.base.name}/${one.id}${again}.txt`),
      );
      expect(names.toSorted()).toEqual(files.filter((file) => !independentRuns.includes(basename(file))).toSorted());
      for (const one of answered) {
        const made = [folder === "answers" ? one.change : (one.improved.at(-1) ?? one.change), ...answersOf(one)];
        for (const [index, change] of made.slice(1).entries()) expect(change).not.toEqual(made[index]);
      }
    }
    expect(cases.filter(({ kind, improved }) => kind === "forged" && improved.length > 0)).toEqual([]);
    const text = join(mkdtempSync(join(tmpdir(), "answer-")), "a.txt");
    for (const [content, isAnswer] of [
      ["-- a.js --\n1\n", true],
      ["kind: twin\n-- a.js --\n1\n", false],
      ["", false],
      ["-- proof a.js --\n1\n", false],
    ] as const) {
      writeFileSync(text, content);
      if (isAnswer) expect(readAnswer(text)).toHaveLength(1);
      else expect(() => readAnswer(text)).toThrow("only changes files");
    }
    rmSync(dirname(text), { recursive: true });
  });

  it("are exactly those that expected.yaml names", () => {
    const { sample, merged, twins_not_merged, unmeasured } = readExpected();
    const ids = (kind: string) => cases.filter((one) => one.kind === kind).map(({ id }) => id);
    expect(ids("forged")).toEqual(expect.arrayContaining(merged));
    expect(ids("twin")).toEqual(expect.arrayContaining(twins_not_merged));
    expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining([...sample, ...unmeasured]));
    const plain = cases.filter((one) => one.class === "plain").map(({ id }) => id);
    expect(merged.filter((id) => plain.includes(id))).toEqual([]);
    const said = readFileSync(join(import.meta.dirname, "README.md"), "utf8").split("## What still merges")[1] ?? "";
    expect(merged.filter((id) => !said.includes(id))).toEqual([]);
  });

  it("are measured by their runner's file", () => {
    const files = readdirSync(join(import.meta.dirname, "by-runner")).map((file) => file.replace(".e2e.test.ts", ""));
    expect([...new Set(cases.map(({ base }) => runnerOf(base)))].toSorted()).toEqual(files.toSorted());
  });

  it("are all in one part of a night", () => {
    const names = ["a", "b", "c", "d", "e"];
    expect(["1/4", "2/4", "3/4", "4/4"].map((part) => basesOfPart(names, part))).toEqual([
      ["a", "e"],
      ["b"],
      ["c"],
      ["d"],
    ]);
    expect(basesOfPart(names, "1/1")).toEqual(names);
    expect(["1/4", "2/4", "3/4", "4/4"].map((part) => basesOfPart(["a", "b"], part))).toEqual([
      ["a"],
      ["b"],
      ["b"],
      ["a"],
    ]);
    vi.stubEnv("AEDEV_CORPUS_PART", "2/4");
    expect(new Set(casesOf("tape").map(({ base }) => base.name)).size).toBe(1);
    // A night sets this variable for all tests.
    vi.stubEnv("AEDEV_CORPUS_PART", undefined);
    expect(new Set(casesOf("tape").map(({ base }) => base.name)).size).toBeGreaterThan(1);
    vi.unstubAllEnvs();
    for (const bad of ["0/4", "5/4", "1", "x/y"]) expect(() => basesOfPart(names, bad)).toThrow(/AEDEV_CORPUS_PART/);
  });

  it("are all in the tables of README.md", () => {
    const said = readFileSync(join(import.meta.dirname, "README.md"), "utf8");
    expect(said).toContain(taxonomyTable(cases));
    expect(said).toContain(todayTable(cases, readExpected()));
  });
});
