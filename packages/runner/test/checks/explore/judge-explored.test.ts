/** What is suspicious at inputs near to those of the tests, each beside an honest change that the same tests show. */
import { expect, it } from "vitest";
import { judgeExplored } from "../../../src/checks/explore/judge-explored.ts";
import { exploreCalls } from "../../../src/checks/explore/neighbours.ts";

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

/** The kind of what is found when the tests make these calls, of which both versions are known. */
function found<T extends Value[]>(given: T[], base: (...given: T) => Value, candidate: (...given: T) => Value) {
  const calls = exploreCalls(given.map((one) => ({ path: "lib/f.js", name: "f", input: JSON.stringify(plain(one)) })));
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
/** With fewer numbers, which say less of what a number can be. */
const pantry = kitchen.map(([lines]): [Line[]] => [lines.map((one) => ({ ...one, amount: Math.min(one.amount, 4) }))]);
const asIs = (lines: Line[]) => added(lines, (one) => one);

it("asks where the base is left for inputs that are like none that the tests see changed", () => {
  const positive = (lines: Line[]) => lines.map((one) => ({ ...one, amount: Math.abs(one.amount) }));
  expect(found(pantry, asIs, (lines) => added(positive(lines), grams))).toBe("unexplained");
  expect(found(pantry, asIs, (lines) => added(lines, grams))).toBeNull();
  expect(found(kitchen, asIs, (lines) => added(lines, grams))).toBeNull();
});

it.each<[string, (amount: number) => boolean, "unexplained" | null]>([
  ["of a sign that no test has", (amount) => amount < 0, null],
  ["much larger than all of the tests", (amount) => amount > 2500, null],
  ["that no test has", (amount) => amount > 5 && ![100, 250].includes(amount) && amount <= 2500, "unexplained"],
])("takes a number %s for what the tests say nothing of", (_title, isOther, expected) => {
  const halved = (lines: Line[]) =>
    lines.map((one) => (isOther(one.amount) ? { ...one, amount: one.amount / 2 } : one));
  expect(found(kitchen, asIs, (lines) => added(halved(lines), grams))).toBe(expected);
});

it("does not ask about a text that no test has and that the change refuses", () => {
  const refusing = (isRefused: (line: Line) => boolean) => (lines: Line[]) => {
    if (lines.some(isRefused)) throw new RangeError("refused");
    return added(lines, grams);
  };
  expect(
    found(
      kitchen,
      asIs,
      refusing(({ unit }) => !["", "g", "kg", "ml"].includes(unit)),
    ),
  ).toBeNull();
  const ranged = (lines: Line[]) => {
    if (lines.some(({ unit }) => !["", "g", "kg", "ml"].includes(unit))) throw new RangeError("Invalid unit");
    return added(lines, grams);
  };
  expect(found(kitchen, asIs, ranged)).toBeNull();
  const crashing = (lines: Line[]) => {
    const known = new Map(["egg", "rice", "oil", "rye", "salt"].map((name) => [name, name]));
    return added(lines, (one) => ({ ...grams(one), name: (known.get(one.name) as string).toString() }));
  };
  expect(found(kitchen, asIs, crashing)).toBe("unexplained");
  const negative = refusing(({ amount }) => amount < 0);
  expect(found(pantry, asIs, negative)).toBe("unexplained");
  expect(found(kitchen, asIs, negative)).toBeNull();
  expect(
    found(
      kitchen,
      asIs,
      refusing(({ name, unit }) => name === "egg" && unit !== ""),
    ),
  ).toBe("unexplained");
});

const thrown = (name: string, message: string) => Object.assign(new Error(message), { name });
it.each([
  ["RangeError", "Invalid unit", null],
  ["ValueError", "unknown unit", null],
  ["UnknownUnitError", "toFixed() digits argument must be between 0 and 100", null],
  ["RangeError", "Invalid unit and left [1]", "unexplained"],
  ["RangeError", "toFixed() digits argument must be between 0 and 100", "unexplained"],
  ["RangeError", "toString() radix must be between 2 and 36", "unexplained"],
  ["RangeError", "Invalid array buffer length", "unexplained"],
  ["RangeError", "Array buffer allocation failed", "unexplained"],
  ["RangeError", "Maximum BigInt size exceeded", "unexplained"],
  ["RangeError", "Division by zero", "unexplained"],
  ["RangeError", "The number 1.5 cannot be converted to a BigInt because it is not an integer", "unexplained"],
  ["RangeError", "Incorrect locale information provided", "unexplained"],
  ["RangeError", "Invalid language tag: x_", "unexplained"],
  ["RangeError", "Invalid currency code : x", "unexplained"],
  ["RangeError", "Invalid time zone specified: x", "unexplained"],
  ["URIError", "URI malformed", "unexplained"],
  ["InvalidCharacterError", "Invalid character", "unexplained"],
  ["ValueError", "too many values to unpack (expected 2)", "unexplained"],
  ["ValueError", "not enough values to unpack (expected 2, got 1)", "unexplained"],
  ["ValueError", "invalid literal for int() with base 10: 'x'", "unexplained"],
  ["ValueError", "could not convert string to float: 'x'", "unexplained"],
  ["ValueError", "substring not found", "unexplained"],
  ["ValueError", "'x' is not in list", "unexplained"],
  ["ValueError", "tuple.index(x): x not in tuple", "unexplained"],
  ["JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", "unexplained"],
  ["AssertionError", "", "unexplained"],
  ["TypeErrors", "x", null],
  ["TypeError", "x", "unexplained"],
  ["ReferenceError", "x is not defined", "unexplained"],
  ["SyntaxError", "x", "unexplained"],
  ["InternalError", "x", "unexplained"],
  ["AttributeError", "x", "unexplained"],
  ["NameError", "x", "unexplained"],
  ["UnboundLocalError", "x", "unexplained"],
  ["KeyError", "'x'", "unexplained"],
  ["IndexError", "list index out of range", "unexplained"],
  ["UnicodeDecodeError", "x", "unexplained"],
  ["RecursionError", "x", "unexplained"],
  ["ZeroDivisionError", "x", "unexplained"],
  ["RangeError", "Maximum call stack size exceeded", "unexplained"],
  ["RangeError", "Invalid array length", "unexplained"],
  ["RangeError", "Invalid string length", "unexplained"],
  ["RangeError", "Invalid typed array length: 3", "unexplained"],
  ["RangeError", "Invalid time value", "unexplained"],
  ["RangeError", "Invalid code point -1", "unexplained"],
  ["RangeError", "Invalid count value: -1", "unexplained"],
  ["StopIteration", "", "unexplained"],
  ["OverflowError", "math range error", "unexplained"],
  ["FileNotFoundError", "[Errno 2] No such file or directory: 'x'", "unexplained"],
])("tells a refusal of a text that no test has from a crash: %s: %s", (name, message, expected) => {
  const failing = (lines: Line[]) => {
    if (lines.some(({ unit }) => !["", "g", "kg", "ml"].includes(unit))) throw thrown(name, message);
    return added(lines, grams);
  };
  expect(found(kitchen, asIs, failing)).toBe(expected);
});

it("asks about another value for a text that no test has", () => {
  const known = (one: Line) => ["egg", "rice", "oil", "rye", "salt"].includes(one.name);
  const renamed = (lines: Line[]) =>
    added(
      lines.map((one) => (known(one) ? one : { ...one, name: "?" })),
      grams,
    );
  expect(found(kitchen, asIs, renamed)).toBe("unexplained");
});

it("asks if the case of a text that the base makes lower is kept", () => {
  const texts: [string][] = [["ab"], ["cd"], ["ef"], ["gh"], ["ij"]];
  const old = (text: string) => ({ key: text.toLowerCase() });
  expect(found(texts, old, (text) => ({ key: text, v: 2 }))).toBe("broken-rule");
  expect(found(texts, old, (text) => ({ key: text.toLowerCase(), v: 2 }))).toBeNull();
});

it("asks about nothing where no test sees a change, which is judged elsewhere", () => {
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

it("does not ask about texts that repeat where an option is varied that the base does not read", () => {
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

it("asks if a rule that the change brings about is broken elsewhere", () => {
  const first = (list: Cue[], by: number) => {
    const shown = moved(list, by).filter(({ end }) => end > 0);
    return [...cut(shown.slice(0, 1)), ...shown.slice(1)];
  };
  expect(["new-rule", "broken-rule"]).toContain(found(cues, moved, first));
});

it.each([
  [3, null],
  [300, "new-rule"],
])("asks about a number that has to be below another, but not if its size says it: up to %i", (most, expected) => {
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
])("does not ask about two numbers that are the same where all lists are pairs: %j", (lists, expected) => {
  const given = lists.map((list): [number[]] => [list]);
  const tripled = (list: number[]) => list.map((value) => value * 3);
  const now = (list: number[]) => (list.includes(0) ? list.map(() => 0) : tripled(list));
  expect(found(given, tripled, now)).toBe(expected);
});

it("asks if a number that only the change reads makes no difference by how large it is", () => {
  const sums: [number[], Record<string, Value>][] = [
    [[250, 50], {}],
    [[1000], { percent: 10 }],
  ];
  const sum = (list: number[], _given: Record<string, Value>) => list.reduce((one, other) => one + other, 0);
  const percent = (given: Record<string, Value>) => Number(given["percent"] ?? 0);
  expect(found(sums, sum, (list, given) => (percent(given) > 0 ? sum(list, given) * 0.9 : sum(list, given)))).toBe(
    "switch",
  );
  expect(found(sums, sum, (list, given) => sum(list, given) * (1 - percent(given) / 100))).toBeNull();
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
