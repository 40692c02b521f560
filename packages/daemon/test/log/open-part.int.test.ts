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
class Told {
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
  const told = await new Told(folder.at("aedev.db")).open();
  await told.begin();
  await told.tell({ ...life["registered"], name: "other" } as CommandBody);
  const submitted = { ...(life["submitted"] as CommandBody), text_digest: "b".repeat(64) };
  await told.tell(ofMission(0, submitted));
  await told.live(0, ...Object.keys(happenings).filter((name) => name.startsWith("step") && name !== "step 0"));
  expect(Object.keys(told.log.state.missions)).toEqual([]);
  for (let number = 1; number <= 25; number += 1)
    await told.tell(ofMission(number, { ...submitted, repository: "other", again: true } as CommandBody));
  // The full state refuses it, so the log must too.
  await told.tell(ofMission(30, submitted));
  expect(told.full.missions[idOf("m", 30)]).toBeUndefined();
  await told.log.close();
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

async function perform(told: Told, step: Step, next: (mission: number) => string): Promise<void> {
  const { second } = step;
  switch (step.kind) {
    case "advance":
      return told.submit(ofMission(step.mission, happenings[next(step.mission)] as CommandBody), second);
    case "mission":
      return told.submit(ofMission(step.mission, happenings[step.name] as CommandBody), second);
    case "after": {
      const submitted = { ...life["submitted"], after: [idOf("m", step.mission)] } as CommandBody;
      return told.submit(ofMission(10 + (told.count % 5), submitted), second);
    }
    case "ask": {
      const subject = openSubjects(told.full)[step.mission];
      if (subject === undefined) return;
      const approval_id = idOf("a", told.count % 6);
      return told.submit({ kind: "RequestApproval", approval_id, subject, expires_at: instant(second + 20) }, second);
    }
    case "use": {
      const approval = Object.values(told.full.approvals)[step.mission];
      return approval === undefined ? undefined : told.submit(usedBy(approval.approval_id, approval.subject), second);
    }
    case "judge":
      return told.submit(judgeCanary(step.mission), second);
    case "plant":
      return told.submit(
        plant(step.mission, step.audit ? { audit: 1, beside: null } : { audit: null, beside: step.mission }),
      );
    case "audit":
      return told.submit({ kind: "RequestAudit", audit_id: idOf("u", told.count % 2), n: 2 }, second);
    case "notifier":
      return told.submit({ kind: "ConfigureNotifier", digest: String(told.count % 2).repeat(64) }, second);
    case "silence":
      return told.submit({ kind: "ConfigureNotifier", digest: null }, second);
    case "restart":
      await told.log.close();
      await told.open();
      return;
    case "rebuild":
      return told.log.rebuild();
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
        const told = await new Told(folder.at("aedev.db")).open();
        await told.begin();
        if (isNotified) await told.tell({ kind: "ConfigureNotifier", digest: "2".repeat(64) });
        for (const [mission, count] of begun.entries())
          await told.live(mission, ...Array.from({ length: count }, (_, place) => `step ${place}`));
        const next = advancing(begun);
        for (const [step, jitter, isFollowed] of steps) {
          await perform(told, { ...step, second: told.count * 10 + jitter } as Step, next);
          if (isFollowed) continue;
          await told.settled();
          const now = instant(told.count * 10);
          expect(workAt(told.log.state, now)).toEqual(workAt(told.full, now));
          expect(told.log.state).toEqual(openPart(told.full));
        }
        await told.settled();
        const { state } = told.log;
        const totals = told.log.views.totals();
        const bytes = exported(told.path);
        told.log.rebuild();
        expect(told.log.state).toEqual(state);
        expect(told.log.views.totals()).toEqual(totals);
        expect(exported(told.path)).toEqual(bytes);
        await told.log.close();
        const reading = openForReading(told.path);
        expect(verifyEvents(reading, [])).toMatchObject({ ok: true });
        reading.close();
        await told.open();
        expect(told.log.state).toEqual(state);
        await told.log.close();
      }),
      { numRuns: 30 },
    );
  });

  it("the open part has as many entities after a hundred landed missions as after one", async () => {
    using folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    const sizes: number[] = [];
    for (let number = 0; number < 100; number += 1) {
      await told.land(number);
      sizes.push(sizeOf(told.log.state));
    }
    expect(new Set(sizes)).toEqual(new Set([0]));
    expect(Object.keys(told.full.tasks)).toHaveLength(100);
    expect(told.log.views.totals()).toMatchObject({ missions: { landed: 100 }, landed_tasks: 100 });
    await told.live(100, "step 0", "step 1");
    expect(sizeOf(told.log.state)).toBe(2);
    await told.log.close();
  });
});

