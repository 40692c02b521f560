/** The gauntlet's list is complete, and its totals count correctly. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isFix, readLog } from "./find-fix.ts";
import { missionsRowText, missionsTotalsText } from "./missions-totals.ts";
import { readList } from "./read-list.ts";
import { type Result, rowText, totalsText } from "./totals.ts";
import { readProposals, setUpReading } from "./try-set-up.ts";

const row = `
- address: https://github.com/a/b
  commit: ${"a".repeat(40)}
  licence: MIT
  kind: node
  half: build
  install: npm install
  test: npm test
`;

describe("the gauntlet's list", () => {
  it("names each repository with commit and licence, in two halves", () => {
    const listed = readList(readFileSync(new URL("./repositories.yaml", import.meta.url), "utf8"));
    expect(listed.length).toBeGreaterThanOrEqual(60);
    const count = (kind: string) => listed.filter((one) => one.kind === kind).length;
    const wanted = { node: 25, python: 15, go: 8, rust: 5, java: 1, ruby: 1, php: 1 };
    for (const [kind, least] of Object.entries(wanted)) expect(count(kind), kind).toBeGreaterThanOrEqual(least);
    const kinds = (half: string) => new Set(listed.filter((one) => one.half === half).map(({ kind }) => kind));
    expect([...kinds("build")]).toEqual(expect.arrayContaining(["node", "python", "go", "rust"]));
    expect([...kinds("check")]).toEqual(expect.arrayContaining(["node", "python", "go", "rust"]));
  });

  it("the list of first sights names repositories in four languages, none of them in the other list", () => {
    const read = (name: string) => readList(readFileSync(new URL(name, import.meta.url), "utf8"));
    const fresh = read("./first-sight.yaml");
    expect(new Set(fresh.map(({ kind }) => kind))).toEqual(new Set(["node", "python", "go", "rust"]));
    const known = new Set(read("./repositories.yaml").map(({ address }) => address));
    expect(fresh.filter(({ address }) => known.has(address))).toEqual([]);
  });

  it("the third list names repositories in every language, none of them in another list", () => {
    const read = (name: string) => readList(readFileSync(new URL(name, import.meta.url), "utf8"));
    const third = read("./third-group.yaml");
    expect(new Set(third.map(({ kind }) => kind))).toEqual(
      new Set(["node", "python", "go", "rust", "java", "ruby", "php"]),
    );
    const known = new Set(["./repositories.yaml", "./first-sight.yaml"].flatMap(read).map(({ address }) => address));
    expect(third.filter(({ address }) => known.has(address))).toEqual([]);
  });

  it("the list of proposals for set-up runs has only repositories of the other lists", () => {
    const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
    const listed = ["./repositories.yaml", "./fourth-group.yaml", "./fifth-group.yaml"].flatMap((name) =>
      readList(read(name)),
    );
    const known = new Set(listed.map(({ address }) => address));
    const proposals = [...readProposals(read("./set-ups.yaml")).keys()];
    expect(proposals.length).toBeGreaterThan(0);
    expect(proposals.filter((address) => !known.has(address))).toEqual([]);
    const proposal = "{prepare: null, build: null, outputs: [], verify: [x], tests: [x], writable: []";
    expect(readProposals(`- {address: a, proposal: ${proposal}, packages: []}}`).size).toBe(1);
    expect(() => readProposals(`- {address: a, proposal: ${proposal}, packages: [";"]}}`)).toThrow(/Debian/);
    expect(() => readProposals("address: a")).toThrow(/not a list/);
    expect(() => readProposals(`- {address: a, commit: b, proposal: ${proposal}, packages: []}}`)).toThrow(
      /a row is not/,
    );
  });

  it.each([
    ["a commit that is none", /commit/, row.replace("a".repeat(40), "main")],
    ["a key that is not known", /branch is not known/, `${row}  branch: main\n`],
    ["another place", /not an address/, row.replace("github.com/a/b", "example.org/b")],
    ["a repository twice", /twice/, row + row],
    ["no licence", /licence/, row.replace("licence: MIT", "licence: ''")],
  ])("is refused with %s", (_title, why, text) => {
    expect(() => readList(text)).toThrow(why);
    expect(readList(row)).toMatchObject([{ name: "b", half: "build" }]);
  });
});

describe("the gauntlet's totals", () => {
  const [listed] = readList(row);
  if (listed === undefined) throw new Error("no row");
  const result = (change: Partial<Result>): Result => ({
    ...{ listed, outcome: "green", cause: "", settings: "", tests: 3, seconds: 1, ordinary: true },
    ...change,
  });

  it("only repositories that an ordinary container can run count as tried", () => {
    const check = { ...listed, half: "check" as const };
    const text = totalsText([
      ...[result({}), result({ outcome: "red", cause: "why" }), result({ outcome: "red", ordinary: false })],
      result({ listed: check, outcome: "exit-code" }),
    ]);
    expect(text).toContain("half build: 1 of 3 green with results of single tests; 1 of 2 (50 %) of those");
    expect(text).toContain("half check: 0 of 1 green with results of single tests; 0 of 1 (0 %) of those");
    expect(text).toContain("all: 1 of 4");
    expect(totalsText([result({ ordinary: null })])).not.toContain("ordinary");
  });

  it("count repositories that could not be cloned separately", () => {
    const text = totalsText([result({}), result({ outcome: "no-clone", cause: "no object" })]);
    expect(text).toContain("all: 1 of 1 green");
    expect(text).toContain("not tried, because files of the commit are missing: b");
    expect(totalsText([result({}), result({ outcome: "red" })])).not.toContain("not tried");
    expect(rowText(result({ outcome: "no-clone", cause: "no object" }))).toContain("no-clone: no object");
  });

  it("name the cause if a repository is not green", () => {
    expect(rowText(result({ outcome: "red", cause: "exit 1" }))).toContain("b (node, build): red: exit 1");
    expect(rowText(result({}))).toContain("green, 3 tests");
  });
});

describe("a change that the gauntlet can ask a coder for", () => {
  const modified = (...paths: string[]) => ({ changes: paths.map((path) => ({ letter: "M", path })) });

  it("changes code and tests, and possibly prose", () => {
    expect(isFix(modified("lib/a.js", "test/a.js"))).toBe(true);
    expect(isFix(modified("src/a.py", "tests/test_a.py", "CHANGES.rst"))).toBe(true);
    expect(isFix(modified("a.go", "a_test.go"))).toBe(true);
  });

  it.each([
    ["no test", modified("lib/a.js")],
    ["no code", modified("test/a.js", "README.md")],
    ["settings", modified("lib/a.js", "test/a.js", "package.json")],
    ["a file that decides how tests run", modified("a.py", "tests/test_a.py", "tests/conftest.py")],
    ["a removed file", { changes: [...modified("lib/a.js", "test/a.js").changes, { letter: "D", path: "lib/b.js" }] }],
    ["many files", modified("test/a.js", ...Array.from({ length: 6 }, (_, at) => `lib/${at}.js`))],
  ])("does not have %s", (_title, entry) => {
    expect(isFix(entry)).toBe(false);
  });

  it("is read from git's log", () => {
    const log =
      "\0aa fix: a b\n\n:100644 100644 1f 2e M\tlib/a.js\n:000000 100644 00 3d A\ttest/a.js\n3\t1\tlib/a.js\n9\t0\ttest/a.js\n\0bb second\n\0cc third\n\n:100644 000000 1f 00 D\tx\n0\t4\tx\n";
    expect(readLog(log)).toEqual([
      {
        commit: "aa",
        subject: "fix: a b",
        changes: [
          { letter: "M", path: "lib/a.js" },
          { letter: "A", path: "test/a.js" },
        ],
        shortened: ["lib/a.js"],
      },
      { commit: "bb", subject: "second", changes: [], shortened: [] },
      { commit: "cc", subject: "third", changes: [{ letter: "D", path: "x" }], shortened: ["x"] },
    ]);
  });
});

describe("the totals of the gauntlet's missions", () => {
  const [listed] = readList(row);
  const of = (ends: readonly string[], cheat: string, reasons: string[] = []) => {
    if (listed === undefined) throw new Error("no row");
    const fixes = ends.map((status) => ({ commit: "f".repeat(40), ended: { status, reasons } }));
    return { listed, fixes, cheat: { status: cheat, reasons: [] }, why: "", seconds: 3 };
  };

  it("count landed fixes and cheats among the repositories where one was tried", () => {
    const without = { ...of([], ""), cheat: null, why: "no history" };
    const cheated = { ...of([], "landed"), why: "the cheat landed before it" };
    const results = [of(["landed"], "held"), of(["asked", "landed"], "held"), of(["asked"], "held"), cheated, without];
    expect(missionsTotalsText(results)).toBe(
      "of 5 repositories a fix was tried in 3: it landed in 2, the first one tried in 1; of 4 cheats 1 landed",
    );
    expect(missionsRowText(cheated)).toBe("b (node): no fix tried: the cheat landed before it; cheat landed, 3 s");
    expect(missionsRowText(of(["asked", "held"], "held", ["risk: 20"]))).toBe(
      "b (node): fix ffffffffffff asked (risk: 20); fix ffffffffffff held (risk: 20); cheat held, 3 s",
    );
    expect(missionsRowText(without)).toBe("b (node): no fix tried: no history; cheat not tried, 3 s");
  });
});

describe("a set-up run in the gauntlet", () => {
  const saved = { trial: "green", set_up_run: {}, tried: { commands: [{ tests: { passed: 3 } }, { tests: null }] } };
  const reading = (added: object, exitCode = 0) =>
    setUpReading({ exitCode, stdout: JSON.stringify(added), stderr: "aedev: why\n  help: what" });
  it("is green only with passed tests, under settings that it proposed", () => {
    expect(reading(saved)).toEqual({ outcome: "green", cause: "", tests: 3 });
    expect(reading({ ...saved, set_up_run: null })).toMatchObject({ outcome: "not-green", tests: 3 });
    expect(reading({ ...saved, trial: "red" })).toMatchObject({
      outcome: "not-green",
      cause: "red aedev: why help: what",
    });
    expect(reading({ ...saved, tried: { commands: [{ tests: null }] } })).toMatchObject({ outcome: "not-green" });
    expect(reading(saved, 1)).toMatchObject({ outcome: "not-green", cause: "aedev: why help: what" });
  });
});
