/** The items that a Rust test file may get, lose or change. */

import { rustChanges } from "@aedev/languages/rust/only-adds";
import { expect, it } from "vitest";
import { changesExistingRust } from "./reading.ts";

const base = `use super::*;
use std::io::{Read, Write as Out};
#[cfg(unix)]
use super::strict;

mod far;

mod texts {
    #[test]
    fn shows() { assert_eq!(tide(1).to_string(), Kept::ten()); }
}

struct Kept;
impl Kept { fn ten() -> u32 { 10 } }
enum Shape { Round }
type Level = u32;
trait Near { fn near(self); }
const LIMIT: u32 = 3;
static DEPTH: u32 = 4;
macro_rules! swell { () => {} }

fn helper(tide: &Tide) { check_level(tide, LIMIT); }

#[test]
fn levels() {
    assert_eq!(parse("sea").level(), 1);
    check(1, println!("{BOUND}, {DEEP:?}"));
}

deep::rows! {
    noon(12)
}

case!(first, 1);
`;
const behind = (text: string) => `${base}${text}\n`;
const replaced = (before: string, after: string) => {
  expect(base).toContain(before);
  return base.replace(before, after);
};

it.each<[string, string]>([
  ["a function", "fn fresh() {}"],
  ["a type with methods", "struct Fresh;\nimpl Fresh { fn a() {} }"],
  ["an enumeration with methods", "enum Fresh { A }\nimpl Fresh { fn a() {} }"],
  ["a union with methods", "union Fresh { a: u32 }\nimpl Fresh { fn a() {} }"],
  ["a type with parameters and methods", "struct Fresh<T>(T);\nimpl<T> Fresh<T> { fn a() {} }"],
  ["a type with parameters and a trait", "struct Fresh<T>(T);\nimpl<T: Copy> Near for Fresh<T> { fn near(self) {} }"],
  ["a test for a feature", '#[cfg(feature = "fresh")]\n#[test]\nfn fresh() {}'],
  ["a test with a derived type", "#[test]\nfn fresh() {\n    #[derive(Debug)]\n    struct Own;\n    impl Own {}\n}"],
  [
    "a module with methods of a type around it",
    "struct Fresh;\nmod inner {\n    use super::Fresh;\n    impl Fresh {}\n}",
  ],
  ["a name for a type", "type Fresh = u32;"],
  ["a trait", "trait Fresh { fn a(self); }"],
  ["a constant", "const FRESH: u32 = 1;"],
  ["a static value", "static FRESH: u32 = 1;"],
  ["a module", "mod fresh { fn a() {} }"],
  ["a module in a file", "mod fresh;"],
  ["a module of tests", "#[cfg(test)]\nmod fresh { fn a() {} }"],
  ["a module with lints", "mod fresh {\n    #![allow(dead_code)]\n    fn a() {}\n}"],
  ["a raw name", "fn r#fresh() {}"],
  ["a macro", "macro_rules! fresh { ($x:expr) => { $x < 3 } } // impl mod use\n"],
  ["an import on some systems", "#[cfg(unix)]\nuse crate::tools::fresh;"],
  ["an import of what every file knows", "use std::string::ToString;"],
  ["a public import of what every file knows", "pub use ::core::fmt::Debug;"],
  ["another use of a macro, with spaces in its path", "deep :: rows! {\n    dawn(6)\n}"],
  ["another use of a macro for one name", "case!(second, 2);"],
])("a Rust test file may get %s", (_, text) => {
  expect(changesExistingRust(base, behind(text))).toBe(false);
});

