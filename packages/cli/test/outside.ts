/** A fake outside for tests: a terminal that records, and entries of the other packages that answer from a state in memory. */

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boundedProvenness, Fault, withCoverage } from "@aedev/contracts";
import { initialState, missionDocument, openHolds, type State, taskDocument, totalsOf } from "@aedev/core";
import { type HomeConfiguration, homeReader } from "../../daemon/src/reader/home-reader.ts";
import type { OfflineHome } from "../../daemon/src/reader/open-offline.ts";
import { runProgram } from "../src/program.ts";
import { type DaemonEntry, processEntries, type RunnerEntry } from "../src/terminal/entries.ts";
import { placeSocket, served } from "./fake-daemon.ts";

export const token = "ab".repeat(16);

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}
/** A home folder with a token, removed by `remove`. */
export interface TestHome {
  readonly home: string;
  /** Writes the daemon's record, and puts the socket of the fake daemon with that port there. */
  daemonAt(address: { port: number; pid?: number }): void;
  remove(): void;
}

export function makeHome(): TestHome {
  const home = mkdtempSync(join(tmpdir(), "aedev-cli-"));
  writeFileSync(join(home, "token"), `${token}\n`, { mode: 0o600 });
  mkdirSync(join(home, "run"), { mode: 0o700 });
  const { dev, ino } = statSync(home);
  served.home = `${dev}:${ino}`;
  return {
    home,
    daemonAt(address) {
      writeFileSync(join(home, "run", "daemon.json"), JSON.stringify(address));
      placeSocket(address.port, join(home, "run", "api.sock"));
    },
    remove: () => rmSync(home, { recursive: true }),
  };
}

export interface RunOptions {
  readonly home: string;
  readonly state?: State;
  readonly judgeSetup?: HomeConfiguration["judgeSetup"];
  readonly daemon?: Partial<DaemonEntry>;
  readonly runner?: Partial<RunnerEntry>;
  readonly stdin?: string;
  /** The texts of the home's blobs, by digest. */
  readonly blobs?: Readonly<Record<string, string>>;
  /** The columns of the terminal that output goes to; absent: output goes elsewhere. */
  readonly columns?: number;
  /** More of the environment; colours are off unless it says otherwise. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The person's answers at the terminal, in order; absent: there is no terminal. */
  readonly answers?: readonly string[];
  /** Every call of another package's entry fails with this error. */
  readonly broken?: Error;
}

/** A home whose missions all fit on one page. */
function homeOf(state: State, blobs: NonNullable<RunOptions["blobs"]> = {}): OfflineHome {
  return {
    state: () => state,
    stateToShow: () => state,
    atOnce: absent,
    totals: () => totalsOf(state),
    missionPage: ({ status }) => ({
      missions: Object.keys(state.missions)
        .flatMap((id) => missionDocument(state, id) ?? [])
        .filter((mission) => status === undefined || mission.status === status),
      next: null,
    }),
    taskPage: () => ({
      tasks: Object.values(state.tasks).map((task) => ({ mission_id: task.mission_id, ...taskDocument(task) })),
      next: null,
    }),
    holdPage: () => ({ holds: openHolds(state), next: null }),
    idsStarting: (of, prefix, max) =>
      Object.keys(state[of])
        .filter((id) => id.startsWith(prefix))
        .slice(0, max),
    untrusted: () => null,
    canaries: () => Object.values(state.canaries),
    endingsSince: () => [],
    countDefects: () => ({ planted: 0, caught: 0 }),
    hasDefectAnswers: () => false,
    charges: { since: () => [], ofStreams: () => [], ofCanaries: () => [] },
    taskEvents: () => [],
    missionEvents: () => [],
    blobs: {
      get: (digest) => Buffer.from(blobs[digest] ?? absent()),
    },
    [Symbol.dispose]: () => undefined,
  };
}

/** The result of approving the story's change. */
export const plannedCommit = {
  title: "Close the hole",
  branch: "main",
  remote: "/r",
  may_push: true,
  way: "push",
  take_in: null,
} as const;

const entries = {
  provenness: withCoverage(boundedProvenness({ proven: 5, unproven: [], stayedGreen: [] }), "no-code"),
};

export async function run(argv: readonly string[], options: RunOptions): Promise<Ran> {
  const ran = { out: "", err: "" };
  const answers = [...(options.answers ?? [])];
  const reading: Partial<DaemonEntry> = {
    openHome: async () =>
      homeReader(homeOf(options.state ?? initialState, options.blobs), {
        schedule: async () => ({ concurrentRuns: 2, opensAt: null }),
        judgeSetup: options.judgeSetup ?? absent,
        holdBounds: async () => undefined,
        landingRules: async () => undefined,
        machine: async () => null,
        prices: async () => ({}),
        unreadFiles: async () => [],
        observed: async () => ({ containers: null, clock: null }),
        budgetLimits: absent,
      }),
    onApprove: async () => plannedCommit,
    evidenceOf: async () => ({
      run_id: "r-0123456789abcdef",
      attempt: 1,
      digest: "b".repeat(64),
      manifest: { schema: 1, parent: null, entries: {} },
      entries,
    }),
  };
  const exit = await runProgram(argv, {
    environment: { AEDEV_HOME: options.home, ...(options.environment ?? { NO_COLOR: "1" }) },
    terminal: {
      write: (text) => {
        ran.out += text;
      },
      complain: (text) => {
        ran.err += text;
      },
      interactive: options.answers !== undefined,
      sizeOf: () => (options.columns === undefined ? undefined : { columns: options.columns, rows: 24 }),
      readAll: async () => options.stdin ?? "",
      ask: async (prompt) => {
        ran.err += prompt;
        return answers.shift() ?? "";
      },
    },
    entries: {
      daemon: async () =>
        (options.broken === undefined ? { ...reading, ...options.daemon } : failing(options.broken)) as DaemonEntry,
      runner: async () =>
        (options.broken === undefined ? { ...options.runner } : failing(options.broken)) as RunnerEntry,
      demo: processEntries.demo,
    },
  });
  return { exit, ...ran };
}

function failing(error: Error): object {
  const reject = () => Promise.reject(error);
  return new Proxy({}, { get: (_target, name) => (name === "then" ? undefined : reject) });
}

function absent(): never {
  throw new Fault("blob-missing", "this home has no such blob and no judges");
}
