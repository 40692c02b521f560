/** A scripted world: missions in which each run gets lessons as in life, and succeeds by chance, more or less often with some of them. */
import { createHash } from "node:crypto";
import { type Lesson, noUsage } from "@aedev/contracts";
import { decide } from "../../src/decide.ts";
import { evolve } from "../../src/evolve.ts";
import { chooseLessons } from "../../src/memory/choose-lessons.ts";
import { lessonsInForce } from "../../src/memory/memory.ts";
import { createMemoryHistory, type MemoryHistory } from "../../src/memory/memory-history.ts";
import type { CommandBody } from "../../src/model/command.ts";
import { initialState, type State } from "../../src/model/state.ts";
import { gated, ids, life, someInstant, stateAfter, storyCommand } from "../../src/testing/index.ts";

export const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");

export const lessonOf = (letter: string, text: string, change: Partial<Lesson> = {}): Lesson => ({
  lesson_id: `k-${letter.repeat(16)}` as Lesson["lesson_id"],
  topic: "review",
  text,
  cites: [1],
  files: [],
  ...change,
});

export const helpful = lessonOf("a", "Prices are integers in cents");
export const harmful = lessonOf("b", "Every module exports one class");
export const idle = lessonOf("c", "Comments end with a period");

/** Mulberry32: a small generator of numbers from 0 to 1. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface World {
  readonly history: MemoryHistory;
  readonly state: State;
  /** Runs whole tasks until so many runs have ended. */
  runUntil(runs: number): void;
}

const usual = 0.5;
const tokensUsual = 100_000;
const runsMax = 3;

/** `effect`: what the helpful lesson adds to the chance of success, and the harmful one takes from it. */
export function openWorld(seed: number, { effect, holdout = 0.3 }: { effect: number; holdout?: number }): World {
  const random = numbersFrom(seed);
  const history = createMemoryHistory();
  let [position, runs, missions] = [0, 0, 0];

  function apply(state: State, body: CommandBody): State {
    const decision = decide(storyCommand(body), state);
    if (decision.kind === "refused") throw new Error(`${body.kind}: ${decision.reason}`);
    return decision.events.reduce((folded, event) => {
      position += 1;
      history.add({ ...event, recorded_at: someInstant, position });
      return evolve(folded, { ...event, recorded_at: someInstant });
    }, state);
  }

  let base = stateAfter("registered", initialState);
  for (const lesson of [helpful, harmful, idle])
    base = apply(base, { kind: "AcceptLesson", repository: "repo", lesson });

  function runOnce(state: State, number: number): { state: State; isSuccess: boolean } {
    runs += 1;
    const run_id = `r-${sha256(`${seed} ${runs}`).slice(0, 16)}`;
    const of = (body: CommandBody) => withIds(body, { number, run_id });
    const lessons = lessonsInForce(base.repositories["repo"] ?? {});
    const { given, memory } = chooseLessons(
      lessons,
      { run_id, cause: null, text: "Close the hole" },
      { holdout, sha256 },
    );
    const has = (lesson: Lesson) => given.some(({ lesson_id }) => lesson_id === lesson.lesson_id);
    const chance = usual + (has(helpful) ? effect : 0) - (has(harmful) ? effect : 0);
    const isSuccess = random() < chance;
    const usage = {
      ...noUsage,
      requests: 10 + Math.floor(random() * 20),
      output_tokens: tokensUsual + Math.floor(random() * tokensUsual),
    };
    const captured = life["captured"] as Extract<CommandBody, { kind: "RecordCoderResult" }>;
    const steps: CommandBody[] = [
      {
        ...(life["started"] as Extract<CommandBody, { kind: "StartRun" }>),
        ...(memory === undefined ? {} : { memory }),
      },
      { ...captured, result: { ...captured.result, usage } as never },
      ...["checked", "sealed", "openai", "gemini"].map((step) => life[step] as CommandBody),
      isSuccess ? gated("merge") : gated("hold", { hold_code: "HOLD-CHECKS-FAILED" }),
    ];
    return { state: steps.reduce((folded, body) => apply(folded, of(body)), state), isSuccess };
  }

  return {
    history,
    get state() {
      return base;
    },
    runUntil(count) {
      while (runs < count) {
        missions += 1;
        const of = (body: CommandBody) => withIds(body, { number: missions, run_id: ids.run });
        let state = [life["submitted"], life["approved"]].reduce(
          (folded, body) => apply(folded, of(body as CommandBody)),
          base,
        );
        for (let attempt = 1; ; attempt += 1) {
          const ended = runOnce(state, missions);
          state = ended.state;
          if (ended.isSuccess) {
            for (const step of ["landing", "landed"]) state = apply(state, of(life[step] as CommandBody));
            break;
          }
          const isLast = attempt === runsMax;
          state = apply(
            state,
            of(isLast ? { kind: "CancelTask", task_id: ids.task } : { kind: "RetryTask", task_id: ids.task }),
          );
          if (isLast) break;
        }
      }
    },
  };
}

function withIds(body: CommandBody, { number, run_id }: { number: number; run_id: string }): CommandBody {
  const own = (letter: string) => `${letter}-${String(number).padStart(16, "0")}`;
  const text = JSON.stringify(body)
    .replaceAll(ids.mission, own("m"))
    .replaceAll(ids.task, own("t"))
    .replaceAll(ids.hold, `h-${run_id.slice(2)}`)
    .replaceAll(ids.run, run_id);
  return JSON.parse(text) as CommandBody;
}
