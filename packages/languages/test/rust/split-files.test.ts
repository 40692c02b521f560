/** A Rust file's code of one version is joined with the tests of the other version. */

import { describe, expect, it } from "vitest";
import { splitFiles } from "../../src/rust/test-versions.ts";

const code = (name: string) => `//! Tides.\npub fn ${name}() -> &'static str {\n    "}{"\n}\n`;
const tests = (body: string, name = "tests") =>
  `#[cfg(test)]\nmod ${name} {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        ${body}\n    }\n}`;
const one = (before: string | null, after: string) => splitFiles([{ path: "src/lib.rs", before, after }]);

describe("a file of code with a module of tests", () => {
  it("a Rust code file gets the other version's test module in its place", () => {
    const [before, after] = [
      `${code("old")}\n${tests('a("{");')}\n`,
      `${code("young")}\n${tests("b();")}\n\nfn more() {}\n`,
    ];
    expect(one(before, after)).toEqual([
      {
        path: "src/lib.rs",
        oldTests: `${code("young")}\n${tests('a("{");')}\n\nfn more() {}\n`,
        newTests: `${code("old")}\n${tests("b();")}\n`,
      },
    ]);
  });

  it("a Rust code file stays the same if the swapped part did not change", () => {
    const before = `${code("old")}\n${tests("a();")}\n`;
    const after = before.replace("old", "young");
    expect(one(before, after)).toEqual([{ path: "src/lib.rs", oldTests: after, newTests: before }]);
    expect(one(before, before.replace("a()", "b()"))).toEqual([
      { path: "src/lib.rs", oldTests: before, newTests: before.replace("a()", "b()") },
    ]);
  });

  it("a Rust code file gets or loses a test module that only one version has", () => {
    const [before, after] = [code("old"), `${code("young")}\n${tests("b();")}\n`];
    expect(one(before, after)).toEqual([
      { path: "src/lib.rs", oldTests: `${code("young")}\n\n`, newTests: `${code("old")}\n${tests("b();")}\n` },
    ]);
    expect(one(after, before)).toMatchObject([{ oldTests: `${code("old")}\n${tests("b();")}\n` }]);
  });

  it("a Rust code file may have several test modules, with lints on them", () => {
    const module = tests("a();", "more").replace("mod more", "#[allow(dead_code)]\nmod more");
    const before = `${tests("a();")}\n${code("old")}${module}\n`;
    const after = before.replace("old", "young").replaceAll("a()", "b()");
    expect(one(before, after)).toMatchObject([{ oldTests: before.replace("old", "young") }]);
  });
});

describe("a new file", () => {
  const range = `${code("range")}\n${tests("r();")}\n`;
  const named = (parent: string, path: string) =>
    splitFiles([
      { path: parent, before: "pub mod describe;\n", after: "pub mod describe;\npub mod range;\n" },
      { path, before: null, after: range },
    ]);

  it.each([
    ["src/lib.rs", "src/range.rs"],
    ["src/main.rs", "src/range/mod.rs"],
    ["src/deep/mod.rs", "src/deep/range.rs"],
    ["src/deep.rs", "src/deep/range.rs"],
  ])("the old Rust code gets a new file with its tests only: %s declares %s", (parent, path) => {
    expect(named(parent, path)).toEqual([
      { path: parent, oldTests: "pub mod describe;\npub mod range;\n", newTests: "pub mod describe;\n\nmod range;\n" },
      { path, oldTests: `${code("range")}\n\n`, newTests: `${tests("r();")}\n` },
    ]);
  });

  it("a new Rust file is not separated if no file declares it or it has no tests", () => {
    expect(named("src/lib.rs", "src/deep/range.rs")).toEqual([]);
    const plain = [
      { path: "src/lib.rs", before: "", after: "mod range;\n" },
      { path: "src/range.rs", before: null, after: code("range") },
    ];
    expect(splitFiles(plain)).toEqual([]);
  });
});

it.each<[string, string]>([
  ["a test outside of a module", `#[test]\nfn adds() {}\n`],
  ["code for tests", `#[cfg(test)]\nuse crate::fake;\n`],
  ["code for anything but tests", `#[cfg(not(test))]\nfn exact() {}\n`],
  ["a condition on tests in code", `fn exact() -> bool {\n    cfg!(test)\n}\n`],
  ["a module for tests or a feature", `#[cfg(any(test, feature = "x"))]\nmod helpers {}\n`],
  ["two modules of one name", `${tests("b();")}\n`],
  ["text that is no Rust", "fn {\n"],
])("a Rust file is not separated if it has %s", (_, more) => {
  const before = `${code("old")}\n${tests("a();")}\n`;
  const after = before.replace("old", "young");
  expect(one(before, after)).toHaveLength(1);
  expect(one(before, `${after}${more}`)).toEqual([]);
  expect(one(`${before}${more}`, after)).toEqual([]);
});

it.each([
  "cfg_attr(test, deny(warnings))",
  "cfg_attr(not(test), warn(missing_docs), allow(unused))",
  "doc(test(attr(deny(warnings))))",
])("a Rust file is separated although a lint depends on tests: %s", (lint) => {
  const before = `#![${lint}]\n${code("old")}\n${tests("a();")}\n`;
  expect(one(before, before.replace("old", "young"))).toHaveLength(1);
  const more = before.replace(lint, "cfg_attr(test, feature(lenient))");
  expect(one(more, more.replace("old", "young"))).toEqual([]);
});

it("a Rust file without tests is not separated", () => {
  expect(one(code("old"), code("young"))).toEqual([]);
});

it("an unreadable Rust file does not keep the others from being separated", () => {
  const [before, after] = [`${code("old")}\n${tests("a();")}\n`, `${code("young")}\n${tests("a();")}\n`];
  const deep = `fn f() { ${"(".repeat(3000)}1${")".repeat(3000)}; }\n`;
  const files = [
    { path: "src/lib.rs", before, after },
    { path: "src/deep.rs", before: deep, after: `${deep}// more\n` },
  ];
  expect(splitFiles(files).map(({ path }) => path)).toEqual(["src/lib.rs"]);
});
