/** A stream is forwarded except for its tail, and stops before the last byte of a secret, whatever its chunks. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretHoldback } from "../../../src/gateway/answer/secret-holdback.ts";

const secret = Buffer.from("sk-secret-000");
const pieces = fc.array(fc.string({ maxLength: 40 }), { maxLength: 12 });

function passed(parts: readonly Buffer[], looked: Buffer | null): { onward: Buffer; rest: Buffer; stopped: boolean } {
  const holdback = createSecretHoldback(looked);
  const onward: Buffer[] = [];
  for (const part of parts) {
    const may = holdback.pass(part);
    if (may === null) return { onward: Buffer.concat(onward), rest: holdback.rest(), stopped: true };
    onward.push(...may);
  }
  return { onward: Buffer.concat(onward), rest: holdback.rest(), stopped: false };
}

describe("holding back the tail of a stream", () => {
  it("lets every byte through unchanged, with the tail at the end", () => {
    fc.assert(
      fc.property(pieces, fc.boolean(), (texts, hasSecret) => {
        const parts = texts.map((text) => Buffer.from(text));
        const { onward, rest, stopped } = passed(parts, hasSecret ? secret : null);
        expect(stopped).toBe(false);
        expect(Buffer.concat([onward, rest])).toEqual(Buffer.concat(parts));
        expect(rest.length).toBe(Math.min(Buffer.concat(parts).length, hasSecret ? secret.length - 1 : 1));
      }),
    );
  });

  it("stops before the other side has the complete secret, however it is split", () => {
    const size = secret.length;
    for (let first = 0; first <= size; first += 1)
      for (let second = first; second <= size; second += 1)
        for (const around of ["", "x".repeat(5), "y".repeat(100)]) {
          const cut = [secret.subarray(0, first), secret.subarray(first, second), secret.subarray(second)];
          const parts = [Buffer.from(around), ...cut, Buffer.from(around)].filter(({ length }) => length > 0);
          const { onward, stopped } = passed(parts, secret);
          expect([first, second, around.length, stopped]).toEqual([first, second, around.length, true]);
          expect(onward.toString()).toBe(around.slice(0, onward.length));
        }
  });
});
