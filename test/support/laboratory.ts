/** A throw-away home with its own daemon, model server and bare remote, like a person's, in a temporary folder. Uses only the public CLI. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { runAlone, runCommand } from "./command-runner.ts";
import { type ModelServer, openModelServer } from "./model-server.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Parses standard output as JSON. */
  json<T = never>(): T;
}
export interface TaskView {
  readonly task_id: string;
  readonly runs: string[];
  readonly status: string;
  readonly decision: string | null;
  readonly hold_code: string | null;
  readonly hold_detail: string | null;
  readonly risk_score: number | null;
  readonly evidence_digest: string | null;
  readonly change_digest: string | null;
  readonly landed_commit: string | null;
  readonly usage: { input_tokens: number; output_tokens: number; requests: number };
}
export interface MissionView {
  readonly mission_id: string;
  readonly status: string;
  readonly spec_digest: string;
  readonly tasks: TaskView[];
}

/** Names of the credentials' values, which tests search for where they may not be. */
export const plantedSecrets = {
  coder: "sk-ant-oat01-laboratory-credential-000",
  openai: "laboratory-openai-key-000",
  gemini: "laboratory-gemini-key-000",
};

export class Laboratory implements AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  readonly models: ModelServer;
  environment: Record<string, string | undefined>;
  readonly #isKept: boolean;

  private constructor(folder: string, models: ModelServer, isKept: boolean) {
    this.folder = folder;
    this.#isKept = isKept;
    this.home = join(folder, "home");
    this.models = models;
    this.environment = {
      PATH: process.env["PATH"],
      HOME: folder,
      DOCKER_HOST: process.env["DOCKER_HOST"],
      AEDEV_HOME: this.home,
      AEDEV_PORT: "0",
      AEDEV_ANTHROPIC_BASE_URL: models.address,
      AEDEV_OPENAI_BASE_URL: models.address,
      AEDEV_GEMINI_BASE_URL: models.address,
      AEDEV_CLAUDE_OAUTH_TOKEN: plantedSecrets.coder,
      AEDEV_OPENAI_API_KEY: plantedSecrets.openai,
      AEDEV_GEMINI_API_KEY: plantedSecrets.gemini,
    };
  }

  /** `configuration` and `policies` become the home's overlays. A caller's `folder` is kept, with the content that an earlier laboratory left in it. */
  static async open(options: { configuration?: string; policies?: string; folder?: string } = {}): Promise<Laboratory> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), "aedev-lab-"));
    const laboratory = new Laboratory(folder, await openModelServer(), options.folder !== undefined);
    await laboratory.must("init", "--yes");
    if (options.configuration !== undefined) writeFileSync(join(laboratory.home, "config.yaml"), options.configuration);
    writeFileSync(join(laboratory.home, "policies.yaml"), forTests(options.policies ?? ""));
    return laboratory;
  }

  /** Runs `aedev` and returns its result, whatever the exit code. */
  async run(...args: string[]): Promise<CommandResult> {
    const result = await runCommand(args, this.environment);
    return { ...result, json: <T>() => JSON.parse(result.stdout) as T };
  }

  /** Runs `aedev` for up to half an hour, which work on a real repository may take. */
  async runLong(...args: string[]): Promise<CommandResult> {
    const result = await runAlone(args, this.environment, 1_800_000);
    return { ...result, json: <T>() => JSON.parse(result.stdout) as T };
  }

  /** Runs `aedev`, and throws with its output unless it exits 0. */
  async must(...args: string[]): Promise<CommandResult> {
    const result = await this.run(...args);
    if (result.exitCode !== 0)
      throw new Error(`aedev ${args.join(" ")} exited ${result.exitCode}: ${result.stderr}${result.stdout}`);
    return result;
  }

  async setSecret(name: string, value: string): Promise<void> {
    await execa(join(root, "bin/aedev"), ["secrets", "set", name], {
      env: this.environment,
      extendEnv: false,
      input: value,
    });
  }

  /** Writes the home's config.yaml, which the daemon reads at its start. */
  async configure(configuration: string): Promise<void> {
    writeFileSync(join(this.home, "config.yaml"), configuration);
  }

  /** Runs git in a folder of the test. */
  async git(folder: string, ...args: string[]): Promise<string> {
    const { stdout } = await execa(
      "git",
      ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main", ...args],
      {
        cwd: folder,
        env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      },
    );
    return stdout;
  }

  /** A bare remote with one commit of these files on `main`; returns its path. */
  async remote(name: string, files: Record<string, string>): Promise<string> {
    const bare = join(this.folder, `${name}.git`);
    const work = join(this.folder, `${name}-work`);
    mkdirSync(work);
    await this.git(work, "init", "-q");
    this.write(work, files);
    await this.git(work, "add", "-A");
    await this.git(work, "commit", "-qm", "import");
    await this.git(this.folder, "clone", "-q", "--bare", work, bare);
    return bare;
  }

  /** Commits and pushes these files to the remote's main, like another person. */
  async pushElsewhere(bare: string, files: Record<string, string>): Promise<string> {
    const work = mkdtempSync(join(this.folder, "other-"));
    await this.git(work, "clone", "-q", bare, "clone");
    const clone = join(work, "clone");
    this.write(clone, files);
    await this.git(clone, "add", "-A");
    await this.git(clone, "commit", "-qm", "somebody else's change");
    await this.git(clone, "push", "-q", "origin", "HEAD:main");
    return this.git(clone, "rev-parse", "HEAD");
  }

  /** Submits and approves a mission, even if another one has the same text; returns its id. */
  async submit(
    repository: string,
    text: string,
    criterion = "a new test fails before the change and passes after it",
  ): Promise<string> {
    const { mission_id } = (
      await this.must("intake", text, "--repo", repository, "--criterion", criterion, "--again", "--json")
    ).json<{ mission_id: string }>();
    await this.must("mission", "approve", mission_id);
    return mission_id;
  }

  async wait(missionId: string): Promise<{ exitCode: number; mission: MissionView; task: TaskView }> {
    const { exitCode, stderr } = await this.run("mission", "wait", missionId, "--timeout", "240s");
    const mission = await this.mission(missionId);
    const task = mission.tasks[0];
    if (task === undefined) throw new Error(`mission ${missionId} has no task: ${stderr}`);
    return { exitCode, mission, task };
  }

  async mission(missionId: string): Promise<MissionView> {
    return (await this.must("mission", "show", missionId, "--json")).json<MissionView>();
  }

  /** The id of the mission's open hold. */
  async holdOf(missionId: string): Promise<string> {
    const { holds } = (await this.must("hold", "list", "--json")).json<{
      holds: { hold_id: string; mission_id: string }[];
    }>();
    const hold = holds.find(({ mission_id }) => mission_id === missionId);
    if (hold === undefined) throw new Error(`mission ${missionId} has no open hold`);
    return hold.hold_id;
  }

  /** Polls until the predicate holds; the test's time limit ends it. Each pause is twice as long as a look, since a look may start a process. */
  async until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
    for (;;) {
      const startedAt = performance.now();
      const found = await look();
      if (found !== undefined && found !== false) return found;
      const tookMs = performance.now() - startedAt;
      await new Promise((resolve) => setTimeout(resolve, Math.max(100, 2 * tookMs)));
    }
  }

  daemonPid(): number {
    return (JSON.parse(readFileSync(join(this.home, "run/daemon.json"), "utf8")) as { pid: number }).pid;
  }

  /** Every file below the home, as bytes in Latin-1, for searching. */
  *filesOfHome(folder = this.home): Generator<{ path: string; bytes: string }> {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* this.filesOfHome(path);
      else if (entry.isFile()) yield { path, bytes: readFileSync(path, "latin1") };
    }
  }

  /** Ids of this home's containers, all of which carry the home's label. */
  async containers(): Promise<string[]> {
    const first = (await this.must("events", "export")).stdout.split("\n")[0] ?? "";
    const { data } = JSON.parse(first) as { data: { home_id: string } };
    const label = `label=aedev.home=${data.home_id}`;
    const { stdout } = await execa("docker", ["ps", "-aq", "--no-trunc", "--filter", label], { reject: false });
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** Containers outlive a stopped daemon by design, but a test leaves none. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("daemon", "stop");
    const left = await this.containers();
    if (left.length > 0) await execa("docker", ["rm", "-f", ...left], { reject: false });
    await this.models.close();
    if (!this.#isKept) rmSync(this.folder, { recursive: true, force: true });
  }

  private write(folder: string, files: Record<string, string>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }
}

