/** Budgets when they bind: before a run starts, in the gateway's limits, before a judge is asked, and by name in the hold. */

import { Fault, type TaskId } from "@aedev/contracts";
import { ids } from "@aedev/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Control } from "../../src/control/control.ts";
import { performByPlane } from "../../src/loop/plane-work.ts";
import { requireRoomForJudge, waitsForRoom } from "../../src/work/budgets.ts";
import { prepareRun } from "../../src/work/prepare-run.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

/** The cost of the fixture's first run: counts and surcharge. */
const spent = 300;
const run = { run_id: "r-bbbbbbbbbbbbbbbb" };
let signed: SignedHome;

beforeAll(async () => {
  signed = await openSignedHome();
  await signed.seal();
  await signed.decide();
  await signed.submit({ kind: "RetryTask", task_id: ids.task });
});
afterAll(() => signed.close());

type Limits = ReturnType<Control["budgets"]>["limits"];
/** The home's control with other budgets. `prices`: none, or the shipped ones. */
function control(
  given: { [unit in keyof Limits]?: Partial<Limits[unit]> },
  prices = signed.control.budgets().prices,
): Control {
  const { limits } = signed.control.budgets();
  const all = {
    tokens: { ...limits.tokens, ...given.tokens },
    usd: { ...limits.usd, ...given.usd },
    minutes: { ...limits.minutes, ...given.minutes },
    runs: { ...limits.runs, ...given.runs },
  };
  return { ...signed.control, budgets: () => ({ limits: all, prices }) };
}
const scopes = ["mission", "repository_day", "day"] as const;
const refusal = (limited: Control) => prepareRun(ids.task, limited).catch((error: unknown) => error);

describe("a budget that is used up", () => {
  it.each(scopes)(
    "with a used-up budget of tokens no run starts, and the hold names limits.%s_tokens",
    async (scope) => {
      const refused = await refusal(control({ tokens: { [scope]: spent } }));
      expect(refused).toBeInstanceOf(Fault);
      expect(refused).toMatchObject({
        code: "HOLD-BUDGET",
        detail: `tokens (${spent} of ${spent}: limits.${scope}_tokens)`,
        hint: `aedev budget raise limits.${scope}_tokens AMOUNT`,
      });
      expect(await prepareRun(ids.task, control({ tokens: { [scope]: spent + 1 } }))).toMatchObject({
        kind: "StartRun",
      });
    },
  );

  it.each(scopes)("with a used-up budget of runs or minutes no run starts: limits.%s", async (scope) => {
    expect(await refusal(control({ runs: { [scope]: 1 } }))).toMatchObject({
      ...{ code: "HOLD-BUDGET", detail: `runs (1 of 1: limits.${scope}_runs)` },
    });
    // The log counts what others start meanwhile.
    const room = { left: { [scope]: 1 }, newest: [signed.control.log.state.tasks[ids.task]?.runs.at(-1)?.run_id] };
    expect(await refusal(control({ runs: { [scope]: 2 } }))).toMatchObject({ kind: "StartRun", room });
    expect(await refusal(control({ minutes: { [scope]: 0 } }))).toMatchObject({ code: "HOLD-BUDGET" });
    expect(await refusal(control({ minutes: { [scope]: 3_600_000 } }))).toMatchObject({ kind: "StartRun" });
  });

  it("a used-up daily budget holds until midnight, a mission's until a person acts", async () => {
    const midnight = new Date();
    midnight.setHours(24, 0, 0, 0);
    expect(await refusal(control({ tokens: { day: spent } }))).toMatchObject({ resumesAt: midnight.toISOString() });
    expect(await refusal(control({ tokens: { repository_day: 1 } }))).toMatchObject({
      resumesAt: midnight.toISOString(),
    });
    expect(await refusal(control({ tokens: { mission: spent } }))).toMatchObject({ resumesAt: undefined });
  });

  it("a dollar budget holds if the price of the coder's model, or of a model that was used, is unknown", async () => {
    expect(await refusal(control({ usd: { run: 1_000_000_000 } }, {}))).toMatchObject({
      ...{ code: "HOLD-BUDGET", detail: "usd (no price of claude-sonnet-4-6: limits.run_usd)" },
    });
    // An earlier version recorded the fixture's first run, without its model.
    expect(await refusal(control({ usd: { mission: 1_000_000_000 } }))).toMatchObject({
      ...{ code: "HOLD-BUDGET", detail: "usd (model not recorded: limits.mission_usd)" },
    });
    expect(await refusal(control({ usd: { run: 1_000_000_000 } }))).toMatchObject({ kind: "StartRun" });
  });

  it("with a used-up budget no judge is asked, and with room one is", () => {
    const judge =
      (limited: Control, model = "gpt-5.1") =>
      () =>
        requireRoomForJudge(signed.task(), model, limited);
    expect(judge(control({ tokens: { mission: spent } }))).toThrow(Fault);
    expect(judge(control({ tokens: { mission: spent + 1 } }))).not.toThrow();
    expect(judge(control({ usd: { run: 1 } }), "unheard-of")).toThrow(Fault);
    expect(judge(control({}), "unheard-of")).not.toThrow();
  });
});

describe("budgets with room", () => {
  it("a run's gateway is bounded by the narrowest budget with room, under its name", async () => {
    const begin = await prepareRun(ids.task, control({}));
    await signed.submit({ ...begin, ...run } as never);
    const orders: unknown[] = [];
    const planes = {
      perform: (_plane: string, order: unknown) => {
        orders.push(order);
        return Promise.reject(new Error("ordered"));
      },
    };
    const work = { kind: "RunCoder", plane: "execution", work_id: "w", task_id: ids.task, ...run } as const;
    for (const limits of [
      {},
      { tokens: { mission: spent + 70 }, usd: { run: 5_000_000_000 } },
      { tokens: { day: spent + 60, mission: spent + 70 }, minutes: { day: 60_000 } },
    ])
      await expect(
        performByPlane(work, signed.state(), { control: control(limits), planes: planes as never }),
      ).rejects.toThrow("ordered");
    const { run_tokens } = signed.control.configuration.gatewayLimits;
    expect(orders).toMatchObject([
      { gateway: { run_tokens, token_budget: "limits.run_tokens" } },
      {
        gateway: {
          ...{ run_tokens: 70, token_budget: "limits.mission_tokens" },
          spend: {
            ...{ nano_usd: 5_000_000_000, budget: "limits.run_usd", resets_at: null },
            prices: { "claude-sonnet-4-6": { output: 15_000_000 }, "claude-haiku-4-5": { output: 5_000_000 } },
          },
        },
      },
      {
        gateway: { run_tokens: 60, token_budget: "limits.day_tokens", token_resets_at: expect.any(String) },
        limits: { run_timeout_ms: expect.any(Number) },
      },
    ]);
  });

  it("a new run waits while another run reserves the rest of a budget", () => {
    const { run_tokens } = signed.control.configuration.gatewayLimits;
    const waiting = { ...signed.task(), task_id: "t-bbbbbbbbbbbbbbbb" as TaskId, status: "planned" as const };
    const waits = (day: number) => waitsForRoom(waiting, control({ tokens: { day } }));
    expect(waitsForRoom(waiting, control({}))).toBeNull();
    expect(waits(spent + 2 * run_tokens)).toBeNull();
    expect(waits(spent + 2 * run_tokens - 1)).toBeGreaterThan(Date.now());
    expect(waitsForRoom(waiting, control({ usd: { day: 1_000_000_000 } }))).toBeGreaterThan(Date.now());
  });
});
