/** The log keeps only what is open in memory, the same whatever happened to the process; commands about ended entities still work. */
import type { ApprovalSubject } from "@aedev/contracts/events";
import {
  type CommandBody,
  decide,
  evolve,
  initialState,
  mentionedBy,
  openPart,
  openSubjects,
  pendingWork,
  type State,
  widestBounds,
} from "@aedev/core";
import { blob, ids, life } from "@aedev/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EventLog, openEventLog } from "../../src/log/event-log.ts";
import { openForReading, openForWriting } from "../../src/log/sqlite/database.ts";
import { verifyEvents } from "../../src/log/verify.ts";
import { commandAt, happenings, idOf, judgeCanary, ofMission, plant, sizeOf } from "./lives.ts";
import { exported, temporaryFolder } from "./story.ts";

const instant = (second: number) => new Date(Date.parse("2026-01-02T00:00:00.000Z") + second * 1000).toISOString();
const bounds = {
  ...widestBounds,
  reminders: 1,
  canaries: { sharePercent: 100, atOnce: 2, families: ["openai" as const] },
};
/** Sorted work, because equal instants leave its order to that of keys, which is arbitrary. */
const workAt = (state: State, now: string) =>
  pendingWork(state, now, bounds)
    .map((work) => JSON.stringify(work))
    .sort();

/** A log beside a state that forgets nothing. */
class LogPair {
  readonly path: string;
  log!: EventLog;
  full: State = initialState;
  count = 0;
  #submitted: Promise<void>[] = [];

  constructor(path: string) {
    this.path = path;
  }

  async open(): Promise<this> {
    this.log = await openEventLog({ path: this.path, decide });
    return this;
  }

  /** Submits a command; the answer must be that of the state that forgets nothing. */
  tell(body: CommandBody, second = this.count): Promise<void> {
    this.submit(body, second);
    return this.settled();
  }

  /** Submits without waiting: everything before `settled` goes into one commit. */
  submit(body: CommandBody, second = this.count): void {
    this.count += 1;
    const command = commandAt(body, this.count, instant(second));
    const expected = decide(command, this.full);
    const events = expected.kind === "refused" ? [] : expected.events;
    for (const event of events) this.full = evolve(this.full, { ...event, recorded_at: command.at });
    const answered = this.log.submit(command).then((answer) => {
      if (expected.kind === "refused") return expect(answer).toEqual(expected);
      if (answer.kind === "refused") throw new Error(`${body.kind} was refused: ${answer.reason}`);
      expect(answer.events.map(({ stream, type, data }) => ({ stream, type, data }))).toEqual(events);
    });
    this.#submitted.push(answered);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#submitted.splice(0));
  }

  async live(number: number, ...names: string[]): Promise<void> {
    for (const name of names) await this.tell(ofMission(number, happenings[name] as CommandBody));
  }

  async land(number: number): Promise<void> {
    await this.live(number, ...Object.keys(happenings).filter((name) => name.startsWith("step")));
  }

  async begin(): Promise<void> {
    await this.tell(life["initialized"] as CommandBody);
    await this.tell(life["registered"] as CommandBody);
  }
}

it("a mission with the same text is found in its own repository behind any number in others", async () => {
  using folder = temporaryFolder();
  const both = await new LogPair(folder.at("aedev.db")).open();
  await both.begin();
  await both.tell({ ...life["registered"], name: "other" } as CommandBody);
  const submitted = { ...(life["submitted"] as CommandBody), text_digest: "b".repeat(64) };
  await both.tell(ofMission(0, submitted));
  await both.live(0, ...Object.keys(happenings).filter((name) => name.startsWith("step") && name !== "step 0"));
  expect(Object.keys(both.log.state.missions)).toEqual([]);
  for (let number = 1; number <= 25; number += 1)
    await both.tell(ofMission(number, { ...submitted, repository: "other", again: true } as CommandBody));
  // The full state refuses it, so the log must too.
  await both.tell(ofMission(30, submitted));
  expect(both.full.missions[idOf("m", 30)]).toBeUndefined();
  await both.log.close();
});

