/** The types of conventional commits: what a request and the files of its change give, and what holds for any text. */
import { type CommitConventions, commitConventionsSchema, usualCommitTypes } from "@aedev/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { terminalColumns } from "../../src/commit-text/columns.ts";
import { commitSubjectOf } from "../../src/commit-text/commit-message.ts";
import { type CommitChange, commitTypeOf } from "../../src/commit-text/commit-type.ts";
import { anyWords } from "./any-words.ts";

const code = { path: "src/age.js", role: "code" } as const;
const test = { path: "test/age.test.js", role: "test" } as const;
const page = { path: "docs/usage.md", role: "documentation" } as const;
const changed = (files: CommitChange["files"] = [code, test], changesBehaviour = true): CommitChange => ({
  files,
  changesBehaviour,
});
const subject = (text: string, change = changed(), commits: Partial<CommitConventions> = {}) =>
  commitSubjectOf(
    { text, criteria: [] },
    { conventions: { commits: { style: "conventional", ...commits }, change } },
    undefined,
    "home",
  );

it.each<[string, CommitChange, string]>([
  ["parseAge(-1) returns -1, expected an error", changed(), "fix: parseAge(-1) returns -1, expected an error"],
  ["Sorting is broken on mobile", changed(), "fix: sorting is broken on mobile"],
  ["Fix the crash on an empty list", changed(), "fix: the crash on an empty list"],
  ["Please add a --json flag to the list command", changed(), "feat: add a --json flag to the list command"],
  ["Rename fetchAll to listAll", changed([code], false), "refactor: rename fetchAll to listAll"],
  [
    "Extract the parser into its own module",
    changed([code], false),
    "refactor: extract the parser into its own module",
  ],
  ["Remove the unused cache helper", changed([code], false), "refactor: remove the unused cache helper"],
  ["Upgrade axios to 1.7.4", changed([code], false), "build: upgrade axios to 1.7.4"],
  [
    "Add the missing lock entry",
    changed([{ path: "pnpm-lock.yaml", role: "code" }], false),
    "build: add the missing lock entry",
  ],
  ["Add tests for the age parser", changed([test]), "test: add tests for the age parser"],
  ["Fix the typo in the usage page", changed([page], false), "docs: fix the typo in the usage page"],
  ["Document the --json flag", changed([code], false), "docs: document the --json flag"],
  [
    "Run the tests on Node 24",
    changed([{ path: ".github/workflows/test.yml", role: "code" }], false),
    "ci: run the tests on Node 24",
  ],
  ["Revert the change of the sort order", changed(), "revert: the change of the sort order"],
  ["Speed up the export of reports", changed([code], false), "perf: speed up the export of reports"],
  ["Ages above 130 are to be refused", changed(), "fix: ages above 130 are to be refused"],
  ["Ages above 130 are to be refused", changed([code], false), "chore: ages above 130 are to be refused"],
  ["feat(parser)!: drop the second pass", changed(), "feat(parser)!: drop the second pass"],
  ["feat: drop the second pass\n\nBREAKING CHANGE: one pass", changed(), "feat!: drop the second pass"],
  [
    "README lacks the install steps, add them",
    changed([page], false),
    "docs: README lacks the install steps, add them",
  ],
  ["", changed(), "fix: land a judged change"],
])("the typed subject of the request %j", (text, change, expected) => {
  expect(subject(text, change)).toBe(expected);
});

