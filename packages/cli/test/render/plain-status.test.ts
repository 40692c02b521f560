/** The status as a text message always fits. */
import type { HomeSignal } from "@aedev/contracts";
import { type StatusSummary, statusBoardSchema } from "@aedev/contracts/api";
import { initialState, type State, statusSummary, totalsOf } from "@aedev/core";
import { gated, given, ids, someInstant, stateAfter, storyCommand } from "@aedev/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainLengthMax, plainStatus } from "../../src/render/plain-status.ts";

const titles = fc.string({ unit: "binary", maxLength: 300 });
const hold = fc.record({
  hold_id: fc.constant(ids.hold),
  task_id: fc.constant(ids.task),
  mission_id: fc.constant(ids.mission),
  title: titles,
  code: fc.constant("HOLD-CLAUDE-AUTH-IN-DOCKER"),
  detail: titles,
  held_at: titles,
  resumes: fc.constant("never"),
  resumes_at: fc.constant(null),
  help: titles,
});
const waiting = fc.record({
  mission_id: fc.constant(ids.mission),
  task_id: fc.option(fc.constant(ids.task)),
  title: titles,
  status: fc.constantFrom("asked" as const, "awaiting_approval" as const),
  help: titles,
});

const summaryOf = (state: State) => statusSummary(state, someInstant, totalsOf(state).missions);

describe("the plain status", () => {
  it("never has more characters than two text messages", () => {
    const summaries = fc.record({
      waiting: fc.array(waiting, { maxLength: 30 }),
      holds: fc.array(hold, { maxLength: 30 }),
      repositories: fc.nat(),
      undelivered: fc.nat(),
    });
    const { missions } = summaryOf(initialState);
    fc.assert(
      fc.property(
        summaries,
        fc.constantFrom("running" as const, "down" as const),
        fc.nat(1e9),
        (summary, daemon, count) => {
          const counts = Object.fromEntries(
            Object.keys(missions).map((status) => [status, count]),
          ) as StatusSummary["missions"];
          const text = plainStatus({ ...summary, missions: counts }, daemon);
          expect(text.length).toBeLessThanOrEqual(plainLengthMax);
          expect(text.startsWith(`aedev ${daemon}`)).toBe(true);
        },
      ),
    );
  });

  it("names kinds of change that are asked about, and how those that merged turned out", () => {
    const merged_alone = { merged: 41, bad: 0, bad_from: 0, bad_to: 0.0705 };
    const closed_lanes = [{ repository: "shop", kind: "behaviour", merged: 20, bad: 6, over: "repository" } as const];
    const plain = plainStatus({ ...summaryOf(initialState), merged_alone, closed_lanes }, "running");
    expect(plain).toContain("41 merged by themselves in 30 days, 0 to 8 % bad (95 %)");
    expect(plain).toContain("ASKS about behaviour in shop");
    expect(plainStatus(summaryOf(initialState), "running")).not.toContain("merged");
  });

  it("lists in the plain status what waits for a person, and each hold", () => {
    const asked = given([], stateAfter("gemini", initialState))
      .when(storyCommand(gated("ask")))
      .then("GateDecided").state;
    expect(plainStatus(summaryOf(asked), "running")).toContain(`ASK ${ids.task}`);
    const held = given([], stateAfter("gemini", initialState))
      .when(storyCommand(gated("hold", { hold_code: "HOLD-CHECKS-FAILED" })))
      .then("GateDecided", "TaskHeld").state;
    expect(plainStatus(summaryOf(held), "down")).toContain(`HOLD-CHECKS-FAILED ${ids.task}`);
  });

  it("names in the plain status what is paused on its own, and counts the rest", () => {
    const statusOf = (...paused_repositories: NonNullable<StatusSummary["paused_repositories"]>) =>
      plainStatus({ ...summaryOf(initialState), paused_repositories }, "running");
    expect(statusOf()).not.toContain("PAUSED");
    expect(statusOf({ name: "shop", paused: "repository" })).toContain("PAUSED: shop");
    const two = statusOf({ name: "shop", paused: "landings" }, { name: "web", paused: "repository" });
    expect(two).toContain("LANDINGS PAUSED: shop and 1 more");
  });

  it("names signals before waiting decisions, critical ones first, and counts those without room", () => {
    const signal = (kind: HomeSignal["kind"], severity: HomeSignal["severity"] = "warning"): HomeSignal => ({
      ...{ kind, severity, task_id: null, since: null, count: 1 },
    });
    const waiting = Array.from({ length: 30 }, () => ({
      ...{ mission_id: ids.mission, task_id: ids.task, title: "t", status: "asked" as const, help: "h" },
    }));
    const statusOf = (...signals: HomeSignal[]) =>
      plainStatus({ ...summaryOf(initialState), waiting, signals }, "running");
    expect(statusOf()).not.toContain("SIGNAL");
    expect(statusOf(signal("containers-left"), signal("clock-jumped", "critical"))).toContain(
      "SIGNAL clock-jumped, containers-left: aedev status\n",
    );
    const all = statusBoardSchema.shape.signals.element.shape.kind.options.map((kind) => signal(kind));
    expect(statusOf(...all)).toContain("SIGNAL branch-red, disk-low, clock-behind, clock-jumped +8: aedev status\n");
    expect(statusOf(...all).length).toBeLessThanOrEqual(plainLengthMax);
  });

  it("counts undelivered pushes in the singular and the plural", () => {
    const summary = summaryOf(initialState);
    const statusOf = (undelivered: number) => plainStatus({ ...summary, undelivered }, "running");
    expect(statusOf(0)).not.toContain("push");
    expect(statusOf(1)).toContain("1 push not delivered");
    expect(statusOf(2)).toContain("2 pushes not delivered");
  });
});
