/** Checks the invariants that hold whatever goes wrong: as each event is committed, and at the end. */
import { resumptionOf } from "@aedev/contracts";
import {
  evolve,
  initialState,
  type nextDueAt,
  openPart,
  pendingWork,
  runOfChange,
  type State,
  type WorkBounds,
} from "@aedev/core";
import { canonicalText } from "../../packages/daemon/src/log/canonical-text.ts";
import type { StoredEvent } from "../../packages/daemon/src/log/sqlite/stored-event.ts";
import type { SimulatedLog } from "./memory-log.ts";
import { createPlanWatcher, type PlanWatcher, plansAtEnd } from "./plan-invariants.ts";
import { changeKey, type World } from "./world.ts";

export interface Watcher {
  committed(events: readonly StoredEvent[], state: State): void;
  /** A caller was told that its command is done; `first`: the command's first event. */
  acknowledged(commandId: string, first: StoredEvent | null): void;
  pushedByOthers(repository: string, commit: string): void;
  /** Number of a task's changes on a branch. */
  copiesOf(task: string): number;
  readonly told: ReadonlyMap<string, StoredEvent | null>;
  readonly others: readonly { readonly repository: string; readonly commit: string }[];
  readonly events: number;
  readonly landed: number;
  readonly plans: PlanWatcher;
  digest(): string;
}

export function createWatcher(world: World): Watcher {
  const versions = new Map<string, number>();
  const told = new Map<string, StoredEvent | null>();
  const others: { repository: string; commit: string }[] = [];
  const judged = new Set<string>();
  const used = new Set<string>();
  let position = 0;
  let hash = "";
  let landed = 0;
  const plans = createPlanWatcher(world);

  function follow(event: StoredEvent, state: State): void {
    const { stream, version, type } = event;
    if (event.position !== position + 1)
      world.violated("positions have a gap", `${event.position} follows ${position}`);
    if (version !== (versions.get(stream) ?? 0) + 1)
      world.violated("versions of a stream have a gap", `${stream}, ${version} follows ${versions.get(stream) ?? 0}`);
    position = event.position;
    versions.set(stream, version);
    hash = event.hash;
    world.budgets.follow(event);
    if (type === "VerdictRecorded") {
      const { family, bundle_digest, verdict, reused_from } = event.data;
      const key = `${family} ${bundle_digest}`;
      if (judged.has(key) && verdict !== "inconclusive" && reused_from === undefined)
        world.violated("a bundle was judged twice", key);
      if (verdict === "pass" || verdict === "fail") judged.add(key);
    }
    if (type === "ApprovalUsed") {
      if (used.has(stream)) world.violated("an approval was used twice", stream);
      used.add(stream);
    }
    if (type === "ChangeLanded") {
      landed += 1;
      landedRightly(stream.slice("task/".length), state);
    }
  }

  /** Checks by the truth in the world and by people's actions, not by aedev's records of them. */
  function landedRightly(id: string, state: State): void {
    const task = state.tasks[id];
    const run = task === undefined ? undefined : runOfChange(task)?.run_id;
    if (task === undefined || run === undefined) {
      world.violated("landed without a run", id);
      return;
    }
    const truth = world.truthOf(id, run);
    const isApproved = world.approved.has(task.evidence?.change_digest ?? "");
    if (truth.coder !== "change") world.violated("landed a run that made no change", id);
    if (!truth.isWhole) world.violated("landed without full evidence", id);
    if (truth.checks === "red") world.violated("landed with red checks", id);
    for (const family of ["openai", "gemini"] as const)
      if (!world.passed.has(changeKey(family, id, run)))
        world.violated("landed without a pass of each judge", `${id}, ${family}`);
    if ((truth.needsPerson || truth.lacksTests) && !isApproved) world.violated("landed without a person", id);
    const isTested = world.tested.has(run);
    if (truth.wantsTests && !isTested && !isApproved) world.violated("landed without tests of another run", id);
    if (truth.failsTests && isTested && !isApproved) world.violated("landed against tests of another run", id);
    const copies = copiesOf(id);
    if (copies === 0) world.violated("landed without a push", id);
    if (copies > 1) world.violated("is on its branch more than once", `${id}, ${copies} times`);
  }

  function copiesOf(id: string): number {
    let copies = 0;
    for (const { commits } of world.remotes.values()) for (const { task } of commits) if (task === id) copies += 1;
    return copies;
  }

  return {
    committed(events, state) {
      for (const event of events) follow(event, state);
      plans.committed(events);
    },
    acknowledged: (commandId, first) => void told.set(commandId, first),
    pushedByOthers: (repository, commit) => void others.push({ repository, commit }),
    copiesOf,
    told,
    others,
    plans,
    get events() {
      return position;
    },
    get landed() {
      return landed;
    },
    digest: () => hash,
  };
}

