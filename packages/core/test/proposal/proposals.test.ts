/** Proposed missions: bounded, once for each cause, and missions only by a person's word; what is accepted still needs its approval. */
import { describe, expect, it } from "vitest";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
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
const openIds = (state: State) => openProposals(state).map(({ proposal }) => proposal.title);

describe("a proposal", () => {
  it("is made once for each cause, and causes no work and no mission", () => {
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

  it("is one of ten that are open; the others come when these are decided", () => {
    const letters = [..."abcdefghijkl"];
    const all = record(letters.map((letter) => found(letter)));
    const full = after(all);
    expect(openIds(full)).toHaveLength(10);
    expect(openIds(after(all, reject("a"), all))).toEqual([..."bcdefghijk"].map((letter) => `do ${letter}`));
  });

  it("ends with its cause, and can come again", () => {
    from(record([found("a")]))
      .when(asked(record([], ["todo a", "todo b"])))
      .then("ProposalEnded");
    expect(openIds(after(record([found("a")]), record([], ["todo a"])))).toEqual([]);
    expect(openIds(after(record([found("a")]), record([], ["todo a"]), record([found("a")])))).toEqual(["do a"]);
  });

  it("that a person rejects does not come back, also after its cause was gone; a check does once it has passed", () => {
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

  it("that a person accepts is a mission of that person, which waits for its approval; it is accepted once", () => {
    from(record([found("a")]))
      .when(asked(accept("a")))
      .then("MissionSubmitted", "ProposalAccepted");
    const state = after(record([found("a")]), accept("a"));
    expect(state.missions[ids.mission]).toMatchObject({ author: "operator", stage: "awaiting_approval", task_ids: [] });
    expect(openIds(state)).toEqual([]);
    given([], state)
      .when(asked(accept("a")))
      .thenRefused("unknown-proposal");
    // While its cause is there it is not proposed again.
    given([], state)
      .when(asked(record([found("a")])))
      .then();
  });

  it("whose mission is refused stays open", () => {
    const state = after(record([found("a")]), submission);
    given([], state)
      .when(asked(accept("a")))
      .thenRefused("known-mission");
    expect(openIds(state)).toEqual(["do a"]);
  });

  it("survives a new registration, and is of no unknown repository", () => {
    const again = life["registered"];
    if (again === undefined) throw new Error("the story registers elsewhere");
    expect(openIds(after(record([found("a")]), again))).toEqual(["do a"]);
    from()
      .when(asked({ ...record([found("a")]), repository: "other" } as CommandBody))
      .thenRefused("unknown-repository");
  });

  it("leaves only its cause behind when it is decided, and of the oldest not even that", () => {
    const one = (number: number): Found => ({ ...found("a"), ...idOf(number) });
    const idOf = (number: number) => ({
      proposal_id: `p-${String(number).padStart(16, "0")}` as Found["proposal_id"],
      key: `todo ${number}`,
    });
    let state = registered;
    for (let number = 0; number < 1_010; number += 1)
      state = stateAfterCommands(state, [
        record([one(number)]),
        { kind: "RejectProposal", proposal_id: idOf(number).proposal_id },
      ]);
    const kept = state.repositories["repo"]?.proposals ?? [];
    expect(kept).toHaveLength(1_000);
    expect(kept.at(-1)).toEqual({ ...idOf(1_009), source: "todo", status: "rejected" });
  });
});
