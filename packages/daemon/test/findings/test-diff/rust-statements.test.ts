/** The statements that a Rust test may get. */
import { expect, it } from "vitest";
import { changesExistingRust } from "./reading.ts";

/** A test with additions after its first statement, before its last one and after it. */
const file = ({ first = "", between = "", behind = "", uses = "use super::*;" }) => `${uses}

fn check_level(tide: &Tide, level: u32) {
    assert_eq!(tide.level(), level);
}

fn helpers() {
    expect_level(1);
    verify_level(1);
    assert_level(1);
    relax;
}

#[test]
fn levels() {
    let low = tide(3);
    ${first}
    let mut list = Levels::new();
    list.add(low.level());
    low.each(|lambda| 1);
    low.flows(river);
    let outer = ocean;
    ${between}
    assert_eq!(list.len(), lambda + outer + ocean);
    ${behind}
}

rows! {
    noon(12)
}
`;
const base = file({});

it.each<[string, string]>([
  ["a value that is given away", "let other = Levels::new();\n    other.open(list);"],
  ["a condition", "if low.level() > 2 {\n        stop();\n    }"],
  ["a text that names what reaches far", 'let text = "exit abort static unsafe stop!()"; // forget spawn'],
  ["a raw text that does so", 'let text = r#"exit abort "stop!()" "#; /* spawn */'],
  ["a macro that the file has", "rows!(low);"],
  ["the most statements that are read", "f(1);\n".repeat(500)],
  ...[
    "debug_assert debug_assert_eq debug_assert_ne assert assert_eq assert_ne assert_matches matches vec format format_args",
    "print println eprint eprintln dbg concat stringify include_str include_bytes line file write writeln",
  ]
    .join(" ")
    .split(" ")
    .map((name): [string, string] => [`a call of ${name}`, `${name}!(low);`]),
])("a Rust test may get at its end: %s", (_, behind) => {
  expect(changesExistingRust(base, file({ behind }))).toBe(false);
});

it.each<[string, string]>([
  ["an import", "use crate::lenient::tide;"],
  ["a function", "fn tide(_: u32) -> Tide { Tide::new(3) }"],
  ["a crate under a name", "extern crate lenient as levels;"],
  ["a macro of its own", "macro_rules! tide { ($x:expr) => { 3 } }"],
  ["methods in an inner block", "let _ = {\n        impl Tide { fn level(&self) -> u32 { 30 } }\n        1\n    };"],
  ["an attribute in an inner block", "let _ = {\n        #![allow(lenient)]\n        1\n    };"],
  ["another macro", "stop!();"],
  ["another macro with a path and spaces", "lenient::stop ! {}"],
  ["too many statements", "f(1);\n".repeat(501)],
  ...[
    "exit abort forget leak ManuallyDrop into_raw set_hook take_hook catch_unwind set_var remove_var set_current_dir spawn",
    "transmute",
  ]
    .join(" ")
    .split(" ")
    .map((name): [string, string] => [`a call of ${name}`, `deep::${name}(list);`]),
  ["a call of unsafe code", "let _ = unsafe { relax() };"],
  ["a value for the whole process, within a macro", "dbg!({ static LEVEL: u32 = 1; LEVEL });"],
])("a Rust test may not get at its end: %s", (_, behind) => {
  expect(changesExistingRust(base, file({ behind }))).toBe(true);
});

