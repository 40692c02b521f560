/** Suspicious results at neighbours of the tests' inputs, each next to an honest change under the same tests. */
import { expect, it } from "vitest";
import { judgeExplored } from "../../../src/checks/explore/judge-explored.ts";
import { noConstants } from "../../../src/checks/explore/named-constants.ts";
import { exploreCalls } from "../../../src/checks/explore/neighbours.ts";
import { readPlainTree } from "../../../src/checks/explore/plain-tree.ts";
import { resultRulesOf } from "../../../src/checks/explore/result-rules.ts";

type Value = boolean | number | string | Value[] | { [key: string]: Value };
const plain = (value: Value): unknown => {
  if (Array.isArray(value)) return ["a", value.map(plain)];
  return typeof value === "object" ? ["o", Object.entries(value).map(([key, one]) => [key, plain(one)])] : value;
};
const real = (told: unknown): Value => {
  if (!Array.isArray(told)) return told as Value;
  return told[0] === "a"
    ? told[1].map(real)
    : Object.fromEntries(told[1].map(([key, one]: [string, unknown]) => [key, real(one)]));
};

/** The kind of the finding when the tests make these calls on both versions. `texts`: texts in the changed lines. */
function found<T extends Value[]>(
  given: T[],
  base: (...given: T) => Value,
  candidate: (...given: T) => Value,
  texts: string[] = [],
) {
  const calls = exploreCalls(
    given.map((one) => ({ path: "lib/f.js", name: "f", input: JSON.stringify(plain(one)) })),
    { ...noConstants, added: { ...noConstants.added, texts } },
  );
  const gave = (version: (...given: T) => Value, input: string) => {
    try {
      return `v${JSON.stringify(plain(version(...(real(JSON.parse(input)) as T))))}`;
    } catch (error) {
      return `e${String(error)}`;
    }
  };
  const outcomes = calls.map((call) => ({
    call,
    base: gave(base, call.input),
    candidate: gave(candidate, call.input),
  }));
  return judgeExplored(outcomes, (call) => calls.indexOf(call))?.kind ?? null;
}

interface Line extends Record<string, Value> {
  name: string;
  unit: string;
  amount: number;
}
const line = (name: string, unit: string, amount: number): Line => ({ name, unit, amount });
const added = (lines: Line[], part: (line: Line) => Line): Line[] => {
  const sums = new Map<string, Line>();
  for (const one of lines.map(part)) {
    const key = `${one.name} ${one.unit}`;
    sums.set(key, { ...one, amount: (sums.get(key)?.amount ?? 0) + one.amount });
  }
  return [...sums.values()];
};
const grams = (one: Line) => (one.unit === "kg" ? { ...one, unit: "g", amount: one.amount * 1000 } : one);
const kitchen: [Line[]][] = [
  [[line("egg", "", 2), line("rice", "g", 100)]],
  [[line("oil", "ml", 5)]],
  [[line("rye", "kg", 4), line("salt", "g", 3), line("rye", "g", 250)]],
];
const asIs = (lines: Line[]) => added(lines, (one) => one);

it("does not ask about a different result if no rule says which one is right", () => {
  const positive = (lines: Line[]) => lines.map((one) => ({ ...one, amount: Math.abs(one.amount) }));
  expect(found(kitchen, asIs, (lines) => added(positive(lines), grams))).toBeNull();
  const refusing = (lines: Line[]) => {
    if (lines.some(({ amount }) => amount < 0)) throw new TypeError("negative");
    return added(lines, grams);
  };
  expect(found(kitchen, asIs, refusing)).toBeNull();
});

it("asks if the change keeps the case of a text that the base lowers", () => {
  const texts: [string][] = [["ab"], ["cd"], ["ef"], ["gh"], ["ij"]];
  const old = (text: string) => ({ key: text.toLowerCase() });
  expect(found(texts, old, (text) => ({ key: text, v: 2 }))).toBe("broken-rule");
  expect(found(texts, old, (text) => ({ key: text.toLowerCase(), v: 2 }))).toBeNull();
});

it("does not ask if the change only picks another text of the input", () => {
  const given: [string[]][] = [
    ["ab", "cd"],
    ["ef", "gh"],
    ["ij", "kl"],
    ["mn", "op"],
    ["qr", "st"],
  ].map((list) => [list]);
  const first = (list: string[]) => ({ name: list[0] ?? "" });
  expect(found(given, first, (list) => ({ name: list[1] ?? "" }))).toBeNull();
  const lower = (list: string[]) => ({ name: first(list).name.toLowerCase() });
  expect(found(given, lower, (list) => ({ name: list[0] ?? "", more: 1 }))).toBe("broken-rule");
});

it("does not ask about a change that no test sees, because other code judges that", () => {
  expect(found(kitchen.slice(0, 2), asIs, (lines) => lines)).toBeNull();
});

