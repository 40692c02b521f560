/**
 * The port `EventLog` and its SQLite implementation: the only writer of events. `load → decide → fold → append` is one synchronous function on hand-written
 * prepared statements. Commands that wait in the same turn share one commit; their answers go out after it. It never reuses a connection that failed: a failed
 * commit ends the process. It performs no work and knows no plane.
 * Folder: the event log: append, views, open state, verify, export.
 */

import { Fault } from "@aedev/contracts";
import { type Decision, type Mentioned, mayEnd, mentionedBy, openPart, type Refusal, type State } from "@aedev/core";
import { killProcess } from "./kill-process.ts";
import { logEnd } from "./log-place.ts";
import { type LoggedCommand, type LogTip, type MadeEvents, makeEvents } from "./make-events.ts";
import { createStateReader, createUnreadable, type StateReader } from "./open-state.ts";
import { rebuildViews } from "./rebuild-views.ts";
import { createRedactor, type Redactor } from "./redact.ts";
import { openForWriting, type SqliteDatabase, sqliteCode } from "./sqlite/database.ts";
import { type AppendStatements, insertRow, prepareAppend } from "./sqlite/statements.ts";
import { type EventRow, parseRow, type StoredEvent } from "./sqlite/stored-event.ts";
import { type EventQuery, listEvents, migrate } from "./sqlite/tables.ts";
import { createViewQueries, type ViewQueries } from "./view-queries.ts";
import { createViewWriter, type ViewWriter, viewsFit } from "./views.ts";

/** The answer to a command, which each repetition with the same `command_id` gets again. `state`: after the commit, with the entities of the command. */
export type CommandAnswer =
  | { readonly kind: "done"; readonly events: readonly StoredEvent[]; readonly state: State }
  | Refusal;
/** Called after each commit with its events and the new state, which still includes entities that it ended. A throw is a bug and ends the process. */
export type Listener = (events: readonly StoredEvent[], state: State) => void;

/** The port: everything that the control plane may do with the log. `openOffline` reads a home without it. */
export interface EventLog extends AsyncDisposable {
  /** Resolves after the commit that contains the command's events. Rejects if `decide` or the fold throws; then nothing of that command was written. */
  submit(command: LoggedCommand): Promise<CommandAnswer>;
  /** The open part of the state: no entities that have ended. */
  readonly state: State;
  /** The state with these entities added, even if they have ended. Throws a Fault on an entity that can't be read. */
  stateWith(mentioned: Mentioned): State;
  /** The state with these entities for lists, in which an unreadable entity is left out. */
  stateToShow(mentioned: Mentioned): State;
  /** The first reasons why entities are missing from the state or from lists, since the last rebuild. */
  readonly unreadable: readonly string[];
  /** Queries about all of history. */
  readonly views: ViewQueries;
  /** Position and hash of the last event; position 0 and the genesis hash for an empty log. */
  readonly head: { readonly position: number; readonly hash: string };
  /** Commits since the log was opened. */
  readonly commits: number;
  /** Whether the log would store this text unchanged; it replaces secrets. */
  keepsWhole(data: unknown): boolean;
  /** Hash of the event at a position; undefined if there is none. */
  hashAt(position: number): string | undefined;
  /** Subscribes to commits; call the returned function to unsubscribe. */
  subscribe(listener: Listener): () => void;
  listEvents(query?: EventQuery): Promise<StoredEvent[]>;
  /** Drops the views and rebuilds them from the log. It appends nothing. */
  rebuild(): void;
  close(): Promise<void>;
}

export interface EventLogOptions {
  readonly path: string;
  readonly decide: (command: LoggedCommand, state: State) => Decision;
  readonly redactor?: Redactor;
  /** Called when a commit fails. The default reports the cause and kills the process, so that nothing uses the connection again. */
  readonly onFatal?: (error: unknown) => void;
}

