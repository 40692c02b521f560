/** Commands for the log's tests, and a home to submit them in. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryNameSchema } from "@aedev/contracts";
import type { Command } from "@aedev/core";
import { sha256 } from "@aedev/host/sha256";
import type { EventLog } from "../../src/log/event-log.ts";
import { exportLines } from "../../src/log/export.ts";
import { openForReading } from "../../src/log/sqlite/database.ts";
import { allTables } from "../../src/log/view-tables.ts";

export interface TemporaryFolder extends Disposable {
  readonly path: string;
  at(name: string): string;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "aedev-log-"));
  return {
    path,
    at: (name) => join(path, name),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

const envelope = (commandId: string) => ({ command_id: commandId, actor: "operator", at: "2026-01-02T03:04:05.678Z" });

export function initialize(commandId = "initialize"): Command {
  return { ...envelope(commandId), kind: "InitializeHome", home_id: "0123456789abcdef" };
}

export function configure(commandId: string, name = "alpha", url = `https://git.example/${commandId}`): Command {
  const settings = {
    prepare: null,
    build: null,
    inputs: [],
    outputs: [],
    verify: ["npm test"],
    tests: ["test/**"],
    image: null,
  };
  return {
    ...envelope(commandId),
    kind: "ConfigureRepository",
    name: repositoryNameSchema.parse(name),
    url,
    target: "default-branch",
    settings,
    profile: null,
    allow_writes: true,
    trial: "untried",
  };
}

const specification = { digest: sha256("specification"), size_bytes: 13, media_type: "application/json" };

export function submitMission(
  commandId: string,
  mission: string,
  title = "Close the hole",
  repository = "alpha",
): Command {
  const criteria = [{ id: "c1", text: "a new test fails before and passes after" }];
  return {
    ...envelope(commandId),
    kind: "SubmitMission",
    mission_id: mission,
    repository,
    title,
    criteria,
    specification,
    priority: "normal",
    after: [],
    clarity: { round: 0, score: 0, signals: [], questions: [], stuck: false },
    clarified_spec: null,
  };
}

/** Brings two events on two streams. */
export function approveMission(commandId: string, mission: string, task: string): Command {
  const spec_digest = specification.digest;
  return {
    ...envelope(commandId),
    kind: "ApproveMission",
    mission_id: mission,
    spec_digest,
    task_id: task,
  };
}

/** A story of seven events on five streams: home, repository twice, two missions, one of them approved with its task. */
export function shortStory(): Command[] {
  return [
    initialize(),
    configure("repository-1"),
    submitMission("mission-1", "m-aaaaaaaaaaaaaaaa"),
    submitMission("mission-2", "m-bbbbbbbbbbbbbbbb"),
    approveMission("approve-1", "m-aaaaaaaaaaaaaaaa", "t-aaaaaaaaaaaaaaaa"),
    configure("repository-2"),
  ];
}

/** The log and its entities as `events export --views` prints them, then the rows of all views as stored. */
export function exported(path: string): string[] {
  const database = openForReading(path);
  try {
    const rows = allTables.flatMap((table) =>
      database
        .prepare(`SELECT * FROM ${table}${table === "view_counts" ? " WHERE count <> 0" : ""}`)
        .raw()
        .all()
        .map((row) => `${table} ${JSON.stringify(row)}`)
        .sort(),
    );
    return [...exportLines(database, { views: true }), ...rows];
  } finally {
    database.close();
  }
}

export async function tell(log: EventLog, commands = shortStory()): Promise<void> {
  for (const command of commands) await log.submit(command);
}
