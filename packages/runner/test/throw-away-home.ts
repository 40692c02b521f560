/** A throw-away AEDEV_HOME with one mirrored repository, for tests that need real git, blobs and planes. It is deleted afterwards. */
import { type ChildProcess, fork } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import * as files from "node:fs";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type ExecutionWork,
  type FromPlane,
  type GatewayLimits,
  noSettings,
  type RunCoder,
  type RunLimits,
  type StartExecution,
} from "@aedev/contracts";
import { fromPlaneSchema } from "@aedev/contracts/message";
import { runCoderSchema } from "@aedev/contracts/work";
import { type BlobStore, createBlobStore } from "@aedev/host/blob-store";
import { execaSync } from "execa";

export const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
export const runnerImage = "aedev-runner:0.3.0";
export const token = "sk-ant-oat01-the-secret-of-this-test";
const mebibyte = 1024 * 1024;

export const limits: RunLimits = {
  run_timeout_ms: 120_000,
  check_timeout_ms: 60_000,
  prepare_timeout_ms: 60_000,
  docker_deadline_ms: 30_000,
  memory_bytes: 1024 * mebibyte,
  pids: 256,
  cpu_millis: 1000,
  file_size_bytes: 512 * mebibyte,
  tmpfs_bytes: 256 * mebibyte,
  run_bytes: 256 * mebibyte,
  run_files: 20_000,
  capture_file_bytes: 4 * mebibyte,
  patch_bytes: 4 * mebibyte,
  output_tail_bytes: 64 * 1024,
  disk_free_bytes: mebibyte,
};
export const gatewayLimits: GatewayLimits = {
  model: "claude-sonnet-4-5",
  small_model: "claude-haiku-4-5",
  max_output_tokens: 8000,
  run_tokens: 500_000,
  token_budget: "limits.run_tokens",
  requests_in_flight: 4,
  requests_max: 100,
  requests_per_minute: 100,
  request_bytes: 8 * mebibyte,
  response_bytes: 8 * mebibyte,
  recorded_bytes: 64 * mebibyte,
};

export interface ThrowAwayHome {
  home: string;
  blobs: BlobStore;
  mirror: string;
  /** Commits files (null deletes, a number is a mode) in our working copy, fetches them into the mirror, and returns the commit's id. */
  commit(content: Record<string, string | null>): string;
  /** Runs git in the working copy. */
  git(...args: string[]): string;
  work: string;
  remove(): void;
}

export function makeHome(repository = "demo"): ThrowAwayHome {
  const root = mkdtempSync(join(tmpdir(), "aedev-test-"));
  const home = join(root, "home");
  const work = join(root, "work");
  for (const folder of [home, join(home, "mirrors"), work]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  const mirror = join(home, "mirrors", `${repository}.git`);
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: root,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@localhost",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@localhost",
    GIT_ALLOW_PROTOCOL: "file",
  };
  const git = (...args: string[]) => execaSync("git", args, { cwd: work, env, extendEnv: false }).stdout;
  git("init", "--quiet", "--initial-branch=main");
  return {
    home,
    work,
    mirror,
    git,
    blobs: createBlobStore(join(home, "blobs")),
    commit(content) {
      for (const [path, text] of Object.entries(content)) {
        const place = join(work, path);
        if (text === null) rmSync(place);
        else {
          mkdirSync(dirname(place), { recursive: true });
          writeFileSync(place, text);
        }
      }
      git("add", "--all");
      git("commit", "--quiet", "--message=change");
      if (!files.existsSync(mirror)) git("clone", "--quiet", "--mirror", work, mirror);
      else git("-C", mirror, "fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*");
      return git("rev-parse", "HEAD");
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

const letters = "abcdefghijklmnopqrstuvwxyz234567";
export function newId(prefix: string): string {
  return `${prefix}-${[...randomBytes(16)].map((byte) => letters[byte % 32]).join("")}`;
}

/** A RunCoder for a base commit; every field can be overridden. */
export function coderWork(
  place: ThrowAwayHome,
  baseCommit: string,
  other: Partial<Record<keyof RunCoder, unknown>> & { text?: string } = {},
): RunCoder {
  const { text = "Do the task.", ...fields } = other;
  return runCoderSchema.parse({
    kind: "RunCoder",
    work_id: newId("w"),
    nonce: randomBytes(16).toString("hex"),
    generation: 1,
    task_id: newId("t"),
    run_id: newId("r"),
    repository: "demo",
    base_commit: baseCommit,
    prompt: place.blobs.put(text, "text/plain"),
    role: "coder",
    settings: noSettings,
    limits,
    gateway: gatewayLimits,
    ...fields,
  });
}

export const promptsDir = fileURLToPath(new URL("../../../config/prompts", import.meta.url));

export interface PlaneProcess {
  child: ChildProcess;
  messages: FromPlane[];
  send(work: ExecutionWork): void;
  tell(message: unknown): void;
  /** The first matching message, past or future. */
  next<K extends FromPlane["kind"]>(
    kind: K,
    fits?: (message: Extract<FromPlane, { kind: K }>) => boolean,
  ): Promise<Extract<FromPlane, { kind: K }>>;
  /** Closes the channel and waits for the exit. */
  end(): Promise<void>;
}

/** Forks the real plane as the daemon does, with a cleaned environment. */
export async function startPlane(home: string, other: StartOptions): Promise<PlaneProcess> {
  const plane = forkPlane(home, other);
  await plane.next("Ready");
  return plane;
}

type StartOptions = Partial<StartExecution> & { anthropic_base_url: string };

/** Like `startPlane`, without waiting until it is ready. */
export function forkPlane(home: string, other: StartOptions): PlaneProcess {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = fork(main, [], {
    env: { PATH: process.env.PATH, LANG: "C.UTF-8", HOME: home },
    silent: false,
    execArgv: [],
  });
  const messages: FromPlane[] = [];
  const waiting = new Set<() => void>();
  child.on("message", (message) => {
    messages.push(fromPlaneSchema.parse(message));
    for (const inspect of waiting) inspect();
  });
  const plane: PlaneProcess = {
    child,
    messages,
    send: (work) => child.send({ kind: "Work", work }),
    tell: (message) => child.send(message as object),
    next: (kind, fits = () => true) =>
      new Promise((resolve) => {
        const inspect = () => {
          for (const message of messages) {
            const typed = message as Extract<FromPlane, { kind: typeof kind }>;
            if (message.kind !== kind || !fits(typed)) continue;
            waiting.delete(inspect);
            return resolve(typed);
          }
        };
        waiting.add(inspect);
        inspect();
      }),
    end: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        if (child.connected) child.disconnect();
      }),
  };
  const start: StartExecution = {
    kind: "StartExecution",
    home,
    home_id: sha256(home).slice(0, 16),
    generation: 1,
    live_runs: [],
    image: runnerImage,
    docker_host: process.env.DOCKER_HOST ?? null,
    docker_deadline_ms: 30_000,
    allow_api_key: false,
    claude_login: null,
    secrets: { AEDEV_CLAUDE_OAUTH_TOKEN: token },
    prompts_dir: promptsDir,
    registries: [],
    sandbox_link: "auto",
    prepared_bytes_max: null,
    ...other,
  };
  child.send(start);
  return plane;
}
