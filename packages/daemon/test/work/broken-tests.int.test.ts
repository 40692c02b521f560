/** What control reads of a change that breaks tests of the base: the tests' text and the changed code, from a real mirror and a real patch. */
import { expect, it } from "vitest";
import { candidate } from "../../../../test/support/evidence-patch.ts";
import { bareRemote, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { brokenTests } from "../../src/work/broken-tests.ts";

const path = "test/split.test.js";
const names = [`${path} > splits at commas`];
const base = {
  "lib/split.js": 'exports.split = (text) => text.split(",");\n',
  [path]: 'test("splits at commas", () => eq(split("a,b"), ["a", "b"]));\ntest("joins", () => eq(join(["a"]), "a"));\n',
};
const atSemicolons = { "lib/split.js": 'exports.split = (text) => text.split(";");\n' };
const inTestsOnly = { [path]: `${base[path]}test("splits", () => eq(split("a"), ["a"]));\n` };

interface Change {
  readonly text?: string;
  readonly files?: Record<string, string>;
  readonly changed_tests?: readonly string[];
  readonly fail_to_pass?: readonly string[];
  readonly broken?: readonly string[];
}

async function read(change: Change = {}) {
  const { text = "Let split() use ; from now on", files = atSemicolons, changed_tests = [] } = change;
  const { fail_to_pass = ["splits at semicolons"], broken = names } = change;
  const url = bareRemote(base);
  const options = { home: temporaryFolder(), repository: "demo", url, timeoutMs };
  const { commit } = await fetchBase(options);
  const { patch } = candidate(url, commit, { files });
  const task = { repository: "demo", base_commit: commit, patch: { digest: "p" }, settings: { tests: ["test/**"] } };
  const found = {
    checks: { broken, fail_to_pass },
    specification: { text, criteria: [] },
    testChanges: { files: [{ path, status: "modified", changed_tests, findings: [], renamed_tests: [] }] },
  };
  const control = { mirror: () => options, blobs: { get: () => patch } };
  return (await brokenTests(task as never, found as never, control as never)).broken;
}

it("the request breaks a test if the tested function changes as requested and the change edits no such test", async () => {
  expect(await read()).toEqual({ names, by_request: true });
  expect(await read({ changed_tests: ["joins"] })).toEqual({ names, by_request: true });
  expect(await read({ broken: [] })).toBeUndefined();
});

it("the change is said to edit a broken test, even if the request contains the test's title", async () => {
  const edited = { changed_tests: ["splits at commas"] };
  expect(await read(edited)).toEqual({ names, by_request: false });
  expect(await read({ ...edited, text: "Don't split at commas" })).toEqual({ names, by_request: true });
});

it.each<[string, Change]>([
  ["the change's own tests show nothing new", { fail_to_pass: [] }],
  ["only tests change", { files: inTestsOnly }],
  [
    "the request names a function that only the next test of the file calls",
    { text: "Let join() use ; from now on", files: { "lib/split.js": 'exports.join = (parts) => parts.join(";");\n' } },
  ],
])("the broken test is taken for a mistake if %s", async (_, change) => {
  expect(await read(change)).toEqual({ names, by_request: false });
});
