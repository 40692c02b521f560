/**
 * Measures lessons by the runs that got them and those that they were left out of. One trial of a task and a lesson: the task's first run that the lesson
 * fitted and that was not stopped from outside, so that no trial depends on an earlier one. Pure.
 */
import { type Lesson, lessonTrialsMin, uselessTrialsMin } from "@aedev/contracts";
import type { LessonEffect, MemoryReport } from "@aedev/contracts/api";
import { rateOf } from "../judges/statistics.ts";
import { differenceOfMeans, differenceOfShares, meanOf } from "./difference.ts";
import type { MemoryHistory, MemoryRun, MemoryTask } from "./memory-history.ts";

/** Fewer trials on a side than this show nothing. */
const sideMin = 20;

interface Trial {
  readonly isGiven: boolean;
  readonly isSuccess: boolean;
  /** Runs of the task from this one on; null: the task has not ended. */
  readonly runs: number | null;
  readonly tokens: number;
  readonly requests: number;
}

/** All lessons that were ever accepted, of one repository or all. `isInForce`: only such a lesson can be removed. */
export function memoryReport(
  history: MemoryHistory,
  {
    repository,
    position,
    isInForce,
  }: {
    repository: string | null;
    position: number;
    isInForce: (lesson: Lesson & { readonly repository: string }) => boolean;
  },
): MemoryReport {
  const isIn = (one: { readonly repository: string }) => repository === null || one.repository === repository;
  const tasks = [...history.tasks.values()].filter(isIn);
  const lessons = [...history.lessons.values()].filter(isIn).map((lesson) => {
    const own = tasks.filter((task) => task.repository === lesson.repository);
    const effect = effectOf(own.flatMap((task) => trialOf(task, (run) => isGiven(run, lesson.lesson_id))));
    const { lesson_id, topic, text } = lesson;
    const is_in_force = isInForce(lesson);
    const remove = is_in_force ? whyRemove(effect) : null;
    return { repository: lesson.repository, lesson_id, topic, text, in_force: is_in_force, ...effect, remove };
  });
  const all = effectOf(tasks.flatMap((task) => trialOf(task, isGivenAny)));
  return { position, repository, all, lessons };
}

/** Undefined: the run says nothing about the lesson. Runs without any lesson compare all lessons together, not one. */
function isGiven({ memory }: MemoryRun, lessonId: Lesson["lesson_id"]): boolean | undefined {
  if (memory === null || memory.without === true) return undefined;
  if (memory.given.includes(lessonId)) return true;
  return memory.left_out.includes(lessonId) ? false : undefined;
}

function isGivenAny({ memory }: MemoryRun): boolean | undefined {
  return memory === null ? undefined : memory.without !== true;
}

function trialOf({ runs, isEnded }: MemoryTask, given: (run: MemoryRun) => boolean | undefined): Trial[] {
  const at = runs.findIndex((run) => given(run) !== undefined && run.end !== "void");
  const run = runs[at];
  const isWithLesson = run === undefined ? undefined : given(run);
  if (run === undefined || isWithLesson === undefined || run.end === null || run.end === "asked") return [];
  const { end, tokens, requests } = run;
  const counted = runs.slice(at).filter((one) => one.end !== "void").length;
  return [{ isGiven: isWithLesson, isSuccess: end === "success", runs: isEnded ? counted : null, tokens, requests }];
}

function effectOf(trials: readonly Trial[]): LessonEffect {
  const [given, left] = [trials.filter(({ isGiven: yes }) => yes), trials.filter(({ isGiven: yes }) => !yes)];
  const successes = (some: readonly Trial[]) => some.filter(({ isSuccess }) => isSuccess).length;
  const means = (of: (trial: Trial) => number | null) => {
    const values = (some: readonly Trial[]) => some.map(of).filter((value) => value !== null);
    const [one, other] = [values(given), values(left)];
    return { given: meanOf(one), left_out: meanOf(other), difference: differenceOfMeans(one, other) };
  };
  const [one, other] = [
    { hits: successes(given), n: given.length },
    { hits: successes(left), n: left.length },
  ];
  const difference = differenceOfShares(one, other);
  const isEnough = trials.length >= lessonTrialsMin && given.length >= sideMin && left.length >= sideMin;
  return {
    trials: { given: given.length, left_out: left.length },
    success: { given: rateOf(one.hits, one.n), left_out: rateOf(other.hits, other.n), difference },
    runs: means(({ runs }) => runs),
    requests: means(({ requests }) => requests),
    tokens: means(({ tokens }) => tokens),
    shows: difference === null || !isEnough ? "too-few-trials" : readEffect(difference),
  };
}

function readEffect({ lower, upper }: { lower: number; upper: number }): LessonEffect["shows"] {
  if (lower > 0) return "helps";
  return upper < 0 ? "harms" : "no-difference";
}

/** Whether a person should remove the lesson, and why; null: no. */
function whyRemove({ shows, trials, tokens }: LessonEffect): "harms" | "useless" | null {
  if (shows === "harms") return "harms";
  const isSaving = tokens.difference !== null && tokens.difference.upper < 0;
  const isLong = trials.given + trials.left_out >= uselessTrialsMin;
  return shows === "no-difference" && isLong && !isSaving ? "useless" : null;
}
