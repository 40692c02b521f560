/** How often a cell runs whose two passes report different tests, and when a second pass is made. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandResult } from "@aedev/contracts";
import { expect, it } from "vitest";
import { type PairOfPasses, proven, untilSteady } from "../../../src/checks/matrix/run-cell.ts";

const result = (output: string): CommandResult => ({
  ...{ command: "npm test", exit_code: 0, timed_out: false, duration_ms: 5, output_tail: output, omitted_bytes: 0 },
  ...{ format: "tap", tests: [], sentinel: "failed-as-it-must", incomplete: null, runs: 1, exit_codes: [] },
});
/** One pair of passes with two commands; the output names the pair. */
const pair = (number: number, ...isUnsteady: boolean[]): PairOfPasses => ({
  commands: [result(`first ${number}`), result(`second ${number}`)],
  isUnsteady,
});

async function settled(first: PairOfPasses, ...others: PairOfPasses[]) {
  let pairs = 1;
  const commands = await untilSteady(first, async () => {
    pairs += 1;
    return others[pairs - 2] ?? pair(pairs, true, true);
  });
  return { pairs, outputs: commands.map(({ output_tail: output }) => output) };
}

it("a cell does not run again if its passes agree", async () => {
  expect(await settled(pair(1, false, false))).toEqual({ pairs: 1, outputs: ["first 1", "second 1"] });
});

it("a cell runs again until its passes agree; a command that agreed keeps its result", async () => {
  expect(await settled(pair(1, true, false), pair(2, false, true))).toEqual({
    pairs: 2,
    outputs: ["first 2", "second 1"],
  });
});

it("a cell runs three times if its passes never agree", async () => {
  expect(await settled(pair(1, true, true))).toEqual({ pairs: 3, outputs: ["first 3", "second 3"] });
});

it("a command that ran out of time gets no second pass, which would take as long, but any other command does", async () => {
  const work = mkdtempSync(join(tmpdir(), "aedev-cell-"));
  const checkContext = {
    ...{ work, limits: { output_tail_bytes: 10 } },
    plans: [{ command: "npm test", runner: { sentinel: {}, format: "tap" } }],
    outputsOf: () => Promise.reject(new Error("a second pass begins")),
  };
  const request = { entries: new Map(), kind: { newCode: false, mayBreak: false }, reached: [] };
  const proof = (timedOut: boolean) => {
    const ended = { exitCode: timedOut ? null : 0, timedOut, stopped: null, durationMs: 5 };
    const plain = [
      {
        result: { ...ended, output: "", omittedBytes: 0 },
        errors: "",
        record: null,
        report: { tests: [], problem: null },
      },
    ];
    const recorded = { entries: new Map(), commands: [] };
    return proven(checkContext as never, { request: { ...request, recorded }, plain } as never, {} as never);
  };
  expect(await proof(true)).toMatchObject([{ timed_out: true, incomplete: "it was stopped at its time limit" }]);
  await expect(proof(false)).rejects.toThrow("a second pass begins");
  rmSync(work, { recursive: true });
});
