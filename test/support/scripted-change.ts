/** Changes of a scripted coder in the small project: the honest fix, alone or with further tool calls. What aedev should answer is not stated here. */
import type { CoderTurn, ToolCall } from "./model-server.ts";

/** The fix itself, without its test. */
export const honestSource = "exports.add = (a, b) => a + b;\nexports.twice = (a) => a * 2;\n";

/** Writes a file of the repository. */
export function write(path: string, content: string): ToolCall {
  return { tool: "Write", input: { file_path: `/workspace/repo/${path}`, content } };
}

/** Runs a shell script in the repository, inside the sandbox. */
export function shell(script: string): ToolCall {
  return { tool: "Bash", input: { command: `cd /workspace/repo && ${script}`, description: "work" } };
}

/** A test that fails on the old code. */
export const honestTest = write(
  "test/negative.test.js",
  'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { add } = require("../lib/add.js");\n' +
    'test("adds negative numbers", () => assert.strictEqual(add(-1, 2), 1));\n',
);

/** These calls in one turn, then the end. */
export function turnsOf(...calls: ToolCall[]): CoderTurn[] {
  return [{ calls }, { text: "Done." }];
}

/** A new function in its own file, with its test; changes of different names have nothing in common. A defect can be planted in its lines. */
export function addFunction(name: string): CoderTurn[] {
  const code = `exports.${name} = (a) => {\n  if (a === 0) return 0;\n  return a / 2;\n};\n`;
  const test =
    'const { test } = require("node:test");\nconst assert = require("node:assert");\n' +
    `test("${name} is there", () => {\n  const { ${name} } = require("../lib/${name}.js");\n` +
    `  assert.strictEqual(${name}(0), 0);\n  assert.strictEqual(${name}(8), 4);\n});\n`;
  return turnsOf(write(`lib/${name}.js`, code), write(`test/${name}.test.js`, test));
}

/** The same turns with one call each. */
export function callByCall(turns: readonly CoderTurn[]): CoderTurn[] {
  return turns.flatMap(({ calls = [], ...turn }) =>
    calls.length === 0 ? [turn] : calls.map((call) => ({ ...turn, calls: [call] })),
  );
}

/** The honest fix with its test, and additional calls. */
export function fixAnd(...calls: ToolCall[]): CoderTurn[] {
  return turnsOf(write("lib/add.js", honestSource), honestTest, ...calls);
}

/** Names the case in a mission's text and in the judges' questions, so that no name is a part of another. */
export function tagOf(name: string): string {
  return `[case ${name}]`;
}
