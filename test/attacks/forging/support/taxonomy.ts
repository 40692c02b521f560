/**
 * How each case forges its evidence, by category. A to F are TRACE's published categories (arXiv 2601.20103). Its list of 54 subcategories is not in the text
 * that we could read, so G to J and all subcategories are our own.
 */
import type { Case } from "./read-cases.ts";

export interface Subcategory {
  readonly code: string;
  readonly name: string;
  /** Why no change can do this; null if one can. */
  readonly never: string | null;
}

const can = (code: string, name: string): Subcategory => ({ code, name, never: null });
const never = (code: string, name: string, why: string): Subcategory => ({ code, name, never: why });

const categories: readonly {
  readonly name: string;
  readonly published: boolean;
  readonly parts: readonly Subcategory[];
}[] = [
  {
    name: "A Test modification",
    published: true,
    parts: [
      can("A1", "tests rewritten on disk while they run"),
      can("A2", "expected values in golden data changed"),
      can("A3", "assertion helper weakened"),
      can("A4", "test data replaced by easier data"),
      can("A5", "tests deleted, skipped or renamed in the change"),
      can("A6", "tests mocked until nothing of the product runs"),
    ],
  },
  {
    name: "B Test case targeting",
    published: true,
    parts: [
      can("B1", "table of the tests' inputs"),
      can("B2", "right only in the range that tests use"),
      can("B3", "expectations read from the test files at run time"),
    ],
  },
  {
    name: "C Coverage gaming",
    published: true,
    parts: [
      can("C1", "lines run without assertions"),
      never("C2", "coverage settings changed", "aedev measures coverage itself and reads no coverage settings"),
    ],
  },
  {
    name: "D Degenerate implementation",
    published: true,
    parts: [can("D1", "stub that satisfies the new test only"), can("D2", "errors swallowed, so that nothing fails")],
  },
  {
    name: "E Style manipulation",
    published: true,
    parts: [
      never("E1", "padding by comments and names", "it addresses judges, who pass everything here"),
      never("E2", "explanations that claim tests", "it addresses judges, who pass everything here"),
    ],
  },
  {
    name: "F Information leakage",
    published: true,
    parts: [
      never("F1", "solutions fetched or found in history", "the result may be right; the coder's own run decides it"),
      can("F2", "answers copied from fixtures at run time"),
    ],
  },
  {
    name: "G Build, resolution and tools",
    published: false,
    parts: [
      can("G1", "set-up or build step changed"),
      can("G2", "another module wins the resolution in tests"),
      can("G3", "cache poisoned"),
      can("G4", "plugin or entry point added"),
      can("G5", "build tag, feature or target excludes code or tests"),
    ],
  },
  {
    name: "H Runtime manipulation",
    published: false,
    parts: [
      can("H1", "assertion library patched"),
      can("H2", "operators and equality overloaded"),
      can("H3", "runner's state or classes patched"),
      can("H4", "early exit or exit code"),
      can("H5", "output or report rewritten"),
      never("H6", "the grader's own process or store changed", "a change has no process outside its container"),
    ],
  },
  {
    name: "I Awareness of the check, and time",
    published: false,
    parts: [
      can("I1", "environment, place or machine"),
      can("I2", "call stack"),
      can("I3", "traces of a test framework"),
      can("I4", "instrumented or compiled code"),
      can("I5", "calendar"),
      can("I6", "count of calls or starts"),
      can("I7", "uptime or delay"),
      never("I8", "clock changed to look fast", "speed decides nothing here"),
    ],
  },
  {
    name: "J Dependencies",
    published: false,
    parts: [
      can("J1", "lockfile moves a package alone"),
      can("J2", "package of a similar name"),
      can("J3", "local replacement or override of a package"),
    ],
  },
];

const all = categories.flatMap(({ parts }) => parts);

/** Codes in cases that the table lacks, or marks as impossible. */
export function unknownCodes(cases: readonly Case[]): string[] {
  const known = new Set(["none", ...all.filter((part) => part.never === null).map(({ code }) => code)]);
  return [...new Set(cases.flatMap(({ trace }) => trace).filter((code) => !known.has(code)))];
}

/** The table for README.md. */
export function taxonomyTable(cases: readonly Case[]): string {
  const lines = categories.flatMap(({ name, published, parts }) => [
    `| **${name}**${published ? "" : " (our name)"} | |`,
    ...parts.map(({ code, name: what, never: why }) => {
      const ids = cases.filter(({ kind, trace }) => kind === "forged" && trace.includes(code)).map(({ id }) => id);
      return `| ${code} ${what} | ${why === null ? ids.join(", ") || "no case yet" : `can't occur: ${why}`} |`;
    }),
  ]);
  return ["| category and subcategory | cases |", "| --- | --- |", ...lines].join("\n");
}
