/** Removing a repository: refused while it has open missions, and afterwards as if it had never existed. */
import { describe, expect, it } from "vitest";
import { decide } from "../../src/decide.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState } from "../../src/model/state.ts";
import { openPart } from "../../src/open-part/open-part.ts";
import { ids, life, stateAfter, stateAfterCommands, storyCommand } from "../../src/testing/index.ts";

const remove = (cancel_open: boolean): CommandBody => ({ kind: "RemoveRepository", repository: "repo", cancel_open });
const registered = life["registered"] as CommandBody;

describe("a repository", () => {
  it("removes a repository with an open mission only if the mission is cancelled with it", () => {
    for (const last of ["submitted", "approved", "started", "gated"] as const) {
      const open = stateAfter(last, initialState);
      expect(decide(storyCommand(remove(false)), open), last).toMatchObject({
        code: "missions-open",
        reason: `1 mission of repo is open: ${ids.mission}`,
      });
      const removed = stateAfterCommands(open, [remove(true)]);
      expect(removed.missions[ids.mission]?.stage, last).toBe("cancelled");
      expect(openPart(removed).repositories, last).toEqual({});
    }
  });

  it("removes a repository in which everything has ended, and then refuses missions, retries and a second removal", () => {
    const landed = stateAfter("landed", initialState);
    const removed = openPart(stateAfterCommands(landed, [remove(false)]));
    expect(removed.repositories).toEqual({});
    expect(removed.past.served).toEqual({});
    const after = (body: CommandBody) => decide(storyCommand(body), { ...removed, tasks: landed.tasks, missions: {} });
    expect(after(life["submitted"] as CommandBody)).toMatchObject({ code: "unknown-repository" });
    expect(after({ kind: "RetryTask", task_id: ids.task })).toMatchObject({ code: "unknown-repository" });
    expect(after(remove(true))).toMatchObject({ code: "unknown-repository" });
  });

  it("registers a removed repository again without anything of its former life", () => {
    const paused: CommandBody = { kind: "PauseRepository", repository: "repo" };
    const fresh = stateAfter("registered", initialState).repositories;
    const again = (between: readonly CommandBody[]) =>
      stateAfterCommands(stateAfter("registered", initialState), [paused, ...between, registered]).repositories;
    expect(again([remove(false)])).toEqual(fresh);
    expect(again([])).not.toEqual(fresh);
  });
});
