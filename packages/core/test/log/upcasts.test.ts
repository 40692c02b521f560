/** What older versions wrote is read as the present shape, and nothing else is let in. */
import { describe, expect, it } from "vitest";
import { evolve, initialState, missionStatus, parseEvent, schemaNumberOf } from "../../src/index.ts";
import { blob, ids, life, someInstant } from "../../src/testing/index.ts";

const submitted = {
  mission_id: ids.mission,
  repository: "repo",
  title: "Close the hole",
  criteria: [{ id: "c1", text: "a test shows it closed" }],
  specification: blob("5"),
  author: "operator",
};

describe("an event of an older schema", () => {
  it("is read as the present shape: a mission of schema 1 asks nothing and waits for its approval", () => {
    const event = parseEvent("MissionSubmitted", 1, submitted);
    const state = evolve(initialState, {
      ...event,
      stream: `mission/${ids.mission}`,
      recorded_at: someInstant,
    } as never);
    const mission = state.missions[ids.mission];
    expect(mission).toMatchObject({ priority: "normal", after: [], stage: "awaiting_approval" });
    expect(mission === undefined ? null : missionStatus(mission, [])).toBe("awaiting_approval");
  });

  it("is read as the present shape: a repository of schema 1 was never tried", () => {
    const { kind: _kind, trial: _trial, ...data } = life["registered"] as never as Record<string, unknown>;
    expect(parseEvent("RepositoryConfigured", 1, data).data).toMatchObject({ trial: "untried" });
    expect(() => parseEvent("RepositoryConfigured", schemaNumberOf("RepositoryConfigured"), data)).toThrow();
  });

  it("is refused under a number that this version does not know", () => {
    for (const schema of [0, 3, 1.5, -1])
      expect(() => parseEvent("MissionSubmitted", schema, submitted)).toThrow(/schema/);
    expect(() => parseEvent("MissionCancelled", 2, { by: "operator" })).toThrow(/schema/);
    expect(parseEvent("MissionCancelled", 1, { by: "operator" }).type).toBe("MissionCancelled");
  });
});
