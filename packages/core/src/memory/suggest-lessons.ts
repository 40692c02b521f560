/**
 * Suggests lessons from executed outcomes, one general form for each kind: what a person sent back, a repair that helped, files that land together, a
 * landed change that was taken back, and preparing that failed until the settings changed. Foreign text enters only as a plain path or a person's words.
 */
import { type Blob, type Lesson, type LessonId, type LessonTopic, memoryLineMax, type Sha256 } from "@aedev/contracts";
import { isNearDuplicate, isPlainPath, lessonProblem } from "./lesson-text.ts";
import type { MemoryHistory, MemoryRun, MemoryTask, SaidWords } from "./memory-history.ts";

/** A lesson that nobody decided about. `exact`: it ends when the file's content changes, otherwise only with the file. */
export interface SuggestedLesson extends Omit<Lesson, "files"> {
  readonly files: readonly { readonly path: string; readonly exact: boolean }[];
}

/** The newest tasks of a repository whose outcomes are read. */
const tasksMax = 300;
/** Landings in which two files must have changed together. */
const togetherMin = 2;
const filesNamedMax = 3;

interface Sources {
  /** The files of a patch; empty if it is no longer stored. */
  readonly pathsOf: (patch: Blob) => readonly string[];
  readonly isTest: (path: string) => boolean;
  readonly sha256: Sha256;
}

type Draft = Omit<SuggestedLesson, "lesson_id"> & { readonly key: string };

/** Suggestions for one repository, oldest outcome first; near duplicates and texts that could steer a model are left out. */
export function suggestLessons(
  history: MemoryHistory,
  {
    repository,
    isForgotten = () => false,
    ...sources
  }: Sources & { repository: string; isForgotten?: (id: LessonId) => boolean },
): SuggestedLesson[] {
  const tasks = [...history.tasks.values()].filter((task) => task.repository === repository).slice(-tasksMax);
  const drafts = [
    ...tasks.flatMap((task) => task.said.flatMap((said) => ofWords(said))),
    ...tasks.flatMap((task) => ofRepairs(task, sources)),
    ...tasks.flatMap((task) => ofUndone(task, sources)),
    ...tasks.flatMap((task) => ofSetUp(task, history.settings.get(repository))),
    ...ofLandings(tasks, sources),
  ].toSorted((one, other) => (one.cites[0] ?? 0) - (other.cites[0] ?? 0));
  const kept: SuggestedLesson[] = [];
  for (const { key, ...draft } of drafts) {
    const lesson_id = `k-${sources.sha256(`${repository}\n${draft.topic}\n${key}`).slice(0, 16)}` as LessonId;
    if (lessonProblem(draft.text) !== null || isForgotten(lesson_id)) continue;
    if (kept.some(({ topic, text }) => topic === draft.topic && isNearDuplicate(text, draft.text))) continue;
    kept.push({ lesson_id, ...draft });
  }
  return kept;
}

const openings: Readonly<Record<SaidWords["how"], string>> = {
  "sent-back": "A person sent a change back",
  rejected: "A person rejected a change",
  bad: "A person called a landed change bad",
};

