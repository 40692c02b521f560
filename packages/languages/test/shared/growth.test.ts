/** Names of functions that may change shared state. */

import { goChangesOthers } from "@aedev/languages/go/go-syntax";
import { scriptChangesOthers } from "@aedev/languages/javascript/javascript-syntax";
import { pythonChangesOthers } from "@aedev/languages/python/python-syntax";
import { readSyntax } from "@aedev/languages/tree/syntax-tree";
import { expect, it } from "vitest";

const readers = { go: goChangesOthers, js: scriptChangesOthers, py: pythonChangesOthers };

const isChanging = (path: string, text: string) => {
  const { root } = readSyntax(text, path);
  return readers[path.split(".")[1] as keyof typeof readers](root);
};
const inGo = (call: string) => `package a\n\nfunc f() {\n\tx := ${call}\n}\n`;

it.each(
  [
    "getattr setattr delattr vars globals locals exec eval reflect function importorskip xfail catch end exit done",
    "update pop push shift unshift splice sort reverse fill copyWithin store swap compareAndSwap setdefault setenv unsetenv",
    "putenv chdir chmod sleep eventually goexit plan GOMAXPROCS quit abort _exit del evict purge flush shutdown toggle",
    "freeze rollback set patch monkeypatch mock doMock stub spyOn define assign register configure enable disable install",
    "clear remove reset restore delete write unlink rename truncate close skip use append insert extend unmarshal decode",
    "mkdir makedirs rmdir rmtree rm symlink invalidate unset put __setitem__ MustSet mustPut trySet TryPush softReset",
    "SoftDelete batchWrite BatchInsert setUp put_all",
  ]
    .join(" ")
    .split(" "),
)("a call of `%s` may change shared state", (name) => {
  // In Python, `del` is a keyword and no name.
  if (name !== "del") expect(isChanging("a.py", `x = c.${name}(1)\n`)).toBe(true);
  expect(isChanging("a.js", `x = c.${name}(1);`)).toBe(true);
  expect(isChanging("a.go", inGo(`c.${name}(1)`))).toBe(true);
  expect(isChanging("a.go", inGo(`${name}(1)`))).toBe(true);
  // A name that only contains the word does not count.
  expect(isChanging("a.go", inGo(`c.pre${name}ly(1)`))).toBe(false);
});

it.each(
  "settle putative cleared users appendix closest skipper evictions Evicted flushed popular pushed sorted MustParse tryOut softer softend mustSettle isSet".split(
    " ",
  ),
)("a call of `%s` changes no shared state", (name) => {
  expect(isChanging("a.py", `x = c.${name}(1)\n`)).toBe(false);
  expect(isChanging("a.go", inGo(`c.${name}(1)`))).toBe(false);
});

it.each<[string, string, string]>([
  ["a function from a list", "a.py", "x = tools['more'](1)\n"],
  ["a function that is called where it is written", "a.js", "x = (() => 1)(2);"],
  ["one of Go", "a.go", inGo("func() int { return 1 }()")],
])("a call of a computed function may change shared state: %s", (_title, path, text) => {
  expect(isChanging(path, text)).toBe(true);
  expect(isChanging(path, text.replace(/\(2?1?\)(?=[;\n])/u, ""))).toBe(false);
});

it.each<[string, boolean]>([
  ["f(rename='a', update={'a': names}, set=[1])", false],
  ["f(update=names)", true],
  ["f(evict=ALWAYS)", true],
  ["f(reset=True)", true],
  ["f(clear=1)", true],
  ["f(rename)", true],
  ["f(name=reset(c))", true],
])("a keyword argument names data or may ask for a change: %s", (call, isChange) => {
  expect(isChanging("a.py", `x = ${call}\n`)).toBe(isChange);
});
