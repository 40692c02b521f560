/** The ways through changed Python and Go that a run takes. */

import { probeGo } from "@aedev/languages/go/probe";
import { probePython } from "@aedev/languages/python/probe";
import { describe, expect, it } from "vitest";
import { has, missedBy, probed } from "./probed.ts";

const python = (text: string, calls: string) =>
  missedBy(probePython, {
    name: "code.py",
    text,
    more: { "run.py": `from code import f\n${calls}\n`.replace("from code", "from code_") },
    command: ["sh", "-c", "cp code.py code_.py && python3 run.py"],
  });

describe.skipIf(!has("python3"))("coverage of a changed Python file", () => {
  it("reports nothing missed if everything ran, and the code behaves as before", async () => {
    const text = `"""Documentation."""
from __future__ import annotations


def f(n: int) -> str:
    """More."""
    if n > 1000 and n != 5:
        return "large"
    return "small"
`;
    expect(await python(text, "print(f(1), f(2000))")).toEqual({
      missed: [],
      stdout: "small large",
      stderr: "",
    });
  });

  it.each([
    ["the side of an if", "def f(n):\n    if n > 1000:\n        return 1\n    return 2", "f(1)", ["2 true"]],
    [
      "what follows an if that always leaves",
      "def f(n):\n    if n: return 1\n    n += 1\n    return n",
      "f(1)",
      ["3 statement"],
    ],
    [
      "an elif and its else",
      "def f(n):\n    if n == 1:\n        return 1\n    elif n == 2:\n        return 2\n    else:\n        raise ValueError(n)",
      "f(1)",
      ["2 false"],
    ],
    [
      "only the else",
      "def f(n):\n    if n == 1:\n        return 1\n    elif n == 2:\n        return 2\n    else:\n        raise ValueError(n)",
      "f(1); f(2)",
      ["4 false!"],
    ],
    ["an operand", "def f(a, b):\n    return a and b or a", "f(0, 1)", ["2 skipped!", "2 evaluated"]],
    [
      "the side of an expression in a text",
      "def f(n):\n    return f'{int(n) if n > 10 else round(n)}'",
      "f(1)",
      ["2 true"],
    ],
    [
      "the side of an expression in a text in a text",
      "def f(n):\n    return f\"{f'{n or 5}' if n > 10 else n}\"",
      "f(1)",
      ["2 true"],
    ],
    [
      "the side of a default",
      "def f(n, g=lambda n: int(n) if n > 10 else round(n)):\n    return g(n)",
      "f(1)",
      ["1 true"],
    ],
    ["an empty fallback", "def f(a):\n    b = a or []\n    return a or [1]", "f([1])", ["2 evaluated!", "3 evaluated"]],
    ["an operand of an assertion", "def f(n):\n    assert n < 10 or print(n), 'too large'", "f(1)", ["2 evaluated"]],
    [
      "a side of a condition that only ends in the name for types",
      "TYPE_CHECKING = False\ndef f(n):\n    if n > 1000 or TYPE_CHECKING:\n        return 1\n    return n",
      "f(1)",
      ["3 true", "3 skipped!"],
    ],
    [
      "what runs where types are not checked",
      "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import os\nelse:\n    def f(n):\n        if n > 10: return 1\n        return n",
      "f(1)",
      ["6 true"],
    ],
    [
      "code behind the name for types that is more than imports",
      "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    print(1)\ndef f(n): return n",
      "f(1)",
      ["2 true"],
    ],
    [
      "a text with code at the beginning",
      "def f(n):\n    f'{print(n) if n > 10 else n}'\n    return n",
      "f(1)",
      ["2 true"],
    ],
    ["the side of an expression", "def f(n):\n    return int(n) if n > 10 else round(n)", "f(1)", ["2 true"]],
    ["a filter that takes all", "def f(all):\n    return [one for one in all if one < 10]", "f([1])", ["2 false"]],
    [
      "an error that is swallowed",
      "def f(g):\n    try:\n        return g()\n    except ValueError:\n        pass",
      "f(lambda: 1)",
      ["5 statement"],
    ],
    [
      "a case",
      "def f(n):\n    match n:\n        case 1:\n            return 1\n        case _:\n            return 2",
      "f(1)",
      ["6 statement"],
    ],
    [
      "the body of a loop",
      "def f(all):\n    for one in all:\n        print(one)\n    while all:\n        all.pop()",
      "f([])",
      ["3 statement", "4 true"],
    ],
    ["a text with quotes", "def f(n):\n    return f\"{'a' if n else 'b'}\"", "f(1)", ["2 false"]],
    ["an assertion's other side", "def f(n):\n    assert n and n > 0, 'small'\n    return n", "f(1)", []],
    [
      "a stub",
      "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nothing\nclass P:\n    def g(self) -> int: ...\ndef f(n): return n",
      "f(1)",
      [],
    ],
    [
      "an operand of a condition for a refusal",
      "def f(n):\n    if n < 0 or not (n > 1 and n < 9):\n        raise ValueError(n)\n    return n",
      "f(2)\ntry: f(10)\nexcept ValueError: pass",
      ["2 skipped!", "2 skipped!"],
    ],
    [
      "a method that the language calls",
      "class A:\n    def __hash__(self):\n        return 1\n    def size(self):\n        return 1\ndef f(): return A()",
      "f()",
      ["3 statement!", "5 statement"],
    ],
  ])("misses %s", async (_name, text, calls, missed) => {
    expect(await python(`${text}\n`, calls)).toEqual({ missed, stdout: "", stderr: "" });
  });
});

describe.skipIf(!has("go"))("coverage of a changed Go file", () => {
  it("misses sides, operands, cases and bodies that did not run, and the probed file compiles", {
    timeout: 200_000,
  }, async () => {
    const text = `package main // the program

import "errors"

type flag bool

func f(n int, on flag) (int, error) {
	if n > 1000 && n != 5 {
		return 0, errors.New("large")
	}
	switch {
	case n == 1:
		n++
	case n == 2:
		n--
	}
	for i := 0; i < n-5; i++ {
		n--
	}
	if on {
		n++
	} else if n == 7 {
		n = 8
	}
	if !(n < 90 && n > -1) {
		return 0, errors.New("far")
	}
	return n, nil
}

func main() {
	_, _ = f(1, true)
}
`;
    const ran = await missedBy(probeGo, {
      name: "main.go",
      text,
      more: { "go.mod": "module x\n\ngo 1.9\n" },
      command: ["go", "run", "."],
    });
    expect(ran).toEqual({
      missed: ["8 true!", "8 evaluated", "15 statement", "17 true", "20 false", "25 true!", "25 skipped!"],
      stdout: "",
      stderr: "",
    });
  });
});

it("puts its declarations after the package clause and its docstring", () => {
  expect(probed(probeGo, { name: "a.go", text: "package a // b\nfunc f() int { return 1 }\n" }).text).toMatch(
    /^package a; import seenos "os"; import seensync "sync" \/\/ b\n/,
  );
  expect(
    probed(probePython, { name: "a.py", text: '"""A."""\nfrom __future__ import annotations\nx = 1\n' }).text,
  ).toMatch(
    /^"""A\."""\nfrom __future__ import annotations\nseen = \{"__name__": __name__\}; __import__\("builtins"\)\.exec\(/,
  );
});
