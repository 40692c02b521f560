/** Runs every verb on a log full of control and invisible characters: no output has any, and JSON parses to the text of the log. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VerbArgument } from "../packages/cli/src/command-line/verb.ts";
import { runProgram } from "../packages/cli/src/program.ts";
import { processEntries } from "../packages/cli/src/terminal/entries.ts";
import { findVerb, verbNames } from "../packages/cli/src/verb-table.ts";
import { replaceUnsafe } from "../packages/contracts/src/safe-text.ts";
import { parseEvent } from "../packages/core/src/index.ts";
import { canonicalText } from "../packages/daemon/src/log/canonical-text.ts";
import {
  chainHash,
  type EventRow,
  eventRowSchema,
  genesisHash,
} from "../packages/daemon/src/log/sqlite/stored-event.ts";
import { makePrivate } from "./support/copy-home.ts";
import { Laboratory } from "./support/laboratory.ts";

/** A C1 sequence that colours, one that sets the title, a direction override, and zero-width characters. */
const hostile = "\u009b31m\u009d0;x\u009c\u202e\u200b\u2066\u{e0041}\u001b[2J\u0007";
/** Its escaped remains, in any notation. */
const written = /\\u\{?0{0,2}9b/;
/** Verbs that change this machine or run until interrupted; only their hostile argument is tried. */
const notRun = ["demo", "daemon start", "daemon restart", "init", "restore", "service install", "watch"];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const archive = fileURLToPath(new URL("recorded/372e44a.tar.br", import.meta.url));

let laboratory: Laboratory;
let home = "";
let ids: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  laboratory = await Laboratory.open();
  await execa("tar", ["-x", "-C", laboratory.folder], { input: brotliDecompressSync(readFileSync(archive)) });
  home = join(laboratory.folder, "recorded/home");
  makePrivate(home);
  await laboratory.must("init", "--yes", "--home", home);
  ids = makeHostile(join(home, "aedev.db"));
}, 180_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

