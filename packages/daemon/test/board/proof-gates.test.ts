/** What the board recommends by the table of proofs: nothing while a result is words, and never "go" for a proof that failed or has not run. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readProofGates } from "../../src/board/proof-gates.ts";

const folder = mkdtempSync(join(tmpdir(), "proofs-"));
afterAll(() => rmSync(folder, { recursive: true }));

function gatesOf(...proofs: object[]) {
  const file = join(folder, "proofs.yaml");
  writeFileSync(file, JSON.stringify([{ proofs }]));
  return readProofGates(file);
}
const passed = { what: "a", tests: ["a.test.ts"], result: "passed, 3" };

it.each([
  ["every proof passed", [passed], "go", null],
  ["a test failed", [passed, { ...passed, result: "failed, 1" }], "no-go", null],
  ["a proof has not run", [passed, { what: "b", tests: ["b.test.ts"] }], "no-go", null],
  ["a command has an empty result", [passed, { what: "b", result: "" }], "no-go", null],
  ["a command's result is words", [passed, { what: "b", result: "not run to its end" }], null, "in-words"],
  ["there is no proof", [], null, "no-proofs"],
])("if %s", (_what, proofs, recommendation, why) => {
  const gates = gatesOf(...proofs);
  expect(gates).toMatchObject({ recommendation, why });
  expect(gates.passed).toBeGreaterThanOrEqual(0);
});
