/**
 * Keeps what the log says about lessons up to date, and suggests lessons from it. A suggestion with a secret is never shown.
 * Folder: lessons of a repository: suggested from the log, checked against the base, given to a run.
 */
import type { Blob } from "@aedev/contracts";
import {
  createMemoryHistory,
  entityById,
  isNearDuplicate,
  lessonsInForce,
  type MemoryHistory,
  memoryTypes,
  type State,
  type SuggestedLesson,
  suggestLessons,
} from "@aedev/core";
import { matchesGlob } from "@aedev/host/globs";
import { patchLines } from "@aedev/host/patch/read-patch";
import { sha256 } from "@aedev/host/sha256";
import type { Blobs, Records } from "../control/parts.ts";
import { firstSecret } from "../findings/secrets/person-text.ts";
import { followLog, type LogFollower } from "../reader/history.ts";

/** The most suggestions of one repository that a person sees at a time. */
const suggestionsMax = 10;
/** A larger patch has no lesson in it. */
const patchBytesMax = 512 * 1024;
const patchesKeptMax = 1000;

export interface MemoryReader {
  /** The history of memory up to the log's end. */
  upToNow(): Promise<{ readonly history: MemoryHistory; readonly position: number }>;
  /** What the log suggests for a repository and nobody decided about, oldest first. */
  suggested(repository: string): Promise<SuggestedLesson[]>;
}

export function openMemory(control: Blobs & Records): MemoryReader {
  const history = createMemoryHistory();
  const follow: LogFollower = followLog(() => control.log.views, { types: memoryTypes, add: history.add });
  const paths = new Map<string, readonly string[]>();

  function pathsOf(patch: Blob): readonly string[] {
    const known = paths.get(patch.digest);
    if (known !== undefined) return known;
    if (paths.size >= patchesKeptMax) paths.clear();
    const read = patch.size_bytes <= patchBytesMax && control.blobs.has(patch.digest) ? namesIn(control, patch) : [];
    paths.set(patch.digest, read);
    return read;
  }

  async function upToNow() {
    return { history, position: await follow.upToNow() };
  }

  return {
    upToNow,
    async suggested(repository) {
      await upToNow();
      const known = entityById(control.log.state.repositories, repository);
      if (known === undefined) return [];
      const { tests } = known.settings;
      const found = suggestLessons(history, {
        repository,
        pathsOf,
        sha256,
        isTest: (path) => matchesGlob(path, tests),
        isForgotten: (id) =>
          known.lessons?.some((lesson) => lesson.lesson_id === id && lesson.status === "expired") === true,
      });
      return openSuggestions(found, control.log.state, repository);
    },
  };
}

async function openSuggestions(found: readonly SuggestedLesson[], state: State, repository: string) {
  const { lessons = [] } = entityById(state.repositories, repository) ?? {};
  const decided = new Set(lessons.map(({ lesson_id }) => lesson_id));
  const active = lessonsInForce({ lessons });
  const open: SuggestedLesson[] = [];
  for (const lesson of found) {
    if (open.length >= suggestionsMax) break;
    if (decided.has(lesson.lesson_id)) continue;
    if (active.some(({ topic, text }) => topic === lesson.topic && isNearDuplicate(text, lesson.text))) continue;
    if ((await firstSecret([{ name: "lesson", text: lesson.text }])) === null) open.push(lesson);
  }
  return open;
}

function namesIn({ blobs }: Blobs, { digest }: Blob): string[] {
  const names = new Set<string>();
  for (const { file } of patchLines(Buffer.from(blobs.get(digest)).toString("utf8")))
    for (const name of file?.names ?? []) names.add(name);
  return [...names];
}
