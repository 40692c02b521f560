/** Turns a decision into log events, without secrets and with position, stream version and hash, and folds them into the state. Pure. */
import assert from "node:assert/strict";
import type { DomainEvent } from "@aedev/contracts/events";
import { type Command, entityOf, evolve, type NewEvent, parseEvent, type State, schemaNumberOf } from "@aedev/core";
import type { Redactor } from "./redact.ts";
import { chainHash, type StoredEvent } from "./sqlite/stored-event.ts";

/** A command with the fields that the log needs besides those for `decide`. `causation_id`: what caused the command, if known. */
export type LoggedCommand = Command & { readonly causation_id?: string | null };

/** Where new events continue: the log's end and each stream's last version (0 for a new stream). */
export interface LogTip {
  readonly state: State;
  readonly position: number;
  readonly hash: string;
  readonly versionOf: (stream: string) => number;
  readonly redactor: Redactor;
}

/** A command's events, the canonical text of each event's data, and the state after them. */
export interface MadeEvents {
  readonly kind: "made";
  readonly events: readonly StoredEvent[];
  readonly texts: readonly string[];
  readonly state: State;
}

const commandIdShape = /^[^#\s]{1,200}$/;
const instantShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function makeEvents(command: LoggedCommand, decided: readonly NewEvent[], tip: LogTip): MadeEvents {
  const { command_id: id, actor, at } = command;
  assert(commandIdShape.test(id), "a command id has 1 to 200 characters, without '#' and white space");
  assert(instantShape.test(at), "a command's instant is ISO 8601 UTC with milliseconds");
  const events: StoredEvent[] = [];
  const texts: string[] = [];
  let { state, hash } = tip;
  for (const given of decided) {
    const { stream } = given;
    const { typed, text } = cleanEvent(given, tip.redactor);
    const index = events.length;
    const event = {
      position: tip.position + index + 1,
      stream,
      version: (events.findLast((other) => other.stream === stream)?.version ?? tip.versionOf(stream)) + 1,
      type: typed.type,
      schema: schemaNumberOf(typed.type),
      data: typed.data,
      actor,
      command_id: index === 0 ? id : `${id}#${index}`,
      correlation_id: "",
      causation_id: index === 0 ? (command.causation_id ?? null) : id,
      recorded_at: at,
      hash: "",
    } as StoredEvent;
    state = evolve(state, event);
    event.correlation_id = correlationOf(stream, state);
    hash = chainHash(event, text, hash);
    event.hash = hash;
    events.push(event);
    texts.push(text);
  }
  return { kind: "made", events, texts, state };
}

/** The event in the form that may be stored, and its canonical text. */
function cleanEvent(event: DomainEvent, redactor: Redactor): { typed: DomainEvent; text: string } {
  const typed = parseEvent(event.type, schemaNumberOf(event.type), event.data);
  const { data, json } = redactor.event(typed.data);
  return { typed: data === typed.data ? typed : parseEvent(event.type, schemaNumberOf(event.type), data), text: json };
}

/** The correlation id: the mission of a mission's, task's or approval's event, else the stream itself. */
function correlationOf(stream: string, state: State): string {
  const { kind, id } = entityOf(stream);
  if (kind === "missions") return id;
  if (kind === "approvals") return state.approvals[id]?.subject.mission_id ?? stream;
  return (kind === "tasks" ? state.tasks[id]?.mission_id : undefined) ?? stream;
}
