/** Judges are asked about a change only if nothing else could keep it from landing, because each of their calls costs money. */
import { canonicalJson, testMatrixSchema } from "@aedev/contracts";
import { afterEach, expect, it } from "vitest";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

let home: SignedHome | undefined;
afterEach(() => home?.close());

/** A matrix in which the base's test `adds` has this result on the new code. */
function matrixWith(result: "pass" | "fail", more: object) {
  const cell = (its: "pass" | "fail") => ({
    ...{ ran: true, why_not: null, cached: null },
    commands: [
      {
        ...{ command: "npm test", exit_code: its === "pass" ? 0 : 1, timed_out: false, duration_ms: 1 },
        ...{ output_tail: "", omitted_bytes: 0, format: "tap", sentinel: "failed-as-it-must", incomplete: null },
        ...{ tests: [{ id: "adds", result: its }], runs: 1 },
      },
    ],
  });
  const cells = {
    "old-tests-old-code": cell("pass"),
    "old-tests-new-code": cell(result),
    "new-tests-old-code": cell("pass"),
    "new-tests-new-code": cell(result),
  };
  return testMatrixSchema.parse({ has_checks: true, own_control: null, cells, ...more });
}

/** The change after control sealed it, and the gate's decision on it. */
async function sealedWith(result: "pass" | "fail", more: object = {}) {
  home = await openSignedHome(undefined, undefined, (blobs) => ({
    "test-matrix": blobs.put(canonicalJson(matrixWith(result, more)), "application/json"),
  }));
  return home;
}

it("no judge is asked about a change with red checks, and the checks decide", async () => {
  const { seal, task, decide } = await sealedWith("fail");
  await expect(seal()).rejects.toThrow("out of date");
  expect(task()).toMatchObject({
    status: "judged",
    evidence: { checks_status: "red", judgeable: false },
    verdicts: [],
  });
  await decide();
  expect(task().hold).toMatchObject({ code: "HOLD-CHECKS-FAILED", detail: "newly failing: adds" });
});

it("judges are asked about the same change with green checks", async () => {
  const { seal, task } = await sealedWith("pass");
  await seal();
  expect(task()).toMatchObject({ status: "judged", evidence: { checks_status: "green", judgeable: true } });
  expect(task().verdicts.map(({ family }) => family)).toEqual(["openai", "gemini"]);
});

it("checks that tried nothing on the code are refused if the change can change what runs", async () => {
  const { seal } = await sealedWith("pass", { is_inert: true });
  await expect(seal()).rejects.toThrow("tried nothing on a change that can change what runs");
});
