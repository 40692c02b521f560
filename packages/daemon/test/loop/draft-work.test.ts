/** A draft is never done twice: whatever happens to planes and processes, it ends with one command that says how. */
import { Fault, noUsage } from "@aedev/contracts";
import { type Command, type CommandBody, initialState, type State } from "@aedev/core";
import { ids, setUpRequest, stateAfter, stateAfterCommands } from "@aedev/core/testing";
import { afterEach, expect, it, vi } from "vitest";
import { draftMission } from "../../src/loop/draft-work.ts";
import { type Loop, startLoop } from "../../src/loop/loop.ts";
import { PlaneEnded } from "../../src/planes/plane.ts";

const run_id = "r-dddddddddddddddd";
const work = {
  kind: "DraftMission",
  work_id: `DraftMission/${run_id}`,
  task_id: null,
  plane: "execution",
  mission_id: ids.mission,
  run_id,
} as const;
const after = (state: State, body: CommandBody): State => stateAfterCommands(state, [body]);
const asked = after(stateAfter("submitted", initialState), {
  ...{ kind: "RequestDraft", mission_id: ids.mission, run_id, tokens: 1000 },
});

let loop: Loop | undefined;
afterEach(() => {
  loop?.stop();
  vi.useRealTimers();
});

/** `prepared`: what happens before the plane gets the order. `performed`: what the plane then does. `now`: the state once the order is prepared. */
function done(
  state: State,
  prepared: () => Promise<never>,
  performed = new Error("no plane was expected"),
  now: State = state,
) {
  const planes = { perform: () => Promise.reject(performed) };
  return draftMission(work, {
    state,
    control: { log: { state: now, keepsWhole: () => true } } as never,
    planes: planes as never,
    serialized: prepared as never,
  });
}

it("a draft that another process began is interrupted, without a second run", async () => {
  const restarted = after(asked, { kind: "StartPlane", plane: "execution" });
  const prepared = vi.fn(() => Promise.reject(new Error("not prepared")));
  expect(await done(restarted, prepared)).toMatchObject({
    kind: "EndDraft",
    run_id,
    usage: null,
    result: { outcome: "interrupted" },
  });
  expect(prepared).not.toHaveBeenCalled();
});

it("a draft's end names base and prompt of its order, neither if none could be prepared, and what it spent", async () => {
  const order = { base_commit: "0".repeat(40), prompt: { digest: "0".repeat(64), size_bytes: 1, media_type: "a/b" } };
  const prepared = (() => Promise.resolve(order)) as never;
  const sent = await done(asked, prepared, new PlaneEnded("the execution plane ended", { duringWork: true }));
  expect(sent).toMatchObject({ ...order, usage: null, result: { outcome: "interrupted" } });
  const fault = new Fault("HOLD-FETCH-FAILED", "the remote is gone");
  expect(await done(asked, () => Promise.reject(fault))).toMatchObject({
    ...{ base_commit: null, prompt: null, usage: noUsage },
    result: { outcome: "failed", code: "HOLD-FETCH-FAILED", detail: "the remote is gone" },
  });
});

it("a draft that has ended has nothing more to record", async () => {
  const ended = after(asked, {
    ...{ kind: "EndDraft", mission_id: ids.mission, run_id: run_id as never, base_commit: null, prompt: null },
    ...{ usage: null, journal: null, result: { outcome: "interrupted" } },
  });
  expect(await done(ended, () => Promise.reject(new Error("not prepared")))).toBeNull();
});

