/** Commands in one folder of a repository (a workspace's package, a Go module, a member of a Cargo workspace) report single tests and can be trusted. */
import { type Provenness, provennessSchema, testMatrixSchema } from "@aedev/contracts";
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

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly settings: Record<string, unknown>;
  readonly isCompiled: boolean;
  readonly testId: string;
  readonly honest: Files;
  readonly wrong: Files;
}

const rust = (sign: string, note = "") => `${note}pub fn add(a: i32, b: i32) -> i32 {\n    a ${sign} b\n}\n`;
const cases: readonly Case[] = [
  {
    name: "vitest",
    files: {
      "package.json":
        '{ "name": "all", "private": true, "workspaces": ["packages/*"], "devDependencies": { "vitest": "4.0.15" } }\n',
      "packages/adder/package.json":
        '{ "name": "adder", "version": "1.0.0", "main": "src/add.js", "type": "module" }\n',
      "packages/adder/src/add.js": "export const add = (a, b) => a + b;\n",
      "packages/adder/src/add.test.js":
        "import { expect, it } from 'vitest';\nimport { add } from './add.js';\nit('adds', () => expect(add(1, 2)).toBe(3));\n",
    },
    settings: {
      prepare: "npm install --ignore-scripts --no-package-lock",
      outputs: ["node_modules", "packages/adder/node_modules"],
      verify: ["cd packages/adder && npx vitest run"],
      tests: ["packages/adder/**/*.test.*"],
    },
    isCompiled: false,
    testId: "src/add.test.js > vitest tests > src/add.test.js > adds",
    honest: { "packages/adder/src/add.js": "// Sums.\nexport const add = (a, b) => a + b;\n" },
    wrong: { "packages/adder/src/add.js": "export const add = (a, b) => a - b;\n" },
  },
  {
    name: "go",
    files: {
      "go.work": "go 1.18\n\nuse ./mods/adder\n",
      "mods/adder/go.mod": "module example.com/adder\n\ngo 1.18\n",
      "mods/adder/add.go": goAdder.code("+"),
      "mods/adder/add_test.go": goAdder.test,
    },
    settings: { verify: ["cd mods/adder && go test ./..."], tests: ["mods/adder/**/*_test.go"] },
    isCompiled: true,
    testId: "example.com/adder > TestAdd",
    honest: { "mods/adder/add.go": goAdder.code("+", "\n// Add sums.") },
    wrong: { "mods/adder/add.go": goAdder.code("-") },
  },
  {
    name: "cargo",
    files: {
      "Cargo.toml": '[workspace]\nmembers = ["crates/adder"]\nresolver = "2"\n',
      "Cargo.lock": 'version = 3\n\n[[package]]\nname = "adder"\nversion = "1.0.0"\n',
      "crates/adder/Cargo.toml": '[package]\nname = "adder"\nversion = "1.0.0"\nedition = "2021"\n',
      "crates/adder/src/lib.rs": rust("+"),
      "crates/adder/tests/add.rs": "#[test]\nfn adds() {\n    assert_eq!(adder::add(1, 2), 3);\n}\n",
    },
    settings: { verify: ["cd crates/adder && cargo test --offline --locked"], tests: ["crates/adder/tests/**"] },
    isCompiled: true,
    testId: "add tests/add.rs > adds",
    honest: { "crates/adder/src/lib.rs": rust("+", "// Sums.\n") },
    wrong: { "crates/adder/src/lib.rs": rust("-") },
  },
];

let laboratory: Laboratory;
let image: string;
beforeAll(async () => {
  laboratory = openLaboratory();
  image = await compiledImage();
}, 900_000);
afterAll(() => laboratory.close());

describe.each(cases)("$name", ({ name, files, settings, isCompiled, testId, honest, wrong }) => {
  it("gives trusted results of single tests, and fails by name on a wrong change", async () => {
    const base = laboratory.repository(name, files);
    const check = async (change: Files) => {
      const request = { name, base, change, settings: { ...settings, ...(isCompiled ? { image } : {}) } };
      const result = await laboratory.check(request);
      if (result.outcome !== "checked") throw new Error(`held: ${JSON.stringify(result)}`);
      const read = (entry: "test-matrix" | "provenness") =>
        JSON.parse(
          Buffer.from(laboratory.context.blobs.get(result.manifest.entries[entry]?.digest ?? "")).toString("utf8"),
        ) as unknown;
      const provenness: Provenness = provennessSchema.parse(read("provenness"));
      return { cells: testMatrixSchema.parse(read("test-matrix")).cells, provenness };
    };
    const kept = await check(honest);
    expectTrusted(kept, testId);
    expect(kept.provenness).toMatchObject({ proven: 1, unproven: [] });
    expectRed(await check(wrong), testId);
  });
});
