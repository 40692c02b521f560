/** The queue of a repository's landings: its order, what blocks others, pauses; and that every change in it lands or leaves. */
import type { PullRequestWait } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CommandBody, mayLandNow, type TaskState } from "../../src/index.ts";
import { landingQueue, queueDocument } from "../../src/landing/queue.ts";
import { gated, sealed, someInstant, startLanding } from "../../src/testing/index.ts";
import { Simulation } from "../schedule/simulation.ts";

if (startLanding.kind !== "StartLanding") throw new Error("the story starts no landing");
const landingIntent = startLanding;
type Way = "push" | "pull-request";

const hex = (number: number) => number.toString(16).padStart(40, "0");
const people: PullRequestWait = { kind: "approvals", missing: 1 };
const checks: PullRequestWait = { kind: "check-running", name: "test" };

/** One repository and its remote. The base is the number of commits on its branch. */
class Landings {
  readonly simulation = new Simulation(8);
  readonly landed: string[] = [];
  readonly ways = new Map<string, Way>();
  /** Moves of the branch: the task that landed, or null for a person's commit. */
  readonly moves: (string | null)[] = [];

  get base(): string {
    return hex(this.moves.length);
  }

  get state() {
    return this.simulation.state;
  }

  task(id: string): TaskState {
    const found = this.state.tasks[`t-${id}`];
    if (found === undefined) throw new Error(`no task ${id}`);
    return found;
  }

  send(body: object): boolean {
    return this.simulation.send(body as CommandBody);
  }

  /** Brings a new mission's change up to its decision, on the present base. */
  judge(id: string, way: Way = "push"): void {
    this.ways.set(`t-${id}`, way);
    this.simulation.submit({ id, repository: "repo" });
    const task_id = `t-${id}`;
    for (const kind of ["PrepareRun", "RunCoder", "RunChecks"] as const) this.step(task_id, kind);
    this.seal(task_id, false);
    for (const family of ["openai", "gemini"] as const) this.step(task_id, "JudgeEvidence", family);
  }

  decide(id: string): void {
    this.send({ ...gated("merge"), task_id: `t-${id}` });
  }

  step(task_id: string, kind: string, family?: string): void {
    const work = { kind, task_id, family, work_id: "" } as never;
    const body = this.simulation.usualEnd(work) as object;
    const base = kind === "PrepareRun" ? { base_commit: this.base } : {};
    if (!this.send({ ...body, ...base })) throw new Error(`${kind} of ${task_id} was refused`);
  }

  seal(task_id: string, inherits: boolean): void {
    const task = this.task(task_id.slice(2));
    const run_id = task.runs.at(-1)?.run_id as never;
    const base_commit = task.base_commit ?? "";
    this.send({ ...sealed({ inherits, run_id, base_commit, content_digest: task_id.padEnd(64, "f") }), task_id });
  }

  /** Performs a step of this task's landing. `waits`: what its pull request then waits for. */
  land(task_id: string, waits: readonly PullRequestWait[] = []): void {
    const task = this.task(task_id.slice(2));
    if (task.landing === null) {
      const before = stillBefore(this, task);
      const head_ref = this.ways.get(task_id) === "push" ? {} : { head_ref: `refs/heads/aedev/m/${task_id}` };
      const base_commit = task.evidence?.base_commit;
      const intent = {
        ...landingIntent,
        task_id,
        ...head_ref,
        base_commit,
        commit: hex(1_000_000 + this.moves.length),
      };
      if (this.send(intent)) expect(before).toEqual([]);
      return;
    }
    const { landing } = task;
    const viaPull = landing.head_ref !== undefined;
    // A push whose intent is recorded continues; a pull request is only checked.
    if (viaPull && !mayLandNow(this.state, task)) return;
    if (landing.base_commit !== this.base) {
      this.send({ kind: "RecordBaseMoved", task_id, to: this.base, hold_id: `h-${task_id}` });
      return;
    }
    if (viaPull && task.pull_request?.head?.commit !== landing.commit) {
      this.send({ kind: "RecordPullRequest", task_id, number: 1, url: "https://g.example/1", head: landing.commit });
      return;
    }
    if (viaPull && waits.length > 0) {
      this.send({ kind: "RecordPullRequestWaits", task_id, number: 1, waits_for: waits });
      return;
    }
    expect(stillBefore(this, task)).toEqual([]);
    this.send({ kind: "RecordLanded", task_id, commit: landing.commit, ref: landing.ref });
    this.landed.push(task_id);
    this.moves.push(task_id);
  }

  /** The pending work on landings, including re-checks. */
  due() {
    return this.simulation.owed().filter(({ kind }) => ["LandChange", "RunChecks", "SealEvidence"].includes(kind)) as {
      kind: string;
      task_id: string;
    }[];
  }
}

const isWaiting = ({ pull_request }: TaskState) => (pull_request?.waits_for.length ?? 0) > 0;

