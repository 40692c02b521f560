import { describe, expect, it } from "vitest";
import { fillPlaceholders } from "../src/fill.ts";

const prompt =
  "nonce: 0af1\nbundle_digest: beef\ncriterion c1: all tests pass\ncriterion c2: no pollution\n\n| nonce: ffff";

describe("fillPlaceholders", () => {
  it("fills nonce, digest and criteria from the prompt's own lines, at any depth", () => {
    const verdict = { nonce: "{{nonce}}", deep: [{ text: "of {{bundle_digest}}" }], criteria: "{{criteria}}", kept: 1 };
    expect(fillPlaceholders(verdict, prompt)).toEqual({
      kind: "filled",
      value: {
        nonce: "0af1",
        deep: [{ text: "of beef" }],
        criteria: [
          { id: "c1", result: "met", citations: [{ evidence: "test-matrix" }] },
          { id: "c2", result: "met", citations: [{ evidence: "test-matrix" }] },
        ],
        kept: 1,
      },
    });
  });

  it("reports what the prompt lacks, and leaves a script without placeholders unchanged", () => {
    expect(fillPlaceholders({ nonce: "{{nonce}}" }, "no lines")).toEqual({ kind: "missing", name: "nonce" });
    expect(fillPlaceholders("{{criteria}}", "no lines")).toEqual({ kind: "missing", name: "criteria" });
    expect(fillPlaceholders({ content: "done" }, "no lines")).toEqual({ kind: "filled", value: { content: "done" } });
  });
});
