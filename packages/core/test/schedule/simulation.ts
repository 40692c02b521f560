/** A simulated daemon: real decisions and work items, a clock that ticks with each command, and work that is handed out and ends as a test says. Containers outlive a restart, as real ones do. */
import type { Priority } from "@aedev/contracts";
import {
  type CommandBody,
  decide,
  evolve,
  initialState,
  type NewEvent,
  pendingWork,
  type State,
  type Work,
} from "../../src/index.ts";
import {
  captured,
  checked,
  clear,
  gated,
  life,
  sampleHeldReport,
  sealed,
  startLanding,
  startRun,
  storyCommand,
  verdictOf,
} from "../../src/testing/index.ts";

export interface SimulatedMission {
  readonly id: string;
  readonly repository: string;
  readonly priority?: Priority;
  readonly after?: readonly string[];
}
type Recorded = NewEvent & { recorded_at: string };

const startedAtMs = Date.UTC(2026, 0, 2);
const isCoder = (work: Work) => work.kind === "RunCoder";
const isRun = (work: Work) => isCoder(work) || work.kind === "RunChecks";

export class Simulation {
  state: State = initialState;
  readonly events: Recorded[] = [];
  readonly inFlight = new Map<string, Work>();
  /** Tasks whose coder's container exists. */
  readonly containers = new Set<string>();
  readonly concurrentRuns: number;
  #ticks = 0;

  constructor(concurrentRuns: number) {
    this.concurrentRuns = concurrentRuns;
    this.send({ kind: "InitializeHome", home_id: "home" });
  }

  get now(): string {
    return new Date(startedAtMs + this.#ticks * 1000).toISOString();
  }

  /** Decides and folds; returns whether the command was accepted. */
  send(body: CommandBody): boolean {
    this.#ticks += 1;
    const decision = decide({ ...storyCommand(body), at: this.now }, this.state);
    if (decision.kind === "refused") return false;
    for (const event of decision.events) {
      const recorded = { ...event, recorded_at: this.now };
      this.events.push(recorded);
      this.state = evolve(this.state, recorded);
    }
    return true;
  }

  /** Registers a new repository, submits and approves. The task's id is `t-` with the mission's. */
  submit({ id, repository, priority = "normal", after = [] }: SimulatedMission): void {
    if (!Object.hasOwn(this.state.repositories, repository))
      this.send({ ...life["registered"], name: repository } as CommandBody);
    const clarity = { priority, after: [...after], clarity: clear };
    this.send({ ...life["submitted"], mission_id: id, repository, ...clarity } as CommandBody);
    this.send({ ...life["approved"], mission_id: id, task_id: `t-${id}` } as CommandBody);
  }

  owed(): Work[] {
    const busy = [...this.inFlight.values()].flatMap((work) =>
      work.kind === "PrepareRun" || isRun(work) ? (work.task_id ?? []) : [],
    );
    const bounds = { concurrentRuns: this.concurrentRuns, reminders: 0, busy: new Set(busy) };
    return pendingWork(this.state, this.now, bounds);
  }

  /** Hands out all pending work, as the loop does. */
  handOut(): void {
    for (const work of this.owed()) {
      if (this.inFlight.has(work.work_id)) continue;
      if (isRun(work) && [...this.inFlight.values()].filter(isRun).length >= this.concurrentRuns) continue;
      this.inFlight.set(work.work_id, work);
      if (work.kind === "RunCoder") this.containers.add(work.task_id);
    }
  }

  /** Ends one piece of work in flight with its usual result, or with `body`. */
  end(work: Work, body: CommandBody | null = this.usualEnd(work)): void {
    this.inFlight.delete(work.work_id);
    if (work.kind === "RunCoder") this.containers.delete(work.task_id);
    if (work.kind === "LandChange" && body?.kind === "RecordLanded") this.startLanding(work.task_id);
    if (body !== null) this.send(body);
  }

  startLanding(taskId: string): void {
    this.send({ ...startLanding, task_id: taskId } as CommandBody);
  }

  /** Forgets work in flight, but keeps the log and the engine's containers. */
  restart(): void {
    this.inFlight.clear();
  }

  /** Runs to the end, the oldest work in flight first. */
  finish(): void {
    for (let steps = 0; ; steps += 1) {
      this.handOut();
      const [work] = this.inFlight.values();
      if (work === undefined) return;
      if (steps > 10_000) throw new Error("the simulation does not come to an end");
      this.end(work);
    }
  }

  /** Missions in the order in which their first runs started. */
  startOrder(): string[] {
    const started = this.events
      .filter(({ type }) => type === "RunStarted")
      .map(({ stream }) => stream.slice("task/t-".length));
    return [...new Set(started)];
  }

  usualEnd(work: Work): CommandBody | null {
    const task_id = work.task_id ?? "";
    const task = this.state.tasks[task_id];
    const run_id = task?.runs.at(-1)?.run_id ?? "";
    switch (work.kind) {
      case "ClosePullRequest":
      case "FollowDraft":
        return { kind: "RecordPullRequestClosed", task_id: work.of_task, number: null };
      case "SuspendPullRequest":
        throw new Error("no pull request is opened here");
      case "PrepareRun":
        return { ...startRun, task_id, run_id: `r-${task_id}-${(task?.runs.length ?? 0) + 1}` } as CommandBody;
      case "RunCoder":
        return { ...captured, task_id, run_id } as CommandBody;
      case "RunChecks":
        return { ...checked, task_id, run_id, base_commit: task?.base_commit } as CommandBody;
      case "SealEvidence":
        return { ...sealed(), task_id, run_id, base_commit: task?.base_commit } as CommandBody;
      case "JudgeEvidence":
        return { kind: "RecordVerdict", task_id, verdict: verdictOf(work.family, "pass") };
      case "DecideGate":
        return { ...gated("merge"), task_id } as CommandBody;
      case "LandChange":
        return { ...life["landed"], task_id } as CommandBody;
      case "ResumeHold":
      case "ProbeEngine":
      case "ProbeCause":
        return { kind: "ReleaseHold", hold_id: work.hold_id };
      case "OpenDraft":
      case "RequestApproval":
      case "SendPush":
      case "CommentIssue":
      case "DraftMission":
      case "SetUpRepository":
      case "WatchLandings":
      case "ProbeVendor":
      case "ProbeCoderVendor":
      case "TimeOutHold":
      case "RestoreChange":
      case "PlantCanary":
      case "JudgeCanary":
        return null;
    }
  }

  /** The engine stops answering the coder's run, which is held and continues by itself when the engine is back. */
  losesEngine(
    work: Work,
    code: "HOLD-DOCKER-UNAVAILABLE" | "HOLD-CLAUDE-DOCKER-IMAGE" = "HOLD-DOCKER-UNAVAILABLE",
  ): CommandBody {
    const run_id = this.state.tasks[work.task_id ?? ""]?.runs.at(-1)?.run_id ?? "";
    const result = sampleHeldReport(code, { retry_free: true });
    const hold_id = `h-${this.events.length}`;
    return { kind: "RecordCoderResult", task_id: work.task_id ?? "", run_id, result, hold_id };
  }
}
