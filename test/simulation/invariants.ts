/** What must hold whatever goes wrong: as each event is committed, and at the end. */
import { resumptionOf } from "@aedev/contracts";
import { evolve, initialState, type nextDueAt, openPart, pendingWork, type State, type WorkBounds } from "@aedev/core";
import { canonicalText } from "../../packages/daemon/src/log/canonical-text.ts";
import type { StoredEvent } from "../../packages/daemon/src/log/sqlite/stored-event.ts";
import type { SimulatedLog } from "./memory-log.ts";
import { changeKey, type World } from "./world.ts";

export interface Watcher {
  committed(events: readonly StoredEvent[], state: State): void;
  /** A caller was told that its command is done; `first`: its first event. */
  acknowledged(commandId: string, first: StoredEvent | null): void;
  pushedByOthers(repository: string, commit: string): void;
  readonly told: ReadonlyMap<string, StoredEvent | null>;
  readonly others: readonly { readonly repository: string; readonly commit: string }[];
  readonly events: number;
  readonly landed: number;
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

  function follow(event: StoredEvent, state: State): void {
    const { stream, version, type } = event;
    if (event.position !== position + 1) world.violated(`event ${event.position} follows ${position}`);
    if (version !== (versions.get(stream) ?? 0) + 1)
      world.violated(`${stream}: version ${version} follows ${versions.get(stream) ?? 0}`);
    position = event.position;
    versions.set(stream, version);
    hash = event.hash;
    world.budgets.follow(event);
    if (type === "VerdictRecorded") {
      const { family, bundle_digest, verdict } = event.data;
      const key = `${family} ${bundle_digest}`;
      if (judged.has(key) && verdict !== "inconclusive") world.violated(`${family} judged ${bundle_digest} twice`);
      if (verdict === "pass" || verdict === "fail") judged.add(key);
    }
    if (type === "ApprovalUsed") {
      if (used.has(stream)) world.violated(`${stream} was used twice`);
      used.add(stream);
    }
    if (type === "ChangeLanded") {
      landed += 1;
      landedRightly(stream.slice("task/".length), state);
    }
  }

  /** By what is true in the world and by what people did, not by what aedev recorded of them. */
  function landedRightly(id: string, state: State): void {
    const task = state.tasks[id];
    const run = task?.runs.at(-1)?.run_id;
    if (task === undefined || run === undefined) {
      world.violated(`${id} landed without a run`);
      return;
    }
    const truth = world.truthOf(id, run);
    const isApproved = world.approved.has(task.evidence?.change_digest ?? "");
    if (truth.coder !== "change") world.violated(`${id} landed a run that made no change`);
    if (!truth.isWhole) world.violated(`${id} landed without full evidence`);
    if (truth.checks === "red") world.violated(`${id} landed with red checks`);
    for (const family of ["openai", "gemini"] as const)
      if (!world.passed.has(changeKey(family, id, run))) world.violated(`${id} landed without a pass of ${family}`);
    if (truth.needsPerson && !isApproved) world.violated(`${id} landed without a person`);
    const copies = [...world.remotes.values()].flatMap(({ commits }) => commits).filter(({ task: of }) => of === id);
    if (copies.length !== 1) world.violated(`${id} is on its branch ${copies.length} times`);
  }

  return {
    committed(events, state) {
      for (const event of events) follow(event, state);
    },
    acknowledged: (commandId, first) => void told.set(commandId, first),
    pushedByOthers: (repository, commit) => void others.push({ repository, commit }),
    told,
    others,
    get events() {
      return position;
    },
    get landed() {
      return landed;
    },
    digest: () => hash,
  };
}

/** Work that becomes pending without an event is announced: between now and the next announced instant, nothing is added. */
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
    if (!known.has(work_id)) world.violated(`${work_id} becomes pending, which was not announced`);
}
/** If nothing is announced, nothing may become pending within this time. */
const unannouncedMs = 30 * 24 * 3_600_000;

/** Once the world is well and nothing more is due. */
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
      world.violated(`command ${id} was acknowledged and is not in the log`);
  for (const [index, event] of events.entries())
    if (event.position !== index + 1) world.violated(`position ${index + 1} is missing`);
  let folded: State = initialState;
  for (const event of events) folded = evolve(folded, event);
  if (canonicalText(openPart(folded)) !== canonicalText(log.state))
    world.violated("the state is not the fold of the log");
  for (const { repository, commit } of watcher.others)
    if (!world.remotes.get(repository)?.commits.some(({ id }) => id === commit))
      world.violated(`a commit of others in ${repository} is gone`);
  for (const run of world.containers.keys()) world.violated(`the container of ${run} was left`);
  const now = new Date().toISOString();
  for (const work of pendingWork(folded, now)) world.violated(`${work.work_id} is pending, and nobody does it`);
  for (const task of Object.values(folded.tasks)) {
    const { task_id, status, hold } = task;
    const copies = [...world.remotes.values()]
      .flatMap(({ commits }) => commits)
      .filter(({ task: of }) => of === task_id).length;
    if (copies > 1) world.violated(`${task_id} is on its branch ${copies} times`);
    // A person may end a task although nobody knows whether its push arrived.
    const isGivenUp = (status === "cancelled" || status === "rejected") && task.landing !== null;
    if (copies === 1 && status !== "landed" && !isGivenUp && hold?.code !== "HOLD-EXTERNAL-STATE-UNKNOWN")
      world.violated(`${task_id} is ${status} but on its branch`);
    if (status === "held" && hold === null) world.violated(`${task_id} is held without a reason`);
    if (hold !== null && resumptionOf(hold) !== "never")
      world.violated(`${task_id} waits in ${hold.code}, which ends automatically`);
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
