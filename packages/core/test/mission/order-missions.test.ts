/** A person's order of missions: what it takes, refuses and shows. */
import { describe, expect, it } from "vitest";
import { type CommandBody, decide, initialState, orderedMissions, type State } from "../../src/index.ts";
import { ids, stateAfter, stateAfterCommands, storyCommand } from "../../src/testing/index.ts";

const order = (state: State, missions: readonly string[]) =>
  decide(storyCommand({ kind: "OrderMissions", missions } satisfies CommandBody), state);

describe("an order of missions", () => {
  const waiting = stateAfter("approved", initialState);

  it("is recorded once, and shown until the mission starts", () => {
    const ordered = stateAfterCommands(waiting, [{ kind: "OrderMissions", missions: [ids.mission, ids.mission] }]);
    expect(orderedMissions(ordered)).toEqual([ids.mission]);
    expect(order(ordered, [ids.mission])).toEqual({ kind: "events", events: [] });
    expect(orderedMissions({ ...stateAfter("started", initialState), system: ordered.system })).toEqual([]);
    expect(orderedMissions(stateAfterCommands(ordered, [{ kind: "OrderMissions", missions: [] }]))).toEqual([]);
  });

  it("names no unknown mission and none that has started", () => {
    expect(order(waiting, ["m-nothing"])).toMatchObject({ kind: "refused", code: "unknown-mission" });
    expect(order(stateAfter("started", initialState), [ids.mission])).toMatchObject({
      kind: "refused",
      code: "not-awaiting",
    });
    expect(order(waiting, [ids.mission])).toMatchObject({ events: [{ type: "MissionsOrdered", stream: "system" }] });
  });
});
