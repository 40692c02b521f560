/** Makes the statements of a report: each refers to the events and entries of evidence that it is computed from. */
import { type EvidenceName, escapeLine } from "@aedev/contracts";
import { type ReportReference, type ReportStatement, statementCharactersMax } from "@aedev/contracts/api";
import type { EventType } from "@aedev/contracts/events";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";
import type { MissionFacts, ReportEntries, TaskFacts } from "./facts.ts";

/** The most statements of one list, such as files; the rest are counted. */
const listedMax = 30;

export function stated(text: string, ...evidence: readonly ReportReference[]): ReportStatement {
  return { text: escapeLine(text, statementCharactersMax), known: true, evidence: [...evidence] };
}

/** A statement about what is not known. */
export function notKnown(text: string, ...evidence: readonly ReportReference[]): ReportStatement {
  return { ...stated(text, ...evidence), known: false };
}

export function atEvent({ position, type }: StoredEvent): ReportReference {
  return { kind: "event", position, type };
}

type EventOf<T extends EventType> = Extract<StoredEvent, { type: T }>;

export function eventsOf<T extends EventType>(events: readonly StoredEvent[], ...types: readonly T[]): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => (types as readonly EventType[]).includes(event.type));
}

/** The last event of the mission and its tasks: what is absent is absent up to it. */
export function lastEvent({ events, tasks }: Pick<MissionFacts, "events" | "tasks">): ReportReference {
  const all = [...events, ...tasks.flatMap((task) => task.events)];
  return atEvent(all.reduce((last, event) => (event.position > last.position ? event : last)));
}

export function lastOfTask({ events }: TaskFacts): ReportReference {
  return lastEvent({ events, tasks: [] });
}

/** The event that sealed the task's evidence, or else its last event. */
function sealing(facts: TaskFacts): ReportReference {
  const digest = facts.task.evidence?.bundle.digest;
  const event = eventsOf(facts.events, "EvidenceSealed").findLast(({ data }) => data.bundle.digest === digest);
  return event === undefined ? lastOfTask(facts) : atEvent(event);
}

/** An entry of the verified bundle; `entry` null, or one that it lacks: its list of entries. */
export function atEntry({ task, evidence }: TaskFacts, entry: EvidenceName | null): ReportReference {
  const bundle = task.evidence?.bundle.digest ?? "";
  const digest = entry === null || evidence.kind !== "verified" ? undefined : evidence.manifest.entries[entry]?.digest;
  const of = { kind: "evidence", task_id: task.task_id, bundle } as const;
  return digest === undefined ? { ...of, entry: null, digest: bundle } : { ...of, entry, digest };
}

/** Why nothing is stated from the task's evidence; empty: it is verified. */
export function evidenceProblem(facts: TaskFacts): ReportStatement[] {
  const { task, evidence } = facts;
  switch (evidence.kind) {
    case "none":
      return [notKnown(`Not measured: task ${task.task_id} has no sealed evidence.`, lastOfTask(facts))];
    case "unverified":
      return [
        notKnown(`The sealed evidence is not valid, so nothing is cited from it: ${evidence.why}`, sealing(facts)),
      ];
    case "verified":
      return [];
  }
}

/** A line about what an entry does not say. */
export interface UnknownLine {
  readonly unknown: string;
}

/** Statements from one entry of the evidence. If the verified bundle lacks it or its bytes are gone, that is said; `isOptional`: it says nothing if it is lacking. */
export function fromEntry<Name extends keyof ReportEntries>(
  facts: TaskFacts,
  name: Name,
  lines: (entry: ReportEntries[Name]) => readonly (string | UnknownLine)[],
  { isOptional = false }: { isOptional?: boolean } = {},
): ReportStatement[] {
  const { evidence } = facts;
  if (evidence.kind !== "verified") return [];
  const entry: ReportEntries[Name] | undefined = evidence.entries[name];
  if (entry !== undefined)
    return lines(entry).map((line) => {
      const at = atEntry(facts, name);
      return typeof line === "string" ? stated(line, at) : notKnown(line.unknown, at);
    });
  const why = evidence.unread.get(name);
  if (why !== undefined) return [notKnown(`The entry ${name} can't be read: ${why}`, atEntry(facts, null))];
  return isOptional ? [] : [notKnown(`Not measured: the evidence has no entry ${name}.`, atEntry(facts, null))];
}

/** The first lines, and how many more there are. */
export function firstOf(lines: readonly string[]): string[] {
  const more = lines.length - listedMax;
  return more > 0 ? [...lines.slice(0, listedMax), `${more} more are in the evidence.`] : [...lines];
}

/** The lines, or what is said if there are none. */
export function linesOr(lines: readonly string[], none: string): readonly string[] {
  return lines.length === 0 ? [none] : firstOf(lines);
}

/** True if the checks gave results of single tests; otherwise nothing is known about single tests. */
export function hasSingleTests({ fail_to_pass, pass_to_pass, ...checks }: ReportEntries["checks"]): boolean {
  const { newly_failing, vanished, newly_skipped, flaky, newly_flaky } = checks;
  const named = [fail_to_pass, newly_failing, vanished, newly_skipped, flaky, newly_flaky];
  return pass_to_pass > 0 || named.some((tests) => tests.length > 0);
}

/** Foreign text stays as it is, because each statement is escaped as a whole. */
export function unchanged(text: string): string {
  return text;
}

export function timeText(at: string): string {
  return `${at.slice(0, "2026-01-31T12:00".length).replace("T", " ")} UTC`;
}
