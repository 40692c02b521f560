/** The missions of a chaos run: each adds its own file with a test. Acknowledged commands are kept beside the home, so that a run can be resumed. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Laboratory } from "../support/laboratory.ts";
import type { CoderTurn } from "../support/model-server.ts";
import { addFunction } from "../support/scripted-change.ts";

/** A command that aedev answered with success. */
export interface Acknowledged {
  readonly key: string;
  readonly mission_id: string;
  readonly command: "submit" | "approve";
}

const recordOf = (laboratory: Laboratory) => join(laboratory.folder, "acknowledged.jsonl");

export function readAcknowledged(laboratory: Laboratory): Acknowledged[] {
  const path = recordOf(laboratory);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line.endsWith("}")).map((line) => JSON.parse(line) as Acknowledged);
}

/** Submits a mission and approves it. A command without an answer, because a daemon was killed, is no fault; returns the acknowledged ones. */
export async function submitMission(laboratory: Laboratory, key: string): Promise<void> {
  const criterion = `${key}(8) is 4, shown by a new test`;
  const submitted = await laboratory.run(
    ...["intake", textOf(key), "--repo", "small", "--criterion", criterion, "--json"],
  );
  if (submitted.exitCode !== 0) return;
  const { mission_id } = submitted.json<{ mission_id: string }>();
  note(laboratory, { key, mission_id, command: "submit" });
  await approveMission(laboratory, key, mission_id);
}

export async function approveMission(laboratory: Laboratory, key: string, missionId: string): Promise<void> {
  const approved = await laboratory.run("mission", "approve", missionId);
  if (approved.exitCode === 0) note(laboratory, { key, mission_id: missionId, command: "approve" });
}

function note(laboratory: Laboratory, acknowledged: Acknowledged): void {
  appendFileSync(recordOf(laboratory), `${JSON.stringify(acknowledged)}\n`);
}

const textOf = (key: string) => `Add ${key}() in lib/${key}.js`;
/** The name of the file that this mission alone makes. */
export const fileOf = (key: string) => `lib/${key}.js`;

/** The coder's turns for the missions with these keys, slow enough to be hit. */
export function scriptsFor(keys: readonly string[]): Record<string, readonly CoderTurn[]> {
  // Matches the start of the prompt, because titles of landed missions occur in it too, as commits.
  return Object.fromEntries(
    keys.map((key) => [`# Mission: Add ${key}()`, addFunction(key).map((turn) => ({ ...turn, waitMs: 700 }))]),
  );
}
