/** Debian's go test and cargo test in containers: trusted on an honest base, failing by name on a wrong change, and not fooled by code that prints a passing report. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  compiledImage,
  expectRed,
  expectTrusted,
  type Files,
  goAdder,
  type Laboratory,
  openLaboratory,
} from "./laboratory.ts";

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
      "add.go": goAdder.code("+"),
      "add_test.go": goAdder.test,
    },
    wrong: { "add.go": goAdder.code("-") },
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
  image = await compiledImage();
}, 900_000);
afterAll(() => laboratory.close());

describe.each(languages)("$name", ({ name, verify, tests, files, testId, wrong, forged }) => {
  const run = (base: string, change: Files) =>
    laboratory.matrix({ name, base, change, settings: { verify: [verify], tests: [...tests], image } });

  it("gives results of single tests, is red by name on a wrong change, and trusts no report of the code's own", async () => {
    const base = laboratory.repository(name, files);
    expectTrusted(await run(base, { "README.md": "An adder.\n" }), testId);
    expectRed(await run(base, wrong), testId);
    const cheat = (await run(base, forged)).cells["old-tests-new-code"].commands[0];
    expect(cheat).toBeDefined();
    expect(cheat?.incomplete).not.toBeNull();
  });
});
