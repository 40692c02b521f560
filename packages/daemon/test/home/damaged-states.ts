/**
 * Makes states of a home's database and write-ahead file after a power failure or damage, from a recorded life of the log, and opens each as the daemon does. A
 * state follows from the seed and its number.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { decide } from "@aedev/core";
import { readIfThere } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { type Chance, chanceOf } from "../../../demo/src/board/chance.ts";
import { noteTips } from "../../src/home/acknowledged-tip.ts";
import { verifyHome } from "../../src/home/audit.ts";
import { openLogTrust } from "../../src/home/log-trust.ts";
import { signHead } from "../../src/home/signed-head.ts";
import { reasonsOf } from "../../src/home/verify-beside.ts";
import { openEventLog } from "../../src/log/event-log.ts";
import { openForReading, openForWriting, sqliteCode } from "../../src/log/sqlite/database.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { approveMission, configure, submitMission, temporaryFolder } from "../log/story.ts";

/** The log's files at one moment, between two writes. */
interface Moment {
  readonly database: Buffer;
  /** The write-ahead file; empty if there is none. */
  readonly wal: Buffer;
  readonly head: string;
  readonly tip: string;
  /** How many events were acknowledged. */
  readonly events: number;
}

/** A log's life: its moments in order, and the rows that its events must have, as text. */
interface RecordedLife extends Disposable {
  readonly home: string;
  readonly moments: readonly Moment[];
  readonly rows: readonly string[];
}

