/** Tells which changes of a Rust test file only add. */

import { rustChanges } from "@aedev/languages/rust/only-adds";
import { expect, it } from "vitest";
import { changesExistingRust } from "./reading.ts";

const base = `#![allow(clippy::cast_lossless)]
use super::*;
use std::io::Read;

const NAMES: &[(&str, usize)] = &[("a", 1), ("bb", 2)];

/// A tide of an hour.
fn tide(hour: u32) -> Tide {
    Tide::new(hour)
}

fn check_level(tide: &Tide, level: u32) {
    assert_eq!(tide.level(), level);
}

#[test]
fn names() {
    for (name, length) in NAMES {
        assert_eq!(name.len(), *length);
    }
}

#[test]
fn levels() {
    let cases = vec![(1, 10), (2, 20)];
    for (hour, level) in cases {
        check_level(&tide(hour), level);
    }
    let low = tide(3);
    let mut list = Levels::new();
    list.add(low.level());
    let sizes: [usize; 2] = [1, 2];
    for size in sizes.iter() {
        assert!(list.fits(*size));
    }
    assert_eq!(list.len(), 1);
}

#[test]
fn reads() -> Result<(), Error> {
    let sea = parse("sea")?;
    assert_eq!(sea.name, "sea");
    Ok(())
}

#[test]
#[should_panic(expected = "no hour")]
fn refuses() {
    tide(25);
}

mod texts {
    use super::*;

    #[test]
    fn shows() {
        assert_eq!(tide(1).to_string(), "10 cm");
    }
}

rows! {
    noon(12, "120 cm")
    night(0, "0 cm"),
}

quickcheck! {
    fn grows(hour: u32) -> bool { tide(hour).level() >= hour }
}
`;
const behind = (text: string) => `${base}\n${text}\n`;
const test = (name: string, body: string) => `#[test]\nfn ${name}() {\n    ${body}\n}`;
const inserted = (before: string, text: string) => {
  expect(base).toContain(before);
  return base.replace(before, `${text}\n${before}`);
};
const end = "    assert_eq!(list.len(), 1);\n";

it.each<[string, string]>([
  ["nothing", base],
  ["whom a failure names", base.replace("fn check_level", "#[track_caller]\nfn check_level")],
  [
    "comments and lints",
    base
      .replace("#![allow(clippy::cast_lossless)]", "#![allow(dead_code)]\n#![deny(warnings)]")
      .replace("fn names", "// more\nfn names"),
  ],
  ["a test", behind(test("ebbs", "assert_eq!(tide(7).level(), 70);"))],
  [
    "a test with text and brackets of any form",
    behind(test("odd", String.raw`assert_eq!(parse("\"{[(").unwrap_err(), r#"not "{""#); /* } */`)),
  ],
  ["a test between others", inserted("#[test]\nfn levels", `${test("first", "assert!(true);")}\n`)],
  ["a test with attributes and a comment", behind("#[test]\n/// Says more.\n#[cfg(unix)]\n#[ignore]\nfn slow() {}")],
  ["a test of another library", behind("#[tokio::test]\nasync fn later() { assert!(wait().await); }")],
  [
    "a test with types of its own",
    behind(
      test(
        "typed",
        "struct Own(u32);\n    impl Own { fn get(&self) -> u32 { self.0 } }\n    assert_eq!(Own(1).get(), 1);",
      ),
    ),
  ],
  ["a test in a module", inserted("    #[test]\n    fn shows", "    #[test]\n    fn hides() { assert!(true); }")],
  ["a module of tests", behind(`mod deep {\n    use super::*;\n    ${test("sinks", "assert!(true);")}\n}`)],
  [
    "a function that tests share, and a type with methods",
    behind(
      "fn flood() -> Flood { Flood(1) }\n#[derive(Debug)]\nstruct Flood(u32);\nimpl PartialEq<u32> for Flood { fn eq(&self, other: &u32) -> bool { self.0 == *other } }",
    ),
  ],
  [
    "imports of more names, in another order",
    base.replace(
      "use super::*;\nuse std::io::Read;",
      "use std::{fmt::{self, Debug}, io::{Read, Write as Out}};\nuse super::*;",
    ),
  ],
  [
    "a test with the name of a method, or of something in another module",
    behind(`${test("fits", "assert!(true);")}\n${test("args", "std::env::args();")}`),
  ],
  ["rows of a constant", base.replace('("bb", 2)', '("bb", 2), ("ccc", 3)')],
  ["rows of a vector", base.replace("(2, 20)]", "(2, 20), (4, 40)]")],
  ["rows of a list with a size", base.replace("let sizes: [usize; 2] = [1, 2]", "let sizes: [usize; 3] = [1, 2, 3]")],
  [
    "rows of a macro",
    base.replace('    night(0, "0 cm"),', '    dawn(6, "60 cm"),\n    night(0, "0 cm"),\n    dusk(18, "180 cm")'),
  ],
  [
    "a function in a macro",
    base.replace(
      "    fn grows",
      "    fn shrinks(hour: u32) -> bool { tide(hour).level() < 1000 + hour }\n    fn grows",
    ),
  ],
  ["another use of a macro", behind("quickcheck! {\n    fn stays(hour: u32) -> bool { tide(hour) == tide(hour) }\n}")],
  [
    "statements at the end of a test",
    base.replace(
      end,
      `${end}    let mut other = Levels::new();\n    other.add(3);\n    other.clear();\n    assert_eq!(other.len(), 0);\n`,
    ),
  ],
  ["a check between statements", inserted("    let mut list", "    assert_eq!(low.level(), 30);")],
  [
    "a value and its check between statements",
    inserted(
      "    let mut list",
      '    let high = tide(6);\n    check_level(&high, 60);\n    assert_eq!(high.to_string(), "60 cm");',
    ),
  ],
  [
    "a value whose name is defined again after it",
    inserted("    let low", "    let low = tide(4);\n    check_level(&low, 40);"),
  ],
  [
    "a loop of checks between statements",
    inserted("    let mut list", "    for hour in [1, 2] {\n        check_level(&tide(hour), 10 * hour);\n    }"),
  ],
  ["a check before the result of a test", inserted("    Ok(())", '    assert_eq!(parse("lake")?.name, "lake");')],
])("a Rust test file only grows with %s", (_, after) => {
  expect(changesExistingRust(base, after)).toBe(false);
});

