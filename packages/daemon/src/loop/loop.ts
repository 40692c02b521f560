/**
 * The loop: pays what is owed. It derives the debts from the state, gives each to its performer once, and turns what comes back into one
 * command. Every fault of the world is caught here and nowhere else, and becomes a hold; so recovery, retry and normal work are one path.
 */
import { type Command, type CommandBody, nextDueAt, pendingWork, type State, type Work } from "@aedev/core";
import { Fault, type HoldCode, holdCodeSchema } from "@aedev/core/wire";
import { PlaneEnded } from "../planes/plane.ts";
import { command, newId } from "./control.ts";
import { holdCodeWhenSpent, workLimits } from "./work-limits.ts";

/** Does one piece of work and answers with the command that records it, or null where nothing is to be recorded. */
export type Perform = (work: Work, state: State) => Promise<CommandBody | null>;

export interface LoopOptions {
  readonly state: () => State;
  readonly submit: (command: Command) => Promise<{ readonly kind: string }>;
  readonly perform: Perform;
  readonly execution: { readonly inFlightMax: number };
}

export interface Loop {
  /** Looks again at what is owed; cheap, may be called at any time. */
  wake(): void;
  /** Forgets pauses of work that waited for a plane or a probe. */
  wakeNow(): void;
  stop(): void;
}

interface Attempts {
  count: number;
  notBefore: number;
}

export function startLoop(options: LoopOptions): Loop {
  const inFlight = new Map<string, Work>();
  const attempts = new Map<string, Attempts>();
  let timer: NodeJS.Timeout | undefined;
  let scheduled = false;
  let stopped = false;

  function wake(): void {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      if (!stopped) look();
    });
  }

  function look(): void {
    const state = options.state();
    const now = Date.now();
    for (const work of pendingWork(state, new Date(now).toISOString())) {
      if (inFlight.has(work.work_id) || (attempts.get(work.work_id)?.notBefore ?? 0) > now) continue;
      if (!hasRoom(work)) continue;
      inFlight.set(work.work_id, work);
      void pay(work, state);
    }
    setTimer(state, now);
  }

  /** Long work of the execution plane is bounded; probes are not counted. */
  function hasRoom(work: Work): boolean {
    if (work.plane !== "execution" || work.kind === "ProbeEngine") return true;
    const busy = [...inFlight.values()].filter((other) => other.plane === "execution" && other.kind !== "ProbeEngine");
    return busy.length < options.execution.inFlightMax;
  }

  async function pay(work: Work, state: State): Promise<void> {
    try {
      const body = await options.perform(work, state);
      if (stopped) return;
      if (body === null) pause(work, workLimits[work.kind].pauseMs);
      else await record(work, body);
    } catch (error) {
      if (!stopped) await fail(work, error);
    } finally {
      inFlight.delete(work.work_id);
      wake();
    }
  }

  async function record(work: Work, body: CommandBody): Promise<void> {
    const answer = await options.submit(command(body, "control"));
    // A refusal here is a result that came too late (cancelled meanwhile): the state owes something else by now.
    if (answer.kind !== "refused") attempts.delete(work.work_id);
  }

  async function fail(work: Work, error: unknown): Promise<void> {
    if (error instanceof PlaneEnded) return pause(work, workLimits[work.kind].pauseMs);
    const fault = asFault(error);
    const count = (attempts.get(work.work_id)?.count ?? 0) + 1;
    if (fault.retry && count < workLimits[work.kind].attempts) {
      attempts.set(work.work_id, { count, notBefore: Date.now() + workLimits[work.kind].pauseMs * 2 ** (count - 1) });
      return;
    }
    const known = holdCodeSchema.safeParse(fault.code);
    const code: HoldCode = known.success ? known.data : holdCodeWhenSpent(work.kind);
    const detail = (fault.detail ?? (known.success ? fault.message : `${fault.code}: ${fault.message}`)).slice(0, 500);
    await record(work, { kind: "HoldTask", task_id: work.task_id, code, detail, hold_id: newId("h") });
  }

  function pause(work: Work, pauseMs: number): void {
    attempts.set(work.work_id, { count: attempts.get(work.work_id)?.count ?? 0, notBefore: Date.now() + pauseMs });
  }

  function setTimer(state: State, now: number): void {
    clearTimeout(timer);
    const due = nextDueAt(state, new Date(now).toISOString());
    const instants = [...attempts.values()].map((entry) => entry.notBefore).filter((at) => at > now);
    if (due !== null) instants.push(Date.parse(due));
    if (instants.length > 0) timer = setTimeout(wake, Math.min(Math.max(0, Math.min(...instants) - now), 60_000));
  }

  wake();
  return {
    wake,
    wakeNow() {
      for (const entry of attempts.values()) entry.notBefore = 0;
      wake();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Anything thrown that is not a fault is a bug of ours: it holds the task with its message, never merges, and the stack goes to the log file. */
function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  process.stderr.write(`aedev: ${error instanceof Error ? error.stack : String(error)}\n`);
  return new Fault("INTERNAL", error instanceof Error ? error.message : String(error));
}
