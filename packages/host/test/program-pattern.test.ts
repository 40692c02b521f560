import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { pytestPattern, simpleCommands } from "../src/program-pattern.ts";

describe("a command of the shell", () => {
  it.each([
    ["npx mocha test", ["npx mocha test"]],
    ["npm run build && npx mocha 'a && b|c;d'", ["npm run build", "npx mocha 'a && b|c;d'"]],
    ["go test ./... -skip '^(TestA|TestB)$'", ["go test ./... -skip '^(TestA|TestB)$'"]],
    ['FLAG="x y" npx jest', ['FLAG="x y" npx jest']],
  ])("reads a command as simple commands in order: %s", (command, expected) => {
    expect(simpleCommands(command)).toEqual(expected);
  });

  it.each([
    ["a pipe", "npx mocha | cat"],
    ["a list", "npx mocha; true"],
    ["something in the background", "npx mocha & true"],
    ["a file", "npx mocha > out"],
    ["an expansion", "npx mocha $(cat list)"],
    ["an old expansion", "npx mocha `cat list`"],
    ["two lines", "npx mocha\nrm -rf x"],
    ["a line in quotes", "npx mocha 'a\nb'"],
    ["quotes that comments hide", "echo one # it's\ntouch x # it's"],
    ["quotes in other quotes", `npx mocha "it's" | cat "it's"`],
    ["a quote that is none", String.raw`npx mocha it\'s | cat it\'s`],
    ["quotes around an operator", "echo 'a && b' ; npx jest '&& npx mocha c'"],
    ["nothing", ""],
    ["nothing after another", "npx mocha &&"],
  ])("does not read a command as simple with %s", (_title, command) => {
    expect(simpleCommands(command)).toBeNull();
  });

  it("divides a command as a shell does", () => {
    const command = "printf '%s,' 'a && b' && printf '%s,' 'c|d'";
    const parts = simpleCommands(command) ?? [];
    const printed = (text: string) => execFileSync("sh", ["-c", text], { encoding: "utf8" });
    expect(parts.map(printed)).toEqual(["a && b,", "c|d,"]);
    expect(printed(command)).toBe("a && b,c|d,");
  });
});

it("recognizes pytest as a program and as a module", () => {
  for (const command of [
    "pytest",
    "npx pytest -q",
    ".venv/bin/python -m pytest tests",
    "py.test",
    "python3.11 -m pytest",
  ])
    expect(pytestPattern.test(command), command).toBe(true);
  for (const command of ["python -m pytestx", "mypytest", "python -m unittest"])
    expect(pytestPattern.test(command), command).toBe(false);
});
