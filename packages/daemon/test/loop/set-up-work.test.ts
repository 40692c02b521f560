/** A set-up run is never done twice: whatever happens to planes and processes, it ends with one command that says how. */
import { Fault, noUsage } from "@aedev/contracts";
import { type CommandBody, initialState, type State } from "@aedev/core";
import { setUpRequest, setUpWork, stateAfter, stateAfterCommands } from "@aedev/core/testing";
import { expect, it, vi } from "vitest";
import { setUpRepository } from "../../src/loop/set-up-work.ts";
import { PlaneEnded } from "../../src/planes/plane.ts";

const { run_id } = setUpRequest;
const after = (state: State, body: CommandBody): State => stateAfterCommands(state, [body]);
const asked = after(stateAfter("initialized", initialState), setUpRequest);
const ended = new PlaneEnded("the execution plane ended", { duringWork: true });
const order = { base_commit: "0".repeat(40) };

/** `now`: the state once the order is prepared. `performed`: what the plane then does. */
function done(
  state: State,
  {
    prepared = () => Promise.resolve(order),
    now = state,
    performed = new Error("no plane was expected"),
  }: {
    prepared?: () => Promise<typeof order>;
    now?: State;
    performed?: Error;
  } = {},
) {
  return setUpRepository(setUpWork, {
    state,
    control: { log: { state: now, keepsWhole: () => true } } as never,
    planes: { perform: () => Promise.reject(performed) } as never,
    serialized: prepared as never,
  });
}

it("a set-up run that another process began is interrupted, without a second run", async () => {
  const restarted = after(asked, { kind: "StartPlane", plane: "execution" });
  const prepared = vi.fn(() => Promise.resolve(order));
  expect(await done(restarted, { prepared })).toMatchObject({
    ...{ kind: "EndSetUpRun", run_id, usage: null, result: { outcome: "interrupted" } },
  });
  expect(prepared).not.toHaveBeenCalled();
});

it("a set-up run that is cancelled during preparation sends no order and spends nothing", async () => {
  const cancelled = after(asked, { kind: "CancelSetUpRun", run_id });
  const stopped = { usage: noUsage, result: { outcome: "failed", code: "stopped", detail: null } };
  expect(await done(asked, { now: cancelled })).toMatchObject(stopped);
  expect(await done(asked, { performed: ended })).toMatchObject({ usage: null });
});

it("a set-up run's end names the base of its order, none if that could not be prepared, and what it spent", async () => {
  const sent = await done(asked, { performed: ended });
  expect(sent).toMatchObject({ base_commit: order.base_commit, usage: null, result: { outcome: "interrupted" } });
  const fault = new Fault("HOLD-FETCH-FAILED", "the remote is gone");
  expect(await done(asked, { prepared: () => Promise.reject(fault) })).toMatchObject({
    ...{ base_commit: null, usage: noUsage },
    result: { outcome: "failed", code: "HOLD-FETCH-FAILED", detail: "the remote is gone" },
  });
});

it("a set-up run that has ended has nothing more to record", async () => {
  const ended = after(asked, {
    ...{ kind: "EndSetUpRun", run_id: run_id as never, base_commit: null, usage: null, journal: null },
    result: { outcome: "interrupted" },
  });
  expect(await done(ended)).toBeNull();
});
