/** Strict JSON: a key repeated at any depth is refused, however it is escaped; the same document without it is read as JSON reads it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseStrictJson } from "../src/strict-json.ts";

const bounds = { depthMax: 64 };
const read = (text: string) => parseStrictJson(text, bounds);
const refused = (why: string, ...path: (string | number)[]) => ({ kind: "refused", why, path });

it("parses one document, and names the path of a problem", () => {
  expect(read('{"a":[{"b":1},{"b":2}],"c":{"a":null}}')).toEqual({
    kind: "value",
    value: { a: [{ b: 1 }, { b: 2 }], c: { a: null } },
  });
  expect(read('{"verdict":"fail","verdict":"pass"}')).toEqual(refused("doubled-key", "verdict"));
  expect(read('{"verdict":"fail","\\u0076erdict":"pass"}')).toEqual(refused("doubled-key", "verdict"));
  expect(read('{"a":[{},{"b":{"c":1,"d":2,"c":1}}]}')).toEqual(refused("doubled-key", "a", 1, "b", "c"));
  expect(read('{"a":{"__proto__":{"b":1}}}')).toEqual(refused("prototype-key", "a", "__proto__"));
  expect(read('{"\\u005f_proto__":1}')).toEqual(refused("prototype-key", "__proto__"));
  expect(read('{"constructor":1,"toString":2,"hasOwnProperty":3}').kind).toBe("value");
});

it.each([
  ["nothing", ""],
  ["text after the document", '{"a":1}.'],
  ["two documents", '{"a":1}\n{"a":1}'],
  ["a code fence", '```json\n{"a":1}\n```'],
  ["a comment", '{"a":1/* b */}'],
  ["a trailing comma", '{"a":1,}'],
  ["a byte order mark", '\ufeff{"a":1}'],
  ["a key without quotes", "{a:1}"],
  ["NaN", '{"a":NaN}'],
])("refuses %s, which is not JSON", (_title, text) => {
  expect(read(text)).toEqual(refused("not-json"));
});

it("refuses more levels than allowed, and a depth that no stack holds", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  expect(read(nested(64)).kind).toBe("value");
  expect(read(nested(65))).toMatchObject({ why: "too-deep" });
  expect(read(nested(1_000_000))).toMatchObject({ why: "too-deep" });
});

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every object of the value, as the path of keys that leads to it. */
function objectsOf(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== "object") return [];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    objectsOf(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return Array.isArray(value) || Object.keys(value).length === 0 ? inner : [path, ...inner];
}

/** The value as text, with one key of the object at `target` written twice; `escaped`: the second time in another spelling. */
function doubled(value: Json, target: string, choice: { key: number; escaped: boolean; first: boolean }): string {
  const write = (part: Json, path: (string | number)[]): string => {
    if (part === null || typeof part !== "object") return JSON.stringify(part);
    if (Array.isArray(part)) return `[${part.map((item, at) => write(item, [...path, at])).join(",")}]`;
    const members = Object.entries(part).map(([key, item]) => `${JSON.stringify(key)}:${write(item, [...path, key])}`);
    if (JSON.stringify(path) === target) {
      const keys = Object.keys(part);
      const key = keys[choice.key % keys.length] ?? "";
      const again = `${choice.escaped ? escapedKey(key) : JSON.stringify(key)}:"another"`;
      if (choice.first) members.unshift(again);
      else members.push(again);
    }
    return `{${members.join(",")}}`;
  };
  return write(value, []);
}

const escapedKey = (key: string) =>
  `"${[...Array(key.length).keys()].map((at) => `\\u${key.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;

it("refuses a key that is repeated anywhere, and accepts the document without it", () => {
  const key = fc.oneof(
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom("verdict", "a.b", "constructor", ""),
  );
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ unit: "binary", maxLength: 8 })),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(
        key.filter((name) => name !== "__proto__"),
        tie("tree"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));
  const choices = fc.record({ key: fc.nat(10), escaped: fc.boolean(), first: fc.boolean() });
  let tried = 0;
  fc.assert(
    fc.property(tree, fc.nat(50), choices, (value, at, choice) => {
      const text = JSON.stringify(value);
      expect(read(text)).toEqual({ kind: "value", value: JSON.parse(text) });
      const objects = objectsOf(value);
      const target = objects[at % objects.length];
      if (target === undefined) return;
      tried += 1;
      expect(read(doubled(value, JSON.stringify(target), choice))).toMatchObject({ why: "doubled-key" });
    }),
    { numRuns: 500 },
  );
  expect(tried).toBeGreaterThan(50);
});
