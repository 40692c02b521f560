/** How a draft's file is read once it has left the sandbox, beyond what every run's file needs: its form, without a secret. */
import { noUsage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { readDraft } from "../../src/work/draft.ts";

const journal = { digest: "a".repeat(64), size_bytes: 1, media_type: "application/json" };
const good = {
  title: "add() keeps the sign",
  place: "lib/add.js",
  criteria: ["add(-1, 2) returns 1, in a new test"],
  test: "test/negative.test.js calls add(-1, 2)",
  size: "small",
  questions: [],
};
const read = (text: string) => readDraft({ outcome: "ended", text, size_bytes: text.length, usage: noUsage, journal });
/** Built here, so that no file of this repository has the form of a secret. */
const secret = ["sk", "ant", "oat01", "A1b2C3d4E5f6G7h8J9k0L1m2N3p4Q5r6S7t8U9v0W1x2Y3z4A5b6C7d8E9f0G1h2AA"].join("-");

describe("the file of a draft", () => {
  it("a file in the right form is a draft, without its escape sequences", async () => {
    expect(await read(JSON.stringify(good))).toEqual({ outcome: "drafted", draft: good });
    const escaped = JSON.stringify({ ...good, title: "\u001b]0;x\u0007add() keeps\u001b[2J the sign" });
    expect(await read(escaped)).toMatchObject({
      outcome: "drafted",
      draft: { title: "]0;x add() keeps [2J the sign" },
    });
  });

  it("a file of another form, or of a run that was stopped, is no draft", async () => {
    const many = { ...good, criteria: Array(40).fill("add(1, 2) returns 3") };
    expect(await read(JSON.stringify(many))).toMatchObject({ outcome: "failed", code: "wrong-form" });
    expect(await read(JSON.stringify({ ...good, extra: 1 }))).toMatchObject({
      detail: "the file: a key that a draft does not have",
    });
    expect(await readDraft({ outcome: "stopped", usage: noUsage, journal })).toMatchObject({ code: "stopped" });
  });

  it.each([
    ["title", { title: `use ${secret}` }],
    ["criterion 1", { criteria: [`the token ${secret} is accepted`] }],
    ["question 1", { questions: [`is ${secret} yours?`] }],
  ])("a file with a secret in its %s is no draft; the secret is named and not repeated", async (place, change) => {
    const result = await read(JSON.stringify({ ...good, ...change }));
    expect(result).toMatchObject({ outcome: "failed", code: "secret" });
    expect(JSON.stringify(result)).toContain(place);
    expect(JSON.stringify(result)).not.toContain(secret);
  });
});