const missionsMax = 4;
const aMission = fc.integer({ min: 0, max: missionsMax - 1 });
type Step = { readonly second: number } & (
  | { readonly kind: "mission"; readonly mission: number; readonly name: string }
  | { readonly kind: "advance" | "after" | "ask" | "use" | "judge"; readonly mission: number }
  | { readonly kind: "plant"; readonly mission: number; readonly audit: boolean }
  | { readonly kind: "audit" | "notifier" | "silence" | "restart" | "rebuild" }
);
const what = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("advance" as const), mission: aMission }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("mission" as const),
      mission: aMission,
      name: fc.constantFrom(...Object.keys(happenings)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("after", "ask", "use", "judge"), mission: aMission }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("plant" as const), mission: aMission, audit: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("audit", "notifier", "silence", "restart", "rebuild") }) },
);
/** What happens, how late, and whether the next step goes into the same commit. */
const step = fc.tuple(what, fc.integer({ min: 0, max: 60 }), fc.boolean());
/** How many steps each mission has behind it, whether a notifier was there from the beginning, and what happens then. */
const story = fc.record({
  begun: fc.array(fc.integer({ min: 0, max: 11 }), { minLength: missionsMax, maxLength: missionsMax }),
  isNotified: fc.boolean(),
  steps: fc.array(step, { minLength: 10, maxLength: 60 }),
});

/** Makes steps in their order more likely than chance would. */
function advancing(begun: readonly number[]): (mission: number) => string {
  const places = new Map(begun.entries());
  return (mission) => {
    const place = places.get(mission) ?? 0;
    places.set(mission, place + 1);
    return `step ${place % 11}`;
  };
}

async function perform(both: LogPair, step: Step, next: (mission: number) => string): Promise<void> {
  const { second } = step;
  switch (step.kind) {
    case "advance":
      return both.submit(ofMission(step.mission, happenings[next(step.mission)] as CommandBody), second);
    case "mission":
      return both.submit(ofMission(step.mission, happenings[step.name] as CommandBody), second);
    case "after": {
      const submitted = { ...life["submitted"], after: [idOf("m", step.mission)] } as CommandBody;
      return both.submit(ofMission(10 + (both.count % 5), submitted), second);
    }
    case "ask": {
      const subject = openSubjects(both.full)[step.mission];
      if (subject === undefined) return;
      const approval_id = idOf("a", both.count % 6);
      return both.submit({ kind: "RequestApproval", approval_id, subject, expires_at: instant(second + 20) }, second);
    }
    case "use": {
      const approval = Object.values(both.full.approvals)[step.mission];
      return approval === undefined ? undefined : both.submit(usedBy(approval.approval_id, approval.subject), second);
    }
    case "judge":
      return both.submit(judgeCanary(step.mission), second);
    case "plant":
      return both.submit(
        plant(step.mission, step.audit ? { audit: 1, beside: null } : { audit: null, beside: step.mission }),
      );
    case "audit":
      return both.submit({ kind: "RequestAudit", audit_id: idOf("u", both.count % 2), n: 2 }, second);
    case "notifier":
      return both.submit({ kind: "ConfigureNotifier", digest: String(both.count % 2).repeat(64) }, second);
    case "silence":
      return both.submit({ kind: "ConfigureNotifier", digest: null }, second);
    case "restart":
      await both.log.close();
      await both.open();
      return;
    case "rebuild":
      return both.log.rebuild();
  }
}

function usedBy(approval_id: string, subject: ApprovalSubject): CommandBody {
  const decision: CommandBody =
    subject.kind === "landing"
      ? {
          kind: "ApproveLanding",
          task_id: subject.task_id,
          digest: subject.change_digest,
        }
      : {
          kind: "ApproveMission",
          mission_id: subject.mission_id,
          spec_digest: "spec_digest" in subject ? subject.spec_digest : "",
          task_id: subject.mission_id.replace("m-", "t-"),
        };
  return { kind: "UseApproval", approval_id, action: "approve", decision };
}

function push(stream: string): CommandBody {
  return { kind: "RecordPush", stream, notice_id: "n", key: "n", folded: false };
}