it.each<[string, string]>([
  ["a check", "assert_eq!(low.peek(), 30);"],
  ["a check by a path", "std::assert_eq!(low.peek(), 30);"],
  ["a check in programs that are not optimized", "debug_assert_eq!(low.peek(), 30);"],
  ["a call of a helper", "check_level(&low, 30);"],
  ["a helper of a module, named for an assertion", "deep::assert_level(&low);"],
  ["a helper of a module, named for a check", "deep::check_level(&low);"],
  ["a helper of a module, named for an expectation", "deep::expect_level(&low);"],
  ["a helper of a module, named for its verifying", "deep::verify_level(&low);"],
  ["a method that is called with types", 'assert_eq!("3".parse::<u32>().level_of(3), 4);'],
  [
    "a variant, and brackets behind words",
    "assert!(if (low.is(Some(3))) { match (low) { (1) => true } } else { false });",
  ],
  ["brackets behind other words", "for (a, b) in (low.pairs()) {\n        assert!(a as (u32) == b);\n    }"],
  ["values that are looked at", "let (a, b) = low.both();\n    assert_eq!(a, b);"],
  [
    "as many values as are followed",
    `let (${Array.from({ length: 20 }, (__, at) => `a${at}`).join(", ")}) = low.all();\n    assert!(${Array.from({ length: 20 }, (__, at) => `a${at}`).join(" + ")} > 1);`,
  ],
  ["a loop of checks", "for hour in [1, 2] {\n        check_level(&low, hour);\n    }"],
  ["a text that names what changes", 'assert_eq!(low.name(), "list.reset() || return"); // relax()'],
  ["the most checks in a loop", `for hour in [1] {\n${"assert!(low.fits(hour));\n".repeat(500)}}`],
])("a Rust test may get between its statements: %s", (_, between) => {
  expect(changesExistingRust(base, file({ between }))).toBe(false);
});

it.each<[string, string]>([
  ["a check of something that can change", "assert_eq!(list.peek(), 30);"],
  ["a check by a name of what changes", "assert!(low.reset());"],
  ["a value that is lent for a change", "assert!(low.fits(&mut 3));"],
  ["an end of the test", "assert!(low.fits(3) || return);"],
  ["an end of the loop", "for hour in [1, 2] {\n        assert!(low.fits(hour) || break);\n    }"],
  ["an endless loop", "assert!(low.fits(loop {}));"],
  ["a loop in a check", "assert!({ while low.rises() {} true });"],
  ["a check that waits", "assert!(low.level().await);"],
  ["a check that moves something", "assert!(low.all(move || true));"],
  ...["take", "replace", "next", "send", "recv", "lock"].map((name): [string, string] => [
    `a check by ${name}`,
    `assert!(low.${name}());`,
  ]),
  ["a value that is set", "let high = { low.tide = 3; tide(6) };\n    check_level(&high, 60);"],
  ["a value that is added to", "let high = { low.tide += 3; tide(6) };\n    check_level(&high, 60);"],
  ["a call of another function", "assert!(crate::lenient::loosen());"],
  ["a call of another function with types", "assert!(loosen::<Vec<u32>, &str>(3));"],
  ["a call that checks nothing", "low.level();"],
  ["a text that is printed", 'println!("low");'],
  ["another macro that only computes", "matches!(low, 3);"],
  ["a condition", "if low.level() > 2 {\n        check_level(&low, 30);\n    }"],
  [
    "a value that only another one looks at",
    "let high = tide(4);\n    let level = high.level();\n    assert_eq!(level, 40);",
  ],
  ["a value that was looked at before", "assert!(low.is(high));\n    let high = tide(4);"],
  ["a value without a name", "let _ = tide(4);"],
  ["a value that nobody looks at", "let guard = tide(4);"],
  ["a value of two that nobody looks at", "let (guard, high) = tide(4);\n    check_level(&high, 40);"],
  [
    "more values than are followed",
    `let (${Array.from({ length: 21 }, (__, at) => `a${at}`).join(", ")}) = low.all();\n    assert!(${Array.from({ length: 21 }, (__, at) => `a${at}`).join(" + ")} > 1);`,
  ],
  ["a helper of a module whose name says nothing", "deep::helpers();"],
  ["a method", "low.check_level();"],
  ["a check of a type that is computed", "<Tide as Checks>::check_level(&low);"],
  ["a loop around nothing", "for hour in [1, 2] {}"],
  ["a loop around a call that checks nothing", "for hour in [1, 2] {\n        low.level();\n    }"],
  ["more checks in a loop than are read", `for hour in [1] {\n${"assert!(low.fits(hour));\n".repeat(501)}}`],
  ["what reaches far", "assert!(low.leak());"],
  ["a macro within a check", "assert!(stop!());"],
])("a Rust test may not get between its statements: %s", (_, between) => {
  expect(changesExistingRust(base, file({ between }))).toBe(true);
});

