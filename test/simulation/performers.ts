/**
 * Does the loop's work in the simulated world, like the planes, git, the judges' vendors and the phone: with latency, failures and lost reports. Effects follow
 * the protocol of the real performers: the log has the intent; then look, act, and confirm. The gate is core's own.
 */
import { Fault } from "@aedev/contracts";
import { type CommandBody, precedentVerdict, runOfChange, type State, type TaskState, type Work } from "@aedev/core";
import { captured, sampleHeldReport, startRun, verdictOf } from "@aedev/core/testing";
import { newId } from "../../packages/daemon/src/control/control.ts";
import type { Perform } from "../../packages/daemon/src/loop/loop.ts";
import { PlaneEnded } from "../../packages/daemon/src/planes/plane.ts";
import {
  grantsOf,
  requireRoom,
  requireRoomForJudge,
  roomOfRun,
  waitsForRoom,
} from "../../packages/daemon/src/work/budgets.ts";
import { type Chance, drawnDigest } from "../../packages/demo/src/board/chance.ts";
import { decideGate, sealEvidence } from "./gate-work.ts";
import { landChange } from "./landing.ts";
import type { SimulatedLog } from "./memory-log.ts";
import type { PerformerBugs } from "./planted/planted-bug.ts";
import { cutShort, lastsMs, slowed, usageOf, used, withoutRuns, withTimeLimit } from "./run-allowance.ts";
import { sleptMs, type VirtualTime } from "./virtual-time.ts";
import { blob, type Container, changeKey, type FaultKind, type World } from "./world.ts";

