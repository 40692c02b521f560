/** Hostile texts inside every text that aedev composes for git, GitHub and the phone: no stranger's text acts, but the texts of a person of the home do. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hostLine, hostText, hostTitle, noUsage, pushLine, pushQuote, type Writer } from "@aedev/contracts";
import { issueCommentText, pullRequestBody } from "@aedev/core";
import { actsIn } from "@aedev/fakes/github/state/acts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sumUsage } from "../../packages/core/src/usage/usage-sum.ts";
import { commitMessage, commitSubjectOf } from "../../packages/daemon/src/commit-text/commit-message.ts";
import { growsWithLength } from "../support/growth.ts";
import { hostileTexts } from "../support/hostile-texts.ts";

const root = join(import.meta.dirname, "../..");
const specificationOf = (text: string) => ({
  text,
  criteria: [{ id: "c1", text: text.replace(/\n+/g, " ") }],
  instructions: [`A review of pull request #7 by eve:\n> ${text.replaceAll("\n", "\n> ")}`],
});
const checks = (text: string) => ({ status: "green" as const, fail_to_pass: [text], pass_to_pass: 1 });
const commitOf = (text: string, writer: Writer) =>
  commitMessage({
    specification: specificationOf(text),
    writer,
    checks: checks(text),
    verdicts: [],
    approvedBy: null,
  });
const bodyOf = (text: string, writer: Writer) =>
  pullRequestBody({
    ...{ taskId: "t-1", missionId: "m-1", changeDigest: "c".repeat(64), bundleDigest: "b".repeat(64) },
    ...{ specification: specificationOf(text), writer, checks: checks(text), provenness: null },
    verdicts: [{ family: "openai", model: text, verdict: "pass" }],
    risk: { risk_score: null, score_kind: null, level: null, shares: [] },
    ...{ usage: noUsage, used: sumUsage([], {}), approvedBy: null, isDraft: false },
  });
const commentOf = (text: string) =>
  issueCommentText("m-aaaaaaaaaaaaaaaa", {
    ...{ slot: "questions-1", key: "", final: false },
    questions: [{ id: "place", text, default: text, choices: [] } as never],
    refused: { comment: 1, by: "eve", why: "bad-answer", detail: text },
  });

it.each(hostileTexts)("no part of a stranger's text acts: %s", (_, text) => {
  expect(hostileTexts.length).toBeGreaterThanOrEqual(40);
  expect(actsIn(commitOf(text, "others"), "commit")).toEqual([]);
  const title = commitSubjectOf(specificationOf(text), {}, undefined, "others");
  expect(actsIn(title, "title")).toEqual([]);
  expect(title).not.toMatch(/^(?!Fix:|feat)[\w-]+\s*:/);
  // Nothing acts without the surrounding code either, because whoever copies or squashes the text drops that.
  expect(actsIn(hostText(text), "markdown")).toEqual([]);
  expect(actsIn(bodyOf(text, "others"), "markdown")).toEqual([]);
  // Squashing makes a commit message of the body.
  expect(actsIn(bodyOf(text, "others"), "commit").filter(({ what }) => what !== "#7")).toEqual([]);
  expect(actsIn(commentOf(text), "markdown")).toEqual([]);
  for (const line of [pushLine(text, 500), pushQuote(text, 500)]) {
    expect(line).not.toMatch(
      /:\/\/|www\.|mailto:|tel:|javascript:|\w\.(?:com|sh\/|example)|com\.|[。．․\u202e\u200b]/u,
    );
    expect(line).not.toMatch(/\p{Cf}/u);
  }
});

it("the check finds something that would act in each of these texts", () => {
  const acting = (text: string) => [...actsIn(text, "commit"), ...actsIn(text, "title")].length > 0;
  const harmless = hostileTexts.filter(
    ([, text]) => !acting(text) && !/^[\w-]+:|:\w|\n---|evil|a\u0442|Aedev|: true/u.test(text),
  );
  expect(harmless.map(([name]) => name)).toEqual(["a smart commit"]);
});

it.each([
  ["closes", "Fix the parser in lib/a.js. It closes #77 by the way"],
  ["skips", "Fix the parser in lib/a.js and [skip ci] in the build"],
  ["calls", "Fix the parser in lib/a.js as @ann said"],
  ["links", "Fix the parser in lib/a.js as https://docs.example/x says"],
] as const)("lets the words of a person of the home act: %s", (kind, text) => {
  expect(actsIn(commitOf(text, "home"), "commit").map((act) => act.kind)).toContain(kind);
  expect(actsIn(commitOf(text, "others"), "commit")).toEqual([]);
  expect(bodyOf(text, "home")).toContain(text);
  expect(pushLine(text, 500, "home")).toBe(text);
});

it.each([
  "returns [1, 2] and list[0](x) for Array<string>, Map<string, number>, x !== 0 and [object Object]",
  "uses UTF-8, ISO-8601 and SHA-256 like CVE-2021-44906",
  "Fix ISO-8601 dates, fixes utf-8, closes the AES-256 bug, and resolves RFC-3339",
  "Map<String>, Array<number> and T[] as in [1] and [ 2 ]; see [the section] of std::vector",
  "Fix S3 upload, the node-24 build and page-2 (a patch of [tool.poetry])",
  "GET /api/users answers 404; C, a.b.c and 50 %",
  "Fix: a + b * c - d; if (!ready) return;",
])("an ordinary text of a stranger stays nearly as it is: %s", (text) => {
  expect(hostText(text)).toBe(text.replace("](x)", "] (x)"));
});

it("an instruction loses its brackets, but code and other words keep theirs", () => {
  expect(hostText("[see [skip ci] there] and [this]")).toBe("(see (skip ci) there) and [this]");
  expect(hostText("[see [a note] there]")).toBe("[see [a note] there]");
  expect(hostText(`the list ["skip", 'ci'] and [ 'skip ci' ]`)).toBe(`the list ["skip", 'ci'] and [ 'skip ci' ]`);
});

it("a push keeps names so that they can be copied, and visibly breaks hosts", () => {
  for (const name of ["lib/args.py", "README.md", "package.json", "a.test.js", "__init__.py", "v1.2.3", "obj.method()"])
    expect(pushLine(`Change ${name} now`, 200)).toBe(`Change ${name} now`);
  expect(pushLine("evil.com/a login.sh 10.0.0.1 a@mail.json аpple.com x.рф", 200)).toBe(
    "evil[.]com/a login[.]sh 10.0.0[.]1 a@mail[.]json аpple[.]com x[.]рф",
  );
  expect(pushLine("see https://evil.example/x, and (www.evil.example)", 200)).toBe("see [link], and ([link])");
  expect(pushLine("end. 1.5 and e.g. this", 200)).toBe("end. 1.5 and e.g. this");
});

it("passing a text through the door twice gives the same as once, for any text", () => {
  const parts = fc.constantFrom(
    ...hostileTexts.map(([, text]) => text),
    " ",
    "\n",
    "[",
    "]",
    "@",
    "#",
    "1",
    "x",
    "-by: ",
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 6 }), fc.integer({ min: 1, max: 90 }), (some, length) => {
      const text = some.join("");
      const once = hostText(text);
      expect(actsIn(once, "commit")).toEqual([]);
      expect(hostText(once)).toBe(once);
      expect(hostTitle(hostTitle(text))).toBe(hostTitle(text));
      expect(actsIn(hostLine(text, length), "title")).toEqual([]);
    }),
    { seed: 7, numRuns: 300 },
  );
});

it("composing takes time in proportion to the text", () => {
  const parts = ["[skip ", "a-", "a.", "@", "<a ", "ok ", "\n/", "x://", "[ci", "![", "a-by", "*"];
  expect(parts.filter((part) => !growsWithLength(40_000, (length) => () => hostText(part.repeat(length))))).toEqual([]);
  expect(
    parts.filter((part) => !growsWithLength(10_000, (length) => () => pushLine(part.repeat(length), 1e6))),
  ).toEqual([]);
});

const sources = globSync("packages/{contracts,core,daemon,cli,host}/src/**/*.ts", { cwd: root }).map((path) => ({
  path,
  text: readFileSync(join(root, path), "utf8"),
}));
const having = (pattern: RegExp) =>
  sources
    .filter(({ text }) => pattern.test(text))
    .map(({ path }) => path)
    .toSorted();