describe("what stays", () => {
  it("a landed mission stays while a push about it is pending, even if a set-back clock makes the notifier older", async () => {
    using folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.land(0);
    expect(sizeOf(told.log.state)).toBe(0);
    await told.tell({ kind: "ConfigureNotifier", digest: "1".repeat(64) }, 500);
    expect(sizeOf(told.log.state)).toBe(0);
    await told.tell({ kind: "ConfigureNotifier", digest: "2".repeat(64) }, 0);
    expect(Object.keys(told.log.state.tasks)).toEqual([idOf("t", 0)]);
    expect(workAt(told.log.state, instant(0))).toEqual(workAt(told.full, instant(0)));
    await told.live(0, "push that it landed");
    expect(sizeOf(told.log.state)).toBe(0);
    await told.log.close();
  });

  it("the time of a repository's latest run stays, a revert's too, over a restart", async () => {
    using folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.land(0);
    const { served } = told.log.state.past;
    await told.live(0, "take it back", "prepare the revert");
    const { past } = told.log.state;
    expect((past.served["repo"] ?? "") > (served["repo"] ?? "")).toBe(true);
    await told.log.close();
    await told.open();
    expect(told.log.state.past).toEqual(past);
    await told.log.close();
  });

  it("what lands stays until the push about it is sent, over a restart too", async () => {
    using folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.tell({ kind: "ConfigureNotifier", digest: "1".repeat(64) });
    await told.land(0);
    expect(workAt(told.log.state, instant(900))).toMatchObject([expect.stringContaining("SendPush/landed")]);
    await told.log.close();
    await told.open();
    expect(workAt(told.log.state, instant(900))).toEqual(workAt(told.full, instant(900)));
    await told.live(0, "push that it landed");
    expect(sizeOf(told.log.state)).toBe(0);
    await told.log.close();
  });

  it("a planted bundle stays while it waits for an answer, and while the bundle beside it is its task's", async () => {
    using folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.live(1, "step 0", "step 1", "step 2", "step 3", "step 4", "step 5");
    await told.tell(plant(7, { audit: null, beside: 1 }));
    await told.tell(judgeCanary(7));
    await told.log.close();
    await told.open();
    expect(Object.keys(told.log.state.canaries)).toEqual([idOf("c", 7)]);
    await told.tell(plant(8, { audit: null, beside: 1 }));
    await told.live(1, "step 6", "step 7", "hold at the gate", "retry", "step 2");
    expect(told.log.state.canaries).toEqual({});
    expect(told.log.views.canaries()).toHaveLength(1);
    await told.log.close();
  });

  it("a planted bundle does not stay if it accompanied a restored change, or the run that should add tests", async () => {
    using folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.live(1, ...[0, 1, 2, 3, 4, 5, 6, 7].map((place) => `step ${place}`));
    await told.tell(plant(7, { audit: null, beside: 1 }));
    await told.tell(judgeCanary(7));
    await told.live(1, "ask for tests at the gate");
    expect(Object.keys(told.log.state.canaries)).toEqual([idOf("c", 7)]);
    // The next run's change has its own bundle, with another planted one beside it.
    const planted = plant(8, { audit: null, beside: 2 });
    const bundle = { ...blob("8"), digest: planted.kind === "PlantCanary" ? planted.beside : null };
    const tree = "8".repeat(40);
    const next = (place: number, more: object = {}) => {
      const body = ofMission(1, happenings[`step ${place}`] as CommandBody);
      return told.tell({ ...body, run_id: idOf("r", 77), ...more } as CommandBody);
    };
    const resultOf = (place: number) => ({
      result: { ...(happenings[`step ${place}`] as never as { result: object }).result, tree },
    });
    await next(2);
    await next(3, resultOf(3));
    await next(4, resultOf(4));
    await next(5, { tree, bundle, change_digest: "c".repeat(64) });
    await told.tell(planted);
    await told.tell(judgeCanary(8));
    expect(Object.keys(told.log.state.canaries)).toEqual([idOf("c", 8)]);
    await told.live(1, "hold the task");
    expect(told.log.state.tasks[idOf("t", 1)]).toMatchObject({ status: "asked", restored: { run_id: idOf("r", 1) } });
    const isWithoutPlanted = () => {
      expect(told.log.state.canaries).toEqual({});
      expect(told.log.state).toEqual(openPart(told.full));
    };
    isWithoutPlanted();
    told.log.rebuild();
    isWithoutPlanted();
    await told.log.close();
    await told.open();
    isWithoutPlanted();
    await told.log.close();
  });

  it("no planted bundle stays that asks nobody or whose task has another bundle, and no audit but the newest", async () => {
    using folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.tell({ ...plant(6, { audit: null, beside: null }), verdict_nonces: {} } as CommandBody);
    expect(sizeOf(told.log.state)).toBe(0);
    for (const number of [1, 2]) await told.tell({ kind: "RequestAudit", audit_id: idOf("u", number), n: 1 });
    expect(Object.keys(told.log.state.audits)).toEqual([idOf("u", 2)]);
    await told.live(1, ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((place) => `step ${place}`));
    await told.tell(plant(7, { audit: null, beside: 1 }));
    await told.tell(judgeCanary(7));
    const to = "7".repeat(40);
    await told.tell({ kind: "RecordBaseMoved", task_id: idOf("t", 1), to, hold_id: idOf("h", 1) });
    await told.tell({ ...ofMission(1, happenings["step 4"] as CommandBody), base_commit: to } as CommandBody);
    expect(Object.keys(told.log.state.canaries)).toEqual([idOf("c", 7)]);
    const moved = { ...ofMission(1, happenings["step 5"] as CommandBody), bundle: blob("8"), inherits: true };
    await told.tell(moved as CommandBody);
    expect(told.log.state.canaries).toEqual({});
    await told.log.close();
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
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.live(0, ...Array.from({ length: steps }, (_, place) => `step ${place}`));
    expect(sizeOf(told.log.state)).toBe(Math.min(2, steps));
    await told.live(0, ending);
    expect(sizeOf(told.log.state)).toBe(0);
    await told.log.close();
  });

  async function ended(): Promise<{ told: Told; folder: ReturnType<typeof temporaryFolder> }> {
    const folder = temporaryFolder();
    const told = await new Told(folder.at("aedev.db")).open();
    await told.begin();
    await told.land(0);
    await told.live(
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
    return { told, folder };
  }

  it("an ended entity is in the answer of its command and in what listeners hear, but not in the state afterwards", async () => {
    const { told, folder } = await ended();
    const heard: (string | undefined)[] = [];
    told.log.subscribe((_events, state) => void heard.push(state.tasks[idOf("t", 1)]?.status));
    const answer = await told.log.submit(
      commandAt(ofMission(1, happenings["cancel the mission"] as CommandBody), 99, instant(99)),
    );
    expect(answer).toMatchObject({ state: { missions: { [idOf("m", 1)]: { stage: "cancelled" } } } });
    expect(heard).toEqual(["cancelled"]);
    expect(told.log.state.missions).toEqual({});
    expect(told.log.stateWith({ missions: [idOf("m", 1)] }).tasks[idOf("t", 1)]).toMatchObject({ status: "cancelled" });
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("an ended task comes back when it is retried, and what follows it waits for it again", async () => {
    const { told, folder } = await ended();
    await told.live(1, "reject the change");
    expect(told.log.state.tasks).toEqual({});
    const waiting = { ...life["submitted"], after: [idOf("m", 0), idOf("m", 1)] } as CommandBody;
    await told.tell(ofMission(2, waiting));
    expect(Object.keys(told.log.state.missions).sort()).toEqual([0, 1, 2].map((number) => idOf("m", number)));
    await told.live(1, "retry");
    expect(told.log.state.tasks[idOf("t", 1)]).toMatchObject({ status: "planned" });
    await told.live(0, "retry");
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("`after` may name an ended mission: a landed one is no obstacle, a cancelled or unknown one is", async () => {
    const { told, folder } = await ended();
    await told.live(1, "cancel the mission");
    expect(sizeOf(told.log.state)).toBe(0);
    for (const [number, before] of [
      [2, idOf("m", 0)],
      [3, idOf("m", 1)],
      [4, idOf("m", 9)],
    ] as const)
      await told.tell(ofMission(number, { ...life["submitted"], after: [before] } as CommandBody));
    expect(Object.keys(told.full.missions)).toEqual([0, 1, 2].map((number) => idOf("m", number)));
    await told.tell(ofMission(0, life["submitted"] as CommandBody));
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("a tap on an ended task's old approval gets the refusal that it always had", async () => {
    const { told, folder } = await ended();
    const [subject] = openSubjects(told.full);
    if (subject?.kind !== "landing") throw new Error("the story asks about a change");
    const [first, second] = [idOf("a", 1), idOf("a", 2)];
    for (const approval_id of [first, second])
      await told.tell({ kind: "RequestApproval", approval_id, subject, expires_at: instant(10_000) });
    await told.tell(usedBy(second, subject));
    await told.live(1, "step 9", "step 10");
    expect(told.log.state.approvals).toEqual({});
    const tap = (approval_id: string, of = subject) =>
      told.log.submit(commandAt(usedBy(approval_id, of), 1000 + Number(approval_id.slice(-2)), instant(1)));
    expect(await tap(second)).toMatchObject({ kind: "refused", code: "approval-decided" });
    expect(await tap(first)).toMatchObject({ kind: "refused", code: "approval-decided" });
    expect(await tap(idOf("a", 3))).toMatchObject({ kind: "refused", code: "approval-unknown" });
    const other = { ...subject, change_digest: "0".repeat(64) };
    expect(await tap(first, other)).toMatchObject({ kind: "refused", code: "approval-mismatch" });
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("every command that names an ended entity knows it", async () => {
    const { told, folder } = await ended();
    const [subject] = openSubjects(told.full);
    if (subject === undefined) throw new Error("the story asks about a change");
    const [old, fresh] = [idOf("a", 1), idOf("a", 2)];
    await told.tell({ kind: "RequestApproval", approval_id: old, subject, expires_at: instant(10_000) });
    await told.tell({ kind: "RequestAudit", audit_id: idOf("u", 1), n: 1 });
    for (const [number, target] of [
      [0, { audit: 1, beside: null }],
      [1, { audit: null, beside: 1 }],
    ] as const) {
      await told.tell(plant(number, target));
      await told.tell(judgeCanary(number));
    }
    await told.tell({ kind: "RequestAudit", audit_id: idOf("u", 2), n: 1 });
    await told.live(1, "cancel the mission");
    await told.live(2, "step 0");
    expect(sizeOf(told.log.state)).toBe(2);
    const [asked] = openSubjects(told.full);
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
      const before = told.log.head.position;
      await told.tell(body);
      expect(told.log.state).toEqual(openPart(told.full));
      answers.push(told.log.head.position === before ? "refused" : "done");
    }
    expect(answers.join()).toBe(
      "refused,refused,refused,done,done,done,refused,refused,refused,refused,refused,refused,done,refused",
    );
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("a planted bundle comes back with the bundle that it was planted for, if that is sealed again", async () => {
    const { told, folder } = await ended();
    await told.tell(plant(1, { audit: null, beside: 1 }));
    await told.tell(judgeCanary(1));
    await told.live(1, "retry", "step 2");
    expect(told.log.state.canaries).toEqual({});
    await told.live(1, "step 3", "step 4", "step 5");
    expect(Object.keys(told.log.state.canaries)).toEqual([idOf("c", 1)]);
    expect(workAt(told.log.state, instant(900))).toEqual(workAt(told.full, instant(900)));
    await told.log.close();
    folder[Symbol.dispose]();
  });

  function spoil({ path }: Told, statement: string): void {
    const database = openForWriting(path);
    database.exec(
      `DROP TRIGGER IF EXISTS events_refuse_update; DROP TRIGGER IF EXISTS events_refuse_delete; ${statement}`,
    );
    database.close();
  }

  it("an unreadable ended entity is refused to commands that name it; lists leave it out, and the log says why", async () => {
    const { told, folder } = await ended();
    spoil(told, `UPDATE events SET data = '{' WHERE stream = 'task/${idOf("t", 0)}'`);
    const after = (number: number, before: number) =>
      told.log.submit(
        commandAt(
          ofMission(number, { ...life["submitted"], after: [idOf("m", before)] } as CommandBody),
          number,
          instant(99),
        ),
      );
    const [named, other] = await Promise.allSettled([after(200, 0), after(201, 1)]);
    expect(named).toMatchObject({ status: "rejected", reason: { code: "log-unreadable" } });
    expect(other).toMatchObject({ status: "fulfilled", value: { kind: "done" } });
    expect(told.log.unreadable).toEqual([]);
    expect(told.log.stateToShow({ missions: [idOf("m", 1)] }).missions).toHaveProperty(idOf("m", 1));
    expect(told.log.unreadable).toEqual([]);
    const shown = told.log.stateToShow({ missions: [idOf("m", 0), idOf("m", 1)] });
    told.log.stateToShow({ tasks: [idOf("t", 0)] });
    expect(told.log.unreadable).toEqual([
      expect.stringMatching(`^event 1 of task/${idOf("t", 0)} can't be read: .*JSON`),
    ]);
    for (const kind of ["tasks", "missions"] as const) {
      expect(Object.keys(shown[kind])).toContain(idOf(kind === "tasks" ? "t" : "m", 1));
      expect(Object.keys(shown[kind])).not.toContain(idOf(kind === "tasks" ? "t" : "m", 0));
    }
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("reading an ended entity that has lost its events names that loss", async () => {
    const { told, folder } = await ended();
    const statement = `DELETE FROM events WHERE stream = 'task/${idOf("t", 0)}'`;
    expect(told.log.stateWith({ tasks: [idOf("t", 0)] }).tasks).toHaveProperty(idOf("t", 0));
    spoil(told, statement);
    told.log.stateToShow({ tasks: [idOf("t", 0)] });
    expect(told.log.unreadable).toEqual([`task/${idOf("t", 0)} can't be read: it has no event`]);
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("judges' figures are refused if a planted bundle can't be read", async () => {
    const { told, folder } = await ended();
    for (const number of [1, 2]) await told.tell(plant(number, { audit: null, beside: null }));
    expect(told.log.views.canaries()).toHaveLength(2);
    spoil(told, `UPDATE events SET data = '{' WHERE stream = 'canary/${idOf("c", 1)}'`);
    const fault = expect.objectContaining({ code: "log-unreadable", hint: "aedev events verify" });
    expect(() => told.log.views.canaries()).toThrow(fault);
    expect(told.log.views.totals()).toMatchObject({ landed_tasks: 1 });
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("each answer on a planted defect counts once, whoever answers after it, and nothing else counts", async () => {
    const { told, folder } = await ended();
    const nonces = { openai: "0".repeat(32), gemini: "1".repeat(32) };
    const answered = (number: number, change: object = {}) => {
      const body = judgeCanary(number);
      if (body.kind !== "RecordCanaryVerdict") throw new Error("a judge answers on a planted bundle");
      return { ...body, verdict: { ...body.verdict, ...change } };
    };
    for (const number of [3, 4, 6])
      await told.tell({ ...plant(number, { audit: null, beside: null }), verdict_nonces: nonces } as CommandBody);
    await told.tell(answered(3));
    await told.tell(answered(3, { family: "gemini", verdict: "inconclusive", detail: "flip" }));
    await told.tell(answered(4));
    await told.tell(answered(6, { verdict: "inconclusive", detail: "timeout" }));
    await told.tell(answered(6, { family: "gemini", verdict: "pass" }));
    const { model, prompt_digest: promptDigest } = answered(3).verdict;
    const counts = (["openai", "gemini"] as const).map((family) =>
      told.log.views.countDefects({ family, model, promptDigest }),
    );
    expect(counts).toEqual([
      { planted: 1, caught: 1 },
      { planted: 2, caught: 1 },
    ]);
    expect(told.log.views.countDefects({ family: "openai", model, promptDigest: "0" })).toMatchObject({ planted: 0 });
    await told.log.close();
    folder[Symbol.dispose]();
  });

  it("judges' answers on an ended task count for the same change of another task", async () => {
    const { told, folder } = await ended();
    await told.live(2, "step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "fail by openai", "cancel the task");
    const sameChange = (body: CommandBody) =>
      JSON.parse(JSON.stringify(ofMission(3, body)).replaceAll(`d${"0".repeat(62)}3`, `d${"0".repeat(62)}2`));
    for (const name of ["step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "pass by openai"])
      await told.tell(sameChange(happenings[name] as CommandBody));
    expect(told.log.state.tasks[idOf("t", 2)]).toBeUndefined();
    expect(told.log.state.tasks[idOf("t", 3)]?.verdicts).toMatchObject([
      { family: "openai", verdict: "fail", reused_from: `e${"0".repeat(62)}2` },
    ]);
    await told.live(4, "step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "pass by openai");
    expect(told.log.state.tasks[idOf("t", 4)]?.verdicts).toMatchObject([{ family: "openai", verdict: "pass" }]);
    await told.log.close();
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
