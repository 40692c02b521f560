/** The first ten minutes with real Docker: real calls that test credentials, and the transcript of docs/INSTALL.md from set-up to a merged change. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectNoCredential } from "./support/credential-search.ts";
import { pythonImage } from "./support/image-with.ts";
import { isNight } from "./support/is-night.ts";
import { fixTurns, Laboratory, plantedSecrets, smallProject } from "./support/laboratory.ts";
import { type CoderTurn, passing } from "./support/model-server.ts";
import { commandsIn } from "./support/printed-commands.ts";
import { expectPasteable } from "./support/refusals.ts";

let laboratory: Laboratory;
beforeEach(async () => {
  laboratory = await Laboratory.open({ policies: "judges:\n  timeout: 3s\n" });
});
afterEach(() => laboratory[Symbol.asyncDispose]());

interface Probed {
  readonly status: number;
  readonly ok: boolean;
  readonly detail: string | null;
}

async function probe(what: string, token?: string): Promise<Probed> {
  const { port } = JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { port: number };
  const answer = await fetch(`http://127.0.0.1:${port}/api/probes`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${token ?? readFileSync(join(laboratory.home, "token"), "utf8").trim()}`,
    },
    body: JSON.stringify({ what }),
  });
  return { status: answer.status, ...((await answer.json()) as { ok: boolean; detail: string | null }) };
}

/** Restarts the daemon, which reads variables only at its start. */
async function restart(change: Record<string, string | undefined>): Promise<void> {
  await laboratory.must("daemon", "stop");
  laboratory.environment = { ...laboratory.environment, ...change };
  await laboratory.must("daemon", "start");
}

function expectNoTrace(): void {
  for (const { path, bytes } of laboratory.filesOfHome())
    if (!path.includes("/secrets/")) expectNoCredential(bytes, path);
}

describe("the probes of init", () => {
  it.runIf(isNight)("show whether the coder's credential works, and why not", async () => {
    await laboratory.must("daemon", "start");
    const good = await probe("coder");
    expect(good).toMatchObject({ status: 200, ok: true, detail: expect.stringContaining("got an answer from") });
    const [first] = laboratory.models.requests;
    expect(first?.headers["authorization"]).toBe(`Bearer ${plantedSecrets.coder}`);
    expect(await laboratory.containers()).toEqual([]);

    for (const [status, detail] of [
      [401, /^HOLD-CLAUDE-AUTH-IN-DOCKER: api_401/],
      [500, /^api_500$/],
    ] as const) {
      laboratory.models.coder = { "": [{ status }] };
      const answer = await probe("coder");
      expect(answer.detail).toMatch(detail);
      expect(answer.ok).toBe(false);
    }
    laboratory.models.coder = { "": [{ until: new Promise(() => undefined) }] };
    await laboratory.configure("limits:\n  run_timeout: 10s\n");
    await restart({});
    expect(await probe("coder")).toMatchObject({ ok: false, detail: expect.stringMatching(/^timeout/) });
    laboratory.models.coder = {};
    await laboratory.configure("");

    await restart({ AEDEV_CLAUDE_OAUTH_TOKEN: "" });
    expect(await probe("coder")).toMatchObject({ detail: expect.stringMatching(/^HOLD-CLAUDE-AUTH-IN-DOCKER/) });
    await restart({ AEDEV_CLAUDE_OAUTH_TOKEN: plantedSecrets.coder, AEDEV_ANTHROPIC_BASE_URL: "http://127.0.0.1:9" });
    expect(await probe("coder")).toMatchObject({ ok: false, detail: expect.stringMatching(/^unreachable/) });
    await restart({ DOCKER_HOST: `unix://${laboratory.folder}/no-engine.sock` });
    expect(await probe("coder")).toMatchObject({ detail: expect.stringMatching(/^HOLD-DOCKER-UNAVAILABLE/) });
    await restart({ DOCKER_HOST: process.env["DOCKER_HOST"] });
    await laboratory.configure("system:\n  runner_image: aedev-no-such-image:1\n");
    await restart({});
    expect(await probe("coder")).toMatchObject({ detail: expect.stringMatching(/^HOLD-CLAUDE-DOCKER-IMAGE/) });
    expectNoTrace();
  });

  it.runIf(isNight)("show whether each judge's key works, and why not", async () => {
    await laboratory.must("daemon", "start");
    for (const family of ["openai", "gemini"] as const) {
      expect(await probe(family)).toMatchObject({ status: 200, ok: true });
      for (const status of [401, 500]) {
        laboratory.models[family] = () => ({ status });
        expect(await probe(family)).toEqual({ status: 200, ok: false, detail: `http_${status}` });
      }
      laboratory.models[family] = () => ({ waitMs: 20_000 });
      expect(await probe(family)).toEqual({ status: 200, ok: false, detail: "timeout" });
      laboratory.models[family] = (prompt) => passing(prompt);
    }
    expect(await probe("openai", "00".repeat(32))).toMatchObject({ status: 401 });
    expect(await probe("claude")).toMatchObject({ status: 400 });
    await restart({ AEDEV_OPENAI_API_KEY: "", AEDEV_GEMINI_BASE_URL: "http://127.0.0.1:9" });
    expect(await probe("openai")).toEqual({ status: 200, ok: false, detail: "not_configured" });
    expect(await probe("gemini")).toEqual({ status: 200, ok: false, detail: "unreachable" });
    const events = (await laboratory.must("events", "export")).stdout;
    expect(events).not.toContain("Probe");
    expectNoTrace();
  });
});

const root = join(import.meta.dirname, "..");
const transcript = join(root, "scripts/install-transcript");

