/** A set-up run's proposal is hostile: it is refused or taken as it is, and never repaired. */
import { expect, it } from "vitest";
import { type SetUpProposal, setUpProposalSchema } from "../src/set-up.ts";

const proposal: SetUpProposal = {
  prepare: "npm ci --ignore-scripts",
  build: null,
  outputs: ["node_modules", "packages/a/node_modules"],
  verify: ["node --test spec/"],
  tests: ["spec/**"],
  writable: ["tmp/data"],
  packages: ["bc", "g++", "libpq-dev"],
};
const isTaken = (change: object) => setUpProposalSchema.safeParse({ ...proposal, ...change }).success;

it("refuses a proposal with a missing or an extra key", () => {
  expect(isTaken({})).toBe(true);
  expect(isTaken({ prepare: null, outputs: [], writable: [], packages: [] })).toBe(true);
  expect(isTaken({ image: "evil/image" })).toBe(false);
  expect(isTaken({ inputs: ["**"] })).toBe(false);
  const { packages: _left, ...rest } = proposal;
  expect(setUpProposalSchema.safeParse(rest).success).toBe(false);
});

it.each([
  ["a second line", "true\nrm -rf /"],
  ["an escape sequence", "true \u001b[2J"],
  ["a tab", "true\t# hidden"],
  ["text that runs backwards", "true \u202eeslaf"],
  ["an invisible character", "tr\u200bue"],
  ["a no-break space", "npm\u00a0test"],
  ["a wide blank", "npm test\u3000"],
  ["nothing", " "],
  ["too much", `true ${"x".repeat(500)}`],
])("refuses a command with %s", (_what, command) => {
  expect(isTaken({ verify: [command] })).toBe(false);
  expect(isTaken({ prepare: command })).toBe(false);
  expect(isTaken({ build: command })).toBe(false);
});

it("refuses folder names that a comma-separated list would change, and accepts ordinary blanks and braces", () => {
  for (const folder of ["a,b", ",", " a", "a ", "a\u2003b"]) {
    expect([folder, isTaken({ outputs: [folder] })]).toEqual([folder, false]);
    expect([folder, isTaken({ writable: [folder] })]).toEqual([folder, false]);
  }
  expect(isTaken({ outputs: ["a b"], writable: ["c d/e"], tests: ["**/*.{test,spec}.js"] })).toBe(true);
  expect(isTaken({ verify: ["npm test  -- --all"] })).toBe(true);
});

it("refuses a proposal with places outside the checkout, without commands, or with too many", () => {
  for (const path of ["/etc", "../up", "a/../../b", ".git/hooks", "a\nb", ""]) {
    expect([path, isTaken({ outputs: [path] })]).toEqual([path, false]);
    expect([path, isTaken({ writable: [path] })]).toEqual([path, false]);
  }
  for (const glob of ["/etc/**", "../**", "a\u001b[0m"])
    expect([glob, isTaken({ tests: [glob] })]).toEqual([glob, false]);
  expect(isTaken({ tests: ["**/*.spec.*"] })).toBe(true);
  expect(isTaken({ tests: ["**/*a*a*a*b"] })).toBe(false);
  expect(isTaken({ verify: [] })).toBe(false);
  expect(isTaken({ verify: Array(9).fill("true") })).toBe(false);
  expect(isTaken({ outputs: Array(33).fill("a") })).toBe(false);
  expect(isTaken({ packages: Array(17).fill("bc") })).toBe(false);
});

it.each([
  "bc; touch /x",
  "$(id)",
  "-o",
  "--allow-downgrades",
  "git-",
  "bc=1.0",
  "bc/sid",
  "lib*",
  "Bc",
  "b",
  "b c",
  "https://x",
])("refuses %s as the name of a Debian package", (name) => {
  expect(isTaken({ packages: [name] })).toBe(false);
});
