/** Invariants of a home whose processes are killed, while it runs and once it has nothing left to do. Each check returns what is wrong. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { resumptionOf } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { homeLayout } from "@aedev/host/home-layout";
import { execa } from "execa";
import { verifyHome } from "../../packages/daemon/src/home/audit.ts";
import { openForReading } from "../../packages/daemon/src/log/sqlite/database.ts";
import { isCheckFolder, mountFolder } from "../../packages/runner/src/engine/mount-folder.ts";
import { containersOf } from "../support/home-containers.ts";
import type { Laboratory } from "../support/laboratory.ts";
import { type Acknowledged, fileOf } from "./missions.ts";
import type { MissionRow } from "./outcomes.ts";
import { processesOf } from "./targets.ts";

export function missionsIn(laboratory: Laboratory): MissionRow[] {
  return reading(laboratory, (all) => {
    const held = all("SELECT stream, data FROM events WHERE type = 'TaskHeld' ORDER BY position") as Row[];
    const tasks = all("SELECT id, mission_id, status FROM view_tasks") as Row[];
    const submitted = all("SELECT stream, data FROM events WHERE type = 'MissionSubmitted'") as Row[];
    const statuses = new Map((all("SELECT id, status FROM view_missions") as Row[]).map((row) => [row["id"], row]));
    return submitted.map(({ stream = "", data = "" }) => {
      const id = stream.slice("mission/".length);
      const holds = tasks
        .filter((task) => task["mission_id"] === id && task["status"] === "held")
        .flatMap((task) => held.filter((row) => row["stream"] === `task/${task["id"]}`).slice(-1))
        .map((row) => {
          const hold = JSON.parse(row["data"] ?? "") as EventData<"TaskHeld">;
          return { code: hold.code, detail: hold.detail, resumes: resumptionOf(hold) !== "never" };
        });
      const { title } = JSON.parse(data) as { title: string };
      return { mission_id: id, title, status: statuses.get(id)?.["status"] ?? "unknown", holds };
    });
  });
}

/** The number of completed steps of missions, whatever a killed process was working on. */
export function stepsDone(laboratory: Laboratory): number {
  const steps = ["ChangeCaptured", "RunEnded", "ChecksRan", "EvidenceSealed", "VerdictRecorded", "LandingStarted"];
  const types = [...steps, "ChangeLanded"].map((type) => `'${type}'`).join(", ");
  return reading(laboratory, (all) => all(`SELECT 1 FROM events WHERE type IN (${types})`).length);
}

/** Checks that the log is whole and has every acknowledged command. */
export function wrongInLog(laboratory: Laboratory, acknowledged: readonly Acknowledged[]): string[] {
  const verified = verifyHome(laboratory.home);
  const wrong = verified.ok ? [] : verified.problems.slice(0, 3).map(({ what }) => `the log is not whole: ${what}`);
  const types = { submit: "MissionSubmitted", approve: "MissionApproved" };
  const [stored, landed] = reading(laboratory, (all) => [
    new Set((all("SELECT stream, type FROM events") as Row[]).map(({ stream, type }) => `${stream} ${type}`)),
    all("SELECT stream FROM events WHERE type = 'ChangeLanded' GROUP BY stream HAVING count(*) > 1") as Row[],
  ]);
  for (const { key, mission_id, command } of acknowledged)
    if (!stored.has(`mission/${mission_id} ${types[command]}`))
      wrong.push(`the log lacks what was acknowledged: ${command} of ${key}, ${mission_id}`);
  for (const { stream } of landed) wrong.push(`${stream} landed more than once in the log`);
  return wrong;
}

/** Checks that each landed mission is on the remote once, and no other mission is. */
export async function wrongOnRemote(laboratory: Laboratory, bare: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { mission_id, title, status } of missionsIn(laboratory)) {
    const key = /^Add (\w+)\(\)/.exec(title)?.[1] ?? "";
    const commits = await laboratory.git(bare, "log", "--format=%H", "main", "--", fileOf(key));
    const count = commits.split("\n").filter((line) => line !== "").length;
    const due = status === "landed" ? 1 : 0;
    if (count !== due) wrong.push(`${mission_id} (${key}) is ${status}, and ${count} times on the remote`);
  }
  return wrong;
}

/** Lists what a home without work and without a daemon must not have left. */
export async function leftBehind(laboratory: Laboratory, homeId: string): Promise<string[]> {
  const { worktrees, run } = homeLayout(laboratory.home);
  const containers = await containersOf(homeId);
  const { stdout } = await execa("docker", ["network", "ls", "--format", "{{.Name}} {{.Labels}}"]);
  const networks = stdout.split("\n").filter((line) => line.includes(homeId) || line.startsWith("aedev"));
  const sockets = socketsBelow(run);
  return [
    ...containers.map((id) => `container ${id.slice(0, 12)}`),
    ...networks.map((name) => `network ${name}`),
    ...entriesOf(worktrees).map((name) => `worktree ${name}`),
    ...sockets.map((path) => `socket ${path}`),
    ...entriesOf(mountFolder(laboratory.home))
      .filter(isCheckFolder)
      .map((name) => `tree of checks ${name}`),
    ...processesOf(laboratory.home).map(({ pid }) => `process ${pid}`),
  ];
}

function socketsBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isSocket()).map((entry) => join(entry.parentPath, entry.name));
}

const entriesOf = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

type Row = Record<string, string>;

function reading<T>(laboratory: Laboratory, use: (all: (sql: string) => unknown[]) => T): T {
  const database = openForReading(homeLayout(laboratory.home).log);
  try {
    return database.transaction(() => use((sql) => database.prepare(sql).all()))();
  } finally {
    database.close();
  }
}
