/** An outside for tests: a terminal that records, and entries of the other packages that answer from a state in memory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialState, type State } from "@aedev/core";
import { runProgram } from "../src/program.ts";
import type { DaemonEntry, RunnerEntry } from "../src/session/entries.ts";

export const token = "ab".repeat(16);

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}
/** A home folder with a token, removed by `remove`. */
export interface TestHome {
  readonly home: string;
  /** Writes where the daemon says it is. */
  daemonAt(address: { port: number; pid?: number }): void;
  remove(): void;
}

export function makeHome(): TestHome {
  const home = mkdtempSync(join(tmpdir(), "aedev-cli-"));
  writeFileSync(join(home, "token"), `${token}\n`, { mode: 0o600 });
  mkdirSync(join(home, "run"));
  return {
    home,
    daemonAt: (address) => writeFileSync(join(home, "run", "daemon.json"), JSON.stringify(address)),
    remove: () => rmSync(home, { recursive: true }),
  };
}

export interface RunOptions {
  readonly home: string;
  readonly state?: State;
  readonly daemon?: Partial<DaemonEntry>;
  readonly runner?: Partial<RunnerEntry>;
  readonly stdin?: string;
  /** Every call of another package's entry fails with this. */
  readonly broken?: Error;
}

/** Runs one command line in this process. */
export async function run(argv: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = { out: "", err: "" };
  const reading: Partial<DaemonEntry> = {
    openOffline: async () => ({
      state: () => options.state ?? initialState,
      blobs: { get: absent },
      close: () => undefined,
    }),
    readSchedule: async () => ({ concurrentRuns: 2, opensAt: null }),
  };
  const exit = await runProgram(argv, {
    environment: { AEDEV_HOME: options.home },
    terminal: {
      write: (text) => {
        ran.out += text;
      },
      complain: (text) => {
        ran.err += text;
      },
      interactive: false,
      readAll: async () => options.stdin ?? "",
      ask: async () => "",
    },
    entries: {
      daemon: async () =>
        (options.broken === undefined ? { ...reading, ...options.daemon } : failing(options.broken)) as DaemonEntry,
      runner: async () =>
        (options.broken === undefined ? { ...options.runner } : failing(options.broken)) as RunnerEntry,
    },
  });
  return { exit, ...ran };
}

function failing(error: Error): object {
  const reject = () => Promise.reject(error);
  return new Proxy({}, { get: (_target, name) => (name === "then" ? undefined : reject) });
}

function absent(): never {
  throw new Error("this home has no blobs");
}
