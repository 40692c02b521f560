/** A set-up run as text: a difference, a recipe, a command that can be pasted, and nothing that a terminal obeys. */
import { noSettings } from "@aedev/contracts";
import { expect, it } from "vitest";
import { acceptProposalCommand, setUpEnding, setUpLines } from "../../src/repo/set-up-text.ts";

const before = { ...noSettings, prepare: "npm ci", verify: ["npm test"], tests: ["test/**", "spec/**"] };
const settings = {
  ...noSettings,
  verify: ["node --test 'a b'"],
  tests: ["spec/**"],
  writable: ["tmp"],
  image: "node-checks:with_bc",
};
const from = (source: string) => ({ source, profile: undefined, allowWrites: undefined, settings: {} });
const run = { run_id: "r-1", tokens: 400, tokens_used: 165, dockerfile: "FROM x\nUSER 0", settings };

it("shows removed and added settings, and how the image is built", () => {
  expect(setUpLines(run, before)).toEqual([
    "set-up run r-1: proposed by the coder, not checked by aedev (165 of 400 tokens used):",
    "  - prepare   npm ci",
    "  - verify    npm test",
    "  + verify    node --test 'a b'",
    "  - tests     test/**",
    "  + writable  tmp",
    "  + image     node-checks:with_bc",
    "the image is made from:",
    "  FROM x",
    "  USER 0",
  ]);
  const { writable: _none, ...plain } = settings;
  expect(setUpLines({ ...run, dockerfile: null, settings: plain }, plain)[1]).toBe("  the same settings as before");
  const hostile = { ...run, settings: { ...settings, verify: ["true \u001b[2J"] } };
  expect(setUpLines(hostile, before).join("\n")).not.toContain("\u001b");
});

it("prints the command that tries and saves the proposal, quoted for a shell", () => {
  expect(acceptProposalCommand(from("/a b/tool.git"), "tool", settings)).toBe(
    `aedev repo add '/a b/tool.git' --name tool --prepare '' --build '' --outputs '' --verify 'node --test '\\''a b'\\''' --tests 'spec/**' --writable tmp --image node-checks:with_bc`,
  );
});

it("keeps the one folder to register in the command", () => {
  expect(acceptProposalCommand(from("/tool"), "tool", { ...settings, folder: "packages/a" })).toMatch(
    /^aedev repo add \/tool --path packages\/a --name tool /,
  );
});

it("keeps everything else that was given in the command", () => {
  const given = { source: "/tool", profile: "safe", allowWrites: false, settings: { mutation_time: "5m" } } as const;
  const plain = { ...settings, writable: [], inputs: ["go.mod"] };
  const command = acceptProposalCommand(given, "tool", plain);
  expect(command).toMatch(/ --inputs go\.mod .* --writable '' .*--mutation-time 5m --profile safe --no-allow-writes$/);
  expect(acceptProposalCommand(from("/tool"), "tool", settings)).not.toMatch(
    /--inputs|--mutation-time|--profile|allow-writes/,
  );
});

it("says why a set-up run left no proposal", () => {
  const none = {
    ...run,
    settings: null,
    dockerfile: null,
    status: "failed",
    code: "wrong-form",
    detail: "a\u001bb",
  } as const;
  expect(setUpEnding(none)).toBe("the set-up run r-1 failed: the proposal does not have the expected form (a\\u{1b}b)");
  expect(setUpEnding({ ...none, code: "HOLD-BUDGET", detail: null })).toMatch(/its run ended with HOLD-BUDGET: [A-Z]/);
  expect(setUpEnding({ ...none, status: "interrupted" })).toContain("was interrupted");
});
