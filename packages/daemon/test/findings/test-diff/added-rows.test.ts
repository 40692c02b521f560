/** Which changes of a data file only add rows. */
import { expect, it } from "vitest";
import { addsOnlyRows } from "../../../src/findings/test-diff/added-rows.ts";

const rows = [
  { name: "one", in: "1 h", want: 60, note: null },
  { name: "two", in: "2 h", want: 120 },
];
const three = { name: "three", in: "3 h", want: 180 };
const json = (value: unknown) => JSON.stringify(value, null, 2);

it.each<[string, unknown, unknown, unknown]>([
  ["a changed value", rows, [...rows, three], [{ ...rows[0], want: 61 }, rows[1], three]],
  ["a row less", rows, [rows[0], three, rows[1]], [rows[0], three]],
  ["another order", rows, [...rows, three], [rows[1], rows[0], three]],
  ["a row before all others", rows, [rows[0], three, rows[1]], [three, ...rows]],
  ["a field that no row has", rows, [...rows, { ...three, note: "x" }], [...rows, { ...three, limit: 3 }]],
  ["a row without a field that all have", rows, [...rows, three], [...rows, { name: "three", in: "3 h" }]],
  ["a row under the name of another", rows, [...rows, three], [...rows, { ...three, name: "one" }]],
  [
    "two rows of one name",
    rows,
    [...rows, three, { ...three, name: "four" }],
    [...rows, three, { ...three, in: "4 h" }],
  ],
  [
    "a row that says to run it alone",
    rows.map((row) => ({ ...row, only: false })),
    [...rows, three].map((row) => ({ ...row, only: false })),
    [...rows.map((row) => ({ ...row, only: false })), { ...three, only: true }],
  ],
  [
    "a plain value in a list",
    { cases: rows, names: ["a"] },
    { cases: [...rows, three], names: ["a"] },
    { cases: rows, names: ["a", "b"] },
  ],
  [
    "a new setting",
    { limit: 3, cases: rows },
    { limit: 3, cases: [...rows, three] },
    { limit: 3, cases: rows, unit: { a: 1 } },
  ],
  [
    "an entry of another kind",
    { a: rows[1], b: three },
    { a: rows[1], b: three, c: { ...three, name: "c" } },
    { a: rows[1], b: three, c: 3 },
  ],
  ["an entry before all others in a map of one", { a: rows[1] }, { a: rows[1] }, { a: rows[1], b: three }],
  [
    "an entry that is a default",
    { a: rows[1], b: three },
    { a: rows[1], b: three, other: { ...three, name: "c" } },
    { a: rows[1], b: three, default: { ...three, name: "c" } },
  ],
  [
    "a row of another length",
    [
      ["a", 1],
      ["b", 2],
    ],
    [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ],
    [
      ["a", 1],
      ["b", 2],
      ["c", 3, 4],
    ],
  ],
  [
    "a row that begins like another",
    [
      ["a", 1],
      ["b", 2],
    ],
    [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ],
    [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ],
  ],
  ["a value deep inside", { all: [{ of: rows }] }, { all: [{ of: [...rows, three] }] }, { all: [{ of: [rows[0]] }] }],
])("of JSON: not %s", (_name, before, more, other) => {
  expect(addsOnlyRows("data/cases.json", json(before), json(more))).toBe(true);
  expect(addsOnlyRows("data/cases.json", json(before), json(other))).toBe(false);
});

const table = "name,in,want\none,1 h,60\ntwo,2 h,120\n";
it.each<[string, string]>([
  ["a changed line", "name,in,want\none,1 h,61\ntwo,2 h,120\nthree,3 h,180\n"],
  ["a line less", "name,in,want\none,1 h,60\nthree,3 h,180\n"],
  ["another head", "name,in,wanted\none,1 h,60\ntwo,2 h,120\n"],
  ["a line before the head", `three,3 h,180\n${table}`],
  ["a line of another length", `${table}three,3 h\n`],
  ["an empty line", `${table}\n\nthree,3 h,180\n`],
  ["a quote", `${table}"three,3 h,180\n`],
  ["a comment", `${table}#three,3 h,180\n`],
  ["a line under the name of another", `${table}one,3 h,180\n`],
  ["two lines of one name", `${table}three,3 h,180\nthree,3 h,181\n`],
])("of CSV: not %s", (_name, other) => {
  expect(addsOnlyRows("data/cases.csv", table, `${table}three,3 h,180\n`)).toBe(true);
  expect(addsOnlyRows("data/cases.csv", table, table.replace("two", "three,3 h,180\ntwo"))).toBe(true);
  expect(addsOnlyRows("data/cases.csv", table, other)).toBe(false);
});

it("reads TSV, and a name twice where the base has names twice", () => {
  const tabbed = "name\twant\none\t1\none\t2\n";
  expect(addsOnlyRows("data/cases.tsv", tabbed, `${tabbed}one\t3\n`)).toBe(true);
  expect(addsOnlyRows("data/cases.tsv", tabbed, `${tabbed}one\n`)).toBe(false);
});

it.each([
  "package.json",
  "test/tsconfig.build.json",
  "test/.mocharc.json",
  "test/jest.config.json",
  "a/settings.json",
  "cases.txt",
  "cases.yaml",
])("are none in %s", (path) => {
  expect(addsOnlyRows("test/a.json", json(rows), json([...rows, three]))).toBe(true);
  expect(addsOnlyRows(path, json(rows), json([...rows, three]))).toBe(false);
});

it("are none in what is no JSON or nested too deep", () => {
  expect(addsOnlyRows("a.json", "[{", "[{}]")).toBe(false);
  const deep = "[".repeat(300_000) + "]".repeat(300_000);
  expect(() => addsOnlyRows("a.json", deep, deep)).toThrow(RangeError);
});