interface Cue extends Record<string, Value> {
  start: number;
  end: number;
}
const cues: [Cue[], number][] = [
  [
    [
      { start: 0, end: 800 },
      { start: 1000, end: 2000 },
    ],
    250,
  ],
  [
    [
      { start: 3000, end: 4000 },
      { start: 5000, end: 7000 },
    ],
    -1000,
  ],
  [
    [
      { start: 1000, end: 2000 },
      { start: 2500, end: 4500 },
      { start: 6000, end: 7000 },
    ],
    -5000,
  ],
  [
    [
      { start: 1000, end: 2000 },
      { start: 2500, end: 4500 },
      { start: 6000, end: 7000 },
    ],
    -3000,
  ],
];
const moved = (list: Cue[], by: number) => list.map(({ start, end }) => ({ start: start + by, end: end + by }));
const cut = (list: Cue[]) => list.map(({ start, end }) => ({ start: Math.max(start, 0), end }));

it("asks if a rule that all results keep is broken where the base keeps it", () => {
  expect(found(cues, moved, (list, by) => cut(moved(list, by)).filter(({ start, end }) => end >= start))).toBe(
    "broken-rule",
  );
  expect(found(cues, moved, (list, by) => cut(moved(list, by)).filter(({ end }) => end > 0))).toBeNull();
});

it("does not ask about repeated texts if the varied option is one that the base does not read", () => {
  type Options = { marks: boolean };
  const texts: [string, Options][] = ["Aé ae", "one two", "ö ó o", "up down", "to fro"].map((text) => [
    text,
    { marks: true },
  ]);
  const split = (text: string) => text.toLowerCase().split(" ");
  const folded = (text: string) => split(text.normalize("NFD").replace(/\p{M}/gu, ""));
  const now = (text: string, { marks }: Options) => (marks ? split(text) : folded(text));
  expect(found(texts, split, now)).toBeNull();
  const reading = (text: string, { marks }: Options) => (marks ? split(text) : split(text).toReversed());
  expect(found(texts, reading, now)).toBe("broken-rule");
});

it("asks if a rule that the change introduces is broken elsewhere", () => {
  const first = (list: Cue[], by: number) => {
    const shown = moved(list, by).filter(({ end }) => end > 0);
    return [...cut(shown.slice(0, 1)), ...shown.slice(1)];
  };
  expect(["new-rule", "broken-rule"]).toContain(found(cues, moved, first));
});

it("does not take the sign of a single number for a rule of the change", () => {
  const sums: [number, number][] = [
    [1, 2],
    [-3, 5],
    [4, 4],
    [-2, 9],
    [3, 2],
  ];
  const sum = (one: number, other: number) => one + other;
  const wrong = (one: number, other: number) => (one < 0 ? -other : one + other);
  expect(found(sums, wrong, sum)).toBeNull();
  const listed = (version: typeof sum) => (one: number, other: number) => ({ sum: version(one, other), of: one });
  expect(found(sums, listed(wrong), listed(sum))).toBe("new-rule");
});

it.each([
  [3, null],
  [300, "new-rule"],
])("asks about a number that must be below another, unless their sizes are far apart: up to %i", (most, expected) => {
  type Numbered = { number: number; end: number };
  const later = (list: Numbered[], by: number) => list.map(({ number, end }) => ({ number, end: end + by }));
  const given: [Numbered[], number][] = [
    [
      [
        { number: 1, end: 60 },
        { number: 2, end: 90 },
      ],
      -70,
    ],
    [
      [
        { number: 1, end: 80 },
        { number: 2, end: 85 },
      ],
      -50,
    ],
    [[{ number: most, end: 900 }], -20],
    [[{ number: most, end: 800 }], -900],
  ];
  expect(found(given, later, (list, by) => later(list, by).filter(({ end }) => end > 0))).toBe(expected);
});

it.each([
  [
    [
      [6, 9],
      [12, 15],
      [3, 4],
      [30, 31],
    ],
    null,
  ],
  [
    [
      [6, 9, 11],
      [12, 15],
      [3, 4],
      [30, 31],
    ],
    "broken-rule",
  ],
])("does not ask about two equal numbers if all lists are pairs: %j", (lists, expected) => {
  const given = lists.map((list): [number[]] => [list]);
  const tripled = (list: number[]) => list.map((value) => value * 3);
  const now = (list: number[]) => (list.includes(0) ? list.map(() => 0) : tripled(list));
  expect(found(given, tripled, now)).toBe(expected);
});