describe("the open part of the state", () => {
  it("the open part answers every command and has the same work as a state that forgets nothing, also after restart and rebuild", async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ begun, isNotified, steps }) => {
        using folder = temporaryFolder();
        const both = await new LogPair(folder.at("aedev.db")).open();
        await both.begin();
        if (isNotified) await both.tell({ kind: "ConfigureNotifier", digest: "2".repeat(64) });
        for (const [mission, count] of begun.entries())
          await both.live(mission, ...Array.from({ length: count }, (_, place) => `step ${place}`));
        const next = advancing(begun);
        for (const [step, jitter, isFollowed] of steps) {
          await perform(both, { ...step, second: both.count * 10 + jitter } as Step, next);
          if (isFollowed) continue;
          await both.settled();
          const now = instant(both.count * 10);
          expect(workAt(both.log.state, now)).toEqual(workAt(both.full, now));
          expect(both.log.state).toEqual(openPart(both.full));
        }
        await both.settled();
        const { state } = both.log;
        const totals = both.log.views.totals();
        const bytes = exported(both.path);
        both.log.rebuild();
        expect(both.log.state).toEqual(state);
        expect(both.log.views.totals()).toEqual(totals);
        expect(exported(both.path)).toEqual(bytes);
        await both.log.close();
        const reading = openForReading(both.path);
        expect(verifyEvents(reading, [])).toMatchObject({ ok: true });
        reading.close();
        await both.open();
        expect(both.log.state).toEqual(state);
        await both.log.close();
      }),
      { numRuns: 30 },
    );
  });

  it("the open part has as many entities after a hundred landed missions as after one", async () => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    const sizes: number[] = [];
    for (let number = 0; number < 100; number += 1) {
      await both.land(number);
      sizes.push(sizeOf(both.log.state));
    }
    expect(new Set(sizes)).toEqual(new Set([0]));
    expect(Object.keys(both.full.tasks)).toHaveLength(100);
    expect(both.log.views.totals()).toMatchObject({ missions: { landed: 100 }, landed_tasks: 100 });
    await both.live(100, "step 0", "step 1");
    expect(sizeOf(both.log.state)).toBe(2);
    await both.log.close();
  });
});

