/**
 * Benchmarks appending: the port `EventLog` against hand-written statements that write the same rows, hashes, indexes and views, alternating in one run on the
 * same disk. It prints ratios; no test depends on them.
 */
import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { canonicalJson } from "../../packages/contracts/src/index.ts";
import { type Command, decide, schemaNumberOf } from "../../packages/core/src/index.ts";
import { type EventLog, openEventLog } from "../../packages/daemon/src/log/event-log.ts";
import { openForReading } from "../../packages/daemon/src/log/sqlite/database.ts";
import { verifyEvents } from "../../packages/daemon/src/log/verify.ts";
import { median } from "./figure.ts";

const callers = 16;
const rounds = 2000;

/** Figures of one run. Targets: `appendRatio` ≥ 0.9, `groupGain` ≥ 4, `commitsPer16` ≤ 2. */
export interface AppendFigures {
  /** Commands per second through the port, relative to the statements, with sixteen events in one transaction each. */
  readonly appendRatio: number;
  /** The same with one event per transaction. */
  readonly singleRatio: number;
  /** Commands per second of sixteen callers, relative to one. */
  readonly groupGain: number;
  readonly commitsPer16: number;
  /** Medians of one group of sixteen and of one command, in milliseconds. */
  readonly port16Ms: number;
  readonly port1Ms: number;
}
type Turn = "hand16" | "port16" | "hand1" | "port1";

export async function benchAppend(parentDir: string): Promise<AppendFigures> {
  const dir = mkdtempSync(join(parentDir, "aedev-bench-"));
  try {
    await using log = await openEventLog({ path: join(dir, "port.db"), decide });
    const byHandPath = join(dir, "by-hand.db");
    await (await openEventLog({ path: byHandPath, decide })).close();
    const byHand = openByHand(byHandPath);
    const took: Record<Turn, number[]> = { hand16: [], port16: [], hand1: [], port1: [] };
    let commitsPer16 = 0;
    const turns: Record<Turn, () => unknown> = {
      hand16: () => byHand(callers),
      port16: () => portGroup(log, callers),
      hand1: () => byHand(1),
      port1: () => portGroup(log, 1),
    };
    for (let round = 0; round < rounds; round += 1)
      for (const name of Object.keys(turns) as Turn[]) {
        const { commits } = log;
        const start = performance.now();
        await turns[name]();
        took[name].push(performance.now() - start);
        commitsPer16 = Math.max(commitsPer16, log.commits - commits);
      }
    verifyByHand(byHandPath);
    const port16Ms = median(took.port16);
    const port1Ms = median(took.port1);
    return {
      appendRatio: median(took.hand16) / port16Ms,
      singleRatio: median(took.hand1) / port1Ms,
      groupGain: (callers * port1Ms) / port16Ms,
      commitsPer16,
      port16Ms,
      port1Ms,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

let commandNumber = 0;

type Configure = Extract<Command, { kind: "ConfigureRepository" }>;

function nextCommand(caller: number): Configure {
  commandNumber += 1;
  const settings = {
    prepare: "npm ci",
    build: null,
    inputs: ["package.json", "package-lock.json"],
    outputs: ["node_modules"],
    verify: ["npm test"],
    tests: ["test/**"],
    image: null,
  };
  return {
    kind: "ConfigureRepository",
    command_id: `command-${commandNumber}`,
    actor: "operator",
    at: new Date().toISOString(),
    name: `repository-${caller}` as Configure["name"],
    url: `https://git.example/${commandNumber}`,
    target: "default-branch",
    settings,
    profile: "balanced",
    allow_writes: true,
    trial: "untried",
  };
}

/** Sends `size` commands at once, each from its own caller. */
async function portGroup(log: EventLog, size: number): Promise<void> {
  await Promise.all(Array.from({ length: size }, (_, caller) => log.submit(nextCommand(caller))));
}

/** Writes rows with prepared statements only, into the tables, indexes and triggers that the port made: no decision, fold, checks or redaction. */
function openByHand(path: string): (rowsPerCommit: number) => void {
  const Database = createRequire(import.meta.resolve("../../packages/daemon/package.json"))("better-sqlite3");
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const insert = database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)");
  const view = database.prepare(
    "INSERT INTO view_repositories VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data",
  );
  const meta = database.prepare(
    "INSERT INTO view_meta VALUES ('views', 1, ?, ?) ON CONFLICT (id) DO UPDATE SET position = excluded.position, hash = excluded.hash",
  );
  const type = "RepositoryConfigured";
  const schema = schemaNumberOf(type);
  const versions = new Map<string, number>();
  let position = 0;
  let previousHash = "0".repeat(64);
  function appendOne(caller: number): void {
    const { kind: _kind, command_id, actor, at, ...fields } = nextCommand(caller);
    position += 1;
    const stream = `repository/${fields.name}`;
    const version = (versions.get(stream) ?? 0) + 1;
    versions.set(stream, version);
    const data = canonicalJson(fields);
    const row = {
      actor,
      causation_id: null,
      command_id,
      correlation_id: stream,
      data,
      position,
      previous_hash: previousHash,
      recorded_at: at,
      schema,
      stream,
      type,
      version,
    };
    previousHash = hash("sha256", canonicalJson(row));
    insert.run(position, stream, version, type, schema, data, actor, command_id, stream, at, previousHash);
    view.run(fields.name, canonicalJson({ ...fields, paused: false }));
  }
  return (rowsPerCommit) => {
    begin.run();
    for (let caller = 0; caller < rowsPerCommit; caller += 1) appendOne(caller);
    meta.run(position, previousHash);
    commit.run();
  };
}

/** The hand-written rows must be a log with the views of its events, or the comparison would be unfair. */
function verifyByHand(path: string): void {
  const database = openForReading(path);
  const verification = verifyEvents(database, []);
  database.close();
  if (verification.ok) return;
  const { position, row, what } = verification.problems[0] ?? { what: "" };
  throw new Error(`the log written by hand does not verify: ${row ?? `position ${position}`}: ${what}`);
}

if (import.meta.main) {
  const figures = await benchAppend(process.argv[2] ?? process.cwd());
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
