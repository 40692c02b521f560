/** What a person may do with a mission when the names come from outside. */
import { describe, expect, it } from "vitest";
import { initialState, missionDocument } from "../../src/index.ts";
import { given, life, stateAfter, storyCommand } from "../../src/testing/index.ts";

describe("a name that every record inherits", () => {
  const registered = given([], stateAfter("registered", initialState));

  it("is no repository and no mission; a registered one is", () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      registered
        .when(storyCommand({ ...life["submitted"], repository: name } as never))
        .thenRefused("unknown-repository");
      registered
        .when(storyCommand({ kind: "RejectMission", mission_id: name, reason: null }))
        .thenRefused("unknown-mission");
      registered.when(storyCommand({ kind: "CancelTask", task_id: name })).thenRefused("unknown-task");
      expect(missionDocument(registered.state, name)).toBeUndefined();
    }
    registered.when(storyCommand({ ...life["submitted"] } as never)).then("MissionSubmitted");
  });
});
