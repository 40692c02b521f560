/**
 * The first hour of a person who only presses Enter: the README's commands at a terminal of 80 columns, the default for each question, then whatever command
 * the last output named. The only typed answer is a yes to a change that was shown.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type NtfyServer, openNtfyServer } from "@aedev/fakes/ntfy/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { atTerminal, type TerminalRun } from "./support/at-terminal.ts";
import { fixTurns, Laboratory, plantedSecrets, smallProject } from "./support/laboratory.ts";
import { commandsIn } from "./support/printed-commands.ts";
import { expectNoStack, expectPasteable, forEach } from "./support/refusals.ts";

const root = join(import.meta.dirname, "..");
let laboratory: Laboratory;
let ntfy: NtfyServer;

beforeEach(async () => {
  laboratory = await Laboratory.open();
  ntfy = await openNtfyServer({ accounts: [], everyone: {}, fallback: "read-write" });
  const { AEDEV_CLAUDE_OAUTH_TOKEN: _coder, AEDEV_OPENAI_API_KEY: _openai, ...rest } = laboratory.environment;
  const { AEDEV_GEMINI_API_KEY: _gemini, ...environment } = rest;
  // The names that other programs use for the credentials.
  laboratory.environment = {
    ...environment,
    PATH: `${join(root, "bin")}:${process.env["PATH"]}`,
    AEDEV_NTFY_URL: ntfy.address,
    CLAUDE_CODE_OAUTH_TOKEN: plantedSecrets.coder,
    OPENAI_API_KEY: plantedSecrets.openai,
    GEMINI_API_KEY: plantedSecrets.gemini,
  };
  rmSync(laboratory.home, { recursive: true });
});
afterEach(async () => {
  await laboratory[Symbol.asyncDispose]();
  await ntfy.close();
});

/** Commands that never end by themselves, or that end something the others need. */
const notTried = /^(?:watch|daemon stop|daemon run|setup|demo|init)\b/;

/** The last command in the text that starts with these words. */
function named(text: string, verb: string): string {
  const found = commandsIn(text).findLast((words) => words.join(" ").startsWith(verb));
  if (found === undefined) throw new Error(`nothing names aedev ${verb}:\n${text}`);
  return `aedev ${found.join(" ")}`;
}

describe("the first hour", () => {
  it("ends in a branch by Enter alone, and every printed command works", async () => {
    laboratory.models.coder = { "negative numbers": fixTurns };
    const bare = await laboratory.remote("shop", smallProject);
    await laboratory.git(laboratory.folder, "clone", "-q", bare, "src/shop");
    const shown: TerminalRun[] = [];
    const enter = async (line: string, answer?: (question: string) => string) => {
      const run = await atTerminal(line, laboratory.environment, answer);
      expectNoStack(line, run.text);
      await expectPasteable(line, run.text);
      shown.push(run);
      return run;
    };

    expect(await enter("aedev init")).toMatchObject({ exitCode: 0 });
    expect(await enter(`aedev repo add ${join(laboratory.folder, "src/shop")}`)).toMatchObject({ exitCode: 0 });
    const wish = "add() in lib/add.js must accept negative numbers: add(-1, 2) must return 1";
    const intake = await enter(`aedev intake "${wish}" --repo shop`);
    expect(intake).toMatchObject({ exitCode: 0, questions: [expect.stringContaining("Approve and start work?")] });
    expect(await enter(named(intake.text, "mission approve"))).toMatchObject({ exitCode: 0 });
    const waited = await enter(named(shown.at(-1)?.text ?? "", "mission wait"));
    expect(waited.exitCode).not.toBe(0);

    const approve = named(waited.text, "task approve");
    expect((await enter(approve)).exitCode).not.toBe(0);
    expect(await laboratory.git(bare, "branch", "--list")).toBe("* main");
    expect(await enter(approve, () => "y")).toMatchObject({ exitCode: 0 });
    const [, task = ""] = /(t-[a-z0-9]+)/.exec(approve) ?? [];
    const branches = await laboratory.until(async () => {
      const listed = await laboratory.git(bare, "branch", "--list", "--format=%(refname:short)");
      return listed.includes("aedev/") && listed;
    });
    expect(branches.split("\n")).toEqual([expect.stringMatching(/^aedev\/t-/), "main"]);
    expect(branches).toContain(task);
    expect(await laboratory.git(bare, "show", `aedev/${task}:lib/add.js`)).toContain("a + b");
    const next =
      'aedev intake "twice() in lib/add.js must refuse text: twice(\\"a\\") must throw TypeError" --repo shop';
    const warned = await enter(next);
    expect(warned.text).toContain("landed, but not in the base: the mission starts without");
    expect(warned.text).toContain(`aedev/${task}`);
    await laboratory.git(bare, "update-ref", "refs/heads/main", `refs/heads/aedev/${task}`);
    expect((await enter(next)).text).not.toContain("not in the base");
    await enter("aedev");

    const printed = new Set(shown.flatMap(({ text }) => commandsIn(text).map((words) => JSON.stringify(words))));
    expect(printed.size).toBeGreaterThan(10);
    const tried = [...printed].map((words) => JSON.parse(words) as string[]);
    await forEach(
      tried.filter((words) => !notTried.test(words.join(" ")) && !words.some((word) => /^[A-Z<…]|…$/.test(word))),
      async (words) => {
        const { exitCode, stdout, stderr } = await laboratory.run(...words);
        expect({ words, exitCode, stderr }).not.toMatchObject({ exitCode: 2 });
        expectNoStack(words.join(" "), stdout + stderr);
      },
    );
    const wide = shown.flatMap(({ text }) => text.split("\n")).filter((line) => line.length > 80);
    const isCommand = (line: string) =>
      /^\s*git /.test(line) || (commandsIn(line).length > 0 && /^\s*\(?(?:help: |next: )?aedev /.test(line));
    expect(wide.filter((line) => !isCommand(line) && !/^\s*(?:\.\/.*|\S+)$/.test(line))).toEqual([]);
  });
});
