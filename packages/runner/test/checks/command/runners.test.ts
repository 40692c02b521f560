/** Commands whose options prevent results of single tests, and the files in which a runner has tests. */
import { expect, it } from "vitest";
import { runnerOfCommand, runners } from "../../../src/checks/command/runners.ts";

const name = (command: string) => runnerOfCommand(command)?.name ?? null;
const isTestFile = (runner: string, content: string) =>
  runners.find((one) => one.name === runner)?.isTestFile("test/a.js", content);

it.each([
  ["lab", "-a @hapi/code -m 5000 -v", "-d", "-h", "-o x", "-V", "-vr tap", "-dv", "-rtap", "-ofile", "-Vx"],
  ["lab", "-a dry -P help --leaks", "--dry", "--help", "--output x", "--reporter tap", "--reporter=tap", "--version"],
  ["qunit", "-f a test/", "-h", "-V", "-r tap", "-w", "-xw", "-rtap", "-wx"],
  ["qunit", "--filter watch test/", "--help", "--version", "--watch", "--reporter=tap"],
])("%s reports single tests with %s, but not with other options", (runner, plain, ...others) => {
  expect(name(`npx ${runner} ${plain}`)).toBe(runner);
  for (const other of others) expect([other, name(`npx ${runner} ${other}`)]).toEqual([other, null]);
});

it.each<[string, boolean, string]>([
  ["mocha", true, "it('a', f);"],
  ["mocha", true, "QUnit.test('a', f); test('b', f);"],
  ["mocha", false, "QUnit.test('a', f); QUnit.config.autostart = false;"],
  ["mocha", false, "/* global QUnit, expect */\nQUnit.module('a'); if (QUnit.test === f) QUnit.test('a', f);"],
  ["mocha", true, "globalThis.QUnit = { test: it }; QUnit.test('a', f);"],
  ["mocha", true, "globalThis['QUnit'] = { test: it }; QUnit.test('a', f);"],
  ["mocha", true, "const QUnit = { test: it }; QUnit.test('a', f);"],
  ["mocha", true, "Object.assign(globalThis, { QUnit: { test: it } }); QUnit.test('a', f);"],
  ["mocha", true, "QUnit.test = it; QUnit.test('a', f);"],
  ["mocha", true, "const $QUnit = { test: it }; $QUnit.test('a', f);"],
  ["mocha", true, "'/* global '; this.QUnit = { test: it }; '*/'; QUnit.test('a', f);"],
  ["lab", true, "const { test } = require('lab');"],
  ["lab", true, "import { script } from '@hapi/lab';"],
  ["lab", false, "const { test } = require('labor');"],
  ["qunit", true, "QUnit.module('a');"],
  ["qunit", true, "QUnit.test('a', f);"],
  ["qunit", false, "QUnit.config.x = 1;"],
])("whether a file has tests of %s (%s) is decided from its text %s", (runner, expected, content) => {
  expect(isTestFile(runner, content)).toBe(expected);
});