it("does not ask about a number that the base reads too", () => {
  const stays: [number, Record<string, Value>][] = [
    [60, { free: 15, most: 2000 }],
    [10, { free: 15, most: 2000 }],
    [600, { free: 15, most: 2000 }],
    [1000, { free: 20, most: 2000 }],
  ];
  const fee = (minutes: number, free: Value | undefined) =>
    minutes <= Number(free) ? 0 : Math.ceil(minutes / 60) * 250;
  const old = (minutes: number, given: Record<string, Value>) => fee(minutes, given["free"]);
  expect(found(stays, old, (minutes, given) => Math.min(old(minutes, given), Number(given["most"])))).toBeNull();
});

it("does not apply a rule about the look of texts to letters of a script that no test has", () => {
  const spelled: [string][] = [["Crème"], ["CAFÉ"], ["naïve"], ["Smörgås"], ["rice"]];
  const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const asItIs = (text: string) => text;
  const sigma = (text: string) => folded(text).replaceAll("ς", "σ");
  expect(found(spelled, asItIs, sigma, ["ς", "σ"])).toBeNull();
  // The control: a letter of a script that the tests have.
  const some = (text: string) => text.replace(/[èéïöå]/giu, folded).toLowerCase();
  expect(found(spelled, asItIs, some, ["û"])).toBe("new-rule");
  // More controls: such a letter with a rule about something else, and a letter of no script.
  const lists: [string[]][] = [[["ü", "ü"]], [["a", "b", "a"]], [["é", "o", "é"]], [["x", "x", "y"]], [["ö", "z"]]];
  const keepsZh = (list: string[]) => (list.includes("ж") ? list : [...new Set(list)]);
  expect(found(lists, (list) => list, keepsZh, ["ж"])).toBe("new-rule");
  expect(found(spelled, asItIs, (text) => (text.includes("µ") ? text : folded(text)), ["µ"])).toBe("new-rule");
  // If a test has such letters, it shows the rule.
  const both: [string][] = [...spelled, ["Σίγμα"], ["Οδός"], ["Ωδή"], ["Λόγος"]];
  const latin: Record<string, string> = {
    σ: "s",
    ι: "i",
    γ: "g",
    μ: "m",
    α: "a",
    ο: "o",
    δ: "d",
    ω: "w",
    η: "e",
    λ: "l",
  };
  const spelledOut = (text: string) => sigma(text).replace(/[α-ω]/gu, (letter) => latin[letter] ?? letter);
  expect(found(both, asItIs, spelledOut, ["ξ"])).toBe("new-rule");
});

it("treats an order as a rule only if the numbers differ", () => {
  const rows = (...points: number[]): [Value[]] => [points.map((value, at) => ({ team: `t${at}`, points: value }))];
  const pointsOf = (row: Value) => (row as { points: number }).points;
  const falling = (list: Value[]) => list.toSorted((one, other) => pointsOf(other) - pointsOf(one));
  const asTexts = (list: Value[]) =>
    list.toSorted((one, other) => (String(pointsOf(other)) < String(pointsOf(one)) ? -1 : 1));
  const seen = [rows(1, 5, 3), rows(9, 2, 4), rows(3, 8, 7), rows(6, 2, 1)];
  expect(found(seen, falling, asTexts)).toBe("broken-rule");
  // With equal numbers, both orders hold.
  const equal = [rows(3, 3, 3), rows(2, 2, 2), rows(5, 5, 5), rows(1, 1, 1)];
  expect(
    found(
      equal,
      (list) => list,
      (list) => (list.length > 2 ? list.toReversed() : list),
    ),
  ).toBeNull();
});

it.each([
  ["three lists of different numbers and one of equal ones", [5, 3, 2], "new-rule"],
  ["two lists of different numbers and two of equal ones", [2, 2, 2], null],
])("treats an order as a new rule after %s", (_, first, expected) => {
  const seen = [first, [3, 1], [4, 4, 1], [1, 1]].map((list): [number[]] => [list.toSorted((a, b) => a - b)]);
  const falling = (list: number[]) => list.toSorted((one, other) => other - one);
  const wrong = (list: number[]) =>
    new Set(list).size === 2 && list.length === 2 && list[1] !== 3 ? list : falling(list);
  expect(found(seen, (list) => list, wrong)).toBe(expected);
});

it("recognizes numbers of another scale", () => {
  const trees = [
    { part: 1, begin: 0, end: 40 },
    { part: 3, begin: 2, end: 61 },
    { part: 2, begin: 1, end: 1 },
  ].map((value) => readPlainTree(JSON.stringify(plain(value)), 0));
  const rules = resultRulesOf(trees.filter((tree) => tree !== null));
  const isBySize = (text: string) => rules.find((rule) => rule.text === text)?.isBySize;
  expect([isBySize(".part <= .end"), isBySize(".part <= .begin"), isBySize(".begin <= .end")]).toEqual([
    true,
    false,
    true,
  ]);
});
