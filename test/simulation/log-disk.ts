/**
 * The disk of the log, which is full at times. A daemon whose write fails ends and frees its reserve, which is room for a while. Without a reserve, each start
 * fails at its first write until somebody else makes room. The log in memory gets SQLite's error; SQLite gets a limit on its pages.
 */
import { type EventLog, type EventLogOptions, openEventLog } from "../../packages/daemon/src/log/event-log.ts";
import { openTemporary, type SqliteDatabase } from "../../packages/daemon/src/log/sqlite/database.ts";
import type { World } from "./world.ts";

const minute = 60_000;
/** Pauses before the daemon starts again grow up to the longest. */
const firstPauseMs = 5_000;
const pauseMsMax = 5 * minute;

export interface LogDisk {
  /** True if nothing can be written now. */
  isFull(): boolean;
  /** Notes a daemon's start, which reserves room if there is enough. */
  started(): void;
  /** Notes that a daemon ended because its disk was full, which frees the reserve. Returns the time until it is started again. */
  failed(): number;
}

export function createLogDisk(world: World, elapsedMs: () => number): LogDisk {
  const chance = world.chance("log disk");
  const isTaken = () => world.isDown("log", elapsedMs());
  let hasReserve = true;
  let hasRoomUntilMs = 0;
  let failures = 0;
  return {
    isFull: () => isTaken() && hasRoomUntilMs <= elapsedMs(),
    started() {
      if (isTaken()) return;
      hasReserve = true;
      failures = 0;
    },
    failed() {
      if (hasReserve) hasRoomUntilMs = elapsedMs() + chance.below(10 * minute);
      hasReserve = false;
      failures += 1;
      return Math.min(pauseMsMax, firstPauseMs * 4 ** (failures - 1));
    },
  };
}

/** The error with which SQLite reports a full disk. */
export function fullDiskError(): Error {
  return Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
}

/** The limit on SQLite's pages while there is room. */
const pagesMax = 0x3fff_ffff;

/** SQLite's log on this disk. While it is full, its file may not grow, and the next event needs more room. `alter` gets the log's connection. */
export async function openSqliteLog(
  options: EventLogOptions,
  { disk, alter }: { disk: LogDisk; alter: ((database: SqliteDatabase) => void) | undefined },
): Promise<EventLog> {
  const connection: { opened?: SqliteDatabase } = {};
  let isFull = false;
  const opening = noting(
    (database) => {
      connection.opened ??= database;
    },
    () =>
      openEventLog({
        ...options,
        // No statement of the log is running here.
        decide(command, state) {
          if (isFull !== disk.isFull()) {
            isFull = !isFull;
            connection.opened?.pragma(`max_page_count = ${isFull ? 1 : pagesMax}`);
          }
          return options.decide(command, state);
        },
      }),
  );
  const log = await opening;
  const { opened } = connection;
  if (opened === undefined) throw new Error("the log was opened on another connection");
  opened.function("disk_is_full", () => (isFull ? 1 : 0));
  opened.exec(`CREATE TEMP TRIGGER disk_is_full AFTER INSERT ON main.events WHEN disk_is_full()
    BEGIN INSERT INTO view_meta VALUES ('full', 0, 0, hex(zeroblob(200000))); END`);
  alter?.(opened);
  return log;
}

/** Calls `open`, and notes the connections that it opens by their first pragma. */
function noting<T>(note: (database: SqliteDatabase) => void, open: () => T): T {
  using some = closing(openTemporary());
  const kind = Object.getPrototypeOf(some.database) as SqliteDatabase;
  const { pragma } = kind;
  kind.pragma = function (this: SqliteDatabase, ...given) {
    note(this);
    return pragma.apply(this, given);
  };
  try {
    return open();
  } finally {
    kind.pragma = pragma;
  }
}

function closing(database: SqliteDatabase): { readonly database: SqliteDatabase } & Disposable {
  return { database, [Symbol.dispose]: () => void database.close() };
}
