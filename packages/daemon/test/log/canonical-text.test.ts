/** The fast canonical JSON says exactly what core's says. */
import { canonicalJson } from "@aedev/contracts";
import { sha256 } from "@aedev/host/sha256";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText } from "../../src/log/canonical-text.ts";
import { chainHash, genesisHash } from "../../src/log/sqlite/stored-event.ts";

function outcome(write: (value: unknown) => string, value: unknown): string {
  try {
    return write(value);
  } catch (error) {
    return `${error}`;
  }
}

describe("canonicalText", () => {
  it("canonicalText gives core's text, or core's error, for any value", () => {
    const same = fc.property(fc.anything(), (value) => {
      expect(outcome(canonicalText, value)).toBe(outcome(canonicalJson, value));
    });
    fc.assert(same, { numRuns: 2000 });
    const json = fc.property(fc.jsonValue(), (value) => {
      expect(outcome(canonicalText, value)).toBe(outcome(canonicalJson, value));
    });
    fc.assert(json);
  });

  it.each([
    [{ "10": 1, "9": 2, b: 3, a: { "1": 1 } }],
    [JSON.parse('{"__proto__": 1, "a": 2}')],
    [{ b: undefined, a: [1, { d: -0, c: "\ud83d\ude00 \\ud800" }] }],
    [{ a: "\ud800" }],
    [{ a: 1.5 }],
    [{ a: [undefined] }],
    [{ toJSON: "x", a: new Date(0) }],
  ])("canonicalText gives core's outcome for %j", (value) => {
    expect(outcome(canonicalText, value)).toBe(outcome(canonicalJson, value));
  });
});

describe("chainHash", () => {
  it("chainHash is the SHA-256 of the canonical JSON of the columns and the previous hash", () => {
    const text = fc.string({ unit: "grapheme" });
    const columns = fc.record({
      position: fc.nat(),
      stream: text,
      version: fc.nat(),
      type: text,
      schema: fc.nat(),
      actor: text,
      command_id: text,
      correlation_id: text,
      causation_id: fc.option(text),
      recorded_at: text,
    });
    fc.assert(
      fc.property(columns, text, (row, data) => {
        expect(chainHash(row, data, genesisHash)).toBe(
          sha256(canonicalJson({ ...row, data, previous_hash: genesisHash })),
        );
      }),
    );
  });
});