describe("what stays", () => {
  it("a landed mission stays while a push about it is pending, even if a set-back clock makes the notifier older", async () => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.land(0);
    expect(sizeOf(both.log.state)).toBe(0);
    await both.tell({ kind: "ConfigureNotifier", digest: "1".repeat(64) }, 500);
    expect(sizeOf(both.log.state)).toBe(0);
    await both.tell({ kind: "ConfigureNotifier", digest: "2".repeat(64) }, 0);
    expect(Object.keys(both.log.state.tasks)).toEqual([idOf("t", 0)]);
    expect(workAt(both.log.state, instant(0))).toEqual(workAt(both.full, instant(0)));
    await both.live(0, "push that it landed");
    expect(sizeOf(both.log.state)).toBe(0);
    await both.log.close();
  });

  it("the time of a repository's latest run stays, a revert's too, over a restart", async () => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.land(0);
    const { served } = both.log.state.past;
    await both.live(0, "take it back", "prepare the revert");
    const { past } = both.log.state;
    expect((past.served["repo"] ?? "") > (served["repo"] ?? "")).toBe(true);
    await both.log.close();
    await both.open();
    expect(both.log.state.past).toEqual(past);
    await both.log.close();
  });

  it("what lands stays until the push about it is sent, over a restart too", async () => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.tell({ kind: "ConfigureNotifier", digest: "1".repeat(64) });
    await both.land(0);
    expect(workAt(both.log.state, instant(900))).toMatchObject([expect.stringContaining("SendPush/landed")]);
    await both.log.close();
    await both.open();
    expect(workAt(both.log.state, instant(900))).toEqual(workAt(both.full, instant(900)));
    await both.live(0, "push that it landed");
    expect(sizeOf(both.log.state)).toBe(0);
    await both.log.close();
  });

  it("a planted bundle stays while it waits for an answer, and while the bundle beside it is its task's", async () => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.live(1, "step 0", "step 1", "step 2", "step 3", "step 4", "step 5");
    await both.tell(plant(7, { audit: null, beside: 1 }));
    await both.tell(judgeCanary(7));
    await both.log.close();
    await both.open();
    expect(Object.keys(both.log.state.canaries)).toEqual([idOf("c", 7)]);
    await both.tell(plant(8, { audit: null, beside: 1 }));
    await both.live(1, "step 6", "step 7", "hold at the gate", "retry", "step 2");
    expect(both.log.state.canaries).toEqual({});
    expect(both.log.views.canaries()).toHaveLength(1);
    await both.log.close();
  });

  it("a planted bundle does not stay if it accompanied a restored change, or the run that should add tests", async () => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.live(1, ...[0, 1, 2, 3, 4, 5, 6, 7].map((place) => `step ${place}`));
    await both.tell(plant(7, { audit: null, beside: 1 }));
    await both.tell(judgeCanary(7));
    await both.live(1, "ask for tests at the gate");
    expect(Object.keys(both.log.state.canaries)).toEqual([idOf("c", 7)]);
    // The next run's change has its own bundle, with another planted one beside it.
    const planted = plant(8, { audit: null, beside: 2 });
    const bundle = { ...blob("8"), digest: planted.kind === "PlantCanary" ? planted.beside : null };
    const tree = "8".repeat(40);
    const next = (place: number, more: object = {}) => {
      const body = ofMission(1, happenings[`step ${place}`] as CommandBody);
      return both.tell({ ...body, run_id: idOf("r", 77), ...more } as CommandBody);
    };
    const resultOf = (place: number) => ({
      result: { ...(happenings[`step ${place}`] as never as { result: object }).result, tree },
    });
    await next(2);
    await next(3, resultOf(3));
    await next(4, resultOf(4));
    await next(5, { tree, bundle, change_digest: "c".repeat(64) });
    await both.tell(planted);
    await both.tell(judgeCanary(8));
    expect(Object.keys(both.log.state.canaries)).toEqual([idOf("c", 8)]);
    await both.live(1, "hold the task");
    expect(both.log.state.tasks[idOf("t", 1)]).toMatchObject({ status: "asked", restored: { run_id: idOf("r", 1) } });
    const isWithoutPlanted = () => {
      expect(both.log.state.canaries).toEqual({});
      expect(both.log.state).toEqual(openPart(both.full));
    };
    isWithoutPlanted();
    both.log.rebuild();
    isWithoutPlanted();
    await both.log.close();
    await both.open();
    isWithoutPlanted();
    await both.log.close();
  });

  it("no planted bundle stays that asks nobody or whose task has another bundle, and no audit but the newest", async () => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.tell({ ...plant(6, { audit: null, beside: null }), verdict_nonces: {} } as CommandBody);
    expect(sizeOf(both.log.state)).toBe(0);
    for (const number of [1, 2]) await both.tell({ kind: "RequestAudit", audit_id: idOf("u", number), n: 1 });
    expect(Object.keys(both.log.state.audits)).toEqual([idOf("u", 2)]);
    await both.live(1, ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((place) => `step ${place}`));
    await both.tell(plant(7, { audit: null, beside: 1 }));
    await both.tell(judgeCanary(7));
    const to = "7".repeat(40);
    await both.tell({ kind: "RecordBaseMoved", task_id: idOf("t", 1), to, hold_id: idOf("h", 1) });
    await both.tell({ ...ofMission(1, happenings["step 4"] as CommandBody), base_commit: to } as CommandBody);
    expect(Object.keys(both.log.state.canaries)).toEqual([idOf("c", 7)]);
    const moved = { ...ofMission(1, happenings["step 5"] as CommandBody), bundle: blob("8"), inherits: true };
    await both.tell(moved as CommandBody);
    expect(both.log.state.canaries).toEqual({});
    await both.log.close();
  });
});

