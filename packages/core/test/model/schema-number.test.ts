/** An event is read only under its type's present schema number. */
import { eventTypes } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { parseEvent, schemaNumberOf } from "../../src/index.ts";
import { gated, ids, life } from "../../src/testing/index.ts";

const { kind: _kind, ...registered } = life["registered"] as never as Record<string, unknown>;

describe("the schema number of a stored event", () => {
  it("uses schema 4 for a gate's decision, whose reasons became facts and whose score became log-odds, 2 for four types, and 1 for every other", () => {
    const second = ["EvidenceSealed", "MissionSubmitted", "RepositoryConfigured", "VerdictRecorded"];
    expect(eventTypes.filter((type) => schemaNumberOf(type) === 2).toSorted()).toEqual(second);
    expect(eventTypes.filter((type) => ![1, 2].includes(schemaNumberOf(type)))).toEqual(["GateDecided"]);
    expect(schemaNumberOf("GateDecided")).toBe(4);
    expect(schemaNumberOf("toString")).toBe(1);
  });

  it("accepts an event with the present schema number, and parses its data strictly", () => {
    expect(parseEvent("RepositoryConfigured", 2, registered).data).toMatchObject({ trial: registered["trial"] });
    expect(() => parseEvent("RepositoryConfigured", 2, { ...registered, trial: undefined })).toThrow();
    expect(parseEvent("MissionCancelled", 1, { by: "operator" }).type).toBe("MissionCancelled");
  });

  it("also reads a gate's decision of schema 2, whose reasons are sentences, and of schema 3, whose score is in points", () => {
    const { kind: _gated, decision } = gated("ask", { reasons: ["1 of 2 judges"] }) as never as Record<string, unknown>;
    expect(parseEvent("GateDecided", 2, decision).data).toEqual(decision);
    expect(parseEvent("GateDecided", 3, decision).data).toEqual(decision);
    for (const schema of [1, 5]) expect(() => parseEvent("GateDecided", schema, decision)).toThrow(/reads 4/);
  });

  it("refuses an event with an older or newer schema number, and names it", () => {
    expect(() => parseEvent("RepositoryConfigured", 1, registered)).toThrow(
      "event RepositoryConfigured has schema 1; this version reads 2: an unreleased version wrote it",
    );
    expect(() => parseEvent("RepositoryConfigured", 3, registered)).toThrow(/reads 2: a newer version wrote it/);
    expect(() => parseEvent("MissionCancelled", 2, { by: "operator" })).toThrow(/reads 1: a newer version/);
    for (const schema of [0, -1, 1.5, Number.NaN])
      expect(() => parseEvent("MissionApproved", schema, { mission_id: ids.mission })).toThrow(/has schema/);
  });
});
