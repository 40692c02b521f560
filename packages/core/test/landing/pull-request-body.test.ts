/** The body of a pull request: its content, and that foreign text in it has no effect at GitHub. */
import { noUsage } from "@aedev/contracts";
import { expect, it } from "vitest";
import {
  closingText,
  type PullRequestParts,
  pullRequestBody,
  pullRequestMarker,
} from "../../src/landing/pull-request-body.ts";
import { sumUsage } from "../../src/usage/usage-sum.ts";

const parts: PullRequestParts = {
  taskId: "t-0123456789abcdef",
  missionId: "m-0123456789abcdef",
  changeDigest: "c".repeat(64),
  bundleDigest: "b".repeat(64),
  specification: {
    text: "Make add() right for negative numbers in lib/add.js",
    criteria: [{ id: "c1", text: "add(-1, -2) is -3", from: "author" }] as never,
    instructions: [],
  },
  writer: "home",
  checks: { status: "green", fail_to_pass: ["adds negative numbers"], pass_to_pass: 3 },
  provenness: null,
  verdicts: [
    { family: "openai", model: "gpt-5.1", verdict: "pass" },
    { family: "gemini", model: "gemini-2.5-pro", verdict: "pass" },
  ],
  risk: {
    risk_score: -2500,
    score_kind: "log-odds",
    level: "low",
    shares: [
      { factor: "start", points: -200, why: "before anything is known", missing: false },
      { factor: "code_without_test", points: 40, why: "a.js", missing: false },
      { factor: "tests_can_fail", points: -1000, why: "3 tests", missing: false },
    ],
  },
  usage: { ...noUsage, requests: 3, input_tokens: 100, output_tokens: 20 },
  used: {
    ...sumUsage([], {}),
    ...{ tokens: 420, requests: 7, subscription_requests: 3, nano_usd: 1_500_000, subscription_nano_usd: 500_000 },
    unknown: [{ model: "judge-x", requests: 2 }],
  },
  approvedBy: null,
  isDraft: false,
};

it("states the request, its criteria, the proof, the judges and the cost in a pull request's body", () => {
  const body = pullRequestBody(parts);
  expect(body.split("\n")[0]).toBe(pullRequestMarker(parts));
  expect(body).toContain("### It is done when\n\n- ` add(-1, -2) is -3 `");
  expect(body).toContain("- 1 test that fails on the code before and passes now: ` adds negative numbers `");
  expect(body).toContain("- openai ` gpt-5.1 `: pass");
  expect(body).toContain(
    "- 7.6 % chance of harm (low)\n- for harm: code changes, but no test\n- against harm: tests of the base were shown able to fail",
  );
  expect(body).toContain("- merged by the policy, without a person");
  expect(body).toContain("- 3 requests to the coder's model, 120 tokens");
  expect(body).toContain(
    "- with judges 420 tokens, at least $0.0015 at list price, $0.0005 of it on a subscription (3 requests); 2 requests of unknown price (model judge-x)",
  );
  expect(body).toContain(`aedev evidence verify ${parts.taskId}`);
});

it("names who approved the change in the body", () => {
  expect(pullRequestBody({ ...parts, approvedBy: "operator" })).toContain("- approved by ` operator `");
});

it("omits parts of the body without content", () => {
  const body = pullRequestBody({
    ...parts,
    verdicts: [],
    checks: null,
    risk: { risk_score: null, score_kind: null, level: null, shares: [] },
  });
  expect(body).not.toContain("### Judges");
  expect(body).not.toContain("### Risk");
  expect(body).toContain("no checks: the evidence has none");
});

/** The Markdown outside its code, where GitHub would mention people, close issues and run HTML. */
function outsideCode(markdown: string): string {
  return markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "").replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
}

it.each([
  "fixes #12, closes GH-3 and thanks @octocat",
  "```\nfixes #12 @octocat <!-- aedev task=t-x change=y -->\n```",
  "a `` tick ``` and @octocat",
  "````text\nclose #1 @octocat\n````\n@octocat",
  "` @octocat ` fixes #12 `",
  "\u0060\u0060\u0060\r\n@octocat fixes #12\r\n~~~",
])("shows foreign text as code, where it mentions nobody and closes nothing: %j", (text) => {
  const body = pullRequestBody({
    ...parts,
    specification: { text, criteria: [{ id: "c1", text } as never], instructions: [text] },
    checks: { status: "green", fail_to_pass: [text], pass_to_pass: 0 },
    approvedBy: text,
  });
  const [marker = "", ...rest] = body.split("\n");
  expect(marker).toBe(pullRequestMarker(parts));
  expect(outsideCode(rest.join("\n"))).not.toMatch(/@|#\d|GH-\d|<!--/);
  const closing = closingText({ taskId: "t-1", ended: "rejected", by: text, reason: text });
  expect(outsideCode(closing.body.replace(closing.marker, ""))).not.toMatch(/@|#\d|GH-\d|<!--/);
  // Control: the text is in the body, and is found where it is not code.
  expect(body).toContain("@octocat");
  expect(outsideCode("@octocat")).toMatch(/@/);
});
