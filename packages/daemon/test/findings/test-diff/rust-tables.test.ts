/** The lists in Rust tests that may get rows. */
import { expect, it } from "vitest";
import { changesExistingRust } from "./reading.ts";

/** A test with a loop. */
const looped = (
  list: string,
  { body = "assert!(fits(size));", before = "let mut total = 0;", mark = "#[test]" } = {},
) =>
  `use super::*;\n${mark}\nfn all_fit() {\n    ${before}\n    for size in ${list} {\n        ${body}\n    }\n    assert_eq!(total, 3);\n}\n`;

it.each<[string, string, string]>([
  ["an array", "[1, 2]", "[1, 3, 2]"],
  ["an array that is lent", "&[1, 2]", "&[1, 3, 2]"],
  ["an array that is lent for a change", "&mut [1, 2]", "&mut [1, 3, 2]"],
  ["a vector", "vec![1, 2]", "vec![1, 3, 2]"],
  ["a vector of pairs", "vec![(1, 2)]", "vec![(1, 2), (2, 3)]"],
  ["a vector in brackets", "(vec![1, 2]).iter()", "(vec![1, 2, 3]).iter()"],
  ["an iterator", "[1, 2].iter()", "[1, 2, 3].iter()"],
  ["an iterator that takes its list", "vec![1, 2].into_iter()", "vec![1, 2, 3].into_iter()"],
  ["copies", "[1, 2].iter().copied()", "[1, 2, 3].iter().copied()"],
  ["clones", "[1, 2].iter().cloned()", "[1, 2, 3].iter().cloned()"],
  ["a vector that loses a comment", "vec![1, 2, /* all */]", "vec![1, 2, 3]"],
  ["calls of functions", "[tide(1)]", "[tide(1), tide(2)]"],
  ["a text that names what changes", '["a"]', '["a", "list.reset() return {} stop!()"]'],
  ["a type by a name of what changes", "[1]", "[1, 2 as Reset]"],
  ["an array with a comma at its end", "[1, 2,]", "[1, 2, 3]"],
])("a list in Rust tests may get a row: %s", (_, before, after) => {
  expect(changesExistingRust(looped(before), looped(after))).toBe(false);
  expect(changesExistingRust(looped(after), looped(before))).toBe(true);
});

it.each<[string, string, string]>([
  ["with a change by a function", "[1, 2]", "[1, reset(), 2]"],
  ["with a change by a method", "[1, 2]", "[1, total.reset(), 2]"],
  ["with a change by a module", "[1, 2]", "[1, reset::all(), 2]"],
  ["with a change in a pair", "[(1, 2)]", "[(1, 2), (3, total.reset())]"],
  ...["return", "break", "continue", "loop", "while", "move", "yield", "await"].map(
    (word): [string, string, string] => [`with ${word}`, "vec![1, 2]", `vec![1, ${word} 3, 2]`],
  ),
  ["that is lent for a change", "[1, 2]", "[1, lent(&mut total), 2]"],
  ["that may fail", "[1, 2]", "[1, tide(3)?, 2]"],
  ["with a block", "[1, 2]", "[1, { 3 }, 2]"],
  ["with a function", "[1, 2]", "[1, call(|| 3), 2]"],
  ["with another macro", "[1, 2]", "[1, stop!(), 2]"],
  ["with an attribute", "[1, 2]", "[1, #[cfg(any())] 2]"],
  ["with an attribute, in a vector", "vec![1, 2]", "vec![1, #[cfg(any())] 2]"],
  ["where one is repeated", "[7; 3]", "[7, 3]"],
  ["where one is repeated more often", "vec![7; 3]", "vec![7; 4]"],
  ["where one is repeated in a vector", "vec![7; 3]", "vec![7, 3]"],
  ["where some are left out", "[1, 2].iter().skip(1)", "[3, 1, 2].iter().skip(1)"],
  ["where one is picked", "[1, 2].iter().max()", "[3, 1, 2].iter().max()"],
  ["where they are told something", "[1, 2].cloned(1)", "[1, 2, 3].cloned(1)"],
  ["in a list of another macro", "rows![1, 2]", "rows![1, 2, 3]"],
  ["in a list that a function is given", "all([1, 2])", "all([1, 2, 3])"],
  ["that takes an old one apart", "vec![tide(1)]", "vec![tide(2), dusk(1)]"],
  ["in another place", "[1, 2]", "[2, 1]"],
])("a list in Rust tests may not get a row: %s", (_, before, after) => {
  expect(changesExistingRust(looped(before), looped(after))).toBe(true);
});