it("the scope is the one that the repository gives the narrowest folder, if there is room for it", () => {
  const scopes = { core: "packages/core", landing: "packages/core/src/landing" };
  const inCore = (...paths: string[]) => changed(paths.map((path) => ({ path, role: "code" as const })));
  const landing = inCore("packages/core/src/landing/a.ts", "packages/core/src/landing/b.ts");
  expect(subject("Add a flag to the list", landing, { scopes })).toBe("feat(landing): add a flag to the list");
  const core = inCore("packages/core/a.ts", "packages/core/src/landing/b.ts");
  expect(subject("Add a flag to the list", core, { scopes })).toBe("feat(core): add a flag to the list");
  const all = inCore("packages/core/a.ts", "packages/cores/b.ts");
  expect(subject("Add a flag to the list", all, { scopes })).toBe("feat: add a flag to the list");
  expect(subject("Add a flag to the list", all, { scopes, scope: "app" })).toBe("feat(app): add a flag to the list");
  const wide = "a-scope-of-20-letters";
  expect(subject("Add a flag to the list", all, { scope: wide.slice(0, 20), subject_max: 50 })).toBe(
    "feat: add a flag to the list",
  );
});

it("only types that the repository uses are chosen, or the nearest of them", () => {
  const type = (text: string, types: string[], change = changed()) => commitTypeOf(text, change, { types }).type;
  expect(type("Upgrade axios to 1.7.4", ["feat", "fix", "chore"], changed([code], false))).toBe("chore");
  expect(type("Speed up the export", ["feat", "fix"], changed([code], false))).toBe("fix");
  expect(type("feature: whatever", ["change"])).toBe("change");
  expect(type("hotfix: the crash", ["feat", "hotfix"])).toBe("hotfix");
  expect(type("hotfix: the crash", ["feat", "fix"])).toBe("fix");
});

it("the subject is a plain sentence if the repository says so, as wide as it allows", () => {
  const text = "Sort the list of all the people by name instead of by id in views/UserList.tsx";
  const plain = (subject_max: number) =>
    commitSubjectOf(
      { text, criteria: [] },
      { conventions: { commits: { style: "plain", subject_max }, change: changed() } },
      undefined,
      "home",
    );
  expect(plain(100)).toBe(text);
  expect(plain(60)).toBe("Sort the list of all the people by name instead of by id");
  expect(plain(50)).toBe("Change views/UserList.tsx");
});

it("for any text, the subject is one line of a known type within the columns, without a mark at its end or a cut word", () => {
  fc.assert(
    fc.property(anyWords, fc.integer({ min: 50, max: 100 }), fc.boolean(), (parts, subject_max, tests) => {
      const said = subject(parts.join(" "), changed([tests ? test : code]), { subject_max, scope: "app" });
      expect(terminalColumns(said)).toBeLessThanOrEqual(subject_max);
      expect(said).not.toMatch(/[\n\r\t\p{Cc}]|^\s|\s$|[,;:.]$/u);
      expect(usualCommitTypes).toContain(said.match(/^([a-z]+)(?:\([^()]+\))?!?: \S/u)?.[1]);
    }),
    { numRuns: 50 },
  );
  const sentences = fc.array(fc.stringMatching(/^x[a-z]{1,13}$/), { minLength: 12, maxLength: 60 });
  fc.assert(
    fc.property(sentences, (parts) => {
      const said = subject(parts.join(" "), changed([test]))
        .replace("test: ", "")
        .replace("…", "")
        .split(" ");
      expect(said).toEqual(parts.slice(0, said.length));
    }),
    { numRuns: 50 },
  );
});

it("conventions without anything about commits are refused; the whole form is accepted", () => {
  const whole = {
    style: "conventional",
    types: ["feat", "fix"],
    scope: "app",
    scopes: { core: "packages/core" },
    subject_max: 60,
  };
  expect(commitConventionsSchema.safeParse(whole).success).toBe(true);
  for (const wrong of [
    {},
    { style: "emoji" },
    { style: "plain", types: ["feat"] },
    { style: "plain", scope: "app" },
    { ...whole, types: [] },
    { ...whole, types: ["Feat"] },
    { ...whole, scope: "a b" },
    { ...whole, scope: "x".repeat(21) },
    { ...whole, scopes: { core: "../elsewhere" } },
    { ...whole, subject_max: 20 },
    { ...whole, command: "true" },
  ])
    expect(commitConventionsSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
});
