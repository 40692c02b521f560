/** Tampers with copies of a home whose daemon has stopped, and checks that aedev's own verbs notice. It never writes to the home itself, and keeps the copies. */
import { chmodSync, cpSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { type ChildEnvironment, runChild } from "../setup/child.ts";
import type { DemoSetup } from "../setup/demo-setup.ts";
import type { AttackResults, AttemptResult, ControlResult } from "./judge.ts";

/** These attempts are noticed instead of refused: the owner of the files can change them. */
export const logGroup = "log and evidence";
const entry = "test-matrix";
const evidenceSchema = z.looseObject({
  manifest: z.looseObject({ entries: z.record(z.string(), z.looseObject({ digest: z.string() }).nullable()) }),
});

interface Trial {
  readonly name: string;
  /** The shell command that changes the copy; then `verb` must notice. */
  readonly change: string;
  /** A verb that runs in between, as an attacker would use it to cover their tracks. */
  readonly cover?: readonly string[];
  readonly verb: readonly string[];
  readonly noticed: RegExp;
}

export async function tryTheLog(setup: DemoSetup, taskId: string): Promise<AttackResults> {
  const showEntry = ["evidence", "show", taskId, "--entry", entry];
  const controls = [
    await control("the untouched log", ["events", "verify"], setup),
    await control("the untouched evidence", showEntry, setup),
  ];
  const trials: Trial[] = [
    {
      name: "a byte in an evidence blob",
      change: changeByte(await blobPosition(setup, taskId)),
      verb: showEntry,
      noticed: /does not match its hash/,
    },
    {
      name: "a byte in an event",
      change: sql(await changedEvent(setup)),
      verb: ["events", "verify"],
      noticed: /the hash does not (fit|match)/,
    },
    ...(await truncations(setup)),
  ];
  const attempts: AttemptResult[] = [];
  for (const [position, trial] of trials.entries())
    attempts.push(await tryOne(trial, join(setup.folder, `copy-${position + 1}`), setup));
  return { attempts, controls };
}

async function truncations(setup: DemoSetup): Promise<Trial[]> {
  const last = (await setup.last.events()).length;
  const remove = `DELETE FROM events WHERE position > ${last - 3}`;
  return [
    { name: "events deleted", change: sql(remove), verb: ["events", "verify"], noticed: /append-only: no DELETE/ },
    {
      name: "the log's last events deleted, after removing the table's guard, and the views rebuilt",
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

function changeByte({ file, offset, byte }: BytePosition): string {
  return `printf ${byte} | dd of=${file} bs=1 seek=${offset} conv=notrunc status=none`;
}

interface BytePosition {
  /** Relative to the home. */
  readonly file: string;
  readonly offset: number;
  /** The byte to write there; differs from the present one. */
  readonly byte: string;
}

/** Removes the table's guard and changes one character of the approved specification's digest. */
async function changedEvent({ last }: DemoSetup): Promise<string> {
  const approved = (await last.events()).find(({ type }) => type === "MissionApproved");
  const data = typeof approved?.data === "string" ? approved.data : JSON.stringify(approved?.data ?? null);
  const position = data.indexOf('"spec_digest":"') + '"spec_digest":"'.length;
  const other = data[position] === "7" ? 8 : 7;
  // SQLite counts characters from 1. The statement has no quotes, because it is inside the quotes of a shell and of a program.
  const changed = `substr(data, 1, ${position}) || ${other} || substr(data, ${position + 2})`;
  return `DROP TRIGGER events_refuse_update; UPDATE events SET data = ${changed} WHERE position = ${approved?.position ?? 0}`;
}

async function blobPosition({ last, home }: DemoSetup, taskId: string): Promise<BytePosition> {
  const { manifest } = await last.document(["evidence", "show", taskId], evidenceSchema);
  const digest = manifest.entries[entry]?.digest ?? "";
  const file = join("blobs", digest.slice(0, 2), digest);
  return positionIn(home, file, Math.floor(readFileSync(join(home, file)).length / 2));
}

function positionIn(home: string, file: string, offset: number): BytePosition {
  const now = String.fromCharCode(readFileSync(join(home, file))[offset] ?? 0);
  return { file, offset, byte: now === "7" ? "8" : "7" };
}

async function tryOne(
  { name, change, cover, verb, noticed }: Trial,
  copy: string,
  setup: DemoSetup,
): Promise<AttemptResult> {
  const { home } = setup;
  // Sockets can't be copied, and worktrees are not part of the log.
  const left = new Set(["run", "worktrees", "mirrors", "prepared"]);
  cpSync(home, copy, { recursive: true, filter: (path) => !left.has(relative(home, path)) });
  // The copy gives folders the default mode, and a home that others can read would be refused.
  for (const folder of [copy, join(copy, "secrets"), join(copy, "keys")]) chmodSync(folder, 0o700);
  const changed = await runChild("sh", ["-c", change], { environment: nodeFirst(setup), cwd: copy });
  const homeFlag = ["--home", copy];
  if (cover !== undefined) await setup.last.run([...cover, ...homeFlag]);
  const verbArguments = [...verb, ...homeFlag];
  const { exit, out, err } = await setup.last.run(verbArguments);
  const output = `${changed.err}${out}${err}`.trim();
  const verbs = cover === undefined ? [verbArguments] : [[...cover, ...homeFlag], verbArguments];
  return {
    group: logGroup,
    name,
    command: [`cd ${copy} && ${change}`, ...verbs.map((line) => `aedev ${line.join(" ")}`)].join("; "),
    refused: noticed.test(output) && (exit === 1 || changed.exit !== 0),
    output,
  };
}

/** Puts the node of this program first in PATH. */
function nodeFirst({ remote: position }: DemoSetup): ChildEnvironment {
  return {
    ...position.environment,
    PATH: `${join(process.execPath, "..")}:${position.environment["PATH"] ?? ""}`,
    NODE_NO_WARNINGS: "1",
  };
}

async function control(name: string, verb: readonly string[], { last, home }: DemoSetup): Promise<ControlResult> {
  const verbArguments = [...verb, "--home", home];
  const { exit, out, err } = await last.run(verbArguments);
  return {
    group: logGroup,
    name,
    command: `aedev ${verbArguments.join(" ")}`,
    passed: exit === 0,
    output: `${out}${err}`.trim(),
  };
}