/** Rows have their own base if the usual one lacks what the title names. */
it.each<[title: string, after: string, before?: string]>([
  ["no test any more", base.replace("fn names", "fn _names")],
  ["an expectation", base.replace("list.len(), 1", "list.len(), 2")],
  ["a row", base.replace("(2, 20)", "(2, 21)")],
  ["fewer rows", base.replace(', ("bb", 2)', "")],
  ["a row of a macro", base.replace('"120 cm"', '"12 cm"')],
  ["a row of a macro under a known name", base.replace("    night(", '    noon(1, "0 cm")\n    night(')],
  ["a row of a macro of another form", base.replace("    night(", '    dawn [6, "60 cm"]\n    night(')],
  ["a helper", base.replace("Tide::new(hour)", "Tide::new(hour % 24)")],
  ["a check in a helper", base.replace("tide.level(), level", "tide.level() / 10, level / 10")],
  ["an attribute", base.replace("#[test]\nfn levels", "#[test]\n#[ignore]\nfn levels")],
  ["an attribute of the file", base.replace("use super", '#![cfg(feature = "slow")]\nuse super')],
  ["what must panic", base.replace("    tide(25);", "    tide(25);\n    assert!(false);")],
  ["a glob", base.replace("use super::*;", "use super::*;\nuse crate::lenient::*;")],
  ["an import that hides a name", base.replace("use super::*;", "use super::*;\nuse crate::lenient::parse;")],
  [
    "an import under a name that is used",
    base.replace("use super::*;", "use super::*;\nuse crate::lenient::read as parse;"),
  ],
  ["a macro of the name of an assertion", behind("macro_rules! assert_eq { ($($x:tt)*) => {} }")],
  ["a macro with the name of another assertion", behind("macro_rules! assert_ne { ($($x:tt)*) => {} }")],
  ["a function that hides an imported one", behind('fn parse(text: &str) -> Sea { Sea { name: "sea" } }')],
  ["a method of a known type", behind("impl Tide { fn shown(&self) -> u32 { 1 } }")],
  ["a trait for a known type", behind("trait Shown { fn shown(self); }\nimpl Shown for Tide { fn shown(self) {} }")],
  ["a trait for all types", behind("trait Shown { fn shown(self); }\nimpl<T> Shown for T { fn shown(self) {} }")],
  [
    "a trait for a known type within a test",
    behind(test("hidden", "impl PartialEq<Sea> for Lake { fn eq(&self, _: &Sea) -> bool { true } }")),
  ],
  ["macros of a module", behind("#[macro_use]\nmod more;")],
  ["a module at another path", behind('#[path = "x.rs"]\nmod more;')],
  ["what the linker runs", behind('#[link_section = ".init_array"]\nstatic RUN: extern "C" fn() = run;')],
  ["code for tests only", behind("#[cfg(test)]\nfn rounded(x: u32) -> u32 { x }")],
  ["code for anything but tests", behind("#[cfg(not(test))]\nmod exact { }")],
  ["a crate under a name", behind("extern crate lenient as std;")],
  [
    "another use of a macro that defines more",
    behind("quickcheck! {\n    fn more() -> bool { impl Tide { fn more(&self) {} } true }\n}"),
  ],
  ["a use of a macro that the base does not use", behind("replace_all! {\n    fn fresh() {}\n}")],
  ["an end before the others", inserted("    let mut list", "    if low.level() == 30 { return; }")],
  [
    "another value before the others",
    inserted("    let mut list", "    let low = tide(4);\n    assert_eq!(low.level(), 40);"),
  ],
  ["a change of a value", inserted(end, "    assert!({ list.add(2); true });")],
  ["a check that takes something", inserted(end, "    assert_eq!(low.pop(), 30);")],
  ["a value that nobody looks at", inserted("    let mut list", "    let guard = tide(4);")],
  ["a setting", inserted("    let mut list", '    std::env::set_var("LENIENT", "1");')],
  ["an end of the process", base.replace(end, `${end}    std::process::exit(0);\n`)],
  ["a value that is kept from its drop", base.replace(end, `${end}    std::mem::forget(list);\n`)],
  ["an import for the whole test", base.replace(end, `${end}    use crate::lenient::tide;\n`)],
  ["an item for the whole test", base.replace(end, `${end}    fn tide(_: u32) -> Tide { Tide::new(3) }\n`)],
  [
    "a result behind another one",
    base.replace("    Ok(())\n", "    finish! { sea }\n    Ok(())\n"),
    base.replace("    Ok(())\n", "    finish! { sea }\n"),
  ],
  [
    "a macro that gives methods to any type",
    behind("macro_rules! give { ($n:ident) => { impl Tide { fn $n(&self) {} } } }"),
  ],
  [
    "a trait for a parameter of the name of a new type",
    behind("struct X;\ntrait Near { fn level(self) -> u32; }\nimpl<X> Near for X { fn level(self) -> u32 { 1 } }"),
  ],

  ["a row that ends the test", base.replace("(2, 20)]", "(2, 20), return]")],
  ["a row that ends the test in a pair", base.replace('("bb", 2)', '("bb", return)')],
  ["a row with a macro", base.replace("(2, 20)]", "(2, 20), stop!()]")],
  [
    "a row before what must panic",
    base.replace("    tide(25);", "    for hour in [24, 25] {\n        check_level(&tide(hour), 1);\n    }"),
    base.replace("    tide(25);", "    for hour in [25] {\n        check_level(&tide(hour), 1);\n    }"),
  ],
  [
    "a type of a test's own under the name of another",
    behind(
      `${test("own", "struct Tide;\n    let _ = Tide;")}\ntrait Lax { fn level(self) -> u32; }\nimpl Lax for Tide { fn level(self) -> u32 { 1 } }`,
    ),
  ],
  ["a glob in braces", base.replace("use super::*;", "use super::*;\nuse{crate::lenient::*};")],
  ["a hidden name in braces", base.replace("use super::*;", "use super::*;\nuse{crate::lenient::parse};")],
  ["a hidden name of another crate", base.replace("use super::*;", "use super::*;\nuse::lenient::parse;")],
  ["a raw name", behind('fn r#parse(text: &str) -> Sea { Sea { name: "sea" } }')],
  ["an imported raw name", base.replace("use super::*;", "use super::*;\nuse crate::lenient::r#parse;")],
  ["a raw macro", behind("macro_rules! r#assert_eq { ($($x:tt)*) => {} }")],
  ["a name that every file knows", behind("pub fn Some<T>(x: T) -> Wild<T> { Wild(x) }")],
  ["a macro that every file knows", behind("macro_rules! matches { ($($t:tt)*) => { true } }")],
  ["a trait for its methods only", base.replace("use super::*;", "use super::*;\nuse crate::lenient::Level as _;")],
  [
    "an end of the process by another name",
    base.replace("use super::*;", "use super::*;\nuse std::process::exit as bye;"),
  ],
  [
    "a call of another function between statements",
    inserted("    let mut list", "    assert!(crate::lenient::relax());"),
  ],
  [
    "a value that a function drops",
    base.replace("    let low = tide(3);", "    let low = run(|| { tide(3); });"),
    base.replace("    let low = tide(3);", "    let low = run(|| { tide(3) });"),
  ],
  [
    "a loop that ends early, with another row",
    base
      .replace("        check_level(&tide(hour), level);", "        check_level(&tide(hour), level);\n        break;")
      .replace("(2, 20)]", "(2, 20), (3, 30)]"),
  ],
  ["text that is no Rust", `${base}fn {`],
])("a change of a Rust test file does more than add: %s", (_, after, before = base) => {
  expect(after).not.toBe(before);
  expect(changesExistingRust(before, before)).toBe(false);
  expect(changesExistingRust(before, after)).toBe(true);
});

