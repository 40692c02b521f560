/** Tells which changes of a data file only add rows. */
import { expect, it } from "vitest";
import { addsOnlyRows } from "../../../src/findings/test-diff/added-rows.ts";

const rows = [
  { name: "one", in: "1 h", want: 60, note: null },
  { name: "two", in: "2 h", want: 120 },
];
const pairs = [
  ["a", 1],
  ["b", 2],
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
  ["a row under the name of another", rows, [...rows, three], [...rows, { ...three, name: "One" }]],
  [
    "a row under a number of another as text",
    rows,
    [...rows, { ...three, want: 61 }],
    [...rows, { ...three, want: "60" }],
  ],
  [
    "a second row under the name of another",
    rows,
    [...rows, three, { name: "three", in: "4 h", want: 180 }],
    [...rows, three, { name: "one", in: "4 h", want: 180 }],
  ],
  [
    "a list that becomes longer within a row",
    [{ in: [[1]] }, { in: [[2]] }],
    [{ in: [[1]] }, { in: [[2]] }, { in: [[3]] }],
    [{ in: [[1], [3]] }, { in: [[2]] }],
  ],
  [
    "a plain value in a list",
    { cases: rows, names: ["a"] },
    { cases: [...rows, three], names: ["a"] },
    { cases: rows, names: ["a", "b"] },
  ],
  ["a new field at the top", { cases: rows }, { cases: [...rows, three] }, { cases: rows, Cases: rows }],
  [
    "a list that is a map",
    { limit: 3, cases: rows },
    { limit: 3, cases: [...rows, three] },
    { limit: 3, cases: { a: rows } },
  ],
  [
    "a map that becomes longer",
    { limit: {}, cases: rows },
    { limit: {}, cases: [...rows, three] },
    { limit: { a: 1 }, cases: rows },
  ],
  ["a row of another length", pairs, [...pairs, ["c", 3]], [...pairs, ["c", 3, 4]]],
  ["a row with a value that tells another one apart", pairs, [...pairs, ["c", 3]], [...pairs, ["a", 3]]],
  ["an object among lists", pairs, [...pairs, ["c", 3]], [...pairs, { "0": "c", "1": 3 }]],
])("a JSON file may get rows, but not %s", (_name, before, more, other) => {
  expect(addsOnlyRows("data/cases.json", json(before), json(more))).toBe(true);
  expect(addsOnlyRows("data/cases.json", json(before), json(other))).toBe(false);
});

it.each([
  ...["only", "runOnly", "is_only", "solo", "focused", "skip", "skipWindows", "ignore", "pending", "todo", "bail"],
  ...[
    "stopHere",
    "abort",
    "exit",
    "onlyThis",
    "debugOnly",
    "$only",
    "__only",
    "skip-rest",
    "justThis",
    "disabled",
    "exclusive",
    "test_only",
  ],
])("a JSON row with the field %s is no added row, unless all rows have the same value", (name) => {
  const one = (value: unknown, at: number) => ({ name: `${at}`, [name]: value });
  const old = [one(false, 1), one(false, 2)];
  expect(addsOnlyRows("a.json", json(old), json([...old, one(false, 3)]))).toBe(true);
  expect(addsOnlyRows("a.json", json(old), json([...old, one(null, 3)]))).toBe(false);
  expect(addsOnlyRows("a.json", json(old), json([...old, one(true, 3)]))).toBe(false);
  const all = [one(true, 1), one(true, 2)];
  expect(addsOnlyRows("a.json", json(all), json([...all, one(true, 3)]))).toBe(true);
  const deep = [
    { name: "1", options: {} },
    { name: "2", options: { a: 1 } },
  ];
  const added = (options: unknown) => json([...deep, { name: "3", options }]);
  expect(addsOnlyRows("a.json", json(deep), added({ b: true }))).toBe(true);
  expect(addsOnlyRows("a.json", json(deep), added({ [name]: true }))).toBe(false);
  expect(addsOnlyRows("a.json", json(deep), added([{ [name]: true }]))).toBe(false);
});

it.each<[string, string, string]>([
  ["a number that is the same only here", '[{"a":9007199254740993}]', '[{"a":9007199254740992}]'],
  ["a number with another sign", '[{"a":-0.0}]', '[{"a":0.0}]'],
  ["a number that is written otherwise", '[{"a":1.0}]', '[{"a":1}]'],
  ["a name that stands twice", '[{"a":1}]', '[{"a":2,"a":1}]'],
])("a change of JSON is more than added rows with %s", (_name, before, after) => {
  expect(addsOnlyRows("a.json", before, before)).toBe(true);
  expect(addsOnlyRows("a.json", before, after)).toBe(false);
});

it("an object of JSON with numbers as names gets no added rows", () => {
  expect(addsOnlyRows("a.json", '[{"2":1,"1":2}]', '[{"1":2,"2":1}]')).toBe(false);
});