/** Puts the hostile characters into each string of each event whose schema accepts them, and chains the events again. */
function makeHostile(path: string): Record<string, string> {
  using database = new DatabaseSync(path);
  for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER ${name}`);
  const rows = database
    .prepare("SELECT * FROM events ORDER BY position")
    .all()
    .map((row) => eventRowSchema.parse(row));
  const set = database.prepare("UPDATE events SET data = ?, hash = ? WHERE position = ?");
  let [hash, spoiled] = [genesisHash, 0];
  database.exec("BEGIN");
  for (const row of rows) {
    let data: unknown = JSON.parse(row.data);
    for (const at of stringsIn(data)) {
      const changed = withHostile(data, at);
      if (changed === undefined || !isTaken(row, changed)) continue;
      data = changed;
      spoiled += 1;
    }
    const text = canonicalText(data);
    hash = chainHash(row, text, hash);
    set.run(text, hash, row.position);
  }
  database.exec("COMMIT");
  expect(spoiled).toBeGreaterThan(300);
  const first = (type: string) => String(rows.find((row) => row.type === type)?.stream.split("/")[1]);
  return {
    task: first("GateDecided"),
    mission: first("MissionSubmitted"),
    hold: first("TaskHeld").replace("t-", "h-"),
    name: first("RepositoryConfigured"),
    repository: first("RepositoryConfigured"),
    folder: join(laboratory.folder, `copy ${hostile}`),
  };
}

type Path = readonly (string | number)[];

function stringsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value === "string") return value.includes(" ") ? [at] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, [...at, key]));
}

function withHostile(value: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined) return `${String(value)}${hostile}`;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = withHostile(copy[key], rest);
  return copy;
}

function isTaken({ type, schema }: EventRow, data: unknown): boolean {
  try {
    parseEvent(type, schema, data);
    return true;
  } catch {
    return false;
  }
}

interface Ran {
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process; `columns`: its output goes to a terminal. */
async function run(argv: readonly string[], columns?: number): Promise<Ran> {
  const ran = { out: "", err: "" };
  await runProgram(argv, {
    environment: { ...laboratory.environment, AEDEV_HOME: home },
    terminal: {
      write: (text) => {
        ran.out += text;
      },
      complain: (text) => {
        ran.err += text;
      },
      interactive: false,
      sizeOf: () => (columns === undefined ? undefined : { columns, rows: 24 }),
      page: async (text) => {
        ran.out += text;
      },
      readAll: async () => "",
      ask: async () => "",
    },
    entries: processEntries,
  });
  return ran;
}

/** The characters that a terminal would act on, without this program's own colours. */
function unsafeIn(text: string): string[] {
  const found: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a diff's colours, and the progress line that is taken away.
  replaceUnsafe(text.replace(/\u001b\[[0-9;]*m|\r\u001b\[2K/g, ""), (character) => {
    if (character !== "\n" && character !== "\t") found.push(character.codePointAt(0)?.toString(16) ?? "");
    return character;
  });
  return found;
}

async function lineOf(name: string): Promise<string[]> {
  const { verb } = (await findVerb(name.split(" "))?.load()) ?? {};
  const given = (verb?.arguments ?? []).filter((argument) => argument.name.startsWith("<")).map(argumentFor);
  const needed = (verb?.options ?? []).filter(({ required }) => required === true);
  return [...name.split(" "), ...given, ...needed.flatMap(({ flags }) => [flags.split(" ")[0] ?? "", hostile])];
}

function argumentFor({ name }: VerbArgument): string {
  return ids[/[a-z]+/.exec(name)?.[0] ?? ""] ?? `x ${hostile}`;
}

describe("the output of a verb", () => {
  it("contains no control or invisible character from the log's texts, on a terminal, in a pipe or as JSON", async () => {
    let shown = 0;
    for (const name of verbNames.filter((verb) => !notRun.includes(verb))) {
      const line = await lineOf(name);
      const variants = [line, [...line, "--json"], ...(name === "events export" ? [[...line, "--views"]] : [])];
      for (const argv of variants)
        for (const columns of [undefined, 100]) {
          const { out, err } = await run(argv, columns);
          expect({ argv, columns, unsafe: [...unsafeIn(out), ...unsafeIn(err)] }).toEqual({
            argv,
            columns,
            unsafe: [],
          });
          if (written.test(out + err)) shown += 1;
          if (argv.includes("--json") && out !== "") expect(() => JSON.parse(out), argv.join(" ")).not.toThrow();
        }
    }
    expect(shown).toBeGreaterThan(40);
  }, 240_000);

  it("contains none from an argument that no verb accepts", async () => {
    for (const name of verbNames) {
      const { out, err } = await run([...(await lineOf(name)), `--x${hostile}`]);
      expect({ name, unsafe: [...unsafeIn(out), ...unsafeIn(err)] }).toEqual({ name, unsafe: [] });
      expect(err, name).toMatch(written);
    }
  });

  it("goes through the escaping terminal: only the process's terminal and its entry write to a standard stream", () => {
    const folders = ["cli", "demo"].map((name) => join(root, "packages", name, "src"));
    const writers = folders
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path)))
      .filter(
        (path) =>
          path.endsWith(".ts") && /process\.std(?:out|err)|\bconsole\.|\bwriteSync\(/.test(readFileSync(path, "utf8")),
      )
      .map((path) => relative(root, path));
    // The fakes are separate processes, whose output the demo reads and escapes.
    expect(writers.filter((path) => !path.startsWith("test/fakes/"))).toEqual([
      "packages/cli/src/main.ts",
      "packages/cli/src/terminal/process-terminal.ts",
    ]);
  });

  it("is the log's own text once its JSON is parsed", async () => {
    using database = new DatabaseSync(join(home, "aedev.db"), { readOnly: true });
    const stored = database
      .prepare("SELECT data FROM events ORDER BY position")
      .all()
      .map(({ data }) => JSON.parse(String(data)));
    const lines = (await run(["events", "export"])).out.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { data: unknown }).data)).toEqual(stored);
    const { events } = JSON.parse((await run(["events", "export", "--json"])).out) as { events: { data: unknown }[] };
    expect(events.map(({ data }) => data)).toEqual(stored);
  });
});