it("reads comments and strings of Rust tests as what they are", () => {
  const nested = "#[test]\nfn a() {\n    check(f(), 1);\n}\n";
  expect(
    changesExistingRust(nested, nested.replace("    check", "/*\n/* */\n    check").replace(";\n", ";\n// */\n")),
  ).toBe(true);
  const around = (text: string) => `// {\n${text}\n// }\n${nested}`;
  expect(changesExistingRust(nested, around("macro_rules! check { ($($t:tt)*) => {} }"))).toBe(true);
  expect(changesExistingRust(nested, around("macro_rules! other { ($($t:tt)*) => {} }"))).toBe(false);
  for (const text of ['const A: &str = "\n#[allow(a)]\n";\n', 'const A: &[u8] = br#"\n#[allow(a)]\n"#;\n'])
    expect(changesExistingRust(text, text.replace("#[allow(a)]\n", ""))).toBe(true);
});

it("a Rust test may get no rows if its loop ends early", () => {
  const early = base.replace(
    "        assert_eq!(name.len(), *length);",
    "        assert_eq!(name.len(), *length);\n        break;",
  );
  expect(changesExistingRust(early, early.replace('("bb", 2)', '("bb", 2), ("ccc", 3)'))).toBe(true);
  expect(changesExistingRust(early, `${early}\n${test("more", "assert!(true);")}\n`)).toBe(false);
});

