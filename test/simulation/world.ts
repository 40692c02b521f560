/** The outside of aedev, which survives its crash: remotes, containers, judge vendors, a phone. It counts effects, and knows the truth about changes. */
import type { Family } from "@aedev/contracts";
import { type Chance, chanceOf, drawnDigest } from "../../packages/demo/src/board/chance.ts";
import { drawBudgets, type NightBudgets, type RunAllowance } from "./budgets.ts";
import type { Violated } from "./invariant-list.ts";

/** The faults, each of which can occur alone. */
export const faults = [
  "crash",
  "second-daemon",
  "plane-death",
  "doubled-report",
  "late-report",
  "lost-answer",
  "engine-down",
  "vendor-down",
  "remote-down",
  "phone-down",
  "disk-low",
  "disk-full",
  "slow-engine",
  "sleep",
  "moved-base",
  "clock-jump",
  "usage-limit",
  "pause",
  "budget",
] as const;
export type FaultKind = (typeof faults)[number];

/** The result of a coder's run, and what checks, judges and policy would say about it if nothing went wrong. */
export interface Truth {
  readonly coder: "change" | "nothing" | "question" | "usage-limit" | "timeout";
  readonly durationMs: number;
  /** Tokens that it wants from the model. */
  readonly tokens: number;
  readonly checks: "green" | "red";
  /** Missing evidence makes the bundle incomplete. */
  readonly isWhole: boolean;
  readonly verdicts: Readonly<Record<"openai" | "gemini", "pass" | "fail">>;
  readonly needsPerson: boolean;
  /** Only missing tests keep it from merging. */
  readonly lacksTests: boolean;
  /** The policy wants another run to write tests before its change merges. */
  readonly wantsTests: boolean;
  /** Tests written by another run fail on its change. */
  readonly failsTests: boolean;
}

export interface Container {
  readonly startedMs: number;
  readonly endsMs: number;
  readonly generation: number;
  /** Everything in it takes this many times as long as usual. */
  readonly slowness: number;
  /** The limits of its gateway and its time. */
  readonly allowance: RunAllowance | null;
}

export interface Remote {
  /** Commits of the branch, the newest last. */
  readonly commits: { readonly id: string; readonly task: string | null }[];
}

/** Time windows, in elapsed milliseconds, in which something is down. */
export type Windows = readonly { readonly fromMs: number; readonly toMs: number }[];

/** A part as a person wrote it. */
export interface PlannedPart {
  readonly mission_id: string;
  readonly repository: string;
  readonly files: readonly string[];
}

/** A plan as a person wrote it. */
export interface DrawnPlan {
  /** Its present rule. */
  on_failure: "stop" | "independent";
  /** Those of its present version. */
  parts: readonly PlannedPart[];
}

export interface World {
  readonly seed: number;
  readonly concurrentRuns: number;
  readonly remotes: Map<string, Remote>;
  /** Containers by run. */
  readonly containers: Map<string, Container>;
  /** How often a container was started for each run, and how often the engine lost it. */
  readonly starts: Map<string, { started: number; lost: number }>;
  /** Changes (task and run) that a judge passed, by family. */
  readonly passed: Set<string>;
  /** Runs whose change was checked with tests of another run, and whose coder could not know them. */
  readonly tested: Set<string>;
  /** Change digests that a person approved. */
  readonly approved: Set<string>;
  readonly pushes: Map<string, number>;
  /** The missions for which each mission waits, by what people wrote. */
  readonly after: Map<string, readonly string[]>;
  readonly plans: Map<string, DrawnPlan>;
  readonly budgets: NightBudgets;
  /** `log`: the log's disk is full. `slow`: the engine is slow. */
  readonly down: Readonly<
    Record<"engine" | "slow" | "disk" | "log" | "remote" | "phone" | "openai" | "gemini", Windows>
  >;
  readonly broken: string[];
  isDown(what: keyof World["down"], elapsedMs: number): boolean;
  /** Work in a container takes this many times as long as usual. */
  slowness(elapsedMs: number): number;
  /** The next time it goes down, or already is, in elapsed milliseconds; Infinity if never. */
  nextDownMs(what: keyof World["down"], elapsedMs: number): number;
  chance(...name: readonly (string | number)[]): Chance;
  truthOf(task: string, run: string): Truth;
  readonly violated: Violated;
}

export function createWorld(options: {
  seed: number;
  concurrentRuns: number;
  down: World["down"];
  may: (fault: FaultKind) => boolean;
}): World {
  const { seed, may } = options;
  const chance = (...name: readonly (string | number)[]) => chanceOf(seed, ...name);
  const broken: string[] = [];
  const violated: Violated = (invariant, of) => void broken.push(`${invariant}: ${of}`);
  const truths = new Map<string, Truth>();
  const isDown: World["isDown"] = (what, elapsedMs) =>
    options.down[what].some(({ fromMs, toMs }) => fromMs <= elapsedMs && elapsedMs < toMs);
  const slowness = chance("slowness").pick([3, 8, 20]);
  return {
    ...options,
    remotes: new Map(),
    containers: new Map(),
    starts: new Map(),
    passed: new Set(),
    tested: new Set(),
    approved: new Set(),
    pushes: new Map(),
    after: new Map(),
    plans: new Map(),
    budgets: drawBudgets(chance("budgets"), may("budget"), violated),
    broken,
    chance,
    isDown,
    slowness: (elapsedMs) => (isDown("slow", elapsedMs) ? slowness : 1),
    nextDownMs: (what, elapsedMs) =>
      Math.min(
        ...options.down[what].filter(({ toMs }) => elapsedMs < toMs).map(({ fromMs }) => Math.max(fromMs, elapsedMs)),
      ),
    truthOf(task, run) {
      const known = truths.get(run) ?? draw(chance("truth", task, run), may);
      truths.set(run, known);
      return known;
    },
    violated,
  };
}

function draw(chance: Chance, may: (fault: FaultKind) => boolean): Truth {
  const end = chance.below(100);
  const verdict = () => (chance.happens(0.06) ? "fail" : "pass");
  return {
    coder:
      end < 82
        ? "change"
        : end < 87
          ? "nothing"
          : end < 91
            ? "question"
            : end < 94
              ? "timeout"
              : may("usage-limit")
                ? "usage-limit"
                : "change",
    durationMs: 60_000 + chance.below(20 * 60_000),
    checks: chance.happens(0.12) ? "red" : "green",
    isWhole: !chance.happens(0.03),
    verdicts: { openai: verdict(), gemini: verdict() },
    needsPerson: chance.happens(0.3),
    tokens: 10_000 + chance.below(190_000),
    lacksTests: chance.happens(0.25),
    wantsTests: chance.happens(0.25),
    failsTests: chance.happens(0.3),
  };
}

/** A blob whose digest is computed from its parts. */
export function blob(...parts: readonly (string | number)[]) {
  return { digest: drawnDigest(64, ...parts), size_bytes: 1, media_type: "text/plain" };
}

export function changeKey(family: Family, task: string, run: string): string {
  return `${family} ${task} ${run}`;
}
