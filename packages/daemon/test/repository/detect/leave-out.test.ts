import type { CommandResult } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { leaveOutFailing } from "../../../src/repository/detect/leave-out.ts";

const result = (command: string, failing: readonly string[], passing = 100): CommandResult => ({
  command,
  exit_code: failing.length > 0 ? 1 : 0,
  timed_out: false,
  duration_ms: 12,
  output_tail: "",
  omitted_bytes: 0,
  format: "junit",
  tests: [
    ...failing.map((id) => ({ id, result: "fail" as const })),
    ...Array.from({ length: passing }, (_, at) => ({ id: `p${at}`, result: "pass" as const })),
  ],
  sentinel: "failed-as-it-must",
  incomplete: null,
  runs: 1,
  exit_codes: [],
});
const commandsOf = (command: string, ...failing: string[]) =>
  leaveOutFailing([result(command, failing)])?.verify ?? null;

describe("tests that fail on the base", () => {
  it.each([
    [
      "pytest, in a class and with parameters",
      "PYTHONPATH=src .venv/bin/python -m pytest",
      [
        "tests/test_a.py > pytest tests > pytest > tests.test_a.TestPipe > test_wrapped",
        "tests/test_a.py > pytest > tests.test_a > test_size[1-x]",
        "tests/test_a.py > pytest > tests.test_a > test_text[a 'b' $(c)]",
      ],
      "PYTHONPATH=src .venv/bin/python -m pytest --deselect=tests/test_a.py::TestPipe::test_wrapped --deselect='tests/test_a.py::test_size[1-x]' --deselect=tests/test_a.py::test_text",
    ],
    [
      "Go, with a subtest",
      "GOPROXY=off go test ./...",
      ["example.com/a > TestNet", "example.com/a > TestDisk/full", "example.com/a > TestDisk"],
      "GOPROXY=off go test ./... -skip '^(TestNet|TestDisk)$'",
    ],
    [
      "vitest",
      "npx vitest run",
      ["a.test.ts > vitest tests > a.test.ts > adds > 1 + 1 (twice)"],
      "npx vitest run -t '^(?!adds 1 [+] 1 [(]twice[)]$)'",
    ],
    [
      "jest",
      "TZ=UTC npx jest",
      ["a.test.js > adds > one", "a.test.js > two"],
      "TZ=UTC npx jest -t '^(?!(adds one|two)$)'",
    ],
    [
      "mocha",
      "npx mocha 'test/**/*.js'",
      ["/x/a.js > Mocha Tests > adds > one"],
      "npx mocha 'test/**/*.js' --invert --grep '^adds one$'",
    ],
  ])("failing tests are left out by %s", (_title, command, failing, expected) => {
    expect(commandsOf(command, ...failing)).toEqual([expected]);
  });

  const sized = (count: number) =>
    Array.from({ length: count }, (_, at) => `tests/test_a.py > pytest > tests.test_a > test_size[${at}-x]`);
  it("a failing test counts once with all its parameters, and is left out as a whole if these are many", () => {
    const all = [...sized(24), "tests/test_a.py > pytest > tests.test_a > test_other"];
    expect(leaveOutFailing([result("pytest", all, 1000)])).toEqual({
      verify: ["pytest --deselect='tests/test_a.py::test_size[' --deselect=tests/test_a.py::test_other"],
      tests: all,
    });
    const longer = result("pytest", sized(24), 1000);
    const other = { id: "tests/test_a.py > pytest > tests.test_a > test_size_of_all", result: "pass" as const };
    expect(leaveOutFailing([{ ...longer, tests: [...(longer.tests ?? []), other] }])?.tests).toEqual(sized(24));
    expect(leaveOutFailing([result("pytest", sized(24), 400)])).toBeNull();
    const titled = Array.from({ length: 11 }, (_, at) => `a.test.ts > parses [${at}]`);
    expect(leaveOutFailing([result("npx vitest run", titled, 1000)])).toBeNull();
    expect(leaveOutFailing([result("npx vitest run", titled.slice(1), 1000)])?.tests).toEqual(titled.slice(1));
    const either = [...sized(1), "tests/test_a.py > pytest > tests.test_a > test_size[a b]"];
    expect(leaveOutFailing([result("pytest", either)])?.verify).toEqual([
      "pytest --deselect=tests/test_a.py::test_size",
    ]);
    expect(leaveOutFailing([result("pytest", sized(2), 1000)])?.verify).toEqual([
      "pytest --deselect='tests/test_a.py::test_size[0-x]' --deselect='tests/test_a.py::test_size[1-x]'",
    ]);
  });

  it("failing tests are left out only of the command that runs them", () => {
    const second = result("go test ./...", ["m > TestNet"]);
    expect(leaveOutFailing([result("npx vitest run", []), second])).toEqual({
      verify: ["npx vitest run", "go test ./... -skip '^TestNet$'"],
      tests: ["m > TestNet"],
    });
  });

  it("failing tests are named with everything that the same option leaves out", () => {
    const many = (passing: number) => ({
      ...result("go test ./...", ["m > TestNet/b"], passing),
      tests: [
        { id: "m > TestNet", result: "fail" as const },
        { id: "m > TestNet/a", result: "pass" as const },
        { id: "m > TestNet/b", result: "fail" as const },
        { id: "other > TestNet", result: "pass" as const },
        ...Array.from({ length: passing }, (_, at) => ({ id: `m > TestOf${at}`, result: "pass" as const })),
      ],
    });
    expect(leaveOutFailing([many(100)])).toEqual({
      verify: ["go test ./... -skip '^TestNet$'"],
      tests: ["m > TestNet", "m > TestNet/a", "m > TestNet/b", "other > TestNet"],
    });
    expect(leaveOutFailing([many(60)])).toBeNull();
    const rows = (name: string) => ({
      ...result("python3 -m pytest", [`tests/test_a.py > pytest > tests.test_a > ${name}`], 500),
      tests: [
        { id: `tests/test_a.py > pytest > tests.test_a > ${name}`, result: "fail" as const },
        ...Array.from({ length: 500 }, (_, at) => ({
          id: `tests/test_a.py > pytest > tests.test_a > test_size[${at}]`,
          result: "pass" as const,
        })),
      ],
    });
    const longer = {
      ...rows("test_size_of"),
      tests: [
        ...rows("test_size_of").tests,
        { id: "tests/test_a.py > pytest > tests.test_a > test_size_of_all", result: "pass" as const },
      ],
    };
    expect(leaveOutFailing([longer])?.tests).toEqual([
      "tests/test_a.py > pytest > tests.test_a > test_size_of",
      "tests/test_a.py > pytest > tests.test_a > test_size_of_all",
    ]);
    const cases = result("npx jest", ["a.test.js > get"]);
    expect(
      leaveOutFailing([{ ...cases, tests: [...(cases.tests ?? []), { id: "b.test.js > GET", result: "pass" }] }])
        ?.tests,
    ).toEqual(["a.test.js > get", "b.test.js > GET"]);
    expect(leaveOutFailing([rows("test_size[a-b]")])?.tests).toHaveLength(1);
    expect(leaveOutFailing([rows("test_size[a b]")])).toBeNull();
  });

  it.each([
    ["there are none", result("go test ./...", [])],
    [
      "they are many",
      result(
        "go test ./...",
        Array.from({ length: 11 }, (_, at) => `m > Test${at}`),
        1000,
      ),
    ],
    ["they are a large share", result("go test ./...", ["m > TestA", "m > TestB"], 20)],
    ["the command failed in another way too", { ...result("go test ./...", ["m > TestA"]), incomplete: "no report" }],
    ["it took too long", { ...result("go test ./...", ["m > TestA"]), timed_out: true }],
    ["a command without failing tests is red", { ...result("go test ./...", []), exit_code: 1 }],
    ["the runner has no option for it", result("npx tape test/*.js", ["a > b"])],
    ["the command has an option of the kind", result("go test -run X ./...", ["m > TestA"])],
    ["the command is more than one", result("go vet ./... && go test ./...", ["m > TestA"])],
    ["the command writes to a file", result("go test ./... > out.txt", ["m > TestA"])],
    ["vitest has an option of the kind", result("npx vitest run -t adds", ["a.test.ts > a"])],
    ["jest has an option of the kind", result("npx jest --testNamePattern=adds", ["a.test.ts > a"])],
    ["mocha has an option of the kind", result("npx mocha -g adds", ["a.js > a > b"])],
    ["a name has a quote of another kind", result("npx vitest run", ['a.test.ts > "a"'])],
    ["a name has a backslash", result("npx vitest run", ["a.test.ts > a\\b"])],
    ["a name has a variable", result("npx vitest run", ["a.test.ts > $a"])],
    ["a test has no name", result("npx vitest run", ["a.test.ts"])],
    ["a name can't stand in a pattern", result("npx vitest run", ["a.test.ts > it's `so`"])],
    ["a name has what divides commands", result("npx vitest run", ["a.test.ts > handles a && b"])],
    [
      "a name is not a test of that file",
      result("python3 -m pytest", ["tests/test_a.py > pytest > other.module > test_b"]),
    ],
  ])("failing tests are not left out if %s", (_title, one) => {
    expect(leaveOutFailing([one])).toBeNull();
  });
});
