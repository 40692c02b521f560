/**
 * The port `EventLog` without SQLite, for the many episodes of a long simulation: the same decisions, events and hashes, one commit for what waits in one
 * turn. What is committed outlives a crash, and what waits does not. Episodes on SQLite stand beside those on this.
 */
import { Fault } from "@aedev/contracts";
import { type Decision, initialState, openPart, type State } from "@aedev/core";
import type { CommandAnswer, EventLog, Listener } from "../../packages/daemon/src/log/event-log.ts";
import { type LoggedCommand, makeEvents } from "../../packages/daemon/src/log/make-events.ts";
import { createRedactor } from "../../packages/daemon/src/log/redact.ts";
import type { StoredEvent } from "../../packages/daemon/src/log/sqlite/stored-event.ts";

/** What the simulation uses of the log. */
export type SimulatedLog = Pick<EventLog, "submit" | "state" | "head" | "subscribe" | "listEvents" | "close">;

/** What is on the disk, which outlives the process. */
export interface Committed {
  state: State;
  readonly events: StoredEvent[];
  readonly byCommand: Map<string, readonly StoredEvent[]>;
  readonly versions: Map<string, number>;
}

export function nothingCommitted(): Committed {
  return { state: initialState, events: [], byCommand: new Map(), versions: new Map() };
}

interface Waiting {
  readonly command: LoggedCommand;
  readonly resolve: (answer: CommandAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const genesis = "0".repeat(64);
const redactor = createRedactor();

export function openMemoryLog({
  committed,
  decide,
  onFatal,
}: {
  committed: Committed;
  decide: (command: LoggedCommand, state: State) => Decision;
  onFatal: () => void;
}): SimulatedLog {
  const listeners = new Set<Listener>();
  let waiting: Waiting[] = [];
  let open = openPart(committed.state);
  let hasEnded = false;
  const { length: begun } = committed.events;
  let known = begun;

  function settle(): void {
    const group = waiting;
    waiting = [];
    if (hasEnded || group.length === 0) return;
    const appended: StoredEvent[] = [];
    const answers = group.map((one) => answerTo(one, appended));
    known += appended.length;
    if (appended.length > 0) open = openPart(committed.state);
    for (const answer of answers) answer();
    if (appended.length > 0) for (const listener of listeners) listener(appended, committed.state);
  }

  function answerTo({ command, resolve, reject }: Waiting, appended: StoredEvent[]): () => void {
    const { events, byCommand, versions } = committed;
    // Another process has written: this one knows nothing of it.
    if (events.length !== known + appended.length) {
      hasEnded = true;
      onFatal();
      return () => reject(new Fault("log-failed", "the log could not be written"));
    }
    const earlier = byCommand.get(command.command_id);
    if (earlier !== undefined) return () => resolve({ kind: "done", events: earlier, state: committed.state });
    try {
      const decision = decide(command, committed.state);
      if (decision.kind === "refused") return () => resolve(decision);
      const tip = {
        state: committed.state,
        position: events.length,
        hash: events.at(-1)?.hash ?? genesis,
        versionOf: (stream: string) => versions.get(stream) ?? 0,
        redactor,
      };
      const made = makeEvents(command, decision.events, tip);
      committed.state = made.state;
      for (const event of made.events) {
        events.push(event);
        versions.set(event.stream, event.version);
      }
      if (made.events.length > 0) byCommand.set(command.command_id, made.events);
      appended.push(...made.events);
      return () => resolve({ kind: "done", events: made.events, state: committed.state });
    } catch (error) {
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
    close: async () => {
      settle();
      hasEnded = true;
    },
  };
}