it.each<[string, string, boolean]>([
  ["an assertion", "assert!(fits(size));", false],
  ["a check", "check_size(size);", false],
  ["an expectation", "expect_size(size);", false],
  ["something that verifies", "verify (size);", false],
  ["nothing that checks", "show(size);", true],
  ["the name of a check only", "show(size.check);", true],
  ["an end of the loop", "assert!(true); if size > 3 { break; }", true],
  ["an end of the test", "assert!(true); if size > 3 { return; }", true],
  ["an end of a row", "if size > 3 { continue; } assert!(true);", true],
  ["a loop in it", "while rises() { assert!(true); }", true],
  ["an endless loop in it", "loop { assert!(true); }", true],
  ["what may fail", "assert!(size?);", true],
  ["another macro", "assert!(true); stop_if!(size);", true],
  ["a value that it sets", "total = size; assert!(true);", true],
  ["a value that it adds to", "total += size; assert!(true);", true],
  ["a value that it sets within something", "assert!(true); if size > 1 { total = size; }", true],
  ["a value that it reads and sets", "show(total); total = size; assert!(true);", true],
  ["a value of its own that it sets", "let mut own; own = size; assert!(own > 0);", false],
  ["a value that it lends for a change", "fill(&mut total, size); assert!(true);", true],
  ["a value of its own that it lends", "let mut own = 1; fill(&mut own, size); assert!(own > 0);", false],
  ["one of two values of its own", "let (mut own, other) = both(size); assert!(own > other);", false],
  ["a list that it fills", "total.push(size); assert!(true);", true],
  ["a list in something that it fills", "total.parts.push(size); assert!(true);", true],
  ["a list of its own that it fills", "let mut own = Vec::new(); own.push(size); assert!(fits(own));", false],
  ["a list within one of its own", "let own = Parts::new(); own.list.push(size); assert!(fits(own));", false],
  ["a field by a name of what changes", "let seen = size.reset; assert!(seen);", false],
  ["a method whose name says nothing", "let seen = total.level(size); assert!(seen);", false],
  ["a macro that changes something", "assert_eq!(total.next(), Some(size));", true],
  ["a macro that changes a part of something", "assert_eq!(total.parts(1).list.next(), Some(size));", true],
  [
    "a macro that changes something of its own",
    "let mut own = parts(size); assert_eq!(own.list.next(), Some(size));",
    false,
  ],
  ["a macro that lends something for a change", "assert_eq!(level(&mut total), size);", true],
  ["a macro that sets something", "assert!({ FIXED = size; true });", true],
  ...["next", "take", "replace", "send", "recv"].map((name): [string, string, boolean] => [
    `a value that ${name} changes`,
    `let seen = total.${name}(size); assert!(seen);`,
    true,
  ]),
])("the loop decides whether a list in Rust tests may get a row: %s", (_, body, expected) => {
  expect(changesExistingRust(looped("[1, 2]", { body }), looped("[1, 3, 2]", { body }))).toBe(expected);
  expect(changesExistingRust(looped("vec![1, 2]", { body }), looped("vec![1, 3, 2]", { body }))).toBe(expected);
});

it.each<[string, string, string, boolean]>([
  ["a name that only the loop uses", "let sizes = [1, 2];", "sizes", false],
  ["a name that is lent", "let sizes = vec![1, 2];", "sizes.iter()", false],
  ["a typed list with a length", "let sizes: [u32; 2] = [1, 2];", "&sizes", false],
  ["a name that changes", "let mut sizes = vec![1, 2];", "sizes", true],
  ["a name that something else uses, too", "let sizes = vec![1, 2]; show(&sizes);", "sizes", true],
  ["a name that a text has", 'let sizes = vec![1, 2]; println!("{sizes:?}");', "sizes", true],
  ["a list that no loop uses", "let sizes = [1, 2];", "[4]", true],
  ["names of the elements", "let [sizes, other] = [1, 2];", "[4]", true],
])("a list's name decides whether the list in Rust tests may get a row: %s", (_, before, list, expected) => {
  const old = looped(list, { before });
  const more = old.replace("[1, 2]", "[1, 3, 2]").replace("u32; 2", "u32; 3");
  expect(more).not.toBe(old);
  expect(changesExistingRust(old, more)).toBe(expected);
  expect(changesExistingRust(old, `${old}#[test]\nfn more() {}\n`)).toBe(false);
});

