/** The rows that a macro of a Rust test file may get, and the further uses of a macro that a file may get. */
import { expect, it } from "vitest";
import { changesExistingRust } from "./reading.ts";

const rows = (text: string, name = "rows") => `fn known() {}\n${name}! {\n    ${text}\n}\n`;

it.each<[string, string, string]>([
  ["a row behind the others", "noon(12)", "noon(12)\n dawn(6)"],
  ["a row before the others", "noon(12)", "dawn(6)\n noon(12)"],
  ["a row between the others", "noon(12) night(0)", "noon(12) dawn(6) night(0)"],
  ["a row and a comma behind it", "noon(12), night(0)", "noon(12), night(0), dawn(6),"],
  ["a row and a semicolon behind it", "noon(12); night(0)", "noon(12); dawn(6); night(0);"],
  ["a row in brackets of another form", "noon[12]", "noon[12] dawn[6]"],
  ["a row with a block", "noon { 12 }", "noon { 12 } dawn { 6 }"],
  ["a row with an arrow", "noon(1) => { 12 }", "noon(1) => { 12 } dawn(2) => { 6 }"],
  ["a function with a value", "fn a(x: u32) -> T { x }", "fn a(x: u32) -> T { x } fn b(y: u32) -> T { y }"],
  ["a public function", "pub async fn a() { 1 }", "pub async fn a() { 1 } pub async fn b() { 2 }"],
  ["a function with marks", "#[test] fn a() { 1 }", "#[test] fn a() { 1 } # [test] #[slow(1)] fn b() { 2 }"],
  ["a row with a comment", "noon(12)", "/* the sun */ noon(12) /* rises */ dawn(6) // high\n"],
])("a macro of Rust tests may get %s", (_, before, after) => {
  expect(changesExistingRust(rows(before), rows(after))).toBe(false);
  expect(changesExistingRust(rows(after), rows(before))).toBe(true);
});

it.each<[string, string, string]>([
  ["a row less", "noon(12) dawn(6)", "noon(12)"],
  ["another value", "noon(12) dawn(6)", "noon(13) dawn(6)"],
  ["another order", "noon(12) dawn(6)", "dawn(6) noon(12)"],
  ["a row of another form", "noon(12)", "noon(12) dawn { 6 }"],
  ["a row under a known name", "noon(12)", "noon(12) known(6)"],
  ["a row under the name of another one", "noon(12)", "noon(13) noon(12)"],
  ["a row without a name", '"noon"(12)', '"noon"(12) "dawn"(6)'],
  ["a value where there are no rows", "1, 2", "1, 2, 3"],
  ["a value behind the rows", "noon(12)", "noon(12) 3"],
  ["a row behind a value", "1, 2", "noon(12)"],
  ["a comma within a row", "noon(12) night(0)", "noon(12) night, (0)"],
  ["a comma before all rows", "noon(12)", ", noon(12)"],
  ["another mark", "#[test] fn a() { 1 }", "#[ignore] fn a() { 1 }"],
  ["a mark more", "#[test] fn a() { 1 }", "#[test] #[ignore] fn a() { 1 }"],
  ["a list for a mark", "noon(12) night(0)", "noon(12) [test] night(0)"],
  ...["use", "mod", "unsafe", "static", "const", "type", "trait"].map((word): [string, string, string] => [
    `a row that is no function: ${word}`,
    "fn noon { 12 }",
    `fn noon { 12 } ${word} dawn { 6 }`,
  ]),
  ...[
    "impl",
    "extern",
    "macro_rules",
    "macro_use",
    "macro_export",
    "no_mangle",
    "link_section",
    "export_name",
    "ctor",
  ].map((word): [string, string, string] => [
    `a row that reaches far: ${word}`,
    "fn noon { 12 }",
    `fn noon { 12 } fn dawn { ${word} Tide {} }`,
  ]),
])("a macro of Rust tests may not get %s", (_, before, after) => {
  expect(changesExistingRust(rows(before), rows(after))).toBe(true);
});

it.each<[string, string]>([
  ["a function", "fn dawn() { 6 }"],
  ["several functions", "fn dawn() { 6 } fn dusk() { 18 }"],
  ["a name and values", "dawn, 6"],
  ["a function with a mark and a comment", "/* rises */ #[test] fn dawn() { 6 }"],
])("a macro of Rust tests may be used again for %s", (_, text) => {
  const before = rows("fn noon() { 12 }");
  expect(changesExistingRust(before, `${before}rows! { ${text} }\n`)).toBe(false);
  expect(changesExistingRust(before, `${before}others! { ${text} }\n`)).toBe(true);
});

it.each<[string, string]>([
  ["nothing", ""],
  ["a value without a name", "6, dawn"],
  ["a text", '"dawn"'],
  ["a function under a known name", "fn known() { 6 }"],
  ["a second function under a known name", "fn dawn() { 6 } fn known() { 6 }"],
  ["a known name and values", "known, 6"],
  ["a row without a name", '"dawn" { 6 }'],
  ["methods", "impl Tide { fn dawn() {} }"],
  ["methods within a function", "fn dawn() { impl Tide { fn level() {} } }"],
  ["a module", "mod dawn { }"],
  ["a constant", "const DAWN: u32 = (6);"],
])("a macro of Rust tests may not be used again for %s", (_, text) => {
  const before = rows("fn noon() { 12 }");
  expect(changesExistingRust(before, `${before}rows! { ${text} }\n`)).toBe(true);
});

it.each(["noon # (12)", "noon ? (12)", "noon(@12)", "noon(~ 12)", "#noon(12)"])(
  "a row of a Rust macro with other signs is no similar row: %s",
  (after) => {
    expect(changesExistingRust(rows("noon(12)"), rows(after))).toBe(true);
    expect(changesExistingRust(rows(after), rows(after.replace(/ /gu, "  ")))).toBe(false);
  },
);
