/**
 * Opens SQLite files with the durability that the log promises; no other file uses better-sqlite3.
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
/** The largest number of pages that one step of a copy can take. */
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

/** Copies an open database into a new file as of one moment, without stopping its writer. The copy is one durable file with mode 0600, without a WAL file. */
export async function copyDatabase(database: SqliteDatabase, path: string): Promise<void> {
  closeSync(openSync(path, "wx", 0o600));
  // All pages in one step: after another process writes, the next step would start over, so beside a busy writer the copy would never end.
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

/** Opens a file as a lock: its transaction excludes all other processes until the connection closes or the process dies. */
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

/** SQLite's code of an error, such as `SQLITE_BUSY`; null for any other error. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null;
}