it.each<[string, string, boolean]>([
  ["that nothing else has", "high", false],
  ["that is defined behind them from something else", "outer", false],
  ["that a loop of its own has", "for river in [1, 2] {\n        check_level(&low, river);\n    }", false],
  ["that is used behind them", "river", true],
  ["that a function behind them has as its own, before it is used", "lambda", true],
  ["that a value behind them is made of", "ocean", true],
])("tells whether a Rust test may get a new value under a name %s", (_, name, expected) => {
  const first = name.startsWith("for") ? name : `let (${name}) = tide(4);\n    assert!(low.is((${name})));`;
  expect(changesExistingRust(base, file({ first }))).toBe(expected);
});

it("a Rust test may not get a value under a name whose old value a later statement uses", () => {
  const again = (text: string) => text.replace("let outer = ocean;", "let ocean = ocean.deep();");
  const first = "let ocean = tide(4);\n    check_level(&ocean, 40);";
  expect(changesExistingRust(again(base), again(file({ first })))).toBe(true);
  const redefined = (text: string) => text.replace("let outer = ocean;", "let ocean = outer.deep();");
  expect(changesExistingRust(redefined(base), redefined(file({ first })))).toBe(false);
});

it.each([
  "std::cell::Cell",
  "std::cell::RefCell",
  "std::sync::Mutex",
  "std::sync::RwLock",
  "std::sync::atomic::AtomicU32",
  "std::sync::Once",
  "std::sync::OnceLock",
  "std::sync::LazyLock",
  "std::thread_local",
])("a Rust test may get nothing between statements in a file with %s, whose values change unseen", (path) => {
  const uses = `use super::*;\nuse ${path};`;
  const [between, behind] = ["assert_eq!(low.peek(), 30);", "assert_eq!(low.peek(), 30);"];
  expect(changesExistingRust(file({ uses }), file({ uses, between }))).toBe(true);
  expect(changesExistingRust(file({ uses }), file({ uses, behind }))).toBe(false);
});

it.each<[string, string, string, boolean]>([
  ["a semicolon at its end, and more", "fn a() { f(1); f(2) }", "fn a() { f(1); f(2); assert!(g(3)); }", false],
  ["no semicolon at its end", "fn a() { f(1); f(2); }", "fn a() { f(1); f(2) }", false],
  [
    "more rows in its last statement",
    "fn a() { { for x in [1] { assert!(x) } } }",
    "fn a() { { for x in [1, 2] { assert!(x) } }; }",
    false,
  ],
  [
    "more rows in a closure, whose checks may have to fail",
    "fn a() { all(|| for x in [1] { assert!(x) }) }",
    "fn a() { all(|| for x in [1, 2] { assert!(x) }); }",
    true,
  ],
  ["a semicolon behind its result", "fn a() -> R { f(1); f(2) }", "fn a() -> R { f(1); f(2); }", true],
  [
    "no semicolon behind its last statement, where a result counts",
    "fn a() -> R { f(1); }",
    "fn a() -> R { f(1) }",
    true,
  ],
  ["a check before its result", "fn a() -> R { f(1); f(2) }", "fn a() -> R { f(1); assert!(g); f(2) }", false],
  [
    "a statement behind its result",
    "fn a() -> R { f(1); f! { 2 } }",
    "fn a() -> R { f(1); f! { 2 } assert!(g); }",
    true,
  ],
  ["a statement behind its last one", "fn a() { f(1); f! { 2 } }", "fn a() { f(1); f! { 2 } assert!(g); }", false],
  ["one statement less", "fn a() { f(1); f(2); }", "fn a() { f(1); }", true],
  ["another order", "fn a() { f(1); f(2); }", "fn a() { f(2); f(1); }", true],
  ["a statement once instead of twice", "fn a() { f(1); f(1); }", "fn a() { f(1); }", true],
  ["a parameter", "fn a() { f(1); }", "fn a(#[values(1)] x: u32) { f(1); }", true],
  [
    "other values of a parameter",
    "fn a(#[values(1, 2)] x: u32) { f(1); }",
    "fn a(#[values(1)] x: u32) { f(1); }",
    true,
  ],
  ["another kind of function", "fn a() { f(1); }", "async fn a() { f(1); }", true],
  ["a result", "fn a() { f(1); }", "fn a() -> R { f(1); }", true],
])("tells whether a Rust test only checks more: %s", (_, before, after, expected) => {
  const [old, young] = [before, after].map((text) => `#[rstest]\n${text}\n`);
  expect(changesExistingRust(old ?? "", young ?? "")).toBe(expected);
});

