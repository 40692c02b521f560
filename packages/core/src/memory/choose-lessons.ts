/** Chooses the lessons of one run, and which of them are left out of it so that their effect can be measured. Deterministic: the same run gets the same. */
import { type LessonTopic, lessonTokensMax, type RunMemory, type Sha256 } from "@aedev/contracts";
import type { RunCause } from "@aedev/contracts/api";
import type { LessonState } from "../model/repository-state.ts";
import { subjectWords } from "./lesson-text.ts";

type Candidate = Pick<Extract<LessonState, { status: "active" }>, "lesson_id" | "topic" | "text" | "files" | "at">;

/** What a run is for. `text`: the words of its mission, and the paths that it touched before. */
interface RunToTeach {
  readonly run_id: string;
  readonly cause: RunCause | null;
  readonly text: string;
}

/** How much each topic matters to a first run, after failed checks, and after a person's words. */
const first: Readonly<Record<LessonTopic, number>> = { "set-up": 2, where: 3, verify: 2, review: 2 };
const afterChecks: Readonly<Record<LessonTopic, number>> = { "set-up": 2, where: 2, verify: 6, review: 1 };
const afterWords: Readonly<Record<LessonTopic, number>> = { "set-up": 1, where: 2, verify: 2, review: 6 };
const weights: Readonly<Partial<Record<RunCause, typeof first>>> = {
  ...{ checks: afterChecks, stuck: afterChecks, timeout: afterChecks, tests: afterChecks },
  ...{ words: afterWords, verdict: afterWords },
};
const commonMax = 5;
/** A lesson about these applies to every run; one about the others only to a run that shares a word or a path with it. */
const general: readonly LessonTopic[] = ["set-up", "review"];
/** The part of the configured share that gets no lesson at all, so that all lessons together can be measured. */
const wholePart = 1 / 3;

/** `given`: for the prompt, the most fitting first; `memory`: what the run's event records, undefined if no lesson fitted. */
export function chooseLessons<T extends Candidate>(
  lessons: readonly T[],
  run: RunToTeach,
  { holdout, sha256 }: { holdout: number; sha256: Sha256 },
): { readonly given: readonly T[]; readonly memory: RunMemory | undefined } {
  const fitting = fittingLessons(lessons, run);
  if (fitting.length === 0) return { given: [], memory: undefined };
  if (chance(`${run.run_id}`, sha256) < holdout * wholePart)
    return { given: [], memory: { given: [], left_out: fitting.map(idOf), without: true } };
  const isLeftOut = ({ lesson_id }: T) => chance(`${run.run_id}\n${lesson_id}`, sha256) < holdout;
  const given = fitting.filter((lesson) => !isLeftOut(lesson));
  return { given, memory: { given: given.map(idOf), left_out: fitting.filter(isLeftOut).map(idOf) } };
}

const idOf = ({ lesson_id }: Candidate) => lesson_id;

function fittingLessons<T extends Candidate>(lessons: readonly T[], run: RunToTeach): T[] {
  const about = subjectWords(run.text);
  const weight = weights[run.cause ?? "answer"] ?? first;
  const ranked = lessons
    .map((lesson) => {
      const own = subjectWords([lesson.text, ...lesson.files.map(({ path }) => path)].join(" "));
      return { lesson, common: [...own].filter((part) => about.has(part)).length };
    })
    .filter(({ lesson, common }) => common > 0 || general.includes(lesson.topic))
    .map(({ lesson, common }) => ({ lesson, score: weight[lesson.topic] + Math.min(common, commonMax) }))
    .toSorted((one, other) => other.score - one.score || (one.lesson.lesson_id < other.lesson.lesson_id ? -1 : 1));
  let left = lessonTokensMax;
  return ranked.flatMap(({ lesson }) => {
    const tokens = tokensOfText(lesson.text);
    if (tokens > left) return [];
    left -= tokens;
    return [lesson];
  });
}

/** An upper estimate: vendors count about four letters of English as one token, and at most one token or two for another character. */
function tokensOfText(text: string): number {
  return [...text].reduce((sum, character) => sum + (character < "\u0080" ? 1 / 3 : 2), 4);
}

/** A number from 0 to 1 that the text decides. */
function chance(text: string, sha256: Sha256): number {
  return Number.parseInt(sha256(`memory\n${text}`).slice(0, 12), 16) / 2 ** 48;
}
