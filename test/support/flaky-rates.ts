/**
 * Measures how often a change is asked about because of an unrelated flaky test: the runner's own repetition and core's own summary, with drawn results instead
 * of runs. A seed makes the figures the same each time.
 */
import type { CommandResult } from "@aedev/contracts";
import { summarizeChecks } from "@aedev/core";
import { type RanCell, type RunOnce, runAgain, settleBase } from "../../packages/runner/src/checks/matrix/run-again.ts";
import type { CheckContext } from "../../packages/runner/src/checks/pass/pass.ts";
import type { RunnerContext } from "../../packages/runner/src/engine/context.ts";

export interface Rates {
  /** The probability that the test fails in a pass. */
  readonly base: number;
  readonly after: number;
}

export interface Measured extends Rates {
  /** Share of changes that are asked about or held. */
  readonly asked: number;
  /** Average passes of one change beyond the two that every change has. */
  readonly more: number;
  /** Maximum number of passes over one tree. */
  readonly most: number;
}

export async function measureFlaky(
  rates: Rates,
  { changes, seed }: { changes: number; seed: number },
): Promise<Measured> {
  const chance = drawn(seed);
  let asked = 0;
  let more = 0;
  let most = 0;
  for (let change = 0; change < changes; change += 1) {
    const passes = { base: 0, after: 0 };
    const pass = (side: "base" | "after") => {
      passes[side] += 1;
      return result(chance() < rates[side]);
    };
    const runOnce: RunOnce = async (_checkContext, { name }) => {
      const side = sideOf(name);
      const plain = pass(side);
      return { claimed: [plain], prove: async () => [agreed(plain, pass(side))] };
    };
    const open = (name: "base" | "after"): RanCell => ({
      request: {
        name,
        ...{ entries: new Map(), kind: { newCode: name === "after", mayBreak: false }, reached: [] },
        recorded: { entries: new Map(), commands: [] },
      },
      cell: { ran: true, why_not: null, commands: [agreed(pass(name), pass(name))], cached: null },
    });
    const base = open("base");
    await settleBase(checkContext, base, context, runOnce);
    const candidate = open("after");
    await runAgain(checkContext, { base, candidates: [candidate] }, context, runOnce);
    const { status } = summarizeChecks({
      has_checks: true,
      own_control: null,
      cells: {
        "old-tests-old-code": base.cell,
        "old-tests-new-code": candidate.cell,
        "new-tests-old-code": base.cell,
        "new-tests-new-code": candidate.cell,
      },
    });
    if (status !== "green") asked += 1;
    more += passes.after - 2;
    most = Math.max(most, passes.base, passes.after);
  }
  return { ...rates, asked: asked / changes, more: more / changes, most };
}

const sideOf = (name: string) => (name === "base" ? "base" : "after");

const checkContext = { progress: () => undefined } as Partial<CheckContext> as CheckContext;
const context = {} as RunnerContext;

function result(fails: boolean): CommandResult {
  return {
    command: "npm test",
    exit_code: fails ? 1 : 0,
    timed_out: false,
    duration_ms: 50,
    output_tail: "",
    omitted_bytes: 0,
    format: "tap",
    tests: [
      { id: "steady", result: "pass" },
      { id: "lucky", result: fails ? "fail" : "pass" },
    ],
    sentinel: "failed-as-it-must",
    incomplete: null,
    runs: 1,
    exit_codes: [],
  };
}

/** Confirms the plain pass by the pass with sentinels. */
function agreed(plain: CommandResult, second: CommandResult): CommandResult {
  const tests = (plain.tests ?? []).map((test, index) =>
    second.tests?.[index]?.result === test.result ? test : { id: test.id, result: "flaky" as const, failed: 1 },
  );
  return { ...plain, tests, passes: 2 };
}

/** Mulberry32. */
function drawn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
