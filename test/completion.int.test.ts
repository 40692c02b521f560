/** Completion as a person uses it: the printed script in a real shell, with ids of a real home. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

const programs = join(dirname(dirname(fileURLToPath(import.meta.url))), "bin");
let laboratory: Laboratory;
let missionId: string;
let script: string;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  const text = 'Make add() right for "$(touch /tmp/owned)" in lib/add.js';
  missionId = (
    await laboratory.must(
      "intake",
      text,
      "--repo",
      "small",
      "--criterion",
      "add(-1, 2) is 1, shown by a test",
      "--json",
    )
  ).json<{ mission_id: string }>().mission_id;
  await laboratory.must("daemon", "stop");
  script = (await laboratory.must("completion", "bash")).stdout;
});
afterAll(() => laboratory[Symbol.asyncDispose]());

/** The completions that bash offers for the last of these words. */
async function offers(...words: string[]): Promise<string[]> {
  const { stdout, stderr } = await execa(
    "bash",
    [
      "--norc",
      "-c",
      'eval "$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aedev; for one in "\u0024{COMPREPLY[@]}"; do echo "$one"; done',
      "bash",
      "aedev",
      ...words,
    ],
    {
      env: { ...laboratory.environment, SCRIPT: script, PATH: `${programs}:${process.env["PATH"]}` },
      extendEnv: false,
      cwd: laboratory.folder,
    },
  );
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

describe("completion in bash", () => {
  it("offers verbs, a group's verbs, and only those that match the letters so far", async () => {
    expect(await offers("")).toEqual(expect.arrayContaining(["intake", "mission", "status", "completion"]));
    expect(await offers("mis")).toEqual(["mission"]);
    expect(await offers("mission", "")).toEqual(expect.arrayContaining(["list", "show", "approve", "wait"]));
    expect(await offers("repo", "res")).toEqual(["resume"]);
    // `verify` is a verb and a group.
    expect(await offers("events", "ver")).toEqual(["verify"]);
    expect(await offers("frob", "")).toEqual([]);
  });

  it("offers a verb's own options and their possible values", async () => {
    expect(await offers("task", "logs", "--f")).toEqual(["--follow"]);
    expect(await offers("events", "verify", "--f")).toEqual([]);
    expect(await offers("intake", "text", "--priority", "")).toEqual(["urgent", "high", "normal", "low"]);
    expect(await offers("repo", "add", ".", "--profile", "ba")).toEqual(["balanced"]);
    expect(await offers("completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await offers("events", "--limit", "")).toEqual([]);
    expect(await offers("repo", "add", "small-w")).toEqual(["small-work"]);
    expect(await offers("intake", "--file", "small-w")).toEqual(["small-work"]);
  });

  it("offers this home's ids, even with the daemon down and after global options", async () => {
    expect(await offers("mission", "show", "")).toEqual([missionId]);
    expect(await offers("mission", "approve", missionId.slice(0, 6))).toEqual([missionId]);
    expect(await offers("--json", "mission", "show", "m-")).toEqual([missionId]);
    expect(await offers("intake", "text", "--after", "")).toEqual([missionId]);
    expect(await offers("intake", "text", "--repo", "sm")).toEqual(["small"]);
    expect(await offers("repo", "pause", "")).toEqual(["small"]);
    expect(await offers("hold", "show", "")).toEqual([]);
    // Another home offers none, and no error disturbs the line being typed.
    expect(await offers("--home", join(laboratory.folder, "nowhere"), "mission", "show", "")).toEqual([]);
  });
});

describe("completion in other shells", () => {
  it.each(["zsh", "fish"])("is a script that %s can read, if installed", async (shell) => {
    const { stdout } = await laboratory.must("completion", shell);
    expect(stdout).toContain("mission");
    const file = join(laboratory.folder, `completion.${shell}`);
    writeFileSync(file, stdout);
    const found = await execa(shell, ["-n", file], { reject: false });
    if (found.code === "ENOENT") process.stdout.write(`${shell}: not installed, its syntax was not checked\n`);
    else expect({ exitCode: found.exitCode, stderr: found.stderr }).toEqual({ exitCode: 0, stderr: "" });
  });

  it("is refused for an unknown shell, naming it", async () => {
    expect(await laboratory.run("completion", "tcsh")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("bash, zsh, fish"),
    });
  });
});
