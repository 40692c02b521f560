/** A set-up run's life: requested by a person, one at a time, performed once, counted against the day, and then forgotten. */
import { noUsage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  evolve,
  grantAsked,
  initialState,
  openSetUpRun,
  pendingWork,
  type State,
  tokensReservedByAsked,
} from "../../src/index.ts";
import { given, setUpRequest, someInstant, stateAfter, storyCommand } from "../../src/testing/index.ts";
import { stubLimits } from "../task/stub-limits.ts";

const { run_id } = setUpRequest;
const request: CommandBody = setUpRequest;
const used = { ...noUsage, input_tokens: 300, requests: 1 };
const end = (change: object = {}): CommandBody => ({
  kind: "EndSetUpRun",
  run_id,
  base_commit: null,
  usage: used,
  journal: null,
  result: { outcome: "failed", code: "no-file", detail: null },
  ...change,
});
const cancel: CommandBody = { kind: "CancelSetUpRun", run_id };
const home = given([], stateAfter("initialized", initialState));
const asked = home.when(storyCommand(request)).then("SetUpRunRequested");
const ended = asked.when(storyCommand(end())).then("SetUpRunEnded");

describe("a set-up run", () => {
  it("requests and performs a set-up run once, for a repository that need not be registered", () => {
    expect(asked.state.repositories).toEqual({});
    asked.owes("SetUpRepository");
    expect(pendingWork(asked.state, someInstant)).toMatchObject([{ work_id: `SetUpRepository/${run_id}`, run_id }]);
    ended.owes();
    expect(openSetUpRun(ended.state)).toBeUndefined();
    ended.when(storyCommand(end())).thenRefused("not-found");
  });

  it("refuses a set-up run while another is under way, and without tokens", () => {
    const other = { ...request, run_id: "r-eeeeeeeeeeeeeeee" } as CommandBody;
    asked.when(storyCommand(other)).thenRefused("set-up-run-under-way");
    ended.when(storyCommand(other)).then("SetUpRunRequested");
    home.when(storyCommand({ ...request, tokens: 0 } as CommandBody)).thenRefused("no-tokens");
  });

  it("cancels a set-up run once, and still records its usage at its end", () => {
    const cancelled = asked.when(storyCommand(cancel)).then("SetUpRunCancelled");
    expect(openSetUpRun(cancelled.state)).toMatchObject({ cancelled: true });
    cancelled.when(storyCommand(cancel)).then();
    cancelled.when(storyCommand(end())).then("SetUpRunEnded");
    ended.when(storyCommand(cancel)).thenRefused("not-found");
  });

  it("drops a set-up run from the state when the next one is requested more than a day later", () => {
    const next = { ...request, run_id: "r-eeeeeeeeeeeeeeee" } as CommandBody;
    const [event] = ended.when(storyCommand(next)).events;
    if (event === undefined) throw new Error("nothing was asked for");
    const runs = (recorded_at: string) => evolve(ended.state, { ...event, recorded_at }).system.set_up_runs?.length;
    expect(runs(someInstant)).toBe(2);
    expect(runs(new Date(Date.parse(someInstant) + 86_400_001).toISOString())).toBe(1);
  });
});

describe("the tokens of set-up runs", () => {
  const limits = stubLimits({ tokens: { run: 500, mission: 9000, day: 5000 } });
  const grant = ({ state }: { state: State }) =>
    grantAsked(state, "tokens", { limits, dayUsed: 4400, asked: tokensReservedByAsked(state), wanted: 1000 });

  it("reserves the tokens of a set-up run while it runs", () => {
    expect([grant(home), grant(asked), grant(ended)]).toEqual([600, -400, 600]);
  });
});