it("a list in Rust tests may not change its length if no loop uses it", () => {
  const old = looped("[4]", { before: "let sizes: [u32; 2] = all();\n    let others: [u32; 2] = [1, 2];" });
  expect(changesExistingRust(old, old.replace("[u32; 2] = all", "[u32; 3] = all"))).toBe(true);
  expect(changesExistingRust(old, old.replace("[u32; 2] = [1, 2]", "[u32; 3] = [1, 2]"))).toBe(true);
});

it("a list in a Rust test may get rows although another test uses its name", () => {
  const old = `${looped("sizes", { before: "let sizes = [1, 2];" })}#[test]\nfn other() { let sizes = all(); show(sizes); }\n`;
  expect(changesExistingRust(old, old.replace("[1, 2]", "[1, 3, 2]"))).toBe(false);
});

it("a list in a Rust test that must panic may get no rows", () => {
  for (const [mark, expected] of [
    ["#[test]", false],
    ["#[test]\n#[should_panic]", true],
    ["#[test_case(1 => panics)]", true],
  ] as const)
    expect(changesExistingRust(looped("[1, 2]", { mark }), looped("[1, 3, 2]", { mark }))).toBe(expected);
});

it("a named list may get rows only in a Rust file with a limited number of lists", () => {
  const lists = (count: number, rows: string) =>
    `${"const _A: [u32; 1] = [1];\n".repeat(count)}${looped("sizes", { before: `let sizes = [${rows}];` })}`;
  expect(changesExistingRust(lists(499, "1, 2"), lists(499, "1, 3, 2"))).toBe(false);
  expect(changesExistingRust(lists(500, "1, 2"), lists(500, "1, 3, 2"))).toBe(true);
});

it.each([
  ["sets something", "(total = 3, 2).1"],
  ["names something that can change", "total.level()"],
  ["calls what the base does not name", "crate::lenient::relax()"],
])("a list in Rust tests may get no row that %s", (_, row) => {
  expect(changesExistingRust(looped("[1, 2]"), looped(`[1, ${row}, 2]`))).toBe(true);
  expect(changesExistingRust(looped("[1, 2]"), looped("[1, 3, 2]"))).toBe(false);
});

it("a Rust list may get no row if a test that must panic reaches it through a value", () => {
  const file = (rows: string, size: number) =>
    `const ROWS: [u32; ${size}] = [${rows}];\nfn walk() { for x in ROWS { assert!(bad(x)); } }\nstatic RUN: fn() = walk;\n#[test]\n#[should_panic]\nfn a() { RUN() }\n`;
  expect(changesExistingRust(file("1", 1), file("1, 2", 2))).toBe(true);
  const harmless = (rows: string, size: number) => file(rows, size).replace("#[should_panic]\n", "");
  expect(changesExistingRust(harmless("1", 1), harmless("1, 2", 2))).toBe(false);
});

it("a Rust list may get a row with a text that the library makes, but none that changes a flag", () => {
  const flags = (row: string) =>
    `#[test]\nfn a() { for x in [1${row}] { assert!(fits(x)); } assert!(FLAG.load(SeqCst)); }\n`;
  expect(changesExistingRust(flags(""), flags(', String::from("a")'))).toBe(false);
  expect(changesExistingRust(flags(""), flags(", FLAG.fetch_add(1, SeqCst)"))).toBe(true);
});

it("a Rust table of tests may not grow if its file uses values such as RefCell", () => {
  const before = "let seen = RefCell::new(0);";
  expect(changesExistingRust(looped("[1]", { before }), looped("[1, 2]", { before }))).toBe(true);
});

it("a Rust list may get no row if a test that must panic reaches it through a helper", () => {
  const cases = (list: string, mark: string) =>
    `const CASES: &[u32] = &[${list}];\nfn check_all() { for hour in CASES { check(*hour); } }\nfn through() { check_all(); }\n#[test]\n${mark}fn refuses() { through(); }\n`;
  expect(changesExistingRust(cases("24", "#[should_panic]\n"), cases("99, 24", "#[should_panic]\n"))).toBe(true);
  expect(changesExistingRust(cases("24", ""), cases("99, 24", ""))).toBe(false);
});
