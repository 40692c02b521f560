/** The budgets of mission and day when they bind: before a run starts, in the gateway's limit, and by name in the hold. */

import { Fault, type TaskId } from "@aedev/contracts";
import { ids } from "@aedev/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Control } from "../../src/control/control.ts";
import { performByPlane } from "../../src/loop/plane-work.ts";
import { prepareRun } from "../../src/work/prepare-run.ts";
import { waitsForTokens } from "../../src/work/token-grant.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

/** What the fixture's first run cost: counts and surcharge. */
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

function control(tokenLimits: Partial<Control["configuration"]["tokenLimits"]>): Control {
  const { configuration } = signed.control;
  return {
    ...signed.control,
    configuration: { ...configuration, tokenLimits: { ...configuration.tokenLimits, ...tokenLimits } },
  };
}
const keys = ["mission_tokens", "day_tokens"] as const;

describe("the tokens of a mission and of a day", () => {
  it.each(keys)("once used up start no run, and the hold names limits.%s", async (key) => {
    const refused = await prepareRun(ids.task, control({ [key]: spent })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Fault);
    expect(refused).toMatchObject({
      code: "HOLD-BUDGET",
      detail: `tokens (${spent} of ${spent}: limits.${key})`,
      hint: `raise limits.${key} in config.yaml`,
    });
    expect(await prepareRun(ids.task, control({ [key]: spent + 1 }))).toMatchObject({ kind: "StartRun" });
  });

  it("bound what the run's gateway is given, under the name of the narrowest", async () => {
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
    for (const limits of [{}, { mission_tokens: spent + 70 }, { day_tokens: spent + 60, mission_tokens: spent + 70 }])
      await expect(
        performByPlane(work, signed.state(), { control: control(limits), planes: planes as never }),
      ).rejects.toThrow("ordered");
    const { run_tokens } = signed.control.configuration.gatewayLimits;
    expect(orders).toMatchObject([
      { gateway: { run_tokens, token_budget: "limits.run_tokens" } },
      { gateway: { run_tokens: 70, token_budget: "limits.mission_tokens" } },
      { gateway: { run_tokens: 60, token_budget: "limits.day_tokens" } },
    ]);
  });

  it("make a new run wait while another run reserves them", () => {
    const { run_tokens } = signed.control.configuration.gatewayLimits;
    const waiting = { ...signed.task(), task_id: "t-bbbbbbbbbbbbbbbb" as TaskId, status: "planned" as const };
    expect(waitsForTokens(waiting, control({}))).toBeNull();
    expect(waitsForTokens(waiting, control({ day_tokens: spent + 2 * run_tokens }))).toBeNull();
    expect(waitsForTokens(waiting, control({ day_tokens: spent + 2 * run_tokens - 1 }))).toBeGreaterThan(Date.now());
  });
});