it("a Rust test may get nothing between its statements if values change behind shared references", () => {
  const shared = base.replace("use std::io::Read;", "use std::cell::RefCell;");
  const check = (text: string) =>
    text.replace("    let mut list", "    assert_eq!(low.level(), 30);\n    let mut list");
  expect(changesExistingRust(shared, check(shared))).toBe(true);
  expect(changesExistingRust(base, check(base))).toBe(false);
});

it("finds a Rust function that a module calls by its path, but no method", () => {
  const pathed = behind("mod other {\n    fn x() { super::swell(); tide(1).rise(); deep::fall(); }\n}");
  const more = (name: string) => changesExistingRust(pathed, `${pathed}\n${test(name, "")}`);
  expect([more("swell"), more("rise"), more("fall")]).toEqual([true, false, true]);
});

it("names changed Rust tests with their modules", () => {
  const changed = base.replace("list.len(), 1", "list.len(), 2").replace('"10 cm");', '"11 cm");');
  expect(rustChanges(base, changed)).toMatchObject({ tests: ["levels", "texts::shows"], others: false });
  expect(rustChanges(base, changed.replace("Tide::new(hour)", "Tide::new(0)"))).toMatchObject({ others: true });
  expect(rustChanges(base, base.replace("fn names", "fn other_names"))).toMatchObject({ tests: [], others: true });
});