/** The specification of `queue`, written independently of the code: tasks that were decided earlier and land or are checked again; none once the task's own landing has started. */
function stillBefore({ state }: Landings, task: TaskState): string[] {
  if (task.landing !== null && !isWaiting(task)) return [];
  const at = (one: TaskState) => one.gate?.at ?? "";
  const before = Object.values(state.tasks).filter((one) => {
    const isToLand = one.gate?.answer === "merge" && ["landing", "captured", "checked"].includes(one.status);
    return one !== task && isToLand && at(one) < at(task) && !(one.status === "landing" && isWaiting(one));
  });
  return before.map(({ task_id }) => task_id);
}

const states = ({ state }: Landings) => landingQueue(state, "repo").map(({ task, state: now }) => [task.task_id, now]);

describe("the queue of a repository", () => {
  it("lands the change that was decided first, even if another was planned before", () => {
    const world = new Landings();
    for (const id of ["a", "b", "c"]) world.judge(id);
    for (const id of ["c", "a", "b"]) world.decide(id);
    expect(states(world)).toEqual([
      ["t-c", "landing"],
      ["t-a", "behind"],
      ["t-b", "behind"],
    ]);
    expect(queueDocument(world.state).repositories[0]?.candidates[1]).toMatchObject({
      position: 2,
      title: "Close the hole",
      behind: "t-c",
      decided_at: world.task("a").gate?.at,
    });
  });

  it("keeps the place of a change whose checks run again on a moved base, and continues once it has left", () => {
    const world = new Landings();
    for (const id of ["a", "b"]) world.judge(id);
    for (const id of ["a", "b"]) world.decide(id);
    world.land("t-a");
    world.moves.push(null);
    world.land("t-a");
    expect(states(world)).toEqual([
      ["t-a", "rechecking"],
      ["t-b", "behind"],
    ]);
    expect(world.due().map(({ task_id }) => task_id)).toEqual(["t-a"]);
    world.step("t-a", "RunChecks");
    world.seal("t-a", false);
    expect(states(world)).toEqual([["t-b", "landing"]]);
  });

  it("lets no approved draft overtake, because it was opened before its approval and has not started to land", () => {
    const world = new Landings();
    for (const id of ["a", "b"]) world.judge(id);
    for (const id of ["a", "b"]) world.decide(id);
    const ahead = { ...world.task("a"), status: "checked" as const };
    const landing = { ...landingIntent, landing: 1, draft: true } as never;
    const tasks = (own: object) => ({ "t-a": ahead, "t-b": { ...world.task("b"), ...own } });
    const queue = (own: object) =>
      landingQueue({ ...world.state, tasks: tasks(own) }, "repo").map(({ state }) => state);
    expect(queue({ landing })).toEqual(["rechecking", "behind"]);
    expect(queue({ landing: { ...(landing as object), draft: undefined } })).toEqual(["rechecking", "landing"]);
  });

  it("lands nothing in a restored home until a person resumes landings, because decided changes may have been cancelled since", () => {
    const world = new Landings();
    for (const id of ["a", "b"]) world.judge(id);
    const hash = "0".repeat(64);
    const epoch = world.state.system.epoch + 1;
    expect(world.send({ kind: "RestoreHome", epoch, position: 3, hash, backed_up_at: someInstant })).toBe(true);
    // Both were only judged in the backup.
    for (const id of ["a", "b"]) world.decide(id);
    expect(world.due()).toEqual([]);
    expect(queueDocument(world.state).repositories[0]).toMatchObject({ paused: "landings" });
    expect(world.send({ kind: "ResumeLandings", repository: "repo" })).toBe(true);
    expect(world.due().map(({ task_id }) => task_id)).toEqual(["t-a"]);
    for (let step = 0; step < 2; step++) world.land("t-a");
    expect(world.landed).toEqual(["t-a"]);
  });

  it("lets others pass a change whose pull request waits, but not a second time while only its checks run", () => {
    const world = new Landings();
    world.judge("a", "pull-request");
    world.judge("b");
    world.judge("c");
    for (const id of ["a", "b", "c"]) world.decide(id);
    for (const _ of [1, 2, 3]) world.land("t-a", [checks]);
    expect(states(world).map(([, now]) => now)).toEqual(["waiting", "landing", "behind"]);
    world.land("t-b");
    world.land("t-b");
    world.land("t-a");
    world.step("t-a", "RunChecks");
    world.seal("t-a", true);
    for (const _ of [1, 2, 3]) world.land("t-a", [checks]);
    expect(states(world)).toEqual([
      ["t-a", "waiting"],
      ["t-c", "behind"],
    ]);
    world.land("t-a", [people]);
    expect(states(world)).toEqual([
      ["t-a", "waiting"],
      ["t-c", "landing"],
    ]);
  });

  it("stops landings only while paused, by any kind of pause, and keeps the pause when settings change", () => {
    const world = new Landings();
    for (const id of ["a", "b"]) world.judge(id);
    world.decide("a");
    world.send({ kind: "PauseLandings", repository: "repo" });
    const { paused: _paused, landings_paused: _landings, ...registration } = world.state.repositories["repo"] ?? {};
    world.send({ kind: "ConfigureRepository", ...registration });
    expect(states(world)).toEqual([["t-a", "paused"]]);
    expect(world.due()).toEqual([]);
    world.simulation.submit({ id: "d", repository: "repo" });
    expect(world.simulation.owed().map(({ kind }) => kind)).toContain("PrepareRun");
    expect(world.send({ ...landingIntent, task_id: "t-a", base_commit: hex(0) })).toBe(false);
    world.send({ kind: "ResumeLandings", repository: "repo" });
    expect(world.state.repositories["repo"]).not.toHaveProperty("landings_paused");
    expect(states(world)).toEqual([["t-a", "landing"]]);
  });
});