it.each<[string, string]>([
  ["a name that a text has", "const BOUND: u32 = 3;"],
  ["a name that a text has with a form", "const DEEP: u32 = 3;"],
  ["a function that runs first", "fn main() {}"],
  ["what every file knows", "trait ToString {}"],
  ["an import that hides what every file knows", "use crate::lenient::ToString;"],
  ["an import on some systems that hides a name", "#[cfg(unix)]\nuse crate::lenient::parse;"],
  ["a crate under a new name", "extern crate lenient as fresh;"],
  ["functions of another language", 'extern "C" { fn fresh(); }'],
  ["an attribute that reaches far, in a module", "mod fresh {\n    #[no_mangle]\n    fn malloc() {}\n}"],
  ["an attribute that reaches far, in a module's module", "mod fresh {\n    mod inner {\n        #![no_std]\n    }\n}"],
  ["a trait for tests only", "#[cfg(test)]\ntrait Fresh { fn a(self); }"],
  ["a module in a file for tests only", "#[cfg(test)]\nmod fresh;"],
  ["a module with something else for tests", "#[cfg_attr(test, lenient)]\nmod fresh { }"],
  ["a module that is a test by halves", "#[cfg(all(test, unix))]\nmod fresh { }"],
  ["methods of a known type", "impl Kept { fn twenty() {} }"],
  ["a trait for a known type", "impl Near for Kept { fn near(self) {} }"],
  ["methods of a known type in a module", "mod fresh {\n    impl super::Tide { fn level(&self) -> u32 { 1 } }\n}"],
  ["a trait for what refers to a new type", "struct Fresh;\nimpl Near for &Fresh { fn near(self) {} }"],
  ["a trait for every type under the name of a new one", "struct T;\nimpl<T> Near for T { fn near(self) {} }"],
  ["a macro that is named for an assertion", "macro_rules! assert_fresh { ($x:expr) => {} }"],
  ["a macro that is named for a debugging assertion", "macro_rules! debug_assert_fresh { ($x:expr) => {} }"],
  ...["impl", "macro_rules", "extern", "mod", "use"].map((word): [string, string] => [
    `a macro that makes: ${word}`,
    `macro_rules! fresh { ($x:ident) => { ${word} $x {} } }`,
  ]),
  ["a use of another macro", "replace_all! {\n    fn fresh() {}\n}"],
  ["a use of the macro of another module", "far::rows! {\n    dawn(6)\n}"],
  ["a module with a setting of its own", 'mod fresh {\n    #![recursion_limit = "9"]\n}'],
  ["an attribute of the file", "#![no_implicit_prelude]"],
  ...[
    "macro_use macro_export no_mangle link_section link_name link export_name path ctor dtor global_allocator",
    "panic_handler alloc_error_handler used proc_macro proc_macro_derive start main no_main test_runner",
    "reexport_test_harness_main feature(a) no_std no_core",
  ]
    .join(" ")
    .split(" ")
    .map((name): [string, string] => [`something marked with ${name}`, `#[${name}]\nfn fresh() {}`]),
  ...[
    "std::process::Command",
    "std::process",
    "std::panic::Location",
    "std::alloc::System",
    "alloc::vec::IntoIter",
    "crate::tools::exit as fresh",
    "crate::tools::abort as fresh",
    "crate::tools::set_var as fresh",
    "crate::tools::set_hook as fresh",
    "crate::tools::forget as fresh",
    "crate::tools::*",
    "crate::tools::Fresh as _",
  ].map((path): [string, string] => [`an import of ${path}`, `use ${path};`]),
])("a Rust test file may not get %s", (_, text) => {
  expect(changesExistingRust(base, behind(text))).toBe(true);
});

it.each([
  "allow(dead_code)",
  "warn(a::b, c)",
  "deny(warnings)",
  "forbid(unsafe_code)",
  'expect(unused, reason = "x")',
  "rustfmt::skip",
  "inline",
  "must_use",
  "track_caller",
  'doc = "A helper."',
  "doc(hidden)",
])("a Rust item may get or lose %s", (name) => {
  const marked = replaced("fn helper", `#[${name}]\nfn helper`);
  expect(changesExistingRust(base, marked)).toBe(false);
  expect(changesExistingRust(marked, base)).toBe(false);
  const far = replaced("fn helper", `#[${name}]\n#[cfg(unix)]\nfn helper`);
  expect(changesExistingRust(base, far)).toBe(true);
});

it.each<[string, string]>([
  ["its last item", replaced("case!(first, 1);\n", "")],
  ["its last items, and gets others", replaced("case!(first, 1);\n", "fn fresh() {}\n")],
  ["an import", replaced("use super::*;\n", "")],
  ["an import of several", replaced("{Read, Write as Out}", "{Read}")],
  ["an import under a name", replaced("Write as Out", "Write")],
  ["methods", replaced("impl Kept { fn ten() -> u32 { 10 } }\n", "")],
  ["a test", replaced("    #[test]\n    fn shows() { assert_eq!(tide(1).to_string(), Kept::ten()); }\n", "")],
])("a Rust test file may not lose %s", (_, after) => {
  expect(changesExistingRust(base, after)).toBe(true);
});

