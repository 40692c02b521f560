/** Files and folders that verbs make at a person's path are private, go through no link, and replace nothing. The test finds options and writers. */
import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findVerb, verbNames } from "../packages/cli/src/verb-table.ts";
import { makePrivate } from "./support/copy-home.ts";
import { Laboratory } from "./support/laboratory.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Options that name a file or folder for the verb to read, or a person's checkout. */
const read = [
  "--checkpoint",
  "--from",
  "--into",
  "--key",
  "--path",
  "--policy",
  "--repository-policy",
  "--scripts",
  "--file",
  "--token-file",
];
/** Files that write inside the home, in repositories and folders of aedev's own making, or in a container's. */
const ownWriters =
  /^packages\/(?:host\/src\/(?:new-file|durable-file|blob-store)|daemon\/src\/(?:backtest\/past-home|control\/show-to-judges|git\/(?:bare-repository|checkout-lock|front-repository|inverse)|home\/(?:acknowledged-tip|backup|disk-reserve)|log\/sqlite\/database|logging\/log-file|prior\/history-file|process\/(?:keep-progress|start-daemon)|webhook\/known-deliveries))\.ts$/;

let laboratory: Laboratory;
let home = "";
let task = "";

beforeAll(async () => {
  laboratory = await Laboratory.open();
  const archive = fileURLToPath(new URL("recorded/372e44a.tar.br", import.meta.url));
  await execa("tar", ["-x", "-C", laboratory.folder], { input: brotliDecompressSync(readFileSync(archive)) });
  home = join(laboratory.folder, "recorded/home");
  makePrivate(home);
  writeFileSync(join(home, "token"), `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
  const { missions } = JSON.parse(readFileSync(join(laboratory.folder, "recorded/missions.json"), "utf8")) as {
    missions: { title: string; tasks: { task_id: string }[] }[];
  };
  task = missions.find(({ title }) => title.includes("[case heals]"))?.tasks[0]?.task_id ?? "";
}, 180_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

/** Every verb with an option that names its output. */
async function making(): Promise<{ verb: string; option: string }[]> {
  const found = await Promise.all(
    verbNames.map(async (name) => {
      const { verb } = (await findVerb(name.split(" "))?.load()) ?? {};
      return (verb?.options ?? [])
        .filter(({ flags }) => /<(?:file|dir|folder|path)>/.test(flags))
        .map(({ flags }) => ({ verb: name, option: flags.split(" ")[0] ?? "" }))
        .filter(({ option }) => !read.includes(option));
    }),
  );
  return found.flat();
}

function modesIn(path: string): string[] {
  const modeOf = (at: string) => (statSync(at).mode & 0o777).toString(8);
  if (!statSync(path).isDirectory()) return [modeOf(path)];
  return [
    modeOf(path),
    ...readdirSync(path).flatMap((name) => (statSync(join(path, name)).isDirectory() ? [] : modeOf(join(path, name)))),
  ];
}

describe("the output of a verb at a path that a person names", () => {
  it("is private and new: no existing file, folder or link is replaced", async () => {
    const all = await making();
    expect(all.map(({ verb, option }) => `${verb} ${option}`)).toEqual([
      "task replay --export",
      "task salvage --to",
      "status-board --write-md",
      "evidence export --output",
    ]);
    for (const { verb, option } of all) {
      const name = verb.replace(" ", "-");
      const about = verb.includes(" ") ? [task] : [];
      const run = (path: string) => laboratory.run(...verb.split(" "), ...about, option, path, "--home", home);
      const made = join(laboratory.folder, `${name}-made`);
      expect({ verb, ...(await run(made)) }).toMatchObject({ verb, exitCode: 0 });
      expect({ verb, modes: [...new Set(modesIn(made))].filter((mode) => !["600", "700"].includes(mode)) }).toEqual({
        verb,
        modes: [],
      });

      const other = join(laboratory.folder, `${name}-other`);
      writeFileSync(other, "somebody's file\n", { mode: 0o644 });
      const link = join(laboratory.folder, `${name}-link`);
      symlinkSync(other, link);
      const nowhere = join(laboratory.folder, `${name}-nowhere`);
      symlinkSync(join(laboratory.folder, `${name}-absent`), nowhere);
      // A board is written again and again; its verb replaces only what it wrote itself.
      const renewed = verb === "status-board" ? [made] : [];
      for (const path of renewed) expect({ path, exitCode: (await run(path)).exitCode }).toEqual({ path, exitCode: 0 });
      for (const path of [made, other, link, nowhere].filter((one) => !renewed.includes(one))) {
        const { exitCode, stderr } = await run(path);
        expect({ verb, path, exitCode }).toEqual({ verb, path, exitCode: 1 });
        expect(stderr).toContain("exists already");
        expect(stderr).toContain(option);
      }
      expect(readFileSync(other, "utf8")).toBe("somebody's file\n");
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(() => statSync(nowhere)).toThrow("ENOENT");
    }
  });

  it("is written by one function: every other writer is on the list of those inside the home", () => {
    const raw =
      /\b(?:writeFile(?:Sync)?|appendFile(?:Sync)?|createWriteStream|copyFile(?:Sync)?|cpSync)\(|\bopen(?:Sync)?\([^)]*(?:"[wa]x?"|O_CREAT)/;
    const writers = ["cli", "daemon", "host"].flatMap((name) => {
      const folder = join(root, "packages", name, "src");
      return readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".ts") && raw.test(readFileSync(join(folder, path), "utf8")))
        .map((path) => relative(root, join(folder, path)));
    });
    expect(writers).toContain("packages/host/src/new-file.ts");
    expect(writers.filter((path) => !ownWriters.test(path))).toEqual([]);
  });
});