function ofWords({ how, text, position }: SaidWords): Draft[] {
  const said = text.replace(/\s+/gu, " ").trim().replace(/["“”]/gu, "'");
  const whole = `${openings[how]}: "${said}"`;
  // Half of an instruction may say the opposite.
  if (whole.length > memoryLineMax || lessonProblem(text.replace(/\s+/gu, " ")) !== null) return [];
  return [{ topic: "review", key: `said ${position}`, text: whole, cites: [position], files: [] }];
}

function ofRepairs({ runs }: MemoryTask, { pathsOf }: Sources): Draft[] {
  const known = runs.filter(({ end }) => end !== "void");
  return known.flatMap((run, at): Draft[] => {
    const before = known[at - 1];
    if (before?.end !== "failure" || before.code === null || run.end !== "success") return [];
    const [first, second] = [pathsOfRun(before, pathsOf), pathsOfRun(run, pathsOf)];
    if (first === null || second === null) return [];
    const added = second.filter((path) => !first.includes(path));
    const dropped = first.filter((path) => !second.includes(path));
    if (added.length + dropped.length === 0) return [];
    const did = [
      ...(added.length === 0 ? [] : [`also changed ${named(added)}`]),
      ...(dropped.length === 0 ? [] : [`left ${named(dropped)} alone`]),
    ];
    const stayed = first.filter((path) => second.includes(path));
    const what = stayed.length === 0 ? "A change" : `A change to ${named(stayed)}`;
    const text = `${what} was stopped with ${before.code}; the next run ${did.join(" and ")}, and it passed.`;
    const files = [...stayed.slice(0, filesNamedMax), ...added.slice(0, filesNamedMax)];
    return [
      draft("verify", { key: `repair ${run.run_id}`, text, cites: [before.endAt, run.endAt], files, exact: true }),
    ];
  });
}

function ofUndone({ runs, landedAt, undoneAt }: MemoryTask, { pathsOf }: Sources): Draft[] {
  const run = runs.findLast(({ end }) => end === "success");
  if (run === undefined || landedAt === null || undoneAt === null) return [];
  const files = pathsOfRun(run, pathsOf);
  if (files === null) return [];
  const text = `A change to ${named(files)} passed every check, landed, and was taken back.`;
  const of = { text, cites: [landedAt, undoneAt], files: files.slice(0, filesNamedMax) };
  return [draft("verify", { key: `undone ${run.run_id}`, ...of, exact: true })];
}

function ofSetUp({ setUp }: MemoryTask, settings: { prepare: string | null } | undefined): Draft[] {
  if (setUp?.fixedAt == null || setUp.greenAt === null || settings?.prepare == null) return [];
  const text = `Preparing failed (${setUp.code}) until the settings changed. Dependencies now come from \`${settings.prepare}\`.`;
  const cites = [setUp.heldAt, setUp.fixedAt, setUp.greenAt];
  return [{ topic: "set-up", key: `settings ${setUp.fixedAt}`, text, cites, files: [] }];
}

/** For each code file the tests that landed with it, again and again. */
function ofLandings(tasks: readonly MemoryTask[], { pathsOf, isTest }: Sources): Draft[] {
  const together = new Map<string, Map<string, number[]>>();
  for (const { runs, landedAt, undoneAt } of tasks) {
    const run = runs.findLast(({ end }) => end === "success");
    if (run === undefined || landedAt === null || undoneAt !== null) continue;
    const paths = pathsOfRun(run, pathsOf) ?? [];
    for (const code of paths.filter((path) => !isTest(path)))
      for (const test of paths.filter(isTest)) {
        const tests = together.get(code) ?? new Map<string, number[]>();
        together.set(code, tests.set(test, [...(tests.get(test) ?? []), landedAt]));
      }
  }
  return [...together].flatMap(([code, tests]): Draft[] => {
    const often = [...tests].filter(([, landings]) => landings.length >= togetherMin).slice(0, filesNamedMax);
    if (often.length === 0) return [];
    const names = often.map(([test]) => test);
    const cites = [...new Set(often.flatMap(([, landings]) => landings.slice(0, togetherMin)))].toSorted(
      (a, b) => a - b,
    );
    const text = `Changes to ${named([code])} landed together with tests in ${named(names)}.`;
    return [
      draft("where", {
        key: `together ${code} ${names.join(" ")}`,
        text,
        cites,
        files: [code, ...names],
        exact: false,
      }),
    ];
  });
}

function draft(
  topic: LessonTopic,
  {
    key,
    text,
    cites,
    files,
    exact,
  }: { key: string; text: string; cites: readonly number[]; files: readonly string[]; exact: boolean },
): Draft {
  return { topic, key, text, cites: [...cites], files: files.map((path) => ({ path, exact })) };
}

/** Null: nothing can be said, because the patch is gone or a name could say something itself. */
function pathsOfRun({ patch }: MemoryRun, pathsOf: Sources["pathsOf"]): readonly string[] | null {
  const paths = patch === null ? [] : [...pathsOf(patch)].toSorted();
  return paths.length > 0 && paths.every(isPlainPath) ? paths : null;
}

function named(paths: readonly string[]): string {
  const more = paths.length > filesNamedMax ? ` and ${paths.length - filesNamedMax} more` : "";
  return `${paths
    .slice(0, filesNamedMax)
    .map((path) => `\`${path}\``)
    .join(", ")}${more}`;
}
