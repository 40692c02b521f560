/** Writes logs of ended missions as appends would, but far faster: core decides one mission's life once, which is repeated with other ids. */
import { createRequire } from "node:module";
import {
  type Command,
  type CommandBody,
  decide,
  evolve,
  initialState,
  type NewEvent,
  schemaNumberOf,
} from "../../../packages/core/src/index.ts";
import { ids, life } from "../../../packages/core/src/testing/index.ts";
import { canonicalText } from "../../../packages/daemon/src/log/canonical-text.ts";
import { openEventLog } from "../../../packages/daemon/src/log/event-log.ts";
import { eventTriggers } from "../../../packages/daemon/src/log/migrations/001-events.ts";
import { chainHash, genesisHash } from "../../../packages/daemon/src/log/sqlite/stored-event.ts";

const once = ["initialized", "registered"];
/** Repositories that the missions are spread over. */
const repositories = 5;
const missionsPerCommit = 500;
const startMs = Date.parse("2026-01-01T00:00:00.000Z");

interface Template {
  readonly stream: string;
  readonly type: string;
  readonly data: string;
}

/** Events of one mission's life, or those before the first mission. */
function templates(wanted: (step: string) => boolean): Template[] {
  let state = initialState;
  const made: Template[] = [];
  for (const [step, body] of Object.entries(life)) {
    const command = { ...body, command_id: "c", actor: "operator", at: "2026-01-01T00:00:00.000Z" } as Command;
    const decision = decide(command, state);
    if (decision.kind === "refused") throw new Error(`${step}: ${decision.reason}`);
    for (const event of decision.events) state = evolve(state, { ...event, recorded_at: command.at });
    if (wanted(step)) made.push(...decision.events.map(templateOf));
  }
  return made;
}

function templateOf({ stream, type, data }: NewEvent): Template {
  return { stream, type, data: canonicalText(data) };
}

/** Texts that belong to one mission, and their placeholders in the templates. */
const names = [ids.mission, ids.task, ids.run, "e".repeat(64), "d".repeat(64), '"repo"', '"Close the hole"'] as const;
const pattern = new RegExp(names.map((name) => name).join("|"), "g");

function namesOf(number: number): Record<string, string> {
  const id = String(number).padStart(16, "0");
  const digest = (letter: string) => letter + number.toString(16).padStart(63, "0");
  return {
    [ids.mission]: `m-${id}`,
    [ids.task]: `t-${id}`,
    [ids.run]: `r-${id}`,
    ["e".repeat(64)]: digest("e"),
    ["d".repeat(64)]: digest("d"),
    '"repo"': `"repo-${number % repositories}"`,
    '"Close the hole"': `"Close the hole ${number}"`,
  };
}

export const eventsPerMission = templates((step) => !once.includes(step)).length;

/**
 * Makes a log with `missions` landed missions; opening it makes the views. Returns its number of events. `rewrite`: returns the data to store for a mission's
 * event, for example with digests of existing blobs.
 */
export async function writeEndedMissions(
  path: string,
  missions: number,
  rewrite: (data: string, number: number) => string = (data) => data,
): Promise<number> {
  await (await openEventLog({ path, decide })).close();
  const Database = createRequire(import.meta.resolve("../../../packages/daemon/package.json"))("better-sqlite3");
  const database = new Database(path);
  database.pragma("synchronous = OFF");
  // Each trigger searches the whole index for every row; these rows are in order by construction.
  for (const name of Object.keys(eventTriggers)) database.exec(`DROP TRIGGER ${name}`);
  const insert = database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, 'operator', ?, ?, NULL, ?, ?)");
  let [position, hash] = [0, genesisHash];
  const append = ({ stream, type, data }: Template, version: number, correlation: string) => {
    position += 1;
    const schema = schemaNumberOf(type);
    const at = new Date(startMs + position).toISOString();
    const id = `c-${position}`;
    const columns = {
      ...{ position, stream, version, type, schema, actor: "operator", command_id: id },
      ...{ correlation_id: correlation, causation_id: null, recorded_at: at },
    };
    hash = chainHash(columns, data, hash);
    insert.run(position, stream, version, type, schema, data, id, correlation, at, hash);
  };
  const [home] = templates((step) => step === "initialized");
  const [repository] = templates((step) => step === "registered");
  const lifeOfOne = templates((step) => !once.includes(step));
  if (home === undefined || repository === undefined) throw new Error("the story makes a home and a repository");
  database.exec("BEGIN");
  append(home, 1, "system");
  for (let number = 0; number < repositories; number += 1) {
    const stream = `repository/repo-${number}`;
    append({ ...repository, stream, data: repository.data.replace('"repo"', `"repo-${number}"`) }, 1, stream);
  }
  for (let number = 0; number < missions; number += 1) {
    const own = namesOf(number);
    const named = (text: string) => text.replace(pattern, (name) => own[name] ?? name);
    const versions = new Map<string, number>();
    for (const { stream, type, data } of lifeOfOne) {
      const ofMission = named(stream);
      const version = (versions.get(ofMission) ?? 0) + 1;
      versions.set(ofMission, version);
      append({ stream: ofMission, type, data: rewrite(named(data), number) }, version, own[ids.mission] ?? "");
    }
    if (number % missionsPerCommit === missionsPerCommit - 1) database.exec("COMMIT; BEGIN");
  }
  database.exec("COMMIT; DELETE FROM view_meta");
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
  return position;
}

/** The commands of another mission, up to a step of its life. */
export function missionCommands(number: number, last: keyof typeof life): Command[] {
  const own = namesOf(number);
  const parts = Object.entries(life).filter(([step]) => !once.includes(step));
  const wanted = parts.slice(0, parts.findIndex(([step]) => step === last) + 1);
  return wanted.map(([step, body]) => {
    const text = JSON.stringify(body).replace(pattern, (name) => own[name] ?? name);
    const named = JSON.parse(text) as CommandBody;
    return { ...named, command_id: `more-${number}-${step}`, actor: "operator", at: new Date().toISOString() };
  });
}
