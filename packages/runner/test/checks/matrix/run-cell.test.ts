/** How often a cell is run whose two passes report different tests. */
import type { CommandResult } from "@aedev/contracts";
import { expect, it } from "vitest";
import { type PairOfPasses, untilSteady } from "../../../src/checks/matrix/run-cell.ts";

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

it("is not run again if its passes agree", async () => {
  expect(await settled(pair(1, false, false))).toEqual({ pairs: 1, outputs: ["first 1", "second 1"] });
});

it("is run again until they agree; a command that agreed keeps its result", async () => {
  expect(await settled(pair(1, true, false), pair(2, false, true))).toEqual({
    pairs: 2,
    outputs: ["first 2", "second 1"],
  });
});

it("is run three times if they never agree", async () => {
  expect(await settled(pair(1, true, true))).toEqual({ pairs: 3, outputs: ["first 3", "second 3"] });
});