it("a draft has its own place beside the runs, one draft at a time", async () => {
  vi.useFakeTimers();
  const other = { ...stateAfter("started", initialState) };
  const [mission] = Object.values(asked.missions);
  if (mission === undefined) throw new Error("the story has no mission");
  const second = {
    ...mission,
    mission_id: "m-bbbbbbbbbbbbbbbb" as never,
    drafts: mission.drafts?.map((draft) => ({ ...draft, run_id: "r-eeeeeeeeeeeeeeee" as never })) ?? [],
  };
  const drafting = { ...mission, mission_id: "m-cccccccccccccccc" as never };
  const state: State = {
    ...other,
    missions: { ...other.missions, [second.mission_id]: second, [drafting.mission_id]: drafting },
  };
  const begun: string[] = [];
  loop = startLoop({
    state: () => state,
    submit: (_command: Command) => Promise.resolve({ kind: "accepted" }),
    perform: ({ kind }) => {
      begun.push(kind);
      return new Promise(() => undefined);
    },
    bounds: { concurrentRuns: 1, reminders: 0 },
  });
  await vi.advanceTimersByTimeAsync(1000);
  loop.wake();
  await vi.advanceTimersByTimeAsync(1000);
  expect(begun.toSorted()).toEqual(["DraftMission", "RunCoder"]);
});

it("a draft of a mission that was decided meanwhile is not begun and costs nothing", async () => {
  const [mission] = Object.values(asked.missions);
  if (mission === undefined) throw new Error("the story has no mission");
  const cancelled: State = { ...asked, missions: { [mission.mission_id]: { ...mission, stage: "cancelled" } } };
  const prepared = vi.fn(() => Promise.reject(new Error("not prepared")));
  expect(await done(cancelled, prepared)).toMatchObject({ usage: noUsage, result: { outcome: "interrupted" } });
  expect(prepared).not.toHaveBeenCalled();
});

it("no order is sent if the mission was decided during preparation, and nothing is spent", async () => {
  const order = { base_commit: "0".repeat(40), prompt: { digest: "0".repeat(64), size_bytes: 1, media_type: "a/b" } };
  const prepared = (() => Promise.resolve(order)) as never;
  const ended = new PlaneEnded("the execution plane ended", { duringWork: true });
  const [mission] = Object.values(asked.missions);
  if (mission === undefined) throw new Error("the story has no mission");
  const cancelled: State = { ...asked, missions: { [mission.mission_id]: { ...mission, stage: "cancelled" } } };
  const stopped = { usage: noUsage, result: { outcome: "failed", code: "stopped", detail: null } };
  expect(await done(asked, prepared, ended, cancelled)).toMatchObject(stopped);
  expect(await done(asked, prepared, ended)).toMatchObject({ usage: null, result: { outcome: "interrupted" } });
});

it.each([
  ["a draft", asked, "EndDraft"],
  ["a set-up run", after(stateAfter("initialized", initialState), setUpRequest), "EndSetUpRun"],
])("%s is begun once, although its end could not be written", async (_what, state, kind) => {
  vi.useFakeTimers();
  let begun = 0;
  loop = startLoop({
    state: () => state,
    submit: () => Promise.reject(new Error("the log is away")),
    perform: () => {
      begun += 1;
      return Promise.resolve({ kind } as never);
    },
    bounds: { concurrentRuns: 1, reminders: 0 },
  });
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  for (let wakes = 0; wakes < 20; wakes += 1) {
    loop.wakeNow();
    await vi.advanceTimersByTimeAsync(60_000);
  }
  stderr.mockRestore();
  expect(begun).toBe(1);
});

it("a draft ends without its result if the log can't keep that", async () => {
  vi.useFakeTimers();
  const submitted: unknown[] = [];
  loop = startLoop({
    state: () => asked,
    submit: (command: Command) => {
      submitted.push(command);
      return submitted.length === 1
        ? Promise.reject(new Error("not in its form"))
        : Promise.resolve({ kind: "accepted" });
    },
    perform: () =>
      Promise.resolve({ kind: "EndDraft", run_id, usage: noUsage, result: { outcome: "drafted" } } as never),
    bounds: { concurrentRuns: 1, reminders: 0 },
  });
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await vi.advanceTimersByTimeAsync(1000);
  stderr.mockRestore();
  expect(submitted.slice(0, 2)).toMatchObject([
    { result: { outcome: "drafted" } },
    { usage: noUsage, result: { outcome: "interrupted" } },
  ]);
});