/** Records a home in which three daemons lived one after the other. At some moments the write-ahead file was copied back. */
async function recordLife(seed: number): Promise<RecordedLife> {
  const folder = temporaryFolder();
  const home = folder.at("home");
  await initHome(home);
  const { log: path } = homeLayout(home);
  const chance = chanceOf(seed, "life");
  const moments: Moment[] = [momentOf(home)];
  for (let life = 0; life < 3; life += 1) {
    {
      await using log = await openEventLog({ path, decide });
      const endTips = noteTips(home, log);
      for (let number = 0; number < 12; number += 1) {
        await log.submit(commandOf(life * 12 + number));
        moments.push(momentOf(home));
        if (chance.happens(0.1)) signHead(home, log, new Date().toISOString());
        if (!chance.happens(0.15)) continue;
        const other = openForWriting(path);
        other.pragma("wal_checkpoint(PASSIVE)");
        // While the log is open, closing another connection leaves the write-ahead file.
        other.close();
        moments.push(momentOf(home));
      }
      signHead(home, log, new Date().toISOString());
      endTips();
    }
    moments.push(momentOf(home));
  }
  return { home, moments, rows: rowsOf(path), [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

function commandOf(number: number) {
  const own = String(Math.floor(number / 3)).padStart(16, "0");
  if (number % 3 === 0) return configure(`c-${number}`, `alpha-${number % 5}`);
  if (number % 3 === 1) return submitMission(`c-${number}`, `m-${own}`, `Close hole ${own}`, "alpha-0");
  return approveMission(`c-${number}`, `m-${own}`, `t-${own}`);
}

function momentOf(home: string): Moment {
  const { log, head, tip } = homeLayout(home);
  const textOf = (path: string) => readIfThere(path) ?? "";
  const wal = `${log}-wal`;
  return {
    database: readFileSync(log),
    wal: existsSync(wal) ? readFileSync(wal) : Buffer.alloc(0),
    ...{ head: textOf(head), tip: textOf(tip), events: rowsOf(log).length },
  };
}

function rowsOf(path: string): string[] {
  const reading = openForReading(path);
  try {
    const rows = reading.prepare("SELECT * FROM events ORDER BY position").raw().all();
    return rows.map((row) => JSON.stringify(row));
  } finally {
    reading.close();
  }
}

/** What a state must be: after a power failure everything acknowledged is there; after damage it may be refused. */
export interface LogState {
  readonly kind: "torn" | "damaged";
  /** How it came to be, for a person. */
  readonly how: string;
  readonly database: Buffer;
  readonly wal: Buffer;
  readonly head: string;
  readonly tip: string;
  readonly acknowledged: number;
}

/** SQLite relies on a disk that writes this many bytes whole or not at all. */
const sectorBytes = 512;

/** State number `number` of a life. */
function stateOf({ moments }: RecordedLife, seed: number, number: number): LogState {
  const chance = chanceOf(seed, "state", number);
  return chance.happens(0.5) ? tornState(moments, chance) : damagedState(moments, chance);
}

/** The power fails in the middle of a write: any unflushed sectors are there, in any order, and the file ends with the last of them. */
function tornState(moments: readonly Moment[], chance: Chance): LogState {
  const index = chance.below(moments.length - 1);
  const [before, after] = moments.slice(index, index + 2) as [Moment, Moment];
  const kept = chance.pick([0.1, 0.5, 0.9, 0.99]);
  // Unflushed parts of the tip may be lost as well.
  const tip = chance.pick([before.tip, after.tip.slice(0, chance.below(82)), ""]);
  const common = { kind: "torn", acknowledged: before.events, head: before.head, tip } as const;
  // The write-ahead file is flushed before the database is written, and the database before the write-ahead file is overwritten or removed.
  if (before.database.equals(after.database))
    return {
      ...common,
      how: `power failed after moment ${index} while the write-ahead file was written`,
      database: before.database,
      wal: someSectors(withHeaderOf(after.wal, before.wal), after.wal, { kept, chance }),
    };
  return {
    ...common,
    how: `power failed after moment ${index} while the write-ahead file was copied back`,
    database: someSectors(before.database, after.database, { kept, chance }),
    wal: before.wal,
  };
}

const headerBytes = 32;

/** A restarted write-ahead file gets a flushed header before its first frame, so that old frames no longer count. */
function withHeaderOf(after: Buffer, before: Buffer): Buffer {
  const made = Buffer.alloc(Math.max(before.length, Math.min(headerBytes, after.length)));
  before.copy(made);
  after.copy(made, 0, 0, headerBytes);
  return made;
}

function someSectors(before: Buffer, after: Buffer, options: { kept: number; chance: Chance }): Buffer {
  const made = Buffer.alloc(Math.max(before.length, after.length));
  before.copy(made);
  let length = before.length;
  for (let at = 0; at < after.length; at += sectorBytes) {
    const sector = after.subarray(at, at + sectorBytes);
    if (sector.equals(before.subarray(at, at + sectorBytes)) || !options.chance.happens(options.kept)) continue;
    sector.copy(made, at);
    length = Math.max(length, at + sector.length);
  }
  return made.subarray(0, length);
}

/** Spoils the files while nobody has them open: bits, sectors, ends, or one file from another time. */
function damagedState(moments: readonly Moment[], chance: Chance): LogState {
  const index = chance.below(moments.length);
  const moment = moments[index] as Moment;
  const other = moments[chance.below(moments.length)] as Moment;
  const file = moment.wal.length > 0 && chance.happens(0.6) ? "wal" : "database";
  const damage = chance.pick(Object.keys(damages));
  const spoiled = (damages[damage] as Damage)(Buffer.from(moment[file]), { other: other[file], chance });
  return {
    kind: "damaged",
    how: `moment ${index}, ${file === "wal" ? "write-ahead file" : file}: ${damage}`,
    database: moment.database,
    wal: moment.wal,
    ...{ head: moment.head, tip: moment.tip, acknowledged: moment.events },
    [file]: spoiled,
  };
}

type Damage = (bytes: Buffer, options: { other: Buffer; chance: Chance }) => Buffer;
const sectorOf = (bytes: Buffer, chance: Chance) =>
  sectorBytes * chance.below(Math.max(1, Math.floor(bytes.length / sectorBytes)));

const damages: Record<string, Damage> = {
  "bits flipped": (bytes, { chance }) => {
    for (let count = 1 + chance.below(4); count > 0; count -= 1) {
      const at = chance.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
    }
    return bytes;
  },
  truncated: (bytes, { chance }) => bytes.subarray(0, chance.below(bytes.length)),
  "truncated at a sector": (bytes, { chance }) => bytes.subarray(0, sectorOf(bytes, chance)),
  "a sector zeroed": (bytes, { chance }) => {
    const at = sectorOf(bytes, chance);
    return bytes.fill(0, at, at + sectorBytes);
  },
  "a sector of noise": (bytes, { chance }) => {
    chance.bytes(sectorBytes).copy(bytes, sectorOf(bytes, chance));
    return bytes;
  },
  "two sectors swapped": (bytes, { chance }) => {
    const [one, two] = [sectorOf(bytes, chance), sectorOf(bytes, chance)];
    const kept = Buffer.from(bytes.subarray(one, one + sectorBytes));
    bytes.copy(bytes, one, two, two + sectorBytes);
    kept.copy(bytes, two);
    return bytes;
  },
  "a sector of another time": (bytes, { other, chance }) => {
    const at = sectorOf(bytes, chance);
    other.subarray(at, at + sectorBytes).copy(bytes, at);
    return bytes;
  },
  "a page of another time": (bytes, { other, chance }) => {
    const at = 4_096 * chance.below(Math.ceil(bytes.length / 4_096));
    other.subarray(at, at + 4_096).copy(bytes, at);
    return bytes;
  },
  "all of another time": (_bytes, { other }) => other,
  "bytes appended": (bytes, { chance }) => Buffer.concat([bytes, chance.bytes(1 + chance.below(3 * sectorBytes))]),
};

/** The result for a state. `wrong`: why it is aedev's fault; null if it is not. */
interface Judged {
  readonly outcome: "recovered" | "refused" | "untrusted";
  readonly wrong: string | null;
}

/** Opens a state as the daemon does when it starts. */
async function judgeState(
  { home, rows }: RecordedLife,
  state: LogState,
  spoil?: StatesOptions["spoil"],
): Promise<Judged> {
  const layout = homeLayout(home);
  for (const path of [...layout.logSidecars, layout.untrusted]) rmSync(path, { force: true });
  writeFileSync(layout.log, state.database);
  if (state.wal.length > 0) writeFileSync(`${layout.log}-wal`, state.wal);
  writeFileSync(layout.head, state.head);
  writeFileSync(layout.tip, state.tip);
  spoil?.(home, state);
  const opened = await openEventLog({ path: layout.log, decide }).catch((error: unknown) => error);
  if (opened instanceof Error)
    return { outcome: "refused", wrong: unclear(opened) ?? (state.kind === "torn" ? `refused: ${opened}` : null) };
  await using log = opened as Awaited<ReturnType<typeof openEventLog>>;
  const trust = openLogTrust(home, log, async () => reasonsOf(verifyHome(home, { recent: true })));
  const refused = await trust.require().then(
    () => null,
    (error: unknown) => error,
  );
  if (refused !== null) {
    const [reason = ""] = trust.untrusted?.reasons ?? [];
    const isSaid = reason !== "" && trust.refusal()?.code === "log-untrusted";
    if (!isSaid) return { outcome: "untrusted", wrong: `without a reason: ${refused}` };
    return { outcome: "untrusted", wrong: state.kind === "torn" ? `not trusted: ${reason}` : null };
  }
  return { outcome: "recovered", wrong: wrongRows(rowsOf(layout.log), rows, state) };
}

/** Null for a fault that the daemon can explain to a person: its own, or SQLite's, which it calls `log-unreadable`. */
function unclear(error: Error & { code?: unknown }): string | null {
  return sqliteCode(error) !== null || typeof error.code === "string"
    ? null
    : `without a clear message: ${error.stack}`;
}

function wrongRows(found: readonly string[], rows: readonly string[], { acknowledged }: LogState): string | null {
  const changed = found.findIndex((row, index) => row !== rows[index]);
  if (changed !== -1) return `served a changed event at position ${changed + 1}`;
  if (found.length >= acknowledged) return null;
  return `served ${found.length} of ${acknowledged} acknowledged events`;
}

export interface StatesOptions {
  readonly states: number;
  readonly seed: number;
  /** For planted faults: what happens to a home before its log is opened. */
  readonly spoil?: (home: string, state: LogState) => void;
  /** Called after each state. */
  readonly onState?: (states: number) => void;
}

export interface StatesReport {
  readonly states: number;
  readonly recovered: number;
  readonly refused: number;
  readonly untrusted: number;
  /** The first state that aedev handled wrongly; none follows it. */
  readonly violation: string | null;
}

/** How many states are made of one recorded life. */
const statesPerLife = 1_000;

/** All states of the seed: half of them after a power failure, half damaged. */
export async function breakStates({ states, seed, spoil, onState }: StatesOptions): Promise<StatesReport> {
  const sum = { states: 0, recovered: 0, refused: 0, untrusted: 0 };
  while (sum.states < states) {
    using life = await recordLife(seed + sum.states / statesPerLife);
    for (let left = Math.min(statesPerLife, states - sum.states); left > 0; left -= 1) {
      const state = stateOf(life, seed, sum.states);
      const { outcome, wrong } = await judgeState(life, state, spoil);
      sum.states += 1;
      sum[outcome] += 1;
      if (wrong !== null) return { ...sum, violation: `state ${sum.states}, ${state.how}: ${wrong}` };
      onState?.(sum.states);
    }
  }
  return { ...sum, violation: null };
}