it.each<[string, unknown[], unknown]>([
  [
    "a number that some languages take for the same",
    [
      { id: 1, o: "a" },
      { id: 2, o: "b" },
    ],
    { id: "1.0", o: "c" },
  ],
  [
    "a truth value that some take for a number",
    [
      { id: 1, o: "a" },
      { id: 2, o: "b" },
    ],
    { id: true, o: "c" },
  ],
  [
    "other letters",
    [
      { id: "one", o: 1 },
      { id: "two", o: 2 },
    ],
    { id: " ＯNE", o: 3 },
  ],
  [
    "the values of two fields",
    [
      { l: "en", k: "a" },
      { l: "en", k: "b" },
      { l: "de", k: "a" },
    ],
    { l: "en", k: "b" },
  ],
  [
    "nothing in a field",
    [
      { id: 1, o: "a" },
      { id: 2, o: "b" },
    ],
    { id: 3, o: "" },
  ],
  [
    "a head that decides",
    [
      ["n", "only"],
      ["a", false],
      ["b", false],
    ],
    ["c", true],
  ],
  [
    "a name where a row stands twice",
    [
      { k: "a", v: 1 },
      { k: "a", v: 1 },
      { k: "b", v: 2 },
    ],
    { k: "b", v: 9 },
  ],
  [
    "the values of three fields",
    [1, 2].flatMap((a) => [1, 2].flatMap((b) => [1, 2].map((d) => ({ a, b, d, o: `${a}${b}${d}` })))),
    { a: 1, b: 1, d: 1, o: "x" },
  ],
  [
    "a name within a field",
    [
      { q: { id: 1, t: "x" }, w: 1 },
      { q: { id: 2, t: "y" }, w: 2 },
    ],
    { q: { t: "z", id: 1 }, w: 9 },
  ],
  ["no fields", [{ x: 1 }, { x: 2 }], 3],
])("a JSON file may get no row with %s", (_name, old, row) => {
  expect(addsOnlyRows("a.json", json(old), json([...old, row]))).toBe(false);
});

it("a data file may not grow if one of its columns has a name such as `only`", () => {
  const data = (name: string, ...more: unknown[]) =>
    json({ columns: ["name", name], rows: [["a", false], ["b", false], ["c", false], ...more] });
  expect(addsOnlyRows("a.json", data("in"), data("in", ["d", true]))).toBe(true);
  expect(addsOnlyRows("a.json", data("only"), data("only", ["d", true]))).toBe(false);
});

it("rows may be added to only one list of JSON", () => {
  const data = (x: unknown[], y: unknown[]) => json({ x, y });
  const [one, two] = [[{ a: 1 }], [{ a: 1 }, { a: 2 }]];
  expect(addsOnlyRows("a.json", data(one, two), data([...one, { a: 3 }], two))).toBe(true);
  expect(addsOnlyRows("a.json", data(one, two), data([...one, { a: 3 }], [...two, { a: 3 }]))).toBe(false);
});

it("two lists of JSON with the same length get no added rows", () => {
  const [one, two] = [
    [["a"], ["b"]],
    [["c"], ["d"]],
  ];
  expect(addsOnlyRows("a.json", json({ in: one, out: two }), json({ in: [...one, ["e"]], out: two }))).toBe(false);
  expect(addsOnlyRows("a.json", json({ in: one }), json({ in: [...one, ["e"]] }))).toBe(true);
});

it("compares many rows in time", () => {
  const quotes = '\\"'.repeat(200_000);
  for (const text of [`["${quotes}"]`, `["${quotes}`, `[${"0,".repeat(200_000)}0]`])
    expect(addsOnlyRows("a.json", text, `${text} `)).toBe(text.endsWith("]"));
  const empty = `${"h,".repeat(49)}h\n${`${",".repeat(49)}\n`.repeat(19_000)}`;
  expect(addsOnlyRows("a.csv", empty, empty)).toBe(false);
  const wide = `${"a,".repeat(100_000)}a\n${"b,".repeat(100_000)}b\n`;
  expect(addsOnlyRows("a.csv", wide, wide)).toBe(false);
  const long = `a,b\n${Array.from({ length: 50_000 }, (_, at) => `${at},x\n`).join("")}`;
  expect(addsOnlyRows("a.csv", long, `${long}50000,x\n`)).toBe(true);
});

it("a data file may get at most 200 rows", () => {
  const some = (count: number) => json(Array.from({ length: count }, (_, at) => ({ a: at })));
  expect(addsOnlyRows("a.json", some(2), some(202))).toBe(true);
  expect(addsOnlyRows("a.json", some(2), some(203))).toBe(false);
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
  ["a second line under the name of another", `${table}three,3 h,180\none,3 h,180\n`],
])("a CSV table may get rows, but not %s", (_name, other) => {
  expect(addsOnlyRows("data/cases.csv", table, `${table}three,3 h,180\n`)).toBe(true);
  expect(addsOnlyRows("data/cases.csv", table, table.replace("two", "three,3 h,180\ntwo"))).toBe(true);
  expect(addsOnlyRows("data/cases.csv", table, `${table}three,3 h,180\nthree,4 h,180\n`)).toBe(true);
  expect(addsOnlyRows("data/cases.csv", table, other)).toBe(false);
});

