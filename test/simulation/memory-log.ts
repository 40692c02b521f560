/**
 * The port `EventLog` without SQLite, for the many episodes of a long simulation: the same decisions, events and hashes, one commit per turn for all waiting
 * commands. Committed events outlive a crash, and waiting ones don't. Some episodes run on SQLite too.
 */
import { Fault } from "@aedev/contracts";
import { type Decision, initialState, mayEnd, mentionedBy, type State } from "@aedev/core";
import { chargedTypes } from "@aedev/core/reading";
import { type ChargedEvents, createChargeReader } from "../../packages/daemon/src/log/charges.ts";
import type { CommandAnswer, EventLog, Listener } from "../../packages/daemon/src/log/event-log.ts";
import { type LoggedCommand, makeEvents } from "../../packages/daemon/src/log/make-events.ts";
import { createRedactor } from "../../packages/daemon/src/log/redact.ts";
import type { StoredEvent } from "../../packages/daemon/src/log/sqlite/stored-event.ts";
import { type Ended, nothingEnded } from "./ended.ts";
import { fullDiskError } from "./log-disk.ts";

/** The part of the log that the simulation uses. */
export type SimulatedLog = Pick<EventLog, "submit" | "state" | "head" | "subscribe" | "listEvents" | "close"> & {
  readonly views: Pick<EventLog["views"], "charges">;
};

/** The log with some methods replaced. */
export function withMethods(log: SimulatedLog, methods: Partial<SimulatedLog>): SimulatedLog {
  return {
    submit: (command) => log.submit(command),
    subscribe: (listener) => log.subscribe(listener),
    listEvents: (query) => log.listEvents(query),
    close: () => log.close(),
    views: log.views,
    get state() {
      return log.state;
    },
    get head() {
      return log.head;
    },
    ...methods,
  };
}

/** The content of the disk, which outlives the process. */
export interface Committed {
  /** The open part of the state. */
  state: State;
  readonly ended: Ended;
  readonly events: StoredEvent[];
  readonly byCommand: Map<string, readonly StoredEvent[]>;
  /** The events of each stream, oldest first. */
  readonly streams: Map<string, StoredEvent[]>;
}

export function nothingCommitted(): Committed {
  return { state: initialState, ended: nothingEnded(), events: [], byCommand: new Map(), streams: new Map() };
}

interface Waiting {
  readonly command: LoggedCommand;
  readonly resolve: (answer: CommandAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** The log as it will be once the group is committed. */
interface Draft {
  state: State;
  readonly appended: StoredEvent[];
  /** Ended entities were brought back into the state. */
  extended: boolean;
}

/** Thrown to end the log. */
class WriteFailed extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

const genesis = "0".repeat(64);
const redactor = createRedactor();

export function openMemoryLog({
  committed,
  decide,
  onFatal,
  isFull,
  ignoresOthers = false,
}: {
  committed: Committed;
  decide: (command: LoggedCommand, state: State) => Decision;
  onFatal: (error: unknown) => void;
  /** True if nothing can be written now. */
  isFull: () => boolean;
  /** A planted bug: writes of another process are not noticed. */
  ignoresOthers?: boolean | undefined;
}): SimulatedLog {
  const listeners = new Set<Listener>();
  let waiting: Waiting[] = [];
  let open = committed.state;
  let hasEnded = false;
  const { length: begun } = committed.events;
  let known = begun;

  function settle(): void {
    const group = waiting;
    waiting = [];
    if (hasEnded || group.length === 0) return;
    if (ignoresOthers) known = committed.events.length;
    const draft: Draft = { state: committed.state, appended: [], extended: false };
    const answers: (() => void)[] = [];
    try {
      for (const one of group) answers.push(answerTo(one, draft));
    } catch (error) {
      if (!(error instanceof WriteFailed)) throw error;
      hasEnded = true;
      onFatal(error.cause);
      const fault = new Fault("log-failed", "the log could not be written", { cause: error.cause });
      for (const { reject } of [...group, ...waiting]) reject(fault);
      return;
    }
    const { state, appended } = draft;
    known += appended.length;
    if (appended.length > 0) open = committed.state = openPartAfter(draft);
    for (const answer of answers) answer();
    if (appended.length > 0) for (const listener of listeners) listener(appended, state);
  }

  /** Drops ended entities, as SQLite's log does. */
  function openPartAfter({ state, appended, extended }: Draft): State {
    if (appended.some(({ type }) => type === "NotifierConfigured")) return committed.ended.reopen(state);
    return extended || appended.some((event) => mayEnd(event, state)) ? committed.ended.leave(state) : state;
  }

  /** Throws if the group can't be written, at its first event or not at all, so that nothing of it was appended. */
  function answerTo({ command, resolve, reject }: Waiting, draft: Draft): () => void {
    const { events, byCommand, streams, ended } = committed;
    const { appended } = draft;
    // Another process wrote events unknown to this one.
    if (events.length !== known + appended.length) throw new WriteFailed(new Error("another process has written"));
    const earlier = byCommand.get(command.command_id);
    if (earlier !== undefined) return () => resolve({ kind: "done", events: earlier, state: draft.state });
    try {
      const state = ended.extend(draft.state, mentionedBy(command));
      draft.extended ||= state !== draft.state;
      draft.state = state;
      const decision = decide(command, state);
      if (decision.kind === "refused") return () => resolve(decision);
      const tip = {
        state,
        position: events.length,
        hash: events.at(-1)?.hash ?? genesis,
        versionOf: (stream: string) => streams.get(stream)?.length ?? 0,
        redactor,
      };
      const made = makeEvents(command, decision.events, tip);
      if (made.events.length > 0 && isFull()) throw new WriteFailed(fullDiskError());
      draft.state = made.state;
      for (const event of made.events) {
        events.push(event);
        const stream = streams.get(event.stream);
        if (stream === undefined) streams.set(event.stream, [event]);
        else stream.push(event);
      }
      if (made.events.length > 0) byCommand.set(command.command_id, made.events);
      appended.push(...made.events);
      return () => resolve({ kind: "done", events: made.events, state: draft.state });
    } catch (error) {
      if (error instanceof WriteFailed) throw error;
      return () => reject(error);
    }
  }

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        if (hasEnded) return reject(new Fault("log-closed", "the log is closed"));
        if (waiting.length === 0) setImmediate(settle);
        waiting.push({ command, resolve, reject });
      }),
    get state() {
      return open;
    },
    get head() {
      return { position: known, hash: committed.events[known - 1]?.hash ?? genesis };
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listEvents: async ({ after = 0 } = {}) => committed.events.slice(after),
    views: { charges: createChargeReader(chargedEventsOf(committed)) },
    close: async () => {
      settle();
      hasEnded = true;
    },
  };
}

const charged: ReadonlySet<StoredEvent["type"]> = new Set(chargedTypes);

/** Finds charged events as SQLite's log does. */
function chargedEventsOf({ events, streams }: Committed): ChargedEvents {
  const ofStream = (stream: string) => streams.get(stream) ?? [];
  const isCharged = ({ type }: StoredEvent) => charged.has(type);
  return {
    end: () => events.length,
    recordedAt: (position) => events[position - 1]?.recorded_at ?? "",
    from: (position) => events.slice(position - 1).filter(isCharged),
    ofType: (type) => events.filter((event) => event.type === type),
    ofStream: (stream) => ofStream(stream).filter(isCharged),
    firstOf: (stream) => ofStream(stream)[0],
    before: ({ stream, version }, type) =>
      ofStream(stream)
        .slice(0, version - 1)
        .filter((event) => event.type === type)
        .reverse(),
  };
}
