/** Every command that aedev prints is valid: those in its texts, those of every hold in each of its branches, and those that documents tell people to type. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { splitLine } from "../packages/cli/src/command-line/split-line.ts";
import { findVerb, verbNames } from "../packages/cli/src/verb-table.ts";
import { filled, holdCodes, holdMeanings, reasonMeanings } from "../packages/contracts/src/index.ts";
import { helpFor } from "../packages/core/src/task/hold-release.ts";
import { ids } from "../packages/core/src/testing/index.ts";
import { commandsIn, literalsOf, wrongUsage } from "./support/printed-commands.ts";

const root = join(import.meta.dirname, "..");
const tracked = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).split("\n");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The number of commands found, and the faults of some. */
async function examine(texts: readonly { where: string; text: string }[]): Promise<{ count: number; wrong: string[] }> {
  const wrong: string[] = [];
  let count = 0;
  for (const { where, text } of texts) {
    for (const words of commandsIn(text)) {
      count += 1;
      const why = await wrongUsage(words);
      if (why !== undefined) wrong.push(`${where}: aedev ${words.join(" ")}: ${why}`);
    }
  }
  return { count, wrong };
}

describe("the commands that aedev and its documents print", () => {
  it("are valid in every text of the code", async () => {
    const sources = tracked.filter((path) => /^packages\/\w+\/src\/.*\.ts$/.test(path));
    const texts = sources.flatMap((where) => literalsOf(where, read(where)).map((text) => ({ where, text })));
    const { count, wrong } = await examine(texts);
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(300);
  });

  it("commands are valid in every branch of every hold, including those that usually help", async () => {
    const hold = {
      hold_id: ids.hold,
      task_id: ids.task,
      mission_id: ids.mission,
      repository: "shop",
      source: "/my code/it's; rm",
    };
    const values = { ...hold, hold: ids.hold, task: ids.task, mission: ids.mission, name: "shop", question: "coder-1" };
    const helps = holdCodes.flatMap((code) => [
      ...[null, "coder-1"].flatMap((question) =>
        [true, false].map((judge_is_silent) => helpFor({ ...hold, code, question, judge_is_silent })),
      ),
      filled(holdMeanings[code].helps, values),
    ]);
    const reasons = Object.values(reasonMeanings).map(({ helps: text }) => filled(text, values));
    const { count, wrong } = await examine([...helps, ...reasons].map((text) => ({ where: text, text })));
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(150);
    expect([...helps, ...reasons].filter((text) => /<\w+>/.test(text))).toEqual([]);
  });

  it("are valid in a document's blocks of commands and in the lists of codes", async () => {
    const blocks = tracked
      .filter((path) => /^(README|docs\/[A-Z]\w*)\.md$/.test(path))
      .flatMap((where) =>
        [...read(where).matchAll(/^```(?:sh|console)\n(.*?)^```/gms)].map(([, text = ""]) => ({ where, text })),
      );
    const lists = ["docs/ERRORS.md", "docs/REASONS.md"].flatMap((where) =>
      [...read(where).matchAll(/^(?:\| `|- `| {2}|\*\*).*$/gm)].map(([text]) => ({ where, text })),
    );
    const { count, wrong } = await examine([...blocks, ...lists]);
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(150);
  });
});

it("only use verbs that exist in a document's sentences and tables, where arguments may be left out", () => {
  const groups = new Set(verbNames.flatMap((name) => (name.includes(" ") ? [name.split(" ")[0]] : [])));
  const unknown = (text: string) =>
    [...text.matchAll(/`([^`\n]*)`/g)]
      .flatMap(([, code = ""]) => commandsIn(code))
      .map((words) => splitLine(words).words)
      .filter((words) => words.length > 0 && words[0] !== "help" && findVerb(words) === undefined)
      .filter((words) => !(words.length === 1 && groups.has(words[0])))
      .map((words) => `aedev ${words.join(" ")}`);
  expect(unknown("`aedev secrets unset` `aedev secrets`, `aedev secrets remove NAME`")).toEqual([
    "aedev secrets unset",
  ]);
  const documents = tracked.filter((path) =>
    /^(README|EXECUTION_WORKBOOK|CHANGELOG|ARCHITECTURE|docs\/[A-Z]\w*)\.md$/.test(path),
  );
  expect(documents.flatMap((path) => unknown(read(path)).map((command) => `${path}: ${command}`))).toEqual([]);
});

describe("the check of printed commands", () => {
  it("ends a command where a person stops copying", () => {
    const found = (text: string) => commandsIn(text).map((words) => words.join("|"));
    expect(found("next: aedev mission wait m-1")).toEqual(["mission|wait|m-1"]);
    expect(found("aedev daemon stop && aedev daemon start")).toEqual(["daemon|stop", "daemon|start"]);
    expect(found("again: aedev repo add '/my code/a; b' --name x, then aedev status.")).toEqual([
      "repo|add|/my code/a; b|--name|x",
      "status",
    ]);
    expect(found("aedev init --yes --start   (starts the daemon)")).toEqual(["init|--yes|--start"]);
    expect(found("aedev secrets set KEY < FILE")).toEqual(["secrets|set|KEY"]);
    expect(found("aedev may not push here; ~/.aedev stays")).toEqual([]);
  });

  it("finds a verb, an argument or an option that does not exist", async () => {
    expect(await wrongUsage(["task", "show", "t-1"])).toBeUndefined();
    expect(await wrongUsage(["task", "frobnicate", "t-1"])).toMatch(/no such verb/);
    expect(await wrongUsage(["task", "show"])).toMatch(/missing/);
    expect(await wrongUsage(["status", "shows", "it"])).toMatch(/too many/);
    expect(await wrongUsage(["task", "show", "t-1", "--frobnicate"])).toMatch(/unknown option/);
  });
});