/** Commands with their output, as the script shows them. */
function blocksOf(text: string): { command: string; output: string }[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((block) => {
      const end = block.indexOf("\n");
      return { command: block.slice(0, end), output: block.slice(end + 1) };
    });
}

/** A command with placeholders, filled in by a person or a hint. */
function asPattern(command: string): RegExp {
  const filled = command.split(/"\$[A-Z]+"(?=\s|$)/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(filled.join('(?:"[^"]+"|\\S+)'));
}

/** Makes the npm package in the folder where the script finds it. */
const pack = () =>
  execa("npm", ["pack", "--pack-destination", laboratory.folder], { cwd: join(root, "packages/aedev") });

/** Runs the script like a person with the credentials in the environment, and returns its blocks. */
async function follow(...args: string[]): Promise<{ exitCode: number | undefined; text: string }> {
  rmSync(laboratory.home, { recursive: true });
  await pack();
  const { exitCode, all } = await execa(transcript, args, {
    cwd: laboratory.folder,
    env: {
      ...laboratory.environment,
      PATH: `${join(laboratory.folder, "npm/bin")}:${process.env["PATH"]}`,
      // npm has its cache and its certificates from the person who runs the tests.
      npm_config_cache: join(homedir(), ".npm"),
      NODE_EXTRA_CA_CERTS: process.env["NODE_EXTRA_CA_CERTS"],
      npm_config_prefix: join(laboratory.folder, "npm"),
      npm_config_prefer_offline: "true",
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_update_notifier: "false",
    },
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
    timeout: 300_000,
  });
  return { exitCode, text: all };
}

/** A bare remote with these files, and a person's clone of it. */
async function cloneOf(name: string, files: Record<string, string>): Promise<{ bare: string; clone: string }> {
  const bare = await laboratory.remote(name, files);
  await laboratory.git(laboratory.folder, "clone", "-q", bare, `src/${name}`);
  return { bare, clone: join(laboratory.folder, "src", name) };
}

async function expectMerged(run: Awaited<ReturnType<typeof follow>>, bare: string, listed: string[]): Promise<void> {
  expect({ exitCode: run.exitCode, text: run.text }).toMatchObject({ exitCode: 0 });
  const blocks = blocksOf(run.text);
  expect(blocks).toHaveLength(6);
  for (const [index, { command }] of blocks.entries()) {
    expect(command).toMatch(asPattern(listed[index] ?? "missing"));
    if (index > 0) expect(blocks[index - 1]?.output).toMatch(asPattern(listed[index] ?? "missing"));
  }
  expect(await laboratory.git(bare, "rev-list", "--count", "main")).toBe("2");
  expect(run.text).toMatch(/landed|merged/);
  expect(commandsIn(run.text).length).toBeGreaterThan(6);
  await expectPasteable("the transcript", run.text);
  expectNoCredential(run.text, "the transcript");
  expectNoTrace();
}

/** Replaces the transcript in docs/INSTALL.md, with a person's home and the default port instead of this run's. */
function record(text: string): void {
  const plain = text.replaceAll(laboratory.home, "/home/you/.aedev").replaceAll(laboratory.folder, "/home/you");
  const usual = plain.replaceAll(/(?<=\bport |127\.0\.0\.1:)\d+/gu, "7247");
  const page = join(root, "docs/INSTALL.md");
  const marks = /(?<=<!-- transcript -->\n)[\s\S]*?(?=<!-- \/transcript -->)/u;
  writeFileSync(
    page,
    readFileSync(page, "utf8").replace(marks, () => `\`\`\`console\n${usual.trim()}\n\`\`\`\n`),
  );
}

describe("the transcript of docs/INSTALL.md", () => {
  const listed = async () => (await execa(transcript, ["--list"])).stdout.split("\n");

  it("merges the first change of a Node repository in six commands, each named by the previous one", async () => {
    laboratory.models.coder = { "negative numbers": fixTurns };
    const { bare, clone } = await cloneOf("shop", smallProject);
    const run = await follow(clone, "Make add() right for negative numbers in lib/add.js: add(-1, 2) must return 1");
    await expectMerged(run, bare, await listed());
    if (process.env["AEDEV_RECORD_TRANSCRIPT"] === "1") record(run.text);
  });

  it.runIf(isNight)("does the same for a Python repository with its own image", async () => {
    laboratory.models.coder = { "negative numbers": pythonTurns };
    const { bare, clone } = await cloneOf("calc", pythonProject);
    const text = "Make add() right for negative numbers in calc.py: add(-1, 2) must return 1";
    const image = await pythonImage();
    if (image === null) throw new Error("the image with pytest can't be made: Debian's packages don't answer");
    const run = await follow(clone, text, image);
    expect(blocksOf(run.text)[1]?.output).toContain("--image IMAGE");
    await expectMerged(run, bare, await listed());
  });
});

const pythonProject = {
  "pyproject.toml": '[project]\nname = "calc"\nversion = "1.0.0"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
  "calc.py": "def add(a, b):\n    return abs(a) + b\n",
  "conftest.py": "",
  "tests/test_add.py": "from calc import add\n\n\ndef test_adds():\n    assert add(1, 2) == 3\n",
};
const pythonTurns: CoderTurn[] = [
  {
    calls: [
      {
        tool: "Write",
        input: { file_path: "/workspace/repo/calc.py", content: "def add(a, b):\n    return a + b\n" },
      },
      {
        tool: "Write",
        input: {
          file_path: "/workspace/repo/tests/test_negative.py",
          content: "from calc import add\n\n\ndef test_adds_negative_numbers():\n    assert add(-1, 2) == 1\n",
        },
      },
    ],
  },
  { text: "Fixed the sign." },
];
