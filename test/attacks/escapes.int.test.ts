/**
 * Plants every place from which git would run a program, connect or write elsewhere, as an agent can, and performs every operation of control and runner with
 * git on the host, each twice. Nothing may run, connect or change outside the run's folders, and no call may be made in a folder that the agent wrote to. The
 * control: plain git in the same place does run the programs.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { gitCallSites } from "../../packages/host/src/git/git-call-sites.ts";
import { isNight } from "../support/is-night.ts";
import { Attack, digestOf, makeField, makeOutside, scratch } from "./support/escape-attack.ts";
import { findCallSites, findGates, findUnlisted, gates } from "./support/git-call-sites.ts";
import { sinks } from "./support/git-sinks.ts";
import { setTrap, type Trap } from "./support/git-trap.ts";
import type { Sink, SinkFolders } from "./support/sink.ts";

const root = resolve(import.meta.dirname, "../..");
/** At night every sink has a field of its own; by day only these have one, and all others share one. */
const alone: ReadonlySet<string> = new Set([
  ...["filter.clean", "filter.smudge", "filter.process", "core.fsmonitor", "core.hooksPath", "core.sshCommand"],
  ...["diff.external", "diff driver's textconv", "remote helper ext::", "remote.uploadpack", "gpg.program"],
  ...["hooks in the git directory", "info/attributes", "include.path", "config.worktree", "commondir"],
  ...["a nested repository", "a submodule's own configuration"],
]);
const planted: readonly Sink[] = isNight
  ? sinks
  : [...sinks.filter(({ name }) => alone.has(name)), together(sinks.filter(({ name }) => !alone.has(name)))];

const person = {
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@b",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@b",
};

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function together(others: readonly Sink[]): Sink {
  const plant = (folders: SinkFolders) => {
    for (const sink of others) sink.plant(folders);
  };
  return { name: `${others.length} more together`, plant, naive: [] };
}

describe("plain git in the agent's folders (the control)", () => {
  it("runs the programs of at least sixteen sinks, so that the trap is real", { timeout: 600_000 }, async () => {
    await using trap = await setTrap(mkdtempSync(join(scratch, "naive-trap-")));
    const fires: string[] = [];
    const silent: string[] = [];
    const tried = sinks.filter(({ name, naive }) => naive.length > 0 && (isNight || alone.has(name)));
    for (const sink of tried) ((await firesNaively(sink, trap)) ? fires : silent).push(sink.name);
    console.log(`plain git: ${fires.length} of ${tried.length} sinks fire; in vain: ${silent.join(", ") || "none"}`);
    expect(fires.length).toBeGreaterThanOrEqual(16);
  });
});

/** What a person's git does in the agent's repository, without our configuration and without a terminal. */
async function firesNaively(sink: Sink, trap: Trap): Promise<boolean> {
  const tree = mkdtempSync(join(scratch, "naive-"));
  const outside = makeOutside();
  // Many of the commands fail after they have run the planted program.
  const run = (args: readonly string[]) =>
    execa(
      "git",
      args.map((text) => text.replace("{fire}", trap.fire)),
      {
        cwd: tree,
        env: { PATH: process.env.PATH ?? "", HOME: tree, ...person },
        extendEnv: false,
        input: "protocol=https\nhost=example.org\n\n",
        reject: false,
        timeout: 5_000,
        killSignal: "SIGKILL",
      },
    );
  await run(["init", "--quiet"]);
  await run(["commit", "--quiet", "--allow-empty", "--message=0"]);
  writeFileSync(join(tree, "a.txt"), "one\n");
  await run(["add", "--all"]);
  await run(["commit", "--quiet", "--message=1"]);
  const commit = (await run(["rev-parse", "HEAD"])).stdout;
  writeFileSync(join(tree, "a.txt"), "two\n");
  sink.plant({ tree, gitDir: join(tree, ".git"), fire: trap.fire, outside, port: trap.port, commit });
  trap.fired();
  const [connections, before] = [trap.connections(), digestOf(outside)];
  for (const args of sink.naive) await run(args);
  return trap.fired().length > 0 || trap.connections() > connections || digestOf(outside) !== before;
}

describe("host git", () => {
  it("is called only from the table's call sites, and started by one file", () => {
    expect(findCallSites(root)).toEqual(Object.keys(gitCallSites).toSorted());
    expect(findUnlisted(root)).toEqual([]);
    expect(findGates(root)).toEqual(gates);
  });
});

describe("files that an agent leaves", () => {
  it("run nothing, connect to nothing and change nothing outside, whichever of our operations reads them", {
    timeout: 900_000,
  }, async () => {
    const field = await makeField();
    const trap = await setTrap(mkdtempSync(join(scratch, "trap-")));
    try {
      const attack = new Attack(field, trap);
      for (const sink of planted) await attack.run(sink);
      await attack.runHonest();
      const [first] = planted;
      expect(first !== undefined && (await attack.seesCarelessCall(first))).toBe(true);
      const { attempts, refused } = attack.tally;
      console.log(
        `escapes: ${sinks.length} sinks on ${planted.length} grounds, ${attempts} attempts (${refused} refused), 0 executions, 0 connections, 0 bytes outside`,
      );
      expect(planted.length).toBeGreaterThanOrEqual(16);
      expect(attempts).toBeGreaterThanOrEqual(isNight ? 500 : 400);
      const named = new Set(Object.values(gitCallSites).flatMap(({ subcommands }) => subcommands));
      expect([...attack.seen].toSorted()).toEqual([...named].toSorted());
    } finally {
      await trap[Symbol.asyncDispose]();
      field.place.remove();
    }
  });
});