it("the door is in one file: its types are made there, and the listed files have the layout that templates can't express", () => {
  expect(having(/\bas (?:HostText|PushText|never as)\b/).filter((path) => !path.startsWith("packages/cli/"))).toEqual([
    "packages/contracts/src/inert-text.ts",
  ]);
  expect(having(/\bcomposedForHost\(/)).toEqual([
    "packages/contracts/src/inert-text.ts",
    "packages/core/src/landing/code-markdown.ts",
    "packages/daemon/src/commit-text/commit-message.ts",
    "packages/daemon/src/git/landing.ts",
    "packages/daemon/src/github/pull-requests.ts",
    "packages/daemon/src/work/landing-commit.ts",
  ]);
});

it("every place that writes to git, GitHub or the push server is known", () => {
  // Each of them uses `act`, whose parameters accept only texts from the door, or writes no text. The last one only listens.
  expect(having(/\b(?:POST|PATCH|PUT|DELETE) (?:\/|\$\{)/)).toEqual([
    "packages/daemon/src/github/app-token.ts",
    "packages/daemon/src/github/client.ts",
    "packages/daemon/src/github/comments.ts",
    "packages/daemon/src/github/evidence-check.ts",
    "packages/daemon/src/github/labels.ts",
    "packages/daemon/src/github/pull-requests.ts",
    "packages/daemon/src/github/reviewers.ts",
    "packages/daemon/src/webhook/listener.ts",
  ]);
  expect(having(/`mutation /)).toEqual([
    "packages/daemon/src/github/merge-queue.ts",
    "packages/daemon/src/github/ready-for-review.ts",
  ]);
  // The second makes a commit that is thrown away; the last adds a signature to an existing one.
  expect(having(/"commit-tree"|"-t", "commit"/)).toEqual([
    "packages/daemon/src/git/commit-on-base.ts",
    "packages/daemon/src/git/inverse.ts",
    "packages/daemon/src/git/signed-commit.ts",
    // Lists the callers of git and runs nothing.
    "packages/host/src/git/git-call-sites.ts",
  ]);
  expect(having(/from "ntfy"/)).toEqual(["packages/daemon/src/phone/ntfy/ntfy-client.ts"]);
});