/** Checks that work which becomes pending without an event is announced: until the next announced instant, none is added. */
export function checkAnnounced({
  state,
  bounds,
  world,
  announce,
}: {
  state: State;
  bounds: WorkBounds;
  world: World;
  announce: typeof nextDueAt;
}): void {
  const now = new Date().toISOString();
  const due = announce(state, now, bounds);
  const before = new Date(due === null ? Date.now() + unannouncedMs : Date.parse(due) - 1).toISOString();
  const known = new Set(pendingWork(state, now, bounds).map(({ work_id }) => work_id));
  for (const { work_id } of pendingWork(state, before, bounds))
    if (!known.has(work_id)) world.violated("work becomes pending that was not announced", work_id);
}
/** Without an announcement, nothing may become pending within this time. */
const unannouncedMs = 30 * 24 * 3_600_000;

/** Checks once the world is well and nothing more is due. */
export async function violationsAtEnd({
  log,
  world,
  watcher,
}: {
  log: SimulatedLog;
  world: World;
  watcher: Watcher;
}): Promise<void> {
  const events = await allEvents(log);
  const byCommand = new Map(events.map((event) => [event.command_id, event]));
  for (const [id, first] of watcher.told)
    if (byCommand.get(id) === undefined || (first !== null && byCommand.get(id)?.hash !== first.hash))
      world.violated("an acknowledged command is not in the log", id);
  for (const [index, event] of events.entries())
    if (event.position !== index + 1) world.violated("an event is missing when the log is read", `${index + 1}`);
  let folded: State = initialState;
  for (const event of events) folded = evolve(folded, event);
  if (canonicalText(openPart(folded)) !== canonicalText(log.state))
    world.violated("the state is not the fold of the log", `at ${events.length}`);
  for (const { repository, commit } of watcher.others)
    if (!world.remotes.get(repository)?.commits.some(({ id }) => id === commit))
      world.violated("a commit of others is gone", `${commit} of ${repository}`);
  plansAtEnd({ folded, open: log.state, world, watcher: watcher.plans });
  for (const run of world.containers.keys()) world.violated("a container was left", run);
  const now = new Date().toISOString();
  for (const work of pendingWork(folded, now)) world.violated("work is pending, and nobody does it", work.work_id);
  for (const task of Object.values(folded.tasks)) {
    const { task_id, status, hold, fallback, set_aside } = task;
    const copies = watcher.copiesOf(task_id);
    if (copies > 1) world.violated("is on its branch more than once", `${task_id}, ${copies} times`);
    // A person may end a task although nobody knows whether its push arrived.
    const isGivenUp = (status === "cancelled" || status === "rejected") && task.landing !== null;
    if (copies === 1 && status !== "landed" && !isGivenUp && hold?.code !== "HOLD-EXTERNAL-STATE-UNKNOWN")
      world.violated("is on its branch and not landed", `${task_id}, ${status}`);
    if (hold !== null && resumptionOf(hold) !== "never")
      world.violated("waits in a hold that ends automatically", `${task_id}, ${hold.code}`);
    if (hold !== null && fallback !== undefined && hold.code !== "HOLD-STOPPED")
      world.violated("is held although a change of it could be approved", `${task_id}, ${hold.code}`);
    if (hold !== null && set_aside !== undefined && hold.code !== "HOLD-STOPPED")
      world.violated("is held although a change of it could be checked", `${task_id}, ${hold.code}`);
  }
}

async function allEvents(log: SimulatedLog): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const page = await log.listEvents({ after: events.length });
    if (page.length === 0) return events;
    events.push(...page);
  }
}