const aTask = fc.constantFrom("a", "b", "c", "d", "e");
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("work" as const), nth: fc.nat(9), waits: fc.nat(3), ok: fc.nat(4) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("decide" as const), id: aTask }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("fail", "cancel", "release"), id: aTask }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("pause", "resume", "stop", "go", "moved") }) },
);

describe("any events around five changes", () => {
  it("lands each of five changes once or drops it, in order, one at a time, and blocks none forever", () => {
    let overtaken = 0;
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        fc.array(happening, { maxLength: 80 }),
        (pulls, story) => {
          const world = new Landings();
          const all = ["a", "b", "c", "d", "e"];
          all.forEach((id, place) => void world.judge(id, pulls[place] === true ? "pull-request" : "push"));
          for (const what of story) tell(world, what);
          // Everything is allowed again, and every check and every person says yes.
          world.send({ kind: "ResumeRepository", repository: "repo" });
          world.send({ kind: "ResumeLandings", repository: "repo" });
          for (const id of all) world.decide(id);
          for (let steps = 0; world.due().length > 0; steps += 1) {
            expect(steps).toBeLessThan(500);
            for (const { kind, task_id } of world.due()) work(world, { kind, task_id }, [], true);
          }
          expect(landingQueue(world.state, "repo")).toEqual([]);
          expect(new Set(world.landed).size).toBe(world.landed.length);
          const byLog = Object.values(world.state.tasks).filter(({ status }) => status === "landed");
          expect(byLog.map(({ task_id }) => task_id).toSorted()).toEqual(world.landed.toSorted());
          overtaken += world.moves.length;
        },
      ),
      { numRuns: 300 },
    );
    expect(overtaken).toBeGreaterThan(300);
  });
});

function tell(world: Landings, what: ReturnType<typeof happening.generate>["value"]): void {
  switch (what.kind) {
    case "work": {
      const due = world.due();
      const one = due[what.nth % Math.max(1, due.length)];
      const waits = [[], [checks], [people], [checks, people]][what.waits] ?? [];
      if (one !== undefined) work(world, one, waits, what.ok > 0);
      break;
    }
    case "decide":
      world.decide(what.id);
      break;
    case "fail":
      world.send({
        kind: "HoldTask",
        task_id: `t-${what.id}`,
        code: "HOLD-REMOTE-REFUSED",
        detail: null,
        hold_id: `h-t-${what.id}`,
      });
      break;
    case "release":
      world.send({ kind: "ReleaseHold", hold_id: `h-t-${what.id}` });
      break;
    case "cancel":
      world.send({ kind: "CancelTask", task_id: `t-${what.id}` });
      break;
    case "pause":
      world.send({ kind: "PauseLandings", repository: "repo" });
      break;
    case "resume":
      world.send({ kind: "ResumeLandings", repository: "repo" });
      break;
    case "stop":
      world.send({ kind: "PauseRepository", repository: "repo" });
      break;
    case "go":
      world.send({ kind: "ResumeRepository", repository: "repo" });
      break;
    case "moved":
      world.moves.push(null);
  }
  expectSingleLanding(world);
}

/** Performs the work. `ok` false: the re-check fails, or the change conflicts with the moved base. */
function work(
  world: Landings,
  { kind, task_id }: { kind: string; task_id: string },
  waits: readonly PullRequestWait[],
  ok: boolean,
): void {
  const { landing } = world.task(task_id.slice(2));
  if (kind === "RunChecks") world.step(task_id, "RunChecks");
  else if (kind === "SealEvidence") world.seal(task_id, ok);
  else if (
    !ok &&
    landing !== null &&
    landing.base_commit !== world.base &&
    mayLandNow(world.state, world.task(task_id.slice(2)))
  )
    world.send({
      kind: "RecordBaseConflict",
      task_id,
      to: world.base,
      why: "x",
      repair: { max_runs: 0, task_tokens: 1 },
      hold_id: `h-${task_id}`,
    });
  else world.land(task_id, waits);
  expectSingleLanding(world);
}

/** At most one of the landings that may act now does not wait for its pull request. */
function expectSingleLanding({ state }: Landings): void {
  const acting = landingQueue(state, "repo").filter(({ state: now }) => now === "landing");
  expect(acting.length).toBeLessThanOrEqual(1);
}
