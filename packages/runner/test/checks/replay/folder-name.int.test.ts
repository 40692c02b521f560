/** Results name the repository's folder the same wherever it is, and no other text becomes that name. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";

const inside = new URL("../../../src/checks/replay/inside/", import.meta.url);
const texts = (root: string) => [root, ".", `${root}/a`, "a", `https://h${root}/x`, "https://h/x", `${root}y`, ".y"];
const claims = ["⟨repository⟩", "⟨⟨repository⟩", "⟨repository⟩/a", "⟨⟨repository⟩⟩"];

interface Values {
  readonly shared: { roots: string[] };
  outcome(get: () => unknown): string;
}

it.each(["javascript", "python"])("results of %s name the folder alike everywhere", (language) => {
  const told = (root: string, values: readonly string[]) =>
    language === "python" ? pythonTold(root, values) : javascriptTold(root, values);
  const here = told("/workspace/repo", [...texts("/workspace/repo"), ...claims]);
  expect(new Set(here).size).toBe(here.length);
  expect(told("/var/tmp/other", [...texts("/var/tmp/other"), ...claims])).toEqual(here);
});

function javascriptTold(root: string, values: readonly string[]): string[] {
  const make = runInNewContext(readFileSync(new URL("plain-values.cjs", inside), "utf8")) as (is: unknown) => Values;
  const plain = make(() => false);
  plain.shared.roots = [root];
  return values.map((value) => plain.outcome(() => value));
}

function pythonTold(root: string, values: readonly string[]): string[] {
  const source = readFileSync(new URL("plain-values.py", inside), "utf8");
  const program = `${source}
import sys as _sys
_root, *_given = _json.loads(_sys.stdin.read())
_values = _plain_values(_root)
print(_json.dumps([_values.ended("v" + _values.show(one, True), [], None) for one in _given]))
`;
  const input = JSON.stringify([root, ...values]);
  return JSON.parse(execFileSync("python3", ["-c", `import json as _json\n${program}`], { input, encoding: "utf8" }));
}
