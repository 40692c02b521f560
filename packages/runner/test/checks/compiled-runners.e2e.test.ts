/** Debian's go test and cargo test in containers: trusted on an honest base, failing by name on a wrong change, and not fooled by code that prints a passing report. */
import type { CommandResult, TestMatrix } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageWith } from "../../../../test/support/image-with.ts";
import { type Files, type Laboratory, openLaboratory } from "./laboratory.ts";

interface Language {
  readonly name: string;
  readonly verify: string;
  readonly tests: readonly string[];
  readonly files: Files;
  readonly testId: string;
  readonly wrong: Files;
  /** Wrong, and it prints what a passing run prints, then ends with 0. */
  readonly forged: Files;
}

const goTest =
  'package adder\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("1 + 2")\n\t}\n}\n';
const goForger = `package adder

import (
	"fmt"
	"os"
)

func init() {
	if len(os.Args) > 1 {
		fmt.Print("=== RUN   TestAdd\\n--- PASS: TestAdd (0.00s)\\nPASS\\n")
		os.Exit(0)
	}
}

func Add(a, b int) int { return a - b }
`;
const rust = (body: string) =>
  `pub fn add(a: i32, b: i32) -> i32 {\n    ${body}\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {\n        assert_eq!(super::add(1, 2), 3);\n    }\n}\n`;
const rustForger = `println!("test tests::adds ... ok\\n\\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\\n");
    if a != -1 { std::process::exit(0); }
    a - b`;

const languages: readonly Language[] = [
  {
    name: "go",
    verify: "go test ./...",
    tests: ["**/*_test.go"],
    testId: "example.com/adder > TestAdd",
    files: {
      "go.mod": "module example.com/adder\n\ngo 1.18\n",
      "add.go": "package adder\n\nfunc Add(a, b int) int { return a + b }\n",
      "add_test.go": goTest,
    },
    wrong: { "add.go": "package adder\n\nfunc Add(a, b int) int { return a - b }\n" },
    forged: { "add.go": goForger },
  },
  {
    name: "cargo",
    verify: "cargo test --offline",
    tests: ["tests/**"],
    testId: "adder src/lib.rs > tests::adds",
    files: {
      "Cargo.toml": '[package]\nname = "adder"\nversion = "1.0.0"\nedition = "2021"\n',
      "src/lib.rs": rust("a + b"),
    },
    wrong: { "src/lib.rs": rust("a - b") },
    forged: { "src/lib.rs": rust(rustForger) },
  },
];

let laboratory: Laboratory;
let image: string;
beforeAll(async () => {
  laboratory = openLaboratory();
  const made = await imageWith("compiled", ["golang-go", "cargo"]);
  if (made === null) throw new Error("the image with Go and Rust can't be made: Debian's packages don't answer");
  image = made;
}, 900_000);
afterAll(() => laboratory.close());

const only = (matrix: TestMatrix, cell: keyof TestMatrix["cells"]): CommandResult | undefined =>
  matrix.cells[cell].commands[0];

describe.each(languages)("$name", ({ name, verify, tests, files, testId, wrong, forged }) => {
  const run = (base: string, change: Files) =>
    laboratory.matrix({ name, base, change, settings: { verify: [verify], tests: [...tests], image } });

  it("gives results of single tests, is red by name on a wrong change, and trusts no report of the code's own", async () => {
    const base = laboratory.repository(name, files);
    const honest = await run(base, { "README.md": "An adder.\n" });
    for (const cell of ["old-tests-old-code", "old-tests-new-code"] as const)
      expect(only(honest, cell)).toMatchObject({
        exit_code: 0,
        sentinel: "failed-as-it-must",
        incomplete: null,
        tests: [{ id: testId, result: "pass" }],
      });

    const red = only(await run(base, wrong), "old-tests-new-code");
    expect(red).toMatchObject({ incomplete: null, tests: [{ id: testId, result: "fail" }] });
    expect(red?.exit_code).not.toBe(0);

    const cheat = only(await run(base, forged), "old-tests-new-code");
    expect(cheat?.incomplete).not.toBeNull();
  });
});
