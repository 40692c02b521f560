/** The rules and lessons of one run: lessons whose file changed on the base end, and whatever could carry a secret or an order is left out. */
import { type Lesson, memoryLineMax, type RunMemory, type Specification } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { chooseLessons, lessonProblem, lessonsInForce, type State, type TaskState } from "@aedev/core";
import { sha256 } from "@aedev/host/sha256";
import { makeCommand } from "../control/control.ts";
import type { Commands, Configured } from "../control/parts.ts";
import { firstSecret } from "../findings/secrets/person-text.ts";

interface Prepared {
  readonly run_id: string;
  readonly specification: Specification;
  /** The base's files. */
  readonly entries: readonly { readonly path: string; readonly id: string }[];
  /** The change that the run starts from or is told about; null: none. */
  readonly patch: string | Uint8Array | null;
}

const nothing = { lessons: [], memory: undefined };

/** The lessons for the prompt, and what the run's event records about them. */
export async function memoryOfRun(
  task: TaskState,
  on: Prepared & { readonly repository: State["repositories"][string] },
  control: Commands & Configured<"memory">,
): Promise<{ lessons: readonly string[]; memory: RunMemory | undefined }> {
  const { enabled, holdout } = control.configuration.memory;
  const { repository, run_id } = on;
  // A run that writes tests for another change must know nothing that came from changes.
  if (!enabled || task.next_cause === "independent-tests") return nothing;
  const active = lessonsInForce(repository);
  if (active.length === 0) return nothing;
  const ids = new Map(on.entries.map(({ path, id }) => [path, id]));
  const expired = active.flatMap((lesson) => expiryOf(lesson, ids));
  if (expired.length > 0)
    await control.log.submit(makeCommand({ kind: "ExpireLessons", repository: repository.name, expired }, "control"));
  const ended = new Set(expired.map(({ lesson_id }) => lesson_id));
  const usable: (typeof active)[number][] = [];
  for (const lesson of active) if (!ended.has(lesson.lesson_id) && (await isHarmless(lesson.text))) usable.push(lesson);
  const run = { run_id, cause: task.next_cause, text: textOf(on) };
  const { given, memory } = chooseLessons(usable, run, { holdout, sha256 });
  return { lessons: given.map(({ text }) => text), memory };
}

/** The first of its files that is no longer as it was. */
function expiryOf({ lesson_id, files }: Lesson, ids: ReadonlyMap<string, string>): EventData<"LessonExpired">[] {
  for (const { path, id } of files) {
    const present = ids.get(path);
    if (present === undefined) return [{ lesson_id, path, why: "gone" }];
    if (id !== null && id !== present) return [{ lesson_id, path, why: "changed" }];
  }
  return [];
}

/** Lessons were examined when they came in; the rules may know more since. */
async function isHarmless(text: string): Promise<boolean> {
  return lessonProblem(text) === null && (await firstSecret([{ name: "lesson", text }])) === null;
}

const pathLine = /^(?:\+\+\+|---) [ab]\/(.+)$/gmu;

function textOf({ specification, patch }: Prepared): string {
  const { title, text, criteria, instructions = [], clarifications = [] } = specification;
  const said = [
    ...criteria.map((criterion) => criterion.text),
    ...clarifications.map(({ answer }) => answer),
    ...instructions,
  ];
  const paths =
    patch === null ? [] : [...Buffer.from(patch).toString("utf8").matchAll(pathLine)].map(([, path = ""]) => path);
  return [title, text, ...said, ...paths.map((path) => path.slice(0, memoryLineMax))].join("\n");
}