const minute = 60_000;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function createPerformers({
  world,
  log,
  clock,
  life,
  may,
  report,
  bugs = {},
}: {
  world: World;
  log: Pick<SimulatedLog, "submit" | "state" | "views">;
  clock: Pick<VirtualTime, "elapsedMs" | "outsideMs">;
  /** Number of the daemon's starts. */
  life: number;
  may: (fault: FaultKind) => boolean;
  /** Sends a report again. */
  report: (body: CommandBody) => void;
  bugs?: PerformerBugs | undefined;
}): {
  readonly perform: Perform;
  /** Stops a run and removes its container; the usage is reported. */
  readonly stop: (run: string, container: Container | undefined) => void;
} {
  let performed = 0;
  /** How to stop each ordered run, and the runs that were stopped before they began here. */
  const stops = new Map<string, (container: Container | undefined) => void>();
  const stoppedEarly = new Map<string, Container | undefined>();
  const { budgets } = world;
  const control = budgets.control(bugs.reservesNothing === true ? withoutRuns(log) : log);
  const figures = { control, taskTokens: Number.POSITIVE_INFINITY };
  const taskOf = (state: State, id: string): TaskState => {
    const task = state.tasks[id];
    if (task === undefined) throw new Error(`work for a task that is not in the state: ${id}`);
    return task;
  };
  const elapsedMs = () => clock.elapsedMs;
  /** Tells whether something is down, on this machine or beyond it. */
  const isDown = (what: "engine" | "disk" | "remote" | "phone" | "openai" | "gemini") =>
    world.isDown(what, what === "engine" || what === "disk" ? clock.elapsedMs : clock.outsideMs);

  return { perform: performAny, stop: (run, container) => stops.get(run)?.(container) };

  async function performAny(work: Work, state: State): ReturnType<Perform> {
    performed += 1;
    const chance = world.chance("perform", life, performed, work.work_id);
    // The plane has the order now, so a later stop counts although nothing has begun.
    if (work.kind === "RunCoder") {
      const { run_id } = work;
      stops.set(run_id, (container) => {
        if (!stoppedEarly.has(run_id)) stoppedEarly.set(run_id, container);
      });
    }
    await sleep(chance.below(2000));
    const body = await perform(work, state, chance);
    if (body === null || body.kind === "Deferred") return body;
    if (work.plane !== "control") {
      if (may("plane-death") && chance.happens(0.02)) throw new PlaneEnded("the plane ended", { duringWork: true });
      if (may("late-report") && chance.happens(0.02)) await sleep(chance.below(180) * minute);
    }
    if (may("doubled-report") && work.plane !== "control" && chance.happens(0.05))
      setTimeout(() => report(body), chance.below(chance.pick([1, 60]) * minute));
    return body;
  }

  async function perform(work: Work, state: State, chance: Chance): ReturnType<Perform> {
    switch (work.kind) {
      case "PrepareRun":
        return prepareRun(taskOf(state, work.task_id), chance);
      case "RunCoder":
        return runCoder(taskOf(state, work.task_id), work.run_id);
      case "RunChecks":
        return runChecks(taskOf(state, work.task_id), work.run_id, work.base_commit);
      case "SealEvidence":
        return sealEvidence(taskOf(state, work.task_id), world);
      case "JudgeEvidence":
        return judge(state, work);
      case "DecideGate":
        return decideGate(taskOf(state, work.task_id), { world, asksOneJudge: bugs.asksOneJudge });
      case "LandChange":
        return landChange(work.task_id, {
          ...{ world, log, chance, may, bugs },
          isDown: () => isDown("remote"),
          sleptMs: () => sleptMs(clock),
        });
      case "ResumeHold":
        if (bugs.resumesForEver === true) return new Promise(() => undefined);
        return bugs.neverResumes === true ? null : { kind: "ReleaseHold", hold_id: work.hold_id };
      case "TimeOutHold":
        return { kind: "TimeOutHold", hold_id: work.hold_id, action: work.action };
      case "RestoreChange":
        return { kind: "RestoreChange", task_id: work.task_id };
      case "ProbeEngine":
        return isDown("engine") ? null : { kind: "ReleaseHold", hold_id: work.hold_id };
      case "ProbeCause":
        return isDown(work.code === "HOLD-DISK-LOW" ? "disk" : "remote")
          ? null
          : { kind: "ReleaseHold", hold_id: work.hold_id };
      case "ProbeVendor":
        if (work.family !== "compatible" && isDown(work.family))
          throw new Fault("vendor-unreachable", "no answer", { retry: true });
        return { kind: "RecordVendorProbe", family: work.family };
      case "RequestApproval": {
        const expires_at = new Date(Date.now() + 12 * 60 * minute).toISOString();
        return { kind: "RequestApproval", approval_id: newId("a"), subject: work.subject, expires_at };
      }
      case "SendPush": {
        const { notice_id, key, stream } = work.notice;
        if (isDown("phone")) throw new Fault("failed", "no answer", { retry: true });
        world.pushes.set(notice_id, (world.pushes.get(notice_id) ?? 0) + 1);
        return { kind: "RecordPush", stream, notice_id, key, folded: false };
      }
      default:
        throw new Error(`the simulation has no ${work.kind}`);
    }
  }

  async function prepareRun(task: TaskState, chance: Chance): ReturnType<Perform> {
    const { task_id, repository, runs } = task;
    if (isDown("remote")) throw new Fault("HOLD-FETCH-FAILED", "the remote does not answer", { retry: true });
    if (isDown("disk")) throw new Fault("HOLD-DISK-LOW", "no space", { detail: "no space" });
    const room = budgets.areSet ? await roomFor(task, chance) : undefined;
    if (room?.kind === "Deferred") return room;
    const base_commit = world.remotes.get(repository)?.commits.at(-1)?.id ?? "";
    const prompt = blob("prompt", task_id, runs.length);
    const own = { task_id, run_id: newId("r"), cause: task.next_cause, base_commit, prompt };
    const run = { ...startRun, kind: "StartRun", ...own } as CommandBody;
    return room?.room === undefined ? run : ({ ...run, room: room.room } as CommandBody);
  }

  /** Asks as the real performer does: first whether to wait for running runs, then what is left once the base was fetched. */
  async function roomFor(task: TaskState, chance: Chance) {
    const atMs = waitsForRoom(task, control);
    // The real one looks every few seconds, which is too often for a night.
    if (atMs !== null) return { kind: "Deferred", atMs: Math.max(atMs, Date.now() + 2 * minute) } as const;
    requireRoom(task, figures);
    const room = roomOfRun(task, control);
    await sleep(chance.below(10_000));
    return { kind: "room", room } as const;
  }

  async function runCoder(task: TaskState, run_id: string): Promise<CommandBody> {
    const { task_id, base_commit } = task;
    const ended = (result: object): CommandBody =>
      ({ kind: "RecordCoderResult", task_id, run_id, result, hold_id: newId("h") }) as CommandBody;
    const gone = () => ended(sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true }));
    if (stoppedEarly.has(run_id)) return ended(stopBefore(task, run_id, stoppedEarly.get(run_id)));
    if (isDown("engine")) return gone();
    const slowness = world.containers.get(run_id)?.slowness ?? world.slowness(elapsedMs());
    const truth = slowed(world.truthOf(task_id, run_id), slowness);
    const granted =
      budgets.areSet && !world.containers.has(run_id) ? budgets.allow(run_id, grantsOf(task, figures)) : null;
    const allowed = slowness > 1 ? withTimeLimit(granted) : granted;
    const count = world.starts.get(run_id) ?? { started: 0, lost: 0 };
    world.starts.set(run_id, count);
    let container = world.containers.get(run_id);
    if (container === undefined || bugs.startsAgain === true) {
      count.started += 1;
      if (count.started > 1 + count.lost)
        world.violated(
          "a container was started beside another of its run",
          `${run_id}, started ${count.started} times, lost ${count.lost} times`,
        );
      const endsMs = elapsedMs() + lastsMs(truth, allowed);
      container = { startedMs: elapsedMs(), endsMs, generation: life, slowness, allowance: allowed };
      world.containers.set(run_id, container);
      const running = [...world.containers.values()].filter(({ endsMs }) => endsMs > elapsedMs()).length;
      if (running > world.concurrentRuns)
        world.violated("more runs at once than allowed", `${running} of ${world.concurrentRuns}`);
    }
    const downMs = world.nextDownMs("engine", elapsedMs());
    const stopped = new Promise<void>((resolve) => stops.set(run_id, () => resolve()));
    await Promise.race([stopped, sleep(Math.max(0, Math.min(container.endsMs, downMs) - elapsedMs()))]);
    stops.delete(run_id);
    const endedMs = Math.min(elapsedMs(), container.endsMs);
    if (downMs < container.endsMs && downMs <= elapsedMs()) {
      if (world.containers.delete(run_id)) count.lost += 1;
      return gone();
    }
    const usage = usageOf(used(truth, container, endedMs));
    budgets.ranFor(run_id, endedMs - container.startedMs);
    const cut = cutShort(truth, container.allowance);
    if (cut !== null) return ended(sampleHeldReport(cut.code, { usage, ...cut.end, journal: blob("journal", run_id) }));
    const inAnHour = new Date(Date.now() + 60 * minute).toISOString();
    switch (truth.coder) {
      case "change": {
        const { result } = captured as Extract<CommandBody, { kind: "RecordCoderResult" }>;
        return ended({
          ...result,
          usage,
          tree: drawnDigest(40, task_id, run_id, base_commit ?? ""),
          patch: blob("patch", run_id),
        });
      }
      case "nothing":
        return ended(sampleHeldReport("HOLD-NO-PROGRESS", { usage, journal: blob("journal", run_id) }));
      case "question":
        return ended(
          sampleHeldReport("HOLD-QUESTION", { usage, detail: "which of both?", journal: blob("journal", run_id) }),
        );
      case "timeout":
        return ended(sampleHeldReport("HOLD-CODER-TIMEOUT", { usage, journal: blob("journal", run_id) }));
      case "usage-limit":
        return ended(
          sampleHeldReport("HOLD-USAGE-LIMIT", { usage, resumes_at: inAnHour, journal: blob("journal", run_id) }),
        );
    }
  }

  /** The report on a run that was stopped before this plane began it; it may have had a container earlier. */
  function stopBefore({ task_id }: TaskState, run_id: string, container: Container | undefined) {
    if (container === undefined) return sampleHeldReport("HOLD-CODER-FAILED", { detail: "stopped on order" });
    const endedMs = Math.min(elapsedMs(), container.endsMs);
    budgets.ranFor(run_id, endedMs - container.startedMs);
    const tokens = used(slowed(world.truthOf(task_id, run_id), container.slowness), container, endedMs);
    return sampleHeldReport("HOLD-CODER-FAILED", { detail: "stopped on order", usage: usageOf(tokens) });
  }

  async function runChecks(
    { task_id, independent }: TaskState,
    run_id: string,
    base_commit: string,
  ): Promise<CommandBody> {
    const common = { kind: "RecordChecksResult", task_id, run_id, base_commit, hold_id: newId("h") } as const;
    if (isDown("engine"))
      return { ...common, result: sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true }) };
    await sleep(world.chance("checks", run_id, base_commit).below(3 * minute) * world.slowness(elapsedMs()));
    // Its coder may have been told the first tests, and the second run may have written none.
    const isUnseen = independent?.run_id === run_id || (independent?.rounds ?? 0) >= 2;
    if (independent?.written != null && independent.missing === undefined && isUnseen) world.tested.add(run_id);
    const manifest = { schema: 1 as const, parent: null, entries: {} };
    return {
      ...common,
      result: { outcome: "checked", tree: drawnDigest(40, task_id, run_id, base_commit), manifest },
    } as CommandBody;
  }

  async function judge(
    state: State,
    { task_id, family, bundle_digest }: Extract<Work, { kind: "JudgeEvidence" }>,
  ): Promise<CommandBody> {
    const task = taskOf(state, task_id);
    const run = runOfChange(task)?.run_id ?? "";
    const known = precedentVerdict(state, task, verdictOf(family, "pass"));
    if (known !== null) return { kind: "RecordVerdict", task_id, verdict: known };
    if (budgets.areSet && bugs.asksWithoutRoom !== true) requireRoomForJudge(task, "judge", control);
    budgets.judgeAsked(task);
    const asked = world.chance("judge", family, bundle_digest);
    const sleptBefore = sleptMs(clock);
    await sleep(asked.below(minute));
    const verdict = { ...verdictOf(family, "pass"), bundle_digest };
    const usage = { input_tokens: 1_000 + asked.below(20_000), output_tokens: 10, requests: 1 };
    if (family === "compatible") throw new Error("no third judge is simulated");
    // No connection outlives the machine's sleep.
    if (isDown(family) || sleptMs(clock) !== sleptBefore) {
      const views = [{ view: "plain" as const, verdict: "inconclusive" as const, detail: "http_503" }];
      const silent = { ...verdict, verdict: "inconclusive" as const, detail: "http_503", views };
      return { kind: "RecordVerdict", task_id: task.task_id, verdict: silent };
    }
    const word = world.truthOf(task.task_id, run).verdicts[family];
    if (word === "pass") world.passed.add(changeKey(family, task.task_id, run));
    const views = [{ view: "plain" as const, verdict: word, detail: null }];
    return {
      kind: "RecordVerdict",
      task_id: task.task_id,
      verdict: { ...verdict, verdict: word, views, usage, answer: blob("answer", bundle_digest, family) },
    };
  }
}
