/**
 * Simulates two weeks of a home. Core says what is due after each command, as in a real home; what the outside answers, and when, is drawn from a seed (ADR 0032).
 *
 * Folder: `aedev demo --board`: a home full of simulated missions.
 */
import { type CommandBody, pendingWork, type State, type Work } from "@aedev/core";

/** More runs at once than the demo has. */
const concurrentRuns = 10;

/** Commands that come together, after some milliseconds; a command is made when its time has come. */
export interface Reply {
  readonly afterMs: number;
  readonly by: string;
  readonly bodies: readonly (() => CommandBody)[];
}

type Due = Omit<Reply, "afterMs"> & { readonly atMs: number };

/** What is outside of the home: it answers on work, and people act on what they see. Null: no answer comes. */
export interface DemoOutside {
  answer(work: Work, state: State): Reply | null;
  /** What people do about what became visible, by a name that is used once. */
  people(state: State): ReadonlyMap<string, Reply>;
}

export interface SimulatedHome {
  readonly state: () => State;
  submit(body: CommandBody, sent: { readonly by: string; readonly at: string }): Promise<void>;
}

/** Plays what is planned, and everything that follows from it, up to an instant. `plan`: in any order; `afterMs` counts from 1970. */
export async function simulate(
  home: SimulatedHome,
  { plan, outside, untilMs }: { plan: readonly Reply[]; outside: DemoOutside; untilMs: number },
): Promise<void> {
  const due: Due[] = plan.map(({ afterMs: atMs, ...rest }) => ({ atMs, ...rest }));
  const seen = new Set<string>();
  const add = (name: string, atMs: number, answer: Reply | null) => {
    seen.add(name);
    if (answer !== null) due.push({ ...answer, atMs: atMs + answer.afterMs });
  };
  for (;;) {
    due.sort((left, right) => right.atMs - left.atMs);
    const next = due.pop();
    if (next === undefined || next.atMs > untilMs) return;
    const at = new Date(next.atMs).toISOString();
    for (const body of next.bodies) await home.submit(body(), { by: next.by, at });
    const state = home.state();
    for (const work of pendingWork(state, at, { concurrentRuns, reminders: 0 }))
      if (!seen.has(work.work_id)) add(work.work_id, next.atMs, outside.answer(work, state));
    for (const [name, answer] of outside.people(state)) if (!seen.has(name)) add(name, next.atMs, answer);
  }
}
