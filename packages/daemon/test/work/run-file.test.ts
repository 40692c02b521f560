/** How the one file of any run is read: only a whole, plain, strict document of its form counts. */
import { Fault, noUsage, runFileBytesMax } from "@aedev/contracts";
import { expect, it } from "vitest";
import { z } from "zod";
import { failedByFault, readRunFile } from "../../src/work/run-file.ts";

const journal = { digest: "a".repeat(64), size_bytes: 1, media_type: "application/json" };
const form = { schema: z.strictObject({ title: z.string(), steps: z.array(z.string()).max(8) }), of: "plan" };
const good = { title: "add() keeps the sign", steps: ["add(1, 2) returns 3"] };
const read = (text: string | null, size_bytes = text?.length ?? 0) =>
  readRunFile({ outcome: "ended", text, size_bytes, usage: noUsage, journal }, form);
/** Built here, so that no file of this repository has the form of a secret. */
const secret = ["sk", "ant", "oat01", "A1b2C3d4E5f6G7h8J9k0L1m2N3p4Q5r6S7t8U9v0W1x2Y3z4A5b6C7d8E9f0G1h2AA"].join("-");

it("a run's file is read if it has the form", () => {
  expect(read(JSON.stringify(good))).toEqual({ outcome: "read", content: good });
});

it.each<[string, string | null, number, string]>([
  ["missing", null, 0, "no-file"],
  ["huge", null, runFileBytesMax + 1, "too-large"],
  ["empty", "", 0, "not-json"],
  ["prose", "Here is the plan: {}", 21, "not-json"],
  ["two documents", `${JSON.stringify(good)}${JSON.stringify(good)}`, 400, "not-json"],
  ["a key twice", `{"title":"a",${JSON.stringify(good).slice(1)}`, 200, "not-json"],
  ["a prototype", `{"__proto__":{},${JSON.stringify(good).slice(1)}`, 200, "not-json"],
  ["too deep", "[".repeat(2000) + "]".repeat(2000), 4000, "not-json"],
  ["a list", "[]", 2, "wrong-form"],
  ["an extra key", JSON.stringify({ ...good, "\u001b[31mapproved": true }), 300, "wrong-form"],
  ["too much of something", JSON.stringify({ ...good, steps: Array(40).fill("add(1, 2)") }), 900, "wrong-form"],
])("a run's file is worth nothing if it is %s", (_what, text, size, code) => {
  const result = read(text, size);
  expect(result).toMatchObject({ outcome: "failed", code });
  expect(JSON.stringify(result)).not.toContain("\\u001b");
});

it("a run's file with a key of its own is worth nothing, and the key is not repeated and can't break the log", () => {
  for (const key of [secret, `x${"\u{1f600}".repeat(300)}`]) {
    const result = read(JSON.stringify({ ...good, [key]: 1 }));
    const detail = "the file: a key that a plan does not have";
    expect(result).toEqual({ outcome: "failed", code: "wrong-form", detail });
    expect(JSON.stringify(result)).not.toContain(key);
    expect(JSON.stringify(result).isWellFormed()).toBe(true);
  }
});

it("no file is read of a run that failed, was stopped or could not start, which has its own reasons", () => {
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
  expect(readRunFile(held, form)).toEqual({ outcome: "failed", code: held.code, detail: held.detail });
  expect(readRunFile({ outcome: "stopped", usage: noUsage, journal }, form)).toMatchObject({ code: "stopped" });
  expect(failedByFault(new Fault("HOLD-FETCH-FAILED", "no remote"))).toMatchObject({ code: "HOLD-FETCH-FAILED" });
  expect(failedByFault(new Fault("git-timeout", "slow"))).toEqual({
    outcome: "failed",
    code: "HOLD-CODER-FAILED",
    detail: "git-timeout: slow",
  });
});
