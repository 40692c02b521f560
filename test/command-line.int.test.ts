/** Every verb's error paths through the real program: an exit code, the reason and the command that helps, and never a stack trace. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { verbNames } from "../packages/cli/src/verb-table.ts";
import type { Laboratory } from "./support/laboratory.ts";
import {
  criterion,
  expectNoStack,
  expectRefusal,
  expectRefusals,
  forEach,
  openWaitingHome,
  plainLengthMax,
  reads,
  unknown,
  wordsOf,
} from "./support/refusals.ts";

// Hundreds of processes, each taking a tenth of a second on an idle machine.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
let missionId = "";

beforeAll(async () => {
  ({ laboratory, missionId } = await openWaitingHome());
});
afterAll(() => laboratory[Symbol.asyncDispose]());

describe("wrong usage of the command line", () => {
  it("exits 2 for every verb: a missing argument, one too many, an unknown option, an option without its value", async () => {
    // Without an argument, `repo add` and `pull` mean the current folder, `config show` all keys, and `policy test` the home's cases.
    const needing = Object.keys(unknown)
      .filter((verb) => !["repo add", "pull", "config show", "policy test"].includes(verb))
      .map(wordsOf);
    // These take any number of missions, or any text.
    const bounded = verbNames.filter((verb) => !["mission approve", "mission order", "memory search"].includes(verb));
    const surplus = bounded.map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? []), "surplus"]);
    const options = verbNames.map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? []), "--frobnicate"]);
    const home = verbNames.slice(0, 5).map((verb) => [...wordsOf(verb), ...(unknown[verb] ?? []), "--home"]);
    await expectRefusals(laboratory, [...needing, ...surplus, ...options, ...home], { exitCode: 2 });
  });

  it("exits 2 for the program: an unknown verb, an unknown member of a group, a group alone", async () => {
    const groups = ["daemon", "repo", "secrets", "mission", "task", "hold", "evidence", "risk", "policy", "notify"];
    await expectRefusals(
      laboratory,
      [["frobnicate"], ["mission", "frobnicate"], ["--frobnicate"], ...groups.map((group) => [group])],
      {
        exitCode: 2,
      },
    );
  });

  it("exits 1 or 2 for a bad option value, naming the option", async () => {
    const lines: [string[], RegExp][] = [
      [["mission", "wait", missionId, "--timeout", "soon"], /--timeout/],
      [["mission", "wait", missionId, "--timeout", "-5s"], /--timeout/],
      [["mission", "wait", missionId, "--timeout", "0s"], /--timeout/],
      [["digest", "--since", "5"], /--since needs .* unit/],
      [["digest", "--since", "0s"], /--since/],
      [["phone", "link", "--expires", "7"], /--expires/],
      [["judges", "audit", "--timeout", "30"], /--timeout/],
      [["usage", "--csv", "--json"], /--csv or --json/],
      [["budget", "raise", "limits.run_tokens", "none"], /limits\.run_tokens takes a whole number of tokens/],
      [["budget", "raise", "limits.day_usd", "-5"], /limits\.day_usd takes dollars/],
      [["mission", "show", missionId, "--at", "many"], /--at needs a position/],
      [["mission", "show", missionId, "--at", "0"], /--at needs a position/],
      [["mission", "show", missionId, "--at", "1"], /did not exist at position 1: it was submitted at \d+/],
      [["mission", "show", missionId, "--at", "999999999"], /the log has no position 999999999: it ends at \d+/],
      [["mission", "report", missionId, "--format", "pdf"], /--format takes md, html, json/],
      [["events", "--limit", "many"], /--limit/],
      [["events", "--limit", "-1"], /--limit/],
      [["repo", "add", join(laboratory.folder, "small.git"), "--name", "../x"], /name/],
      [["repo", "add", join(laboratory.folder, "small.git"), "--name", "small", "--profile", "reckless"], /profile/],
      [["repo", "add", join(laboratory.folder, "nothing-here"), "--name", "x"], /not a git repository/],
      [["intake", "", "--repo", "small", ...criterion], /text/],
      [["intake", "Do it", "--repo", "small", ...criterion, "--priority", "soon"], /--priority/],
      [["mission", "answer", missionId], /--answer/],
      [["mission", "answer", missionId, "--answer", "criteria"], /--answer/],
      [["secrets", "set", "AEDEV_OPENAI_API_KEY"], /standard input/],
      [["policy", "check", "--policy", "/nonexistent.yaml"], /nonexistent\.yaml/],
      [["events", "verify", "--checkpoint", "/nonexistent.json"], /there is no checkpoint at \/nonexistent\.json/],
    ];
    for (const [line, says] of lines) {
      const answer = await laboratory.run(...line);
      expect([1, 2], line.join(" ")).toContain(answer.exitCode);
      expectRefusal(line, answer, { exitCode: answer.exitCode, says });
    }
    expect((await laboratory.mission(missionId)).status).toBe("awaiting_approval");
  });

  it("differs from a refusal: an amount that no budget accepts exits 2, one that raises nothing exits 1", async () => {
    const says = (answer: { stderr: string }) => answer.stderr;
    const wrong = await laboratory.run("budget", "raise", "limits.day_usd", "5x");
    expect(wrong.exitCode, says(wrong)).toBe(2);
    const unlimited = await laboratory.run("budget", "raise", "limits.day_usd", "40");
    expect(unlimited).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("aedev config set limits.day_usd 40"),
    });
    await laboratory.must("config", "set", "limits.day_usd", "2.50");
    await laboratory.must("budget", "raise", "limits.day_usd", "40");
    expect((await laboratory.run("budget", "raise", "limits.day_usd", "39.99")).exitCode).toBe(1);
    const { budgets } = (await laboratory.must("budget", "--json")).json<{
      budgets: { key: string; limit: number }[];
    }>();
    expect(budgets).toContainEqual(expect.objectContaining({ key: "limits.day_usd", unit: "nano_usd", limit: 40e9 }));
    expect(budgets).toContainEqual(expect.objectContaining({ key: "limits.run_timeout", unit: "ms" }));
    await laboratory.must("config", "set", "limits.day_usd", "null");
  });

  it("does not include --help, which shows an example of every verb", async () => {
    await forEach(verbNames, async (verb) => {
      const { exitCode, stdout } = await laboratory.run(...wordsOf(verb), "--help");
      expect({ verb, exitCode }).toEqual({ verb, exitCode: 0 });
      expect(stdout, verb).toMatch(new RegExp(`Examples:\\n {2}\\$ .*aedev .*${wordsOf(verb)[0]}`));
    });
  });
});

describe("a command with an unknown id", () => {
  it("exits 1 naming the id, with the daemon up; the same verb finds an existing one", async () => {
    const lines = Object.entries(unknown).map(([verb, rest]) => [...wordsOf(verb), ...rest]);
    await expectRefusals(laboratory, lines, { exitCode: 1 });
    for (const id of ["constructor", "__proto__", "m-1/../../tasks", ""])
      await expectRefusals(
        laboratory,
        [
          ["mission", "show", id],
          ["mission", "approve", id],
          ["repo", "show", id],
        ],
        { exitCode: 1 },
      );
    expect((await laboratory.run("mission", "show", missionId)).exitCode).toBe(0);
    expect((await laboratory.run("repo", "show", "small")).exitCode).toBe(0);
  });

  it("prints one JSON document with --json, even if the verb is refused", async () => {
    await forEach(Object.entries(unknown), async ([verb, rest]) => {
      const answer = await laboratory.run(...wordsOf(verb), ...rest, "--json");
      expect(answer.json(), verb).toMatchObject({ error: { reason: expect.any(String) } });
    });
  });
});

describe("verbs that only read", () => {
  it("print exactly one JSON document each", async () => {
    for (const verb of [
      ...reads,
      "events export",
      "daemon status",
      "repo show small",
      `mission show ${missionId}`,
      "doctor",
    ]) {
      const answer = await laboratory.run(...wordsOf(verb), "--json");
      expect(answer.json(), verb).toEqual(expect.any(Object));
      expectNoStack(verb, answer.stderr);
    }
  });
});

describe("a command whose token is not the daemon's", () => {
  it("exits 1 with the reason, and works again with the right token", async () => {
    const path = join(laboratory.home, "token");
    const right = readFileSync(path, "utf8");
    for (const [token, says] of [
      [`${"0".repeat(64)}\n`, /does not accept the home's token/],
      ["not a token\n", /does not contain a token/],
      ["", /does not contain a token/],
    ] as const) {
      writeFileSync(path, token);
      await expectRefusals(laboratory, [["mission", "approve", missionId]], { exitCode: 1, says });
    }
    writeFileSync(path, right);
    expect((await laboratory.run("mission", "show", missionId)).exitCode).toBe(0);
    await expectRefusals(laboratory, [["mission", "approve", missionId, "--digest", "0".repeat(64)]], {
      exitCode: 1,
      says: /digest|specification/,
    });
  });
});

describe("status --plain", () => {
  it("prints at most 320 characters in every state", async () => {
    const plain = async (...args: string[]) => {
      const { stdout, stderr, exitCode } = await laboratory.run("status", "--plain", ...args);
      expect(`${stdout}${stderr}`.length, `${stdout}${stderr}`).toBeLessThanOrEqual(plainLengthMax);
      expect(`${stdout}${stderr}`).not.toBe("");
      return { stdout, exitCode };
    };
    expect(await plain()).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^aedev running: 1 awaiting your approval/),
    });
    await laboratory.must("intake", `An emoji 👩‍👩‍👧 ${"long ".repeat(60)}`, "--repo", "small", ...criterion);
    const more = Array.from({ length: 40 }, (_, index) => `Mission ${index} ${"word ".repeat(index)}`);
    const { port } = (await laboratory.must("daemon", "status", "--json")).json<{ port: number }>();
    const headers = {
      authorization: `Bearer ${readFileSync(join(laboratory.home, "token"), "utf8").trim()}`,
      "content-type": "application/json",
    };
    for (const text of more) {
      const body = JSON.stringify({ text, repo: "small", criterion: [criterion[1]] });
      const answer = await fetch(`http://127.0.0.1:${port}/api/missions`, { method: "POST", headers, body });
      expect(answer.status).toBe(200);
    }
    expect((await plain()).stdout).toMatch(/^aedev running: 42 awaiting your approval[\s\S]*\+\d+ more$/);
    expect((await plain("--home", join(laboratory.folder, "nowhere"))).exitCode).toBe(1);
    const board = await fetch(`http://127.0.0.1:${port}/status-board`);
    expect(Buffer.byteLength(await board.text())).toBeLessThanOrEqual(25 * 1024);
    await laboratory.must("daemon", "stop");
    expect((await plain()).stdout).toMatch(/^aedev down: 42 awaiting your approval/);
  });
});
