/**
 * Opens SQLite files with the durability that the log promises, checked at each open; no other file uses better-sqlite3. It knows no table.
 *
 * Folder: opening SQLite files, migrating tables, the statements of the append.
 */
import "./node-version.ts";
import assert from "node:assert/strict";
import { closeSync, existsSync, openSync } from "node:fs";
import { Fault } from "@aedev/contracts";
import Database from "better-sqlite3";

export type SqliteDatabase = Database.Database;
export type SqliteStatement = Database.Statement;

const synchronousFull = 2;
/** As many as one step of a copy takes. */
const pagesMax = 0x7fff_ffff;

/** Opens or creates a database for its only writer: WAL, `synchronous=FULL` and, on macOS, a real flush of the disk. The file is 0600. */
export function openForWriting(path: string): SqliteDatabase {
  closeSync(openSync(path, "a", 0o600));
  const database = new Database(path, { timeout: 5000 });
  try {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = FULL");
    assert.equal(
      database.pragma("journal_mode", { simple: true }),
      "wal",
      "SQLite opened the log without a write-ahead file",
    );
    assert.equal(
      database.pragma("synchronous", { simple: true }),
      synchronousFull,
      "the log's synchronous is not FULL",
    );
    if (process.platform === "darwin") {
      database.pragma("fullfsync = ON");
      database.pragma("checkpoint_fullfsync = ON");
      assert.equal(database.pragma("fullfsync", { simple: true }), 1, "the log's fullfsync is off");
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Opens an existing database read-only. The file's bytes do not change; SQLite may create its `-shm` beside it. */
export function openForReading(path: string): SqliteDatabase {
  if (!existsSync(path)) throw new Fault("no-home", `there is no log at ${path}`, { hint: "aedev init" });
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  database.pragma("query_only = ON");
  return database;
}

/**
 * Copies an open database into a new file as it is at one moment; whoever writes to it meanwhile is not stopped. The copy is 0600, one file without
 * a write-ahead file beside it, and durable.
 */
export async function copyDatabase(database: SqliteDatabase, path: string): Promise<void> {
  closeSync(openSync(path, "wx", 0o600));
  // All pages in one step: after a write of another process the next step would start again, and beside a busy writer it would never end.
  await database.backup(path, { progress: () => pagesMax });
  const copy = new Database(path);
  try {
    copy.pragma("journal_mode = DELETE");
  } finally {
    copy.close();
  }
}

/** A temporary database that disappears when it is closed; data that does not fit in memory goes to an unnamed temporary file. */
export function openTemporary(): SqliteDatabase {
  return new Database("");
}

/** Opens a file as a lock: a transaction that excludes all other processes until the connection closes or the process dies. */
export function openExclusively(path: string): SqliteDatabase {
  closeSync(openSync(path, "a", 0o600));
  const database = new Database(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite's code of an error that it threw, such as `SQLITE_BUSY`; null for any other error. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null;
}
