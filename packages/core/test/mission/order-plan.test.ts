/** The order of a plan's parts, for any parts: what each waits for comes before it, and only parts that may meet wait for each other unasked. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderPlan } from "../../src/index.ts";
import type { WrittenPart } from "../../src/mission/order-plan.ts";

const files = ["src/api.ts", "src/", "src/web", "src/web/page.ts", "source.ts", "docs/"];
const name = (place: number) => `part${place}`;

/** Parts without a cycle, in any order. */
const plan = fc
  .array(
    fc.record({
      before: fc.array(fc.nat(31), { maxLength: 4 }),
      files: fc.uniqueArray(fc.constantFrom(...files), { maxLength: 3 }),
      repository: fc.constantFrom("shop", "tool"),
    }),
    { minLength: 1, maxLength: 32 },
  )
  .chain((drawn) => {
    const parts = drawn.map(({ before, ...part }, place) => {
      const after = [...new Set(before.filter((other) => other < place))].map(name);
      return { ...part, name: name(place), after };
    });
    return fc.shuffledSubarray(parts, { minLength: parts.length });
  });

function ordered(parts: readonly WrittenPart[]) {
  const found = orderPlan(parts);
  if (!("parts" in found)) throw new Error(found.reason);
  return found.parts;
}

/** All parts before each part in some chain. */
function earlierOf(parts: readonly { name: string; waits: readonly string[] }[]): Map<string, Set<string>> {
  const earlier = new Map<string, Set<string>>();
  for (const { name: own, waits } of parts)
    earlier.set(own, new Set(waits.flatMap((other) => [other, ...(earlier.get(other) ?? [])])));
  return earlier;
}

/** Whether the lists have paths of which one is, or is in, the other. */
function meet(one: WrittenPart, other: WrittenPart): boolean {
  const folder = (path: string) => `${path.replace(/\/$/, "")}/`;
  return one.files.some((left) =>
    other.files.some((right) => folder(left).startsWith(folder(right)) || folder(right).startsWith(folder(left))),
  );
}

describe("the order of a plan", () => {
  it("has each part once, after all that it waits for, and refuses none", () => {
    fc.assert(
      fc.property(plan, (parts) => {
        const order = ordered(parts);
        expect(order.map(({ implied: _implied, ...part }) => part)).toHaveLength(parts.length);
        expect(new Set(order.map((part) => part.name))).toEqual(new Set(parts.map((part) => part.name)));
        for (const [place, { after, implied }] of order.entries())
          for (const other of [...after, ...implied])
            expect(order.slice(0, place).map((part) => part.name)).toContain(other);
      }),
    );
  });

  it("lets parts of one repository that may meet wait for each other, and no others", () => {
    fc.assert(
      fc.property(plan, (parts) => {
        const order = ordered(parts);
        const declared = earlierOf(order.map((part) => ({ name: part.name, waits: part.after })));
        const all = earlierOf(order.map((part) => ({ name: part.name, waits: [...part.after, ...part.implied] })));
        for (const [place, part] of order.entries())
          for (const other of order.slice(0, place)) {
            const mayMeet = part.repository === other.repository && meet(part, other);
            if (mayMeet) expect(all.get(part.name)).toContain(other.name);
            if (!part.implied.includes(other.name)) continue;
            expect(mayMeet).toBe(true);
            expect(declared.get(part.name)).not.toContain(other.name);
          }
      }),
    );
  });

  it("is the given one if nothing has to move", () => {
    fc.assert(
      fc.property(plan, (parts) => {
        const free = parts.map((part) => ({ ...part, after: [] }));
        expect(ordered(free).map((part) => part.name)).toEqual(free.map((part) => part.name));
        const order = ordered(parts);
        expect(ordered(order)).toEqual(order);
      }),
    );
  });
});

describe("a plan that can't be ordered", () => {
  const part = (own: string, ...after: string[]): WrittenPart => ({ name: own, after, files: [], repository: "shop" });

  it("is refused with the names of its cycle, wherever that is", () => {
    fc.assert(
      fc.property(plan, fc.nat(4), (parts, length) => {
        const ring = Array.from({ length: length + 1 }, (_, place) =>
          part(`ring${place}`, `ring${(place + 1) % (length + 1)}`),
        );
        const found = orderPlan([...parts, ...ring]);
        expect(found).toMatchObject({ kind: "refused", code: "bad-plan" });
        for (const { name: own } of ring) expect(found).toMatchObject({ reason: expect.stringContaining(own) });
        for (const { name: own } of parts)
          expect(found).not.toMatchObject({ reason: expect.stringMatching(new RegExp(`\\b${own}\\b`)) });
      }),
    );
  });

  it("is refused with a name that is unknown or given twice", () => {
    expect(orderPlan([part("api"), part("web", "apo")])).toMatchObject({
      kind: "refused",
      code: "bad-plan",
      reason: "web: after: the plan has no part apo",
    });
    expect(orderPlan([part("api"), part("web"), part("api")])).toMatchObject({
      kind: "refused",
      code: "bad-plan",
      reason: "two parts have the name api",
    });
  });
});