it.each<[string, string]>([
  ["a module under another name", replaced("mod texts", "mod words")],
  ["a module that becomes a trait", replaced("mod texts", "trait texts")],
  ["a module that gets a file of its own", base.replace(/mod texts \{.*?\n\}/su, "mod texts;")],
  ["a module that is no more in a file of its own", replaced("mod far;", "mod far {}")],
  ["a constant that becomes static", replaced("const LIMIT", "static LIMIT")],
  ["an import on other systems", replaced("#[cfg(unix)]\nuse", "#[cfg(any())]\nuse")],
  ["an import on some systems only", replaced("use super::*;", "#[cfg(unix)]\nuse super::*;")],
  ["an import that is public", replaced("use super::*;", "pub use super::*;")],
  ["another macro for the same rows", replaced("deep::rows!", "deep::shapes!")],
  ["another macro for the same rows and more", replaced("deep::rows! {", "deep::shapes! {\n    dawn(6)")],
  ["a helper that checks more", replaced("check_level(tide, LIMIT);", "check_level(tide, LIMIT); assert!(true);")],
  ["a type", replaced("struct Kept;", "struct Kept(u32);")],
  ["methods", replaced("u32 { 10 }", "u32 { 11 }")],
  ["other variants", replaced("Round", "Round, Flat")],
  [
    "another order",
    replaced("type Level = u32;\ntrait Near { fn near(self); }", "trait Near { fn near(self); }\ntype Level = u32;"),
  ],
])("a Rust test file may not change this item: %s", (_, after) => {
  expect(after).not.toBe(base);
  expect(changesExistingRust(base, after)).toBe(true);
});

it("a static list of Rust tests may get rows", () => {
  const rows = (list: string) =>
    `static LEVELS: &[u32] = &[${list}];\n#[test]\nfn a() { for x in LEVELS { assert!(*x > 0); } }\n`;
  expect(changesExistingRust(rows("1, 2"), rows("1, 3, 2"))).toBe(false);
  expect(changesExistingRust(rows("1, 2"), rows("1, 3"))).toBe(true);
});

it.each<[string, string, boolean]>([
  ["no test", "#[test]\nfn other() {", false],
  ["a test that must panic", "#[test]\n#[should_panic]\nfn other() {", true],
  ["a case that panics", '#[test_case(1 => panics "no")]\nfn other(x: u32) {', true],
  [
    "a test that must panic, with much before it",
    `#[test]\n#[should_panic]\nfn other() {\n${"f(1);\n".repeat(300)}`,
    true,
  ],
])("a Rust list may get rows unless a loop in a test that must panic uses it: %s", (_, head, expected) => {
  const rows = (list: string) =>
    `const LEVELS: &[u32] = &[${list}];\n${head}\n    for x in LEVELS { assert!(*x > 0); }\n}\n`;
  expect(changesExistingRust(rows("1, 2"), rows("1, 3, 2"))).toBe(expected);
});

it("names changed Rust tests, but none that only one version has", () => {
  const test = (attribute: string, item: string) => `${attribute}\n${item}\n`;
  const old = test("#[test]", "fn a() { f(1); }");
  const form = (young: string) => {
    const { tests, others } = rustChanges(old, young);
    return { tests, others };
  };
  expect(form(test("#[test]", "fn a() { f(2); }"))).toEqual({ tests: ["a"], others: false });
  expect(form(test("#[rstest]", "fn a() { f(1); }"))).toEqual({ tests: ["a"], others: false });
  expect(form(test("#[inline]", "fn a() { f(1); }"))).toEqual({ tests: [], others: true });
  expect(rustChanges(test("#[inline]", "fn a() { f(1); }"), old)).toMatchObject({ tests: [], others: true });
  expect(rustChanges(test("#[test]", "mod a { fn b() {} }"), test("#[test]", "mod a { }"))).toMatchObject({
    tests: [],
    others: true,
  });
});

it.each(["test", "tokio::test(flavor)", "rstest", "test_case(1)", "case(1)"])("knows a test by %s", (name) => {
  const text = (value: number) => `#[${name}]\nfn a() { f(${value}); }\n`;
  expect(rustChanges(text(1), text(2)).tests).toEqual(["a"]);
});

it("names new Rust items except tests, methods and modules", () => {
  const more = "struct Fresh;\nimpl Fresh {}\nmod inner {}\nfn r#more() {}\n#[test]\nfn other() {}\ncase!(second, 2);";
  expect(rustChanges(base, behind(more)).names).toEqual(["Fresh", "more"]);
});

it("an unreadable Rust text counts as changed, even compared with itself", () => {
  const broken = `${base}fn {`;
  expect(changesExistingRust(broken, broken)).toBe(true);
  expect(changesExistingRust(base, base)).toBe(false);
});