/** A small Node project whose `add` is wrong for negative numbers, with a green test that does not notice. */
export const smallProject = {
  "package.json": '{"name":"small","version":"1.0.0","type":"commonjs","scripts":{"test":"node --test"}}\n',
  "README.md": "# small\n",
  "lib/add.js": "exports.add = (a, b) => Math.abs(a) + b;\nexports.twice = (a) => a * 2;\n",
  "test/add.test.js":
    'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { add, twice } = require("../lib/add.js");\n' +
    'test("adds", () => assert.strictEqual(add(1, 2), 3));\ntest("doubles", () => assert.strictEqual(twice(4), 8));\n',
};

/** The honest fix, with a test that fails on the old code. */
export const fixTurns = [
  {
    calls: [
      {
        tool: "Write" as const,
        input: {
          file_path: "/workspace/repo/lib/add.js",
          content: "exports.add = (a, b) => a + b;\nexports.twice = (a) => a * 2;\n",
        },
      },
    ],
  },
  {
    calls: [
      {
        tool: "Write" as const,
        input: {
          file_path: "/workspace/repo/test/negative.test.js",
          content:
            'const { test } = require("node:test");\nconst assert = require("node:assert");\nconst { add } = require("../lib/add.js");\n' +
            'test("adds negative numbers", () => assert.strictEqual(add(-1, 2), 1));\n',
        },
      },
    ],
  },
  { text: "Fixed the sign." },
];

/** Registers the small project with everything allowed; returns the remote's path. */
export async function registerSmallProject(
  laboratory: Laboratory,
  name = "small",
  extra: string[] = ["--profile", "balanced", "--allow-writes"],
): Promise<string> {
  const bare = await laboratory.remote(name, smallProject);
  await laboratory.must(
    "repo",
    "add",
    bare,
    "--name",
    name,
    "--verify",
    "node --test",
    "--tests",
    "test/**",
    "--no-try",
    ...extra,
  );
  return bare;
}

/**
 * Defaults unless a test sets them: no planted bundle accompanies a judged one, because that depends on a digest that no test knows, and no other run writes
 * tests, because it would repeat the change that the test's script has for the mission.
 */
function forTests(policies: string): string {
  const own = policies.includes("second_implementation") ? policies : `second_implementation: never\n${policies}`;
  if (own.includes("canary_share")) return own;
  const line = "judges:\n  canary_share: 0\n";
  return /^judges:$/m.test(own) ? own.replace(/^judges:\n/m, line) : `${own}${line}`;
}