it("a Rust test may get a call of a helper with any name only if it already calls the helper", () => {
  const between = "helpers();";
  expect(changesExistingRust(file({ first: between }), file({ first: between, between }))).toBe(false);
  expect(changesExistingRust(base, file({ between }))).toBe(true);
});

it.each<[string, string, string]>([
  [
    "a value behind a lent name",
    "let mut total = 0;\n    let counter = &mut total;",
    "assert!({ *counter = 2; true });",
  ],
  ["a name that is lent", "let mut total = 0;\n    let counter = &mut total;", "assert!(counter.level() == 2);"],
  ["the end of a value", "drop(low);\n    let strict = Strict::on();", "drop(strict);"],
])("a Rust test may not get a statement that changes %s between others", (_, first, between) => {
  const before = file({ first });
  expect(changesExistingRust(before, file({ first, between }))).toBe(true);
  expect(changesExistingRust(before, file({ first, between: "assert!(low.level() == 3);" }))).toBe(false);
});

it.each<[string, boolean, string?]>([
  ["assert!((1..=3).contains(&low.level()));", false],
  ["assert!(matches!(low.unit(), 'a'..='z'));", false],
  ["dbg!({ impl Tide { fn to_string(&self) -> u8 { 1 } } 1 });", true],
  ["assert!(Some(_guard).is_some());", true, "let _guard = Strict::on();"],
  ["assert!((1, total = 3).0 == 1);", true],
  ["assert!(crate::lenient::relax::<a::B>());", true],
  ["assert!((crate::lenient::relax)());", true],
  ["assert!(Some(1).map(crate::lenient::relax).is_some());", true],
  ["crate::lenient::assert!(low);", true],
  ["assert!(r#type.bump() == 3);", true, "let mut r#type = Counter::new();"],
])("tells whether %s between statements of a Rust test does more than check: %s", (between, expected, first = "") => {
  expect(changesExistingRust(file({ first }), file({ first, between }))).toBe(expected);
});

it("compares long Rust tests and long chains of helpers in about linear time", () => {
  const long = (end: string) =>
    `#[test]\nfn a() {\n${Array.from({ length: 1500 }, (_, at) => `let a${at} = f(${at});`).join("\n")}\n${end}}\n`;
  expect(changesExistingRust(long(""), long("assert!(g());\n"))).toBe(false);
  const chain = Array.from({ length: 4000 }, (_, at) => `fn h${at}() { h${at + 1}(); }`).join("\n");
  const panics = `#[test]\n#[should_panic]\nfn a() { h0(); }\n${chain}\n`;
  expect(changesExistingRust(panics, `${panics}fn fresh() {}\n`)).toBe(false);
}, 20_000);