it.each<[string, string, string]>([
  ["a list in a list", "use a::{b::{c, d}, e};", "use a::e;\nuse a::b::c;\nuse a::b::d;"],
  ["a module itself", "use a::b::{self, c};", "use a::b;\nuse a::b::c;"],
  ["a list with blanks and a comma at its end", "use a::b::{ self , c , };", "use a::b;\nuse a::b::c;"],
  ["lists in a list with blanks", "use a::{ b::{ c } , d as e };", "use a::b::c;\nuse a::d as e;"],
  ["a module itself under a name", "use a::b::{self as d};", "use a::b as d;"],
  ["visibility with blanks", "pub(crate)  use  a :: b ;", "pub(crate) use a::b;"],
  ["a raw name", "use a::r#b;", "use a::b;"],
  ["a comment in it", "use a::{/* b, */ c};", "use a::c;"],
])("reads two spellings of a Rust import alike: %s", (_, one, other) => {
  const [before, after] = [`use x::*;\n${one}\n`, `use x::*;\n${other}\n`];
  expect(changesExistingRust(before, after)).toBe(false);
  expect(changesExistingRust(after, before)).toBe(false);
  expect(changesExistingRust(before, after.replaceAll("a::", "q::"))).toBe(true);
});

const gives = "impl Tide { fn to_string(&self) -> String { String::new() } }";
it.each<[string, string, string]>([
  ["a type that may not be there", "struct Fresh;\nimpl Fresh {}", `#[cfg(any())]\nstruct Tide;\n${gives}`],
  [
    "a type that a module names otherwise",
    "struct Fresh;\nmod fresh {\n    use super::Fresh;\n    impl Fresh {}\n}",
    "struct Fresh;\nmod fresh {\n    use crate::Tide as Fresh;\n    impl Fresh {}\n}",
  ],
  [
    "a type that a module takes from elsewhere",
    "struct Fresh;\nmod fresh {\n    use super::*;\n    impl Fresh {}\n}",
    "struct Fresh;\nmod fresh {\n    use super::*;\n    use crate::Fresh;\n    impl Fresh {}\n}",
  ],
  [
    "a type that a function names otherwise",
    "struct Fresh;\nfn fresh() {\n    impl Fresh {}\n}",
    "struct Fresh;\nfn fresh() {\n    type Fresh = crate::Tide;\n    impl Fresh {}\n}",
  ],
  [
    "what a macro in a test gives methods to",
    "#[test]\nfn fresh() {\n    macro_rules! two { () => { 2 } }\n    two!();\n}",
    `#[test]\nfn fresh() {\n    macro_rules! give { () => { ${gives} } }\n    give!();\n}`,
  ],
  [
    "a type that a module names otherwise among others",
    "struct Fresh;\nmod fresh {\n    use super::{Fresh};\n    impl Fresh {}\n}",
    "struct Fresh;\nmod fresh {\n    use super::{Tide as Fresh};\n    impl Fresh {}\n}",
  ],
  ["what a macro is given", "fn fresh() { dbg!({ 1 }); }", `fn fresh() { dbg!({ ${gives} 1 }); }`],
  ["the items of another file", "fn fresh() { let a = 1; }", 'fn fresh() { include!("lenient.rs"); }'],
  ["what a macro makes in a module", "mod fresh { fn a() {} }", "mod fresh { crate::give!(crate::Tide); }"],
])("a Rust test file may not get methods of %s", (_, honest, hostile) => {
  expect(changesExistingRust(base, `${base}\n${honest}\n`)).toBe(false);
  expect(changesExistingRust(base, `${base}\n${hostile}\n`)).toBe(true);
});

it("a Rust test file may not include another file by a macro that it already uses", () => {
  const before = `${base}\ninclude!("common.rs");\n`;
  expect(changesExistingRust(before, `${before}include!(concat!("lenient", ".rs"));\n`)).toBe(true);
  expect(changesExistingRust(before, `${before}fn fresh() {}\n`)).toBe(false);
});

it("finds names of Rust items in format strings and in strings of attributes", () => {
  const before = `${base}\n#[test]\nfn wide() { assert_eq!(format!("{:WIDTH$}", tide(1)), "1"); }\n#[serde(default = "level_of")]\nstruct Read;\n`;
  for (const [known, fresh] of [
    ["const WIDTH: usize = 1;", "const WIDE: usize = 1;"],
    ["fn level_of() -> u32 { 1 }", "fn levels_of() -> u32 { 1 }"],
  ]) {
    expect(changesExistingRust(before, `${before}${known}\n`), known).toBe(true);
    expect(changesExistingRust(before, `${before}${fresh}\n`), fresh).toBe(false);
  }
});
