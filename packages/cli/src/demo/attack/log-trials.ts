/**
 * Changes bytes in copies of a home whose daemon has stopped, and asks aedev's own verbs whether they notice. The home itself is never
 * written; the copies stay, so that each command can be repeated.
 */
import { cpSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { type Environment, runChild } from "../child.ts";
import type { Stage } from "../ground/stage.ts";
import type { AttemptResult, ControlResult } from "./judge.ts";

/** What is tried here is not refused but noticed: whoever owns the files can change them. */
export const logGroup = "log and evidence";
const entry = "test-matrix";
const evidenceSchema = z.looseObject({
  manifest: z.looseObject({ entries: z.record(z.string(), z.looseObject({ digest: z.string() }).nullable()) }),
});

interface Trial {
  readonly name: string;
  /** What is done to the copy, in a shell there; then the verb that must notice. */
  readonly change: string;
  /** Another verb before that, which an attacker would use to cover the traces. */
  readonly cover?: readonly string[];
  readonly verb: readonly string[];
  readonly noticed: RegExp;
}

export async function tryTheLog(
  stage: Stage,
  taskId: string,
): Promise<{ attempts: AttemptResult[]; controls: ControlResult[] }> {
  const shown = ["evidence", "show", taskId, "--entry", entry];
  const controls = [
    await control("the untouched log", ["events", "verify"], stage),
    await control("the untouched evidence", shown, stage),
  ];
  const trials: Trial[] = [
    {
      name: "a byte in an evidence blob",
      change: changeByte(await blobPlace(stage, taskId)),
      verb: shown,
      noticed: /does not have the bytes its name promises/,
    },
    {
      name: "a byte in an event",
      change: sql(await changedEvent(stage)),
      verb: ["events", "verify"],
      noticed: /the hash does not fit/,
    },
    ...(await cuts(stage)),
  ];
  const attempts: AttemptResult[] = [];
  for (const [place, trial] of trials.entries())
    attempts.push(await tryOne(trial, join(stage.folder, `copy-${place + 1}`), stage));
  return { attempts, controls };
}

async function cuts(stage: Stage): Promise<Trial[]> {
  const last = (await stage.last.events()).length;
  const remove = `DELETE FROM events WHERE position > ${last - 3}`;
  return [
    { name: "events deleted", change: sql(remove), verb: ["events", "verify"], noticed: /append-only: no DELETE/ },
    {
      name: "the log's tail cut off, its guard removed first and the views rebuilt after",
      change: sql(`DROP TRIGGER events_refuse_delete; ${remove}`),
      cover: ["events", "rebuild"],
      verb: ["events", "verify"],
      noticed: /signed head/,
    },
  ];
}

function sql(statements: string): string {
  return `node -e 'new (require("node:sqlite").DatabaseSync)("aedev.db").exec("${statements}")'`;
}

function changeByte({ file, offset, byte }: BytePlace): string {
  return `printf ${byte} | dd of=${file} bs=1 seek=${offset} conv=notrunc status=none`;
}

interface BytePlace {
  /** Within the home. */
  readonly file: string;
  readonly offset: number;
  /** What is written there; something else than what stands there. */
  readonly byte: string;
}

/** One character of the specification's digest that a person approved; the table's guard is removed first. */
async function changedEvent({ last }: Stage): Promise<string> {
  const approved = (await last.events()).find(({ type }) => type === "MissionApproved");
  const data = typeof approved?.data === "string" ? approved.data : JSON.stringify(approved?.data ?? null);
  const place = data.indexOf('"spec_digest":"') + '"spec_digest":"'.length;
  const other = data[place] === "7" ? 8 : 7;
  // SQLite counts characters from 1. No quotes: the statement stands between a shell's and a program's.
  const changed = `substr(data, 1, ${place}) || ${other} || substr(data, ${place + 2})`;
  return `DROP TRIGGER events_refuse_update; UPDATE events SET data = ${changed} WHERE position = ${approved?.position ?? 0}`;
}

async function blobPlace({ last, home }: Stage, taskId: string): Promise<BytePlace> {
  const { manifest } = await last.document(["evidence", "show", taskId], evidenceSchema);
  const digest = manifest.entries[entry]?.digest ?? "";
  const file = join("blobs", digest.slice(0, 2), digest);
  return placeIn(home, file, Math.floor(readFileSync(join(home, file)).length / 2));
}

function placeIn(home: string, file: string, offset: number): BytePlace {
  const now = String.fromCharCode(readFileSync(join(home, file))[offset] ?? 0);
  return { file, offset, byte: now === "7" ? "8" : "7" };
}

async function tryOne(
  { name, change, cover, verb, noticed }: Trial,
  copy: string,
  stage: Stage,
): Promise<AttemptResult> {
  const { home } = stage;
  // Sockets can't be copied and worktrees are none of the log's.
  const left = new Set(["run", "worktrees", "mirrors", "prepared"]);
  cpSync(home, copy, { recursive: true, filter: (path) => !left.has(relative(home, path)) });
  const changed = await runChild("sh", ["-c", change], { environment: nodeFirst(stage), cwd: copy });
  const at = ["--home", copy];
  if (cover !== undefined) await stage.last.run([...cover, ...at]);
  const words = [...verb, ...at];
  const { exit, out, err } = await stage.last.run(words);
  const output = `${changed.err}${out}${err}`.trim();
  return {
    group: logGroup,
    name,
    command: [
      `cd ${copy} && ${change}`,
      ...[...(cover === undefined ? [] : [[...cover, ...at]]), words].map((line) => `aedev ${line.join(" ")}`),
    ].join("; "),
    refused: noticed.test(output) && (exit === 1 || changed.exit !== 0),
    output,
  };
}

/** The shell's `node` is this program's own. */
function nodeFirst({ place }: Stage): Environment {
  return {
    ...place.environment,
    PATH: `${join(process.execPath, "..")}:${place.environment["PATH"] ?? ""}`,
    NODE_NO_WARNINGS: "1",
  };
}

async function control(name: string, verb: readonly string[], { last, home }: Stage): Promise<ControlResult> {
  const words = [...verb, "--home", home];
  const { exit, out, err } = await last.run(words);
  return {
    group: logGroup,
    name,
    command: `aedev ${words.join(" ")}`,
    passed: exit === 0,
    output: `${out}${err}`.trim(),
  };
}
