/**
 * Kills the process that writes a log again and again, while it opens, appends, rebuilds its views or copies its write-ahead file back. After each kill the log
 * must open, be whole, and have every answered command with all its events.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { decide } from "@aedev/core";
import { chanceOf } from "../../../demo/src/board/chance.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForReading, openForWriting } from "../../src/log/sqlite/database.ts";
import { verifyEvents } from "../../src/log/verify.ts";
import { viewsFit } from "../../src/log/views.ts";
import { configure, temporaryFolder } from "./story.ts";

export const appender = fileURLToPath(new URL("./append-until-killed.ts", import.meta.url));

/** The result of a writer's life. */
export interface EndedWriter {
  /** The commands that it answered. */
  readonly ids: readonly string[];
  /** The signal that ended it, else its exit code. */
  readonly ended: string;
  readonly errors: string;
  /** The time from its start to its first answer; null if it gave none. */
  readonly firstAnswerMs: number | null;
}

/** Resolves when the writer has ended. It is killed after `answers` answers, or `afterMs` after its start. */
export async function endedWriter(
  child: ChildProcess,
  { answers, afterMs }: { answers: number; afterMs?: number },
): Promise<EndedWriter> {
  let text = "";
  let errors = "";
  let firstAnswerMs: number | null = null;
  const startedAt = performance.now();
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout?.on("data", (chunk) => {
    text += chunk;
    firstAnswerMs ??= performance.now() - startedAt;
    if (text.split("\n").length > answers) child.kill("SIGKILL");
  });
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), afterMs);
  const ended = await new Promise<string>((resolve) =>
    child.on("close", (code, signal) => resolve(signal ?? `${code}`)),
  );
  clearTimeout(timer);
  return { ids: text.split("\n").slice(0, -1), ended, errors, firstAnswerMs };
}

/** What is wrong with the log at `path`, which no process has open; empty if nothing is. Afterwards the log has one more command. */
export async function problemsOf(path: string, answered: readonly string[]): Promise<string[]> {
  // Read as by a command while the daemon is down, before anything has copied the write-ahead file back.
  const problems = verifyLog(path, "read before it was opened");
  await using log = await openEventLog({ path, decide });
  problems.push(...verifyLog(path, "opened"));
  const reading = openForReading(path);
  const stored = new Set(reading.prepare("SELECT command_id FROM events").pluck().all() as string[]);
  const halves = reading.prepare(halfApproved).pluck().all() as string[];
  reading.close();
  const lost = answered.filter((id) => !stored.has(id));
  if (lost.length > 0) problems.push(`${lost.length} answered commands are not in the log, the first is ${lost[0]}`);
  if (halves.length > 0) problems.push(`${halves.length} commands have only one of two events, such as ${halves[0]}`);
  if (log.unreadable.length > 0) problems.push(`can't be read: ${log.unreadable[0]}`);
  const answer = await log.submit(configure(`after-${stored.size}`));
  const position = answer.kind === "done" ? answer.events[0]?.position : undefined;
  if (position !== stored.size + 1)
    problems.push(`the next command is at position ${position}, not ${stored.size + 1}`);
  return problems;
}

/** An approval brings a second event, the task's, under its command's id with `#1`. */
const halfApproved = `SELECT command_id FROM events AS first WHERE type = 'MissionApproved'
  AND NOT EXISTS (SELECT 1 FROM events AS second WHERE second.command_id = first.command_id || '#1')`;

/** The problems that verification finds. Interrupted views are ignored: nobody reads them, and the next opening rebuilds them. */
function verifyLog(path: string, when: string): string[] {
  const reading = openForReading(path);
  try {
    const verification = verifyEvents(reading, []);
    if (verification.ok) return [];
    const isRebuilt = viewsFit(reading);
    const found = verification.problems.filter(({ position }) => isRebuilt || position !== undefined);
    return found.slice(0, 3).map(({ what }) => `${when}: ${what}`);
  } finally {
    reading.close();
  }
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** For a planted bug: the writer answers before it has committed. */
  readonly answersEarly?: boolean;
  /** For planted damage: what happens to the log between the kill and the check. */
  readonly spoil?: (path: string) => void;
  /** Called after each kill. */
  readonly onKill?: (kills: number) => void;
}

export interface KillReport {
  readonly kills: number;
  /** Kills before the writer's first answer, while it opened the log. */
  readonly opening: number;
  readonly answered: number;
  readonly events: number;
  /** The first kill after which something was wrong; none follows it. */
  readonly violation: string | null;
}

/** After this many events a new log is begun, so that checking it stays quick. */
const eventsPerLog = 600;
/** The part of a writer's start in which it opens the log, as shares of the time to its first answer. Kills during the opening are spread over it. */
const opening = { from: 0.8, to: 1.1 };

/** A kill follows from `seed` and its number, except for the moment at which the signal arrives. */
export async function killWriters(options: KillOptions): Promise<KillReport> {
  const sum = { kills: 0, opening: 0, answered: 0, events: 0 };
  while (sum.kills < options.kills) {
    using folder = temporaryFolder();
    const violation = await killWritersOf(folder.at("aedev.db"), options, sum);
    if (violation !== null) return { ...sum, violation };
  }
  return { ...sum, violation: null };
}

async function killWritersOf(
  path: string,
  { kills, seed, answersEarly = false, spoil, onKill }: KillOptions,
  sum: { kills: number; opening: number; answered: number; events: number },
): Promise<string | null> {
  await (await openEventLog({ path, decide })).close();
  const answered: string[] = [];
  let startMs = 400;
  for (let events = 0; sum.kills < kills && events < eventsPerLog; events = countEvents(path)) {
    const life = sum.kills + 1;
    const chance = chanceOf(seed, "kill", life);
    // Views of another version are rebuilt while the log opens.
    if (chance.happens(0.15)) execute(path, "UPDATE view_meta SET version = 0");
    const callers = 1 + chance.below(6);
    const plant = answersEarly ? ["early"] : [];
    const child = spawn(process.execPath, [appender, path, `${callers}`, `${life}`, ...plant], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const part = opening.from + (opening.to - opening.from) * (chance.below(1_000) / 1_000);
    const moment = chance.happens(0.3)
      ? { answers: Number.POSITIVE_INFINITY, afterMs: startMs * part }
      : { answers: chance.pick([1, 1 + chance.below(10), 1 + chance.below(50), 1 + chance.below(150)]) };
    const { ids, ended, errors, firstAnswerMs } = await endedWriter(child, moment);
    startMs = firstAnswerMs ?? startMs;
    sum.kills += 1;
    sum.answered += ids.length;
    if (ids.length === 0) sum.opening += 1;
    answered.push(...ids);
    if (ended !== "SIGKILL") return `kill ${life}: the writer ended with ${ended}: ${errors.slice(0, 500)}`;
    spoil?.(path);
    const problems = await problemsOf(path, answered);
    if (problems.length > 0) return `kill ${life}: ${problems.join("; ")}`;
    onKill?.(sum.kills);
  }
  sum.events += countEvents(path);
  return null;
}

function countEvents(path: string): number {
  const reading = openForReading(path);
  try {
    return reading.prepare("SELECT count(*) FROM events").pluck().get() as number;
  } finally {
    reading.close();
  }
}

function execute(path: string, sql: string): void {
  const database = openForWriting(path);
  database.exec(sql);
  database.close();
}
