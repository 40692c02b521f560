/** A person is asked about a request whose text an earlier mission of the repository has, before it costs anything. */
import { describe, expect, it } from "vitest";
import { decide, initialState } from "../../src/index.ts";
import type { CommandBody, CommandOf } from "../../src/model/command.ts";
import type { State } from "../../src/model/state.ts";
import {
  blob,
  given,
  ids,
  life,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";
import { revertedAfter, revertIds } from "../task/reverts.ts";

const submitted = life["submitted"] as CommandOf<"SubmitMission">;
const first: CommandBody = { ...submitted, text_digest: "1".repeat(64) };
const second: CommandBody = { ...first, mission_id: "m-bbbbbbbbbbbbbbbb" };
const upTo = (step: keyof typeof life) => stateAfter(step, initialState, { submitted: first });
const when = (state: State, body: CommandBody) => given([], state).when(storyCommand(body));
const refusal = (state: State, body: CommandBody) => {
  const decision = decide(storyCommand(body), state);
  return decision.kind === "refused" ? decision : null;
};

describe("a mission with the text of another one", () => {
  it("refuses a mission with the text of an open or landed one, and names that one with its status", () => {
    const steps = {
      submitted: "awaiting_approval",
      approved: "approved",
      started: "running",
      landed: "landed",
    } as const;
    for (const [step, status] of Object.entries(steps)) {
      when(upTo(step), second).thenRefused("same-request");
      expect(refusal(upTo(step), second)?.same).toMatchObject({ mission_id: ids.mission, status });
    }
  });

  it("says where the change of an equal landed mission is and how to get it", () => {
    const landed = refusal(upTo("landed"), second);
    expect(landed?.same?.landed).toEqual({
      commit: "9".repeat(40),
      branch: "main",
      take_in: "git fetch /r main && git merge FETCH_HEAD",
    });
    expect(landed?.reason).toBe(
      `mission ${ids.mission} of ${someInstant} has the same text and is landed: commit 999999999999 on main; to get it: git fetch /r main && git merge FETCH_HEAD`,
    );
    expect(landed?.hint).toContain("aedev intake --again");
  });

  it("submits an equal mission if the person wants it again, without naming the earlier one", () => {
    when(upTo("landed"), { ...second, again: true } as CommandBody).then("MissionSubmitted");
    const event = when(upTo("landed"), { ...second, again: true } as CommandBody).events[0];
    expect(event?.data).toMatchObject({ text_digest: "1".repeat(64) });
    expect(event?.data).not.toHaveProperty("again");
  });

  it("submits a mission if its text differs, or if it is for another repository", () => {
    when(upTo("landed"), { ...second, text_digest: "2".repeat(64) } as CommandBody).then("MissionSubmitted");
    const other: CommandBody = { ...(life["registered"] as CommandOf<"ConfigureRepository">), name: "other" as never };
    const both = stateAfterCommands(upTo("landed"), [other]);
    when(both, { ...second, repository: "other" } as CommandBody).then("MissionSubmitted");
    when(both, second).thenRefused("same-request");
  });

  it("submits an equal mission after the earlier one was cancelled or rejected, or its change was rejected", () => {
    const cancel: CommandBody = { kind: "CancelMission", mission_id: ids.mission };
    const reject: CommandBody = { kind: "RejectMission", mission_id: ids.mission, reason: null };
    when(stateAfterCommands(upTo("submitted"), [cancel]), second).then("MissionSubmitted");
    when(stateAfterCommands(upTo("approved"), [cancel]), second).then("MissionSubmitted");
    when(stateAfterCommands(upTo("submitted"), [reject]), second).then("MissionSubmitted");
  });

  it("submits an equal mission once the earlier change was taken back, but not if a revert is only requested", () => {
    const asked = revertedAfter(0, upTo("landed"));
    when(asked, second).thenRefused("same-request");
    const task = { ...asked.tasks[revertIds.task], status: "landed", landed_commit: "7".repeat(40) } as never;
    when({ ...asked, tasks: { ...asked.tasks, [revertIds.task]: task } }, second).then("MissionSubmitted");
    const evidence = {
      kind: "commit",
      commit: "7".repeat(40),
      subject: "x",
      says_revert: true,
      lines: null,
      task_id: null,
    };
    const observed = { task_id: ids.task, commit: "9".repeat(40), outcome: "reverted", evidence };
    const seen = stateAfterCommands(upTo("landed"), [
      { kind: "RecordOutcomes", repository: "repo", outcomes: [observed] } as never,
    ]);
    when(seen, second).then("MissionSubmitted");
  });

  it("asks about an equal mission that comes in the same turn as the earlier one", () => {
    const empty = stateAfter("registered", initialState);
    const one = when(empty, first).then("MissionSubmitted");
    one.when(storyCommand(second)).thenRefused("same-request");
  });

  it("refuses an equal mission from a phone and from a proposal too, naming the earlier one", () => {
    const link = {
      kind: "MakePhoneLink",
      link_id: "l-aaaaaaaaaaaaaaaa",
      expires_at: "2026-02-01T00:00:00.000Z",
    } as const;
    const state = stateAfterCommands(upTo("approved"), [link]);
    const byLink = (mission: CommandBody) => ({ kind: "SubmitByLink", link_id: link.link_id, mission }) as CommandBody;
    when(state, byLink(second)).thenRefused("same-request");
    when(state, byLink({ ...second, again: true } as CommandBody)).then("MissionSubmitted");
  });

  it("refuses an equal mission from an issue, unless the same issue was labeled again after the first landed", () => {
    const origin = (issue: number) => ({
      github: {
        issue,
        url: "u",
        labeled_event: issue,
        labeled_at: someInstant,
        by: "anna",
        text_digest: "3".repeat(64),
      },
    });
    const fromIssue = (body: CommandBody, issue: number) => ({ ...body, origin: origin(issue) }) as CommandBody;
    const landed = stateAfter("landed", initialState, { submitted: fromIssue(first, 1) });
    when(landed, fromIssue(second, 2)).thenRefused("same-request");
    when(landed, second).thenRefused("same-request");
    when(landed, fromIssue(second, 1)).then("MissionSubmitted");
  });

  it("does not recognize an equal mission of an earlier version, which recorded no digest", () => {
    when(stateAfter("landed", initialState), { ...second, specification: blob("7") } as CommandBody).then(
      "MissionSubmitted",
    );
  });
});