describe("what has ended", () => {
  it.each([
    ["reject the mission", 1],
    ["cancel the mission", 1],
    ["cancel the task", 3],
    ["step 10", 10],
  ])("an ended entity leaves nothing in the state after: %s", async (ending, steps) => {
    using folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.live(0, ...Array.from({ length: steps }, (_, place) => `step ${place}`));
    expect(sizeOf(both.log.state)).toBe(Math.min(2, steps));
    await both.live(0, ending);
    expect(sizeOf(both.log.state)).toBe(0);
    await both.log.close();
  });

  async function ended(): Promise<{ both: LogPair; folder: ReturnType<typeof temporaryFolder> }> {
    const folder = temporaryFolder();
    const both = await new LogPair(folder.at("aedev.db")).open();
    await both.begin();
    await both.land(0);
    await both.live(
      1,
      "step 0",
      "step 1",
      "step 2",
      "step 3",
      "step 4",
      "step 5",
      "step 6",
      "step 7",
      "ask at the gate",
    );
    return { both, folder };
  }

  it("an ended entity is in the answer of its command and in what listeners hear, but not in the state afterwards", async () => {
    const { both, folder } = await ended();
    const heard: (string | undefined)[] = [];
    both.log.subscribe((_events, state) => void heard.push(state.tasks[idOf("t", 1)]?.status));
    const answer = await both.log.submit(
      commandAt(ofMission(1, happenings["cancel the mission"] as CommandBody), 99, instant(99)),
    );
    expect(answer).toMatchObject({ state: { missions: { [idOf("m", 1)]: { stage: "cancelled" } } } });
    expect(heard).toEqual(["cancelled"]);
    expect(both.log.state.missions).toEqual({});
    expect(both.log.stateWith({ missions: [idOf("m", 1)] }).tasks[idOf("t", 1)]).toMatchObject({ status: "cancelled" });
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("an ended task comes back when it is retried, and what follows it waits for it again", async () => {
    const { both, folder } = await ended();
    await both.live(1, "reject the change");
    expect(both.log.state.tasks).toEqual({});
    const waiting = { ...life["submitted"], after: [idOf("m", 0), idOf("m", 1)] } as CommandBody;
    await both.tell(ofMission(2, waiting));
    expect(Object.keys(both.log.state.missions).sort()).toEqual([0, 1, 2].map((number) => idOf("m", number)));
    await both.live(1, "retry");
    expect(both.log.state.tasks[idOf("t", 1)]).toMatchObject({ status: "planned" });
    await both.live(0, "retry");
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("`after` may name an ended mission: a landed one is no obstacle, a cancelled or unknown one is", async () => {
    const { both, folder } = await ended();
    await both.live(1, "cancel the mission");
    expect(sizeOf(both.log.state)).toBe(0);
    for (const [number, before] of [
      [2, idOf("m", 0)],
      [3, idOf("m", 1)],
      [4, idOf("m", 9)],
    ] as const)
      await both.tell(ofMission(number, { ...life["submitted"], after: [before] } as CommandBody));
    expect(Object.keys(both.full.missions)).toEqual([0, 1, 2].map((number) => idOf("m", number)));
    await both.tell(ofMission(0, life["submitted"] as CommandBody));
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("a tap on an ended task's old approval gets the refusal that it always had", async () => {
    const { both, folder } = await ended();
    const [subject] = openSubjects(both.full);
    if (subject?.kind !== "landing") throw new Error("the story asks about a change");
    const [first, second] = [idOf("a", 1), idOf("a", 2)];
    for (const approval_id of [first, second])
      await both.tell({ kind: "RequestApproval", approval_id, subject, expires_at: instant(10_000) });
    await both.tell(usedBy(second, subject));
    await both.live(1, "step 9", "step 10");
    expect(both.log.state.approvals).toEqual({});
    const tap = (approval_id: string, of = subject) =>
      both.log.submit(commandAt(usedBy(approval_id, of), 1000 + Number(approval_id.slice(-2)), instant(1)));
    expect(await tap(second)).toMatchObject({ kind: "refused", code: "approval-decided" });
    expect(await tap(first)).toMatchObject({ kind: "refused", code: "approval-decided" });
    expect(await tap(idOf("a", 3))).toMatchObject({ kind: "refused", code: "approval-unknown" });
    const other = { ...subject, change_digest: "0".repeat(64) };
    expect(await tap(first, other)).toMatchObject({ kind: "refused", code: "approval-mismatch" });
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("every command that names an ended entity knows it", async () => {
    const { both, folder } = await ended();
    const [subject] = openSubjects(both.full);
    if (subject === undefined) throw new Error("the story asks about a change");
    const [old, fresh] = [idOf("a", 1), idOf("a", 2)];
    await both.tell({ kind: "RequestApproval", approval_id: old, subject, expires_at: instant(10_000) });
    await both.tell({ kind: "RequestAudit", audit_id: idOf("u", 1), n: 1 });
    for (const [number, target] of [
      [0, { audit: 1, beside: null }],
      [1, { audit: null, beside: 1 }],
    ] as const) {
      await both.tell(plant(number, target));
      await both.tell(judgeCanary(number));
    }
    await both.tell({ kind: "RequestAudit", audit_id: idOf("u", 2), n: 1 });
    await both.live(1, "cancel the mission");
    await both.live(2, "step 0");
    expect(sizeOf(both.log.state)).toBe(2);
    const [asked] = openSubjects(both.full);
    if (asked === undefined) throw new Error("the story asks about a mission");
    const answers: string[] = [];
    for (const body of [
      ofMission(0, life["submitted"] as CommandBody),
      { kind: "RequestApproval", approval_id: old, subject: asked, expires_at: instant(10_000) },
      { kind: "RequestApproval", approval_id: fresh, subject, expires_at: instant(10_000) },
      ...["mission/m", "task/t", "approval/a"].map((stream) => push(`${stream}-${"1".padStart(16, "0")}`)),
      push(`task/${idOf("t", 9)}`),
      judgeCanary(0),
      plant(0, { audit: null, beside: null }),
      plant(5, { audit: null, beside: 1 }),
      { ...plant(0, { audit: null, beside: null }), canary_id: idOf("c", 6) },
      plant(3, { audit: 1, beside: null }),
      plant(4, { audit: 1, beside: null }),
      plant(7, { audit: 3, beside: null }),
    ] as CommandBody[]) {
      const before = both.log.head.position;
      await both.tell(body);
      expect(both.log.state).toEqual(openPart(both.full));
      answers.push(both.log.head.position === before ? "refused" : "done");
    }
    expect(answers.join()).toBe(
      "refused,refused,refused,done,done,done,refused,refused,refused,refused,refused,refused,done,refused",
    );
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("a planted bundle comes back with the bundle that it was planted for, if that is sealed again", async () => {
    const { both, folder } = await ended();
    await both.tell(plant(1, { audit: null, beside: 1 }));
    await both.tell(judgeCanary(1));
    await both.live(1, "retry", "step 2");
    expect(both.log.state.canaries).toEqual({});
    await both.live(1, "step 3", "step 4", "step 5");
    expect(Object.keys(both.log.state.canaries)).toEqual([idOf("c", 1)]);
    expect(workAt(both.log.state, instant(900))).toEqual(workAt(both.full, instant(900)));
    await both.log.close();
    folder[Symbol.dispose]();
  });

  function spoil({ path }: LogPair, statement: string): void {
    const database = openForWriting(path);
    database.exec(
      `DROP TRIGGER IF EXISTS events_refuse_update; DROP TRIGGER IF EXISTS events_refuse_delete; ${statement}`,
    );
    database.close();
  }

  it("an unreadable ended entity is refused to commands that name it; lists leave it out, and the log says why", async () => {
    const { both, folder } = await ended();
    spoil(both, `UPDATE events SET data = '{' WHERE stream = 'task/${idOf("t", 0)}'`);
    const after = (number: number, before: number) =>
      both.log.submit(
        commandAt(
          ofMission(number, { ...life["submitted"], after: [idOf("m", before)] } as CommandBody),
          number,
          instant(99),
        ),
      );
    const [named, other] = await Promise.allSettled([after(200, 0), after(201, 1)]);
    expect(named).toMatchObject({ status: "rejected", reason: { code: "log-unreadable" } });
    expect(other).toMatchObject({ status: "fulfilled", value: { kind: "done" } });
    expect(both.log.unreadable).toEqual([]);
    expect(both.log.stateToShow({ missions: [idOf("m", 1)] }).missions).toHaveProperty(idOf("m", 1));
    expect(both.log.unreadable).toEqual([]);
    const shown = both.log.stateToShow({ missions: [idOf("m", 0), idOf("m", 1)] });
    both.log.stateToShow({ tasks: [idOf("t", 0)] });
    expect(both.log.unreadable).toEqual([
      expect.stringMatching(`^event 1 of task/${idOf("t", 0)} can't be read: .*JSON`),
    ]);
    for (const kind of ["tasks", "missions"] as const) {
      expect(Object.keys(shown[kind])).toContain(idOf(kind === "tasks" ? "t" : "m", 1));
      expect(Object.keys(shown[kind])).not.toContain(idOf(kind === "tasks" ? "t" : "m", 0));
    }
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("reading an ended entity that has lost its events names that loss", async () => {
    const { both, folder } = await ended();
    const statement = `DELETE FROM events WHERE stream = 'task/${idOf("t", 0)}'`;
    expect(both.log.stateWith({ tasks: [idOf("t", 0)] }).tasks).toHaveProperty(idOf("t", 0));
    spoil(both, statement);
    both.log.stateToShow({ tasks: [idOf("t", 0)] });
    expect(both.log.unreadable).toEqual([`task/${idOf("t", 0)} can't be read: it has no event`]);
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("judges' figures are refused if a planted bundle can't be read", async () => {
    const { both, folder } = await ended();
    for (const number of [1, 2]) await both.tell(plant(number, { audit: null, beside: null }));
    expect(both.log.views.canaries()).toHaveLength(2);
    spoil(both, `UPDATE events SET data = '{' WHERE stream = 'canary/${idOf("c", 1)}'`);
    const fault = expect.objectContaining({ code: "log-unreadable", hint: "aedev events verify" });
    expect(() => both.log.views.canaries()).toThrow(fault);
    expect(both.log.views.totals()).toMatchObject({ landed_tasks: 1 });
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("each answer on a planted defect counts once, whoever answers after it, and nothing else counts", async () => {
    const { both, folder } = await ended();
    const nonces = { openai: "0".repeat(32), gemini: "1".repeat(32) };
    const answered = (number: number, change: object = {}) => {
      const body = judgeCanary(number);
      if (body.kind !== "RecordCanaryVerdict") throw new Error("a judge answers on a planted bundle");
      return { ...body, verdict: { ...body.verdict, ...change } };
    };
    for (const number of [3, 4, 6])
      await both.tell({ ...plant(number, { audit: null, beside: null }), verdict_nonces: nonces } as CommandBody);
    await both.tell(answered(3));
    await both.tell(answered(3, { family: "gemini", verdict: "inconclusive", detail: "flip" }));
    await both.tell(answered(4));
    await both.tell(answered(6, { verdict: "inconclusive", detail: "timeout" }));
    await both.tell(answered(6, { family: "gemini", verdict: "pass" }));
    const { model, prompt_digest: promptDigest } = answered(3).verdict;
    const counts = (["openai", "gemini"] as const).map((family) =>
      both.log.views.countDefects({ family, model, promptDigest }),
    );
    expect(counts).toEqual([
      { planted: 1, caught: 1 },
      { planted: 2, caught: 1 },
    ]);
    expect(both.log.views.countDefects({ family: "openai", model, promptDigest: "0" })).toMatchObject({ planted: 0 });
    await both.log.close();
    folder[Symbol.dispose]();
  });

  it("judges' answers on an ended task count for the same change of another task", async () => {
    const { both, folder } = await ended();
    await both.live(2, "step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "fail by openai", "cancel the task");
    const sameChange = (body: CommandBody) =>
      JSON.parse(JSON.stringify(ofMission(3, body)).replaceAll(`d${"0".repeat(62)}3`, `d${"0".repeat(62)}2`));
    for (const name of ["step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "pass by openai"])
      await both.tell(sameChange(happenings[name] as CommandBody));
    expect(both.log.state.tasks[idOf("t", 2)]).toBeUndefined();
    expect(both.log.state.tasks[idOf("t", 3)]?.verdicts).toMatchObject([
      { family: "openai", verdict: "fail", reused_from: `e${"0".repeat(62)}2` },
    ]);
    await both.live(4, "step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "pass by openai");
    expect(both.log.state.tasks[idOf("t", 4)]?.verdicts).toMatchObject([{ family: "openai", verdict: "pass" }]);
    await both.log.close();
    folder[Symbol.dispose]();
  });
});

it("every command about an entity names the parts of the state that it needs", () => {
  const aboutTask = { task_id: ids.task, hold_id: ids.hold, run_id: ids.run };
  expect(mentionedBy({ kind: "RetryTask", ...aboutTask })).toEqual({ tasks: [ids.task] });
  expect(mentionedBy(life["submitted"] as CommandBody)).toEqual({ missions: [ids.mission] });
  expect(mentionedBy({ kind: "RecordPush", stream: "repository/x", notice_id: "n", key: "n", folded: false })).toEqual(
    {},
  );
  expect(mentionedBy({ kind: "RemoveOperator", name: "anna" })).toEqual({});
});
