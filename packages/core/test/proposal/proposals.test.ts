/** Proposed missions: bounded, once for each cause, and turned into missions only by a person; a mission from a proposal still needs approval. */
import { describe, expect, it } from "vitest";
import { statusSummary, totalsOf } from "../../src/mission/status-summary.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { entityById, initialState, type State } from "../../src/model/state.ts";
import { pendingWork } from "../../src/pending-work.ts";
import { openProposals } from "../../src/proposal/proposals.ts";
import {
  given,
  ids,
  life,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";

type Found = Extract<CommandBody, { kind: "RecordProposals" }>["found"][number];
const registered = stateAfter("registered", initialState);
const found = (letter: string, source: Found["source"] = "todo"): Found => ({
  proposal_id: `p-${letter.repeat(16)}` as Found["proposal_id"],
  source,
  key: `${source} ${letter}`,
  title: `do ${letter}`,
  text: "text",
});
const record = (list: readonly Found[], gone: readonly string[] = []): CommandBody => ({
  kind: "RecordProposals",
  repository: "repo",
  found: list,
  gone,
  per_day: 100,
});
const submission = life["submitted"];
if (submission?.kind !== "SubmitMission") throw new Error("the story submits its mission elsewhere");
const accept = (letter: string): CommandBody => ({
  kind: "AcceptProposal",
  proposal_id: found(letter).proposal_id,
  mission: submission,
});
const reject = (letter: string): CommandBody => ({ kind: "RejectProposal", proposal_id: found(letter).proposal_id });
const after = (...bodies: CommandBody[]): State => stateAfterCommands(registered, bodies);
const from = (...bodies: CommandBody[]) => given([], after(...bodies));
const asked = storyCommand;
const resume: CommandBody = { kind: "ResumeProposalSource", repository: "repo", source: "todo" };
const hoursAfter = (hours: number) => new Date(Date.parse(someInstant) + hours * 3_600_000).toISOString();
const openIds = (state: State) => openProposals(state).map(({ proposal }) => proposal.title);

describe("a proposal", () => {
  it("makes a proposal once for each cause, without work or a mission", () => {
    from()
      .when(asked(record([found("a"), found("a")])))
      .then("MissionProposed")
      .when(asked(record([found("a")])))
      .then();
    const state = after(record([found("a")]));
    expect(openIds(state)).toEqual(["do a"]);
    expect(state.missions).toEqual({});
    expect(pendingWork(state, someInstant)).toEqual(pendingWork(registered, someInstant));
  });

  it("keeps at most ten proposals open; others come when these are decided", () => {
    const letters = [..."abcdefghijkl"];
    const all = record(letters.map((letter) => found(letter)));
    const full = after(all);
    expect(openIds(full)).toHaveLength(10);
    expect(openIds(after(all, reject("a"), all))).toEqual([..."bcdefghijk"].map((letter) => `do ${letter}`));
  });

  it("makes no more than the configured number within 24 hours, and others after that", () => {
    const two = { ...record([..."abc"].map((letter) => found(letter))), per_day: 2 } as CommandBody;
    const before = after(two, two);
    expect(openIds(before)).toEqual(["do a", "do b"]);
    expect(openIds(stateAfterCommands(before, [two], hoursAfter(23)))).toHaveLength(2);
    expect(openIds(stateAfterCommands(before, [two], hoursAfter(24)))).toEqual(["do a", "do b", "do c"]);
  });

  it("makes none of a source with 3 of 20 accepted until a person resumes it; 4 of 20, or 19 in all, are enough", () => {
    const decided = (accepted: number, number = 20) => {
      const decisions = Array.from({ length: number }, (_, index) => index < accepted);
      return {
        ...registered,
        repositories: {
          repo: { ...entityById(registered.repositories, "repo"), proposal_decisions: { todo: decisions } },
        },
      } as State;
    };
    const next = record([found("a")]);
    const open = (state: State, ...bodies: CommandBody[]) => openIds(stateAfterCommands(state, bodies));
    expect(open(decided(3), next)).toEqual([]);
    expect(open(decided(3), record([found("a", "failing-check")]))).toEqual(["do a"]);
    expect([open(decided(4), next), open(decided(0, 19), next)]).toEqual([["do a"], ["do a"]]);
    expect(open(decided(3), resume, next)).toEqual(["do a"]);
    given([], decided(4)).when(asked(resume)).then();
    given([], decided(3))
      .when(asked({ ...resume, repository: "other" }))
      .thenRefused("unknown-repository");
    expect(statusSummary(decided(3), someInstant, totalsOf(registered).missions).paused_sources).toMatchObject([
      { repository: "repo", source: "todo", accepted: 3, decided: 20 },
    ]);
  });

  it("counts decisions of people, not ends of causes", () => {
    const state = after(record([found("a"), found("b"), found("c")]), reject("a"), record([], ["todo b"]));
    expect(state.repositories["repo"]?.proposal_decisions).toEqual({ todo: [false] });
    expect(stateAfterCommands(state, [accept("c")]).repositories["repo"]?.proposal_decisions).toEqual({
      todo: [false, true],
    });
  });

  it("ends a proposal with its cause, and can propose it again", () => {
    from(record([found("a")]))
      .when(asked(record([], ["todo a", "todo b"])))
      .then("ProposalEnded");
    expect(openIds(after(record([found("a")]), record([], ["todo a"])))).toEqual([]);
    expect(openIds(after(record([found("a")]), record([], ["todo a"]), record([found("a")])))).toEqual(["do a"]);
  });

  it("does not repeat a rejected proposal, even after its cause was gone, except a check that has passed since", () => {
    const again = (source: Found["source"]) =>
      after(
        record([found("a", source)]),
        reject("a"),
        record([found("a", source)]),
        record([], [`${source} a`]),
        record([found("a", source)]),
      );
    expect(openIds(after(record([found("a")]), reject("a"), record([found("a")])))).toEqual([]);
    expect(openIds(again("todo"))).toEqual([]);
    expect(openIds(again("failing-check"))).toEqual(["do a"]);
    from(record([found("a")]), reject("a"))
      .when(asked(reject("a")))
      .thenRefused("unknown-proposal");
  });

  it("turns an accepted proposal into that person's mission once, which waits for approval", () => {
    from(record([found("a")]))
      .when(asked(accept("a")))
      .then("MissionSubmitted", "ProposalAccepted");
    const state = after(record([found("a")]), accept("a"));
    expect(state.missions[ids.mission]).toMatchObject({ author: "operator", stage: "awaiting_approval", task_ids: [] });
    expect(openIds(state)).toEqual([]);
    given([], state)
      .when(asked(accept("a")))
      .thenRefused("unknown-proposal");
    // It is not proposed again while its cause exists.
    given([], state)
      .when(asked(record([found("a")])))
      .then();
  });

  it("keeps a proposal open if its mission is refused", () => {
    const state = after(record([found("a")]), submission);
    given([], state)
      .when(asked(accept("a")))
      .thenRefused("known-mission");
    expect(openIds(state)).toEqual(["do a"]);
  });

  it("keeps proposals through a new registration, and refuses them for an unknown repository", () => {
    const again = life["registered"];
    if (again === undefined) throw new Error("the story registers elsewhere");
    expect(openIds(after(record([found("a")]), again))).toEqual(["do a"]);
    from()
      .when(asked({ ...record([found("a")]), repository: "other" } as CommandBody))
      .thenRefused("unknown-repository");
  });

  it("keeps only the cause of a decided proposal, and not even that of the oldest", () => {
    const one = (number: number): Found => ({ ...found("a"), ...idOf(number) });
    const idOf = (number: number) => ({
      proposal_id: `p-${String(number).padStart(16, "0")}` as Found["proposal_id"],
      key: `todo ${number}`,
    });
    let state = registered;
    for (let number = 0; number < 1_010; number += 1) {
      const bodies: CommandBody[] = [resume, record([one(number)]), { ...reject("a"), ...idOf(number) } as CommandBody];
      state = stateAfterCommands(state, bodies, hoursAfter(number));
    }
    const kept = state.repositories["repo"]?.proposals ?? [];
    expect(kept).toHaveLength(1_000);
    expect(kept.at(-1)).toEqual({ ...idOf(1_009), source: "todo", status: "rejected" });
  });
});