it("compares the end of a Rust block and the arguments of a macro as written", () => {
  const shared = (body: string) => `#[test]\nfn run() { fine(|| ${body}); check!{ (a) } }\n`;
  expect(changesExistingRust(shared("{ load() }"), shared("{ load(); }"))).toBe(true);
  expect(changesExistingRust(shared("{ load() }"), shared("{ load() }").replace("(a)", "(a,)"))).toBe(true);
  expect(changesExistingRust(shared("{ load() }"), shared("{  load() }"))).toBe(false);
  expect(changesExistingRust(shared("{ load() }"), shared("{ load() }").replace("} }", "} assert!(b); }"))).toBe(false);
});

it("a Rust test may get no rows if it must panic or its loop may end early", () => {
  const loop = (rows: string, more: string) =>
    `${more}fn a() {\n    for hour in [${rows}] {\n        check_hour(hour);\n    }\n}\nfn check_hour(hour: u32) { assert!(hour < 24); }\n`;
  for (const [more, expected] of [
    ["#[test]\n", false],
    ["#[test]\n#[should_panic]\n", true],
  ] as const)
    expect(changesExistingRust(loop("24, 25", more), loop("24, 99, 25", more))).toBe(expected);
  const early = (rows: string, check: string) =>
    `#[test]\nfn a() -> Result<(), E> {\n    for x in [${rows}] {\n        ${check}\n        assert_eq!(x, 1);\n    }\n    Ok(())\n}\n`;
  for (const [check, expected] of [
    ["let y = x;", false],
    ["let y = parse(x)?;", true],
    ["stop_if!(x);", true],
  ] as const)
    expect(changesExistingRust(early("1, 2", check), early("1, 3, 2", check))).toBe(expected);
});

it("a number with a point owns no name in Rust tests", () => {
  const before = "use shop::*;\n#[test]\nfn a() { assert_eq!(f(2.), EXPECTED); }\n";
  expect(changesExistingRust(before, `${before}const EXPECTED: f64 = 5.0;\n`)).toBe(true);
  expect(changesExistingRust(before, `${before}const OTHER: f64 = 5.0;\n`)).toBe(false);
});

it("a constant of Rust tests may get no rows if it is public or a test must panic", () => {
  const file = (visibility: string, rows: string, more = "") =>
    `${visibility}const CASES: &[u32] = &[${rows}];\n${more}#[test]\nfn a() { for x in CASES { assert!(*x > 0); } }\n`;
  for (const [visibility, more, expected] of [
    ["", "", false],
    ["pub ", "", true],
    ["", "#[should_panic]\n", true],
  ] as const)
    expect(changesExistingRust(file(visibility, "1, 2", more), file(visibility, "1, 3, 2", more))).toBe(expected);
});

it("names new Rust helpers, which tests in other files may mean", () => {
  const more = `${base}\n${test("more", "")}\npub fn flood() {}\nmacro_rules! swell { () => {} }\npub struct Wave;\n`;
  expect(rustChanges(base, more)).toEqual({ tests: [], others: false, names: ["flood", "swell", "Wave"] });
});

it("reads Rust attributes of other libraries, and of tests in a macro", () => {
  const marked = behind(
    '#[serial_test::serial]\n#[test]\n#[cfg_attr(miri, ignore)]\n#[allow(dead_code, reason = "x")]\nfn alone() {}\n#[derive(Deserialize)]\nstruct Row { #[serde(rename = "a")] b: u32 }',
  );
  expect(changesExistingRust(base, marked)).toBe(false);
  const prop = (more: string) => `proptest! {\n    #[test]\n    fn a(x: u32) { assert!(x < 5); }\n${more}}\n`;
  expect(changesExistingRust(prop(""), prop("    #[test]\n    fn b(x: u32) { assert!(x < 6); }\n"))).toBe(false);
  expect(changesExistingRust(prop(""), prop("").replace("#[test]", "#[ignore]"))).toBe(true);
  expect(changesExistingRust(prop(""), prop("    #[no_mangle]\n    fn b() {}\n"))).toBe(true);
});

it("compares Rust files that take long in time", () => {
  const started = performance.now();
  const long = "x ".repeat(120_000);
  for (const text of [
    `quick${" ".repeat(400_000)}/**/! { x }`,
    `${"const _: &[&str] = &[];\n".repeat(10_000)}const _: &str = "${long}";\n`,
    `#[test]\nfn a() {\n${"    f(1);\n".repeat(10_000)}    let y = "${long}";\n}\n`,
  ])
    expect(changesExistingRust(text, `${text}\nfn more() {}\n`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(30_000);
});