/** Opens or creates the log. The caller holds the home's lock. */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const database = openForWriting(options.path);
  try {
    await migrate(database);
    if (!viewsFit(database)) rebuildViews(database);
    return new SqliteEventLog(database, options);
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Waiting {
  readonly command: LoggedCommand;
  readonly resolve: (answer: CommandAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Streams whose last version is cached; the version of any other is looked up. */
const versionsKeptMax = 4_096;

/** The log as it will be once the transaction of this group of commands is committed. */
interface Draft extends LogTip {
  state: State;
  position: number;
  hash: string;
  readonly versions: Map<string, number>;
  readonly appended: StoredEvent[];
  begun: boolean;
  /** Whether ended entities were added to the state. */
  extended: boolean;
}

class SqliteEventLog implements EventLog {
  readonly #database: SqliteDatabase;
  readonly #statements: AppendStatements;
  readonly #decide: EventLogOptions["decide"];
  readonly #redactor: Redactor;
  readonly #onFatal: (error: unknown) => void;
  readonly #listeners = new Set<Listener>();
  readonly #versions = new Map<string, number>();
  #reader: StateReader;
  readonly views: ViewQueries;
  #writer: ViewWriter;
  #waiting: Waiting[] = [];
  #state: State;
  readonly #unreadable = createUnreadable();
  #head: ReturnType<typeof logEnd>;
  #commits = 0;
  #ended: "closed" | "failed" | null = null;

  constructor(database: SqliteDatabase, options: EventLogOptions) {
    this.#database = database;
    this.#statements = prepareAppend(database);
    this.#writer = createViewWriter(database);
    this.#decide = options.decide;
    this.#redactor = options.redactor ?? createRedactor();
    this.#onFatal = options.onFatal ?? killProcess;
    this.#reader = createStateReader(database);
    this.views = createViewQueries(database);
    this.#state = this.#unreadable.note(this.#reader.open());
    this.#head = logEnd(database);
  }

  get state(): State {
    return this.#state;
  }

  readonly keepsWhole = (data: unknown) => this.#redactor.event(data).data === data;

  readonly stateWith = (mentioned: Mentioned) => this.#reader.extend(this.#state, mentioned);

  stateToShow(mentioned: Mentioned): State {
    return this.#unreadable.note(this.#reader.extendToShow(this.#state, mentioned));
  }

  get unreadable(): readonly string[] {
    return this.#unreadable.list();
  }

  get head(): { readonly position: number; readonly hash: string } {
    return this.#head;
  }

  get commits(): number {
    return this.#commits;
  }

  submit(command: LoggedCommand): Promise<CommandAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(new Fault("log-closed", `the log is ${this.#ended}`));
      if (this.#waiting.length === 0) setImmediate(() => this.#settleWaiting());
      this.#waiting.push({ command, resolve, reject });
    });
  }

  readonly hashAt = (position: number) => this.#statements.hashAt.get(position) as string | undefined;

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  readonly listEvents = (query: EventQuery = {}) => listEvents(this.#database, query);

  rebuild(): void {
    rebuildViews(this.#database);
    this.#unreadable.clear();
    this.#reader = createStateReader(this.#database);
    this.#state = this.#unreadable.note(this.#reader.open());
    this.#writer = createViewWriter(this.#database);
  }

  async close(): Promise<void> {
    if (this.#ended === "closed") return;
    this.#settleWaiting();
    this.#ended = "closed";
    this.#database.close();
  }

  readonly [Symbol.asyncDispose] = () => this.close();

  /** Handles one group of commands: decides each on the state that its predecessors left, commits all at once, then sends the answers. */
  #settleWaiting(): void {
    const group = this.#waiting;
    if (group.length === 0 || this.#ended !== null) return;
    this.#waiting = [];
    const draft = this.#startDraft();
    const answers: (() => void)[] = [];
    try {
      for (const waiting of group) answers.push(this.#settle(waiting, draft));
      if (draft.appended.length > 0) this.#commit(draft);
      else if (draft.begun) this.#statements.rollback.run();
    } catch (error) {
      this.#ended = "failed";
      this.#onFatal(error);
      const fault = new Fault("log-failed", "the log could not be written", { cause: error });
      for (const waiting of [...group, ...this.#waiting]) waiting.reject(fault);
      return;
    }
    for (const answer of answers) answer();
    if (draft.appended.length > 0) for (const listener of this.#listeners) listener(draft.appended, draft.state);
  }

  #commit(draft: Draft): void {
    const changed = new Set(draft.appended.map((event) => event.stream));
    this.#writer.save(changed, draft);
    this.#statements.commit.run();
    this.#commits += 1;
    this.#state = this.#openPartAfter(draft);
    this.#head = { position: draft.position, hash: draft.hash };
  }

  /** Drops from the state the entities that have ended, or that were added only for these commands. */
  #openPartAfter({ state, appended, extended }: Draft): State {
    // Which pushes about ended tasks are pending depends on the notifier; the views know the tasks.
    if (appended.some(({ type }) => type === "NotifierConfigured")) return this.#unreadable.note(this.#reader.open());
    return extended || appended.some((event) => mayEnd(event, state)) ? openPart(state) : state;
  }

  /** Decides one command and inserts its events; throws only if the database fails. Call the returned function after the commit to answer. */
  #settle({ command, resolve, reject }: Waiting, draft: Draft): () => void {
    const attempt = this.#attempt(command, draft);
    if (attempt.kind === "made" && attempt.events.length > 0 && this.#insert(attempt, draft))
      return () => resolve({ kind: "done", events: attempt.events, state: draft.state });
    // A command that brings something new can't have been answered before, so the common path skips the look-up.
    const earlier = this.#eventsOf(command.command_id);
    if (attempt.kind === "made" || earlier.length > 0)
      return () => resolve({ kind: "done", events: earlier, state: draft.state });
    if (attempt.kind === "refused") return () => resolve(attempt);
    return () => reject(attempt.error);
  }

  #attempt(command: LoggedCommand, draft: Draft): MadeEvents | Refusal | { kind: "threw"; error: unknown } {
    try {
      const state = this.#reader.extend(draft.state, mentionedBy(command));
      Object.assign(draft, { state, extended: draft.extended || state !== draft.state });
      const decision = this.#decide(command, state);
      return decision.kind === "refused" ? decision : makeEvents(command, decision.events, draft);
    } catch (error) {
      if (sqliteCode(error) !== null) throw error;
      return { kind: "threw", error };
    }
  }

  /** False if the command's events are in the log already, so that nothing was inserted. */
  #insert(made: MadeEvents, draft: Draft): boolean {
    if (!draft.begun) this.#statements.begin.run();
    draft.begun = true;
    for (let index = 0; index < made.events.length; index += 1) {
      const event = made.events[index] as StoredEvent;
      const text = made.texts[index] as string;
      try {
        insertRow(this.#statements, event, text);
      } catch (error) {
        const isThere =
          sqliteCode(error) === "SQLITE_CONSTRAINT_TRIGGER" && this.#eventsOf(event.command_id).length > 0;
        if (index === 0 && isThere) return false;
        throw error;
      }
      draft.versions.set(event.stream, event.version);
      draft.appended.push(event);
    }
    draft.state = made.state;
    draft.position += made.events.length;
    draft.hash = made.events.at(-1)?.hash ?? draft.hash;
    return true;
  }

  #startDraft(): Draft {
    const versions = this.#versions;
    if (versions.size > versionsKeptMax) versions.clear();
    const versionOf = (stream: string) => versions.get(stream) ?? (this.#statements.lastVersion.get(stream) as number);
    return {
      state: this.#state,
      position: this.#head.position,
      hash: this.#head.hash,
      versionOf,
      redactor: this.#redactor,
      versions,
      appended: [],
      ...{ begun: false, extended: false },
    };
  }

  #eventsOf(commandId: string): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (let id = commandId; ; id = `${commandId}#${events.length}`) {
      const row = this.#statements.byCommand.get(id) as EventRow | undefined;
      if (row === undefined) return events;
      events.push(parseRow(row));
    }
  }
}
