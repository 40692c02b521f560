/** How a change of a Rust file affects tests, by the file's place. */

import { rustTestVersions } from "@aedev/languages/rust/test-versions";
import { expect, it } from "vitest";

const test = (value: number) => `#[test]\nfn adds() { assert_eq!(add(1), ${value}); }\n`;
const code = "pub fn add(x: u32) -> u32 { x + 1 }\n";
const inModule = (value: number, mark = "#[cfg(test)]\n") => `${code}\n${mark}mod tests {\n${test(value)}}\n`;
const lenient = "impl PartialEq<Sum> for Other {}\n";
const broken = "fn {\n";

const read = (path: string, before: string, after: string, isAmongCode = false) =>
  rustTestVersions({ path, status: "modified", before, after, isAmongCode });

it("reads a whole Rust test file, and only the tests of a Rust code file", () => {
  expect(read("tests/a.rs", code, test(2))).toMatchObject({ before: code, after: test(2) });
  expect(read("src/a.rs", code, inModule(2), true)).toMatchObject({ before: "", changed: false });
  expect(read("src/a.rs", code, inModule(2), true).after).not.toContain("pub fn add");
  expect(read("src/a.rs", inModule(2), inModule(2).replace("x + 1", "x + 2"), true)).toMatchObject({
    changedTests: [],
    changed: false,
  });
  for (const path of [
    "tests.rs",
    "tests/a.rs",
    "src/tests.rs",
    "src/test.rs",
    "src/a_test.rs",
    "src/proptests.rs",
    "src/tests_a.rs",
    "src/tests/a.rs",
  ])
    expect(read(path, code, inModule(2), true)).toMatchObject({ before: code, after: inModule(2) });
  for (const path of ["src/latest.rs", "src/contests/a.rs", "src/testing.rs"])
    expect(read(path, code, inModule(2), true)).toMatchObject({ before: "" });
});

it("a new Rust test file changes tests unless it is a program of its own", () => {
  for (const path of ["tests/a.rs", "crates/b/tests/a.rs", "benches/a.rs", "examples/a.rs"])
    expect(read(path, "", `${test(2)}${lenient}`)).toEqual({
      before: "",
      after: `${test(2)}${lenient}`,
      changedTests: [],
      changed: false,
      names: [],
    });
  expect(read("tests/common/a.rs", "", `${test(2)}${lenient}`).changed).toBe(true);
  expect(read("src/a_tests.rs", "", `${test(2)}${lenient}`).changed).toBe(true);
  expect(read("tests/a.rs", test(2), `${test(2)}${lenient}`).changed).toBe(true);
  // A path of code can look like a program's.
  expect(read("src/tests/a.rs", "", `${test(2)}${lenient}`, true).changed).toBe(true);
  expect(read("tests/a.rs", test(2), `${test(2)}${test(2).replace("adds", "more")}`).changed).toBe(false);
});

it("any change counts as a change of Rust tests that can't be separated from their code", () => {
  const isChanged = (path: string, before: string, after: string) => read(path, before, after, true).changed;
  const more = (text: string) => text.replace("#[test]", "#[test]\nfn more() {}\n#[test]");
  expect(isChanged("src/a.rs", inModule(2), more(inModule(2)))).toBe(false);
  const beside = `${code}${test(2)}`;
  expect(isChanged("src/a.rs", beside, more(beside))).toBe(true);
  expect(isChanged("src/a.rs", beside, more(inModule(2)))).toBe(true);
  expect(isChanged("src/a.rs", inModule(2), `${inModule(2)}\n${test(3).replace("adds", "more")}`)).toBe(true);
  expect(isChanged("src/a.rs", beside, beside.replace("x + 1", "x + 2"))).toBe(false);
  expect(isChanged("src/a.rs", "", beside)).toBe(false);
  expect(isChanged("src/a.rs", beside, "")).toBe(true);
  expect(isChanged("src/tests.rs", test(2), more(test(2)))).toBe(true);
  expect(isChanged("src/tests.rs", "", test(2))).toBe(false);
  expect(isChanged("src/tests.rs", "// Nothing yet.\n", "")).toBe(false);
  expect(read("src/tests.rs", test(2), more(test(2))).changed).toBe(false);
});

it("names changed Rust tests as cargo does", () => {
  const changed = (path: string, isAmongCode = true) =>
    read(path, inModule(2), inModule(3), isAmongCode).changedTests.join();
  expect(changed("src/lib.rs")).toBe("tests::adds");
  expect(changed("src/main.rs")).toBe("tests::adds");
  expect(changed("crates/x/src/a/mod.rs")).toBe("a::tests::adds");
  expect(changed("src/a/b.rs")).toBe("a::b::tests::adds");
  expect(changed("src/main/b.rs")).toBe("main::b::tests::adds");
  expect(changed("tests/a.rs", false)).toBe("tests::adds");
  expect(changed("benches/a.rs", false)).toBe("tests::adds");
  expect(changed("tests/common/a.rs", false)).toBe("common::a::tests::adds");
  expect(changed("benches/common/a.rs", false)).toBe("common::a::tests::adds");
  expect(changed("examples/common/a.rs", false)).toBe("common::a::tests::adds");
  expect(changed("a.rs")).toBe("tests::adds");
});

it("names the new Rust helpers that other files may see", () => {
  const helper = "pub fn flood() {}\n";
  const names = (path: string, before: string, isAmongCode = false) =>
    read(path, before, `${before}${helper}`, isAmongCode).names;
  expect(names("tests/common/mod.rs", "fn a() {}\n")).toEqual(["flood"]);
  expect(names("tests/common/mod.rs", "")).toEqual(["flood"]);
  expect(names("tests/a.rs", test(2))).toEqual([]);
  expect(names("tests/a.rs", `mod common ;\n${test(2)}`)).toEqual(["flood"]);
  expect(names("tests/a.rs", `mod common { }\n${test(2)}`)).toEqual([]);
  expect(names("src/tests.rs", test(2))).toEqual(["flood"]);
  expect(names("src/tests.rs", test(2), true)).toEqual([]);
});

it("the tests of a Rust file with an error count as changed", () => {
  const after = `${inModule(2)}${broken}`;
  expect(read("src/a.rs", inModule(2), after, true)).toMatchObject({
    after: `#[cfg(test)]\nmod tests {\n${test(2)}}`,
    changed: true,
  });
  expect(read("src/a.rs", after, after.replace("x + 1", "x + 2"), true).changed).toBe(false);
  expect(read("src/a.rs", after, after.replace("1), 2", "1), 3"), true).changed).toBe(true);
  expect(read("src/a.rs", broken, `${broken}}`, true)).toMatchObject({ before: "", after: "" });
  expect(read("tests/a.rs", test(2), `${test(2)}${broken}`).changed).toBe(true);
});

it("a new Rust file in a test folder inside the code counts as a module", () => {
  const added = (path: string, after: string) => read(path, "", after).changed;
  expect(added("src/tests/more.rs", `${test(2)}${lenient}`)).toBe(true);
  expect(added("src/tests/more.rs", test(2))).toBe(false);
  expect(added("tests/more.rs", `${test(2)}${lenient}`)).toBe(false);
});

it("a Rust file with a raw C string counts as changed, because the grammar takes the string for code", () => {
  const hidden = `${test(2)}#[test] fn n() { check!(cr#" "// "#); } ${lenient.trim()} const X: &str = "\n); } //";\n`;
  expect(read("tests/a.rs", test(2), hidden).changed).toBe(true);
  expect(read("tests/a.rs", test(2), `${test(2)}#[test] fn n() { check!(br#" // "#); }\n`).changed).toBe(false);
});
