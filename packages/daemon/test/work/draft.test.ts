/** What a draft's file is worth once it has left the sandbox: only a whole, plain, strict document without a secret. */
import { Fault, noUsage, runFileBytesMax } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { readDraft } from "../../src/work/draft.ts";
import { failedByFault } from "../../src/work/run-file.ts";

const journal = { digest: "a".repeat(64), size_bytes: 1, media_type: "application/json" };
const good = {
  title: "add() keeps the sign",
  place: "lib/add.js",
  criteria: ["add(-1, 2) returns 1, in a new test"],
  test: "test/negative.test.js calls add(-1, 2)",
  size: "small",
  questions: [],
};
const read = (text: string | null, size_bytes = text?.length ?? 0) =>
  readDraft({ outcome: "ended", text, size_bytes, usage: noUsage, journal });
/** Built here, so that no file of this repository has the form of a secret. */
const secret = ["sk", "ant", "oat01", "A1b2C3d4E5f6G7h8J9k0L1m2N3p4Q5r6S7t8U9v0W1x2Y3z4A5b6C7d8E9f0G1h2AA"].join("-");

describe("the file of a draft", () => {
  it("is a draft if it has the form; escape sequences are gone", async () => {
    expect(await read(JSON.stringify(good))).toEqual({ outcome: "drafted", draft: good });
    const escaped = JSON.stringify({ ...good, title: "\u001b]0;x\u0007add() keeps\u001b[2J the sign" });
    expect(await read(escaped)).toMatchObject({
      outcome: "drafted",
      draft: { title: "]0;x add() keeps [2J the sign" },
    });
  });

  it.each<[string, string | null, number, string]>([
    ["missing", null, 0, "no-file"],
    ["huge", null, runFileBytesMax + 1, "too-large"],
    ["empty", "", 0, "not-json"],
    ["prose", "Here is the draft: {}", 21, "not-json"],
    ["two documents", `${JSON.stringify(good)}${JSON.stringify(good)}`, 400, "not-json"],
    ["a key twice", `{"title":"a",${JSON.stringify(good).slice(1)}`, 200, "not-json"],
    ["a prototype", `{"__proto__":{},${JSON.stringify(good).slice(1)}`, 200, "not-json"],
    ["too deep", "[".repeat(2000) + "]".repeat(2000), 4000, "not-json"],
    ["a list", "[]", 2, "wrong-form"],
    ["an extra key", JSON.stringify({ ...good, "\u001b[31mapproved": true }), 300, "wrong-form"],
    [
      "too many criteria",
      JSON.stringify({ ...good, criteria: Array(40).fill("add(1, 2) returns 3") }),
      900,
      "wrong-form",
    ],
  ])("is none if it is %s", async (_what, text, size, code) => {
    const result = await read(text, size);
    expect(result).toMatchObject({ outcome: "failed", code });
    expect(JSON.stringify(result)).not.toContain("\\u001b");
  });

  it.each([
    ["title", { title: `use ${secret}` }],
    ["criterion 1", { criteria: [`the token ${secret} is accepted`] }],
    ["question 1", { questions: [`is ${secret} yours?`] }],
  ])("is none with a secret in its %s, which is named and not repeated", async (place, change) => {
    const result = await read(JSON.stringify({ ...good, ...change }));
    expect(result).toMatchObject({ outcome: "failed", code: "secret" });
    expect(JSON.stringify(result)).toContain(place);
    expect(JSON.stringify(result)).not.toContain(secret);
  });
});

it("is none with a key of its own, whose name is not repeated and can't break the log", async () => {
  for (const key of [secret, `x${"\u{1f600}".repeat(300)}`]) {
    const result = await read(JSON.stringify({ ...good, [key]: 1 }));
    expect(result).toMatchObject({ outcome: "failed", code: "wrong-form" });
    expect(JSON.stringify(result)).not.toContain(key);
    expect(JSON.stringify(result).isWellFormed()).toBe(true);
  }
});

it("a run that failed, was stopped or could not start has its own reasons", async () => {
  const held = {
    outcome: "held",
    code: "HOLD-BUDGET",
    detail: "tokens (clarification.draft_tokens)",
    resumes_at: null,
    retry_free: false,
    usage: noUsage,
    journal: null,
    patch: null,
    exit_code: 1,
  } as const;
  expect(await readDraft(held)).toEqual({ outcome: "failed", code: held.code, detail: held.detail });
  expect(await readDraft({ outcome: "stopped", usage: noUsage, journal })).toMatchObject({ code: "stopped" });
  expect(failedByFault(new Fault("HOLD-FETCH-FAILED", "no remote"))).toMatchObject({ code: "HOLD-FETCH-FAILED" });
  expect(failedByFault(new Fault("git-timeout", "slow"))).toEqual({
    outcome: "failed",
    code: "HOLD-CODER-FAILED",
    detail: "git-timeout: slow",
  });
});