it("rows may be added to TSV, and may repeat values that the base repeats", () => {
  const tabbed = "name\twant\none\t1\none\t2\n";
  expect(addsOnlyRows("data/cases.tsv", tabbed, `${tabbed}one\t3\n`)).toBe(true);
  expect(addsOnlyRows("data/cases.tsv", tabbed, `${tabbed}one\t2\n`)).toBe(false);
  expect(addsOnlyRows("data/cases.tsv", tabbed, `${tabbed}one\n`)).toBe(false);
});

it("a table's head decides its separator", () => {
  const divided = "name;in;want\none;1;60\n";
  expect(addsOnlyRows("a.csv", divided, `${divided}two;1,5;90\n`)).toBe(true);
  expect(addsOnlyRows("a.csv", divided, `${divided}two,x,60\n`)).toBe(false);
});

it("rows may be added to a table with bars as separators", () => {
  const parted = "# schedule | minutes\n100/h to 600; full to 1000 | 458\n60/h to 120; 150/h to 900 | 472\nfull | 1\n";
  expect(addsOnlyRows("a.csv", parted, `${parted}100/h to 620; 80/h to 500 | 510\n`)).toBe(true);
  for (const line of [
    "100/h to 620; 80/h to 500",
    "full | 2",
    "100/h to 600; 80/h to 500 | 510",
    "# full to 9 | 3",
    "x | y",
  ])
    expect(addsOnlyRows("a.csv", parted, `${parted}${line}\n`), line).toBe(false);
});

it("a table may get no line before its first row, which tests may use as a model", () => {
  const old = "name,in,want\none,1 h,60\ntwo,2 h,120\n";
  expect(addsOnlyRows("a.csv", old, "name,in,want\none,1 h,60\nzero,0 h,0\ntwo,2 h,120\n")).toBe(true);
  expect(addsOnlyRows("a.csv", old, "name,in,want\nzero,0 h,0\none,1 h,60\ntwo,2 h,120\n")).toBe(false);
  expect(addsOnlyRows("a.csv", old, "zero,0 h,0\nname,in,want\none,1 h,60\ntwo,2 h,120\n")).toBe(false);
});

it.each<[string, string, string]>([
  ["a line within a value in quotes", 'name,in\none,"a\nb"\n', 'name,in\none,"a\nx,y\nb"\n'],
  ["a column that decides", "name,only\none,0\n", "name,only\none,0\ntwo,1\n"],
  ["a control character", "name,in\none,1\n", "name,in\none,1\ntwo,2\rthree,3\n"],
  ["another end of each line", "name,in\r\none,1\r\n", "name,in\none,1\n"],
  ["a name in other letters", "name,in\none,1\n", "name,in\none,1\n One ,2\n"],
  ["a table without rows", "name,in\n", "name,in\none,1\n"],
  ["an empty cell", "name,in\none,1\ntwo,2\n", "name,in\none,1\ntwo,2\nthree,\n"],
  ["a word among numbers", "name,in\none,1\ntwo,2\n", "name,in\none,1\ntwo,2\nthree,x\n"],
  ["a quote of some readers", "name,in\none,1\n", "name,in\none,1\n'two,2\n"],
  ["an empty first cell", "name,in\none,1\n", "name,in\none,1\n,2\n"],
  ["a last line without its end", "name,in\none,1\n", "name,in\none,1\ntwo,2"],
  ["a line continued on the next one", "name,in\none,1\n", "name,in\none,1\ntwo,2\\\n"],
  ["a line end that only some read", "name,in\none,1\n", "name,in\none,1\ntwo\u2028,2\n"],
  ["a head with two separators", "name;in,b\none;1,2\n", "name;in,b\none;1,2\ntwo;2,3\n"],
  ["a name twice beside empty lines", "k,v\na,1\n\nb,2\n\n", "k,v\na,1\n\nb,2\n\na,9\n"],
  ["lines without columns", "name\none\n", "name\none\ntwo\n"],
])("a CSV file may not get %s", (_name, before, after) => {
  expect(addsOnlyRows("a.csv", before, after)).toBe(false);
});

it.each([
  "package.json",
  "test/tsconfig.build.json",
  "test/.mocharc.json",
  "test/jest.config.json",
  "composer.lock.json",
  "jsconfig.json",
  "renovate.json",
  "jest.json",
  "angular.json",
  ".vscode/tasks.json",
  "a.schema.json",
  "a/settings.json",
  "cases.txt",
  "cases.yaml",
])("no rows can be added to %s", (path) => {
  expect(addsOnlyRows("test/a.json", json(rows), json([...rows, three]))).toBe(true);
  expect(addsOnlyRows(path, json(rows), json([...rows, three]))).toBe(false);
});

it("no rows can be added to a text that is no JSON or nested too deep", () => {
  expect(addsOnlyRows("a.json", "[{", "[{}]")).toBe(false);
  const deep = "[".repeat(300_000) + "]".repeat(300_000);
  expect(() => addsOnlyRows("a.json", deep, deep)).toThrow(RangeError);
});
