/** What people sort missions by: a change counts once, also after the mission has started, and decides which mission starts first. */
import { describe, expect, it } from "vitest";
import { type CommandBody, initialState, missionDocument } from "../../src/index.ts";
import { given, ids, life, stateAfter, storyCommand } from "../../src/testing/index.ts";

const update = (change: object) =>
  storyCommand({ kind: "UpdateMission", mission_id: ids.mission, ...change } as CommandBody);

describe("a mission's priority and labels", () => {
  it("are those of its submission until a person changes one of them, and each change counts once", () => {
    const labelled = { ...life["submitted"], labels: ["billing"] } as CommandBody;
    const before = given([], stateAfter("registered", initialState))
      .when(storyCommand(labelled))
      .then("MissionSubmitted");
    expect(missionDocument(before.state, ids.mission)).toMatchObject({ priority: "normal", labels: ["billing"] });
    before.when(update({ priority: "normal", labels: ["billing"] })).then();
    const urgent = before.when(update({ priority: "urgent" })).then("MissionUpdated");
    expect(missionDocument(urgent.state, ids.mission)).toMatchObject({ priority: "urgent", labels: ["billing"] });
    const bare = urgent.when(update({ labels: [] })).then("MissionUpdated");
    expect(missionDocument(bare.state, ids.mission)).toMatchObject({ priority: "urgent", labels: [] });
    bare.when(update({ labels: [] })).then();
  });

  it("can be changed at any time, of missions that exist", () => {
    for (const step of ["submitted", "started", "landed"])
      given([], stateAfter(step, initialState))
        .when(update({ labels: ["bug"] }))
        .then("MissionUpdated");
    given([], stateAfter("registered", initialState))
      .when(update({ labels: ["bug"] }))
      .thenRefused("unknown-mission");
  });
});
