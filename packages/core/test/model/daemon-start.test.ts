/** The daemon's starts are recorded, and change nothing that anybody decides by. */
import { initialState } from "@aedev/core";
import { given, stateAfter, storyCommand } from "@aedev/core/testing";
import { expect, it } from "vitest";

it.each([true, false])("a start of the daemon is recorded with how the one before ended (death: %s)", (after_death) => {
  const before = stateAfter("started", initialState);
  const started = given([], before).when(storyCommand({ kind: "StartDaemon", after_death }));
  expect(started.events).toMatchObject([{ stream: "system", type: "DaemonStarted", data: { after_death } }]);
  expect(started.then("DaemonStarted").state).toEqual(before);
});
