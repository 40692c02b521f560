/** Rules and lessons over HTTP: list, add, accept, reject, remove, and how much lessons help. */
import { escapeLine, type LessonFile, type LessonId, type RuleId } from "@aedev/contracts";
import type { LessonDocument, RuleDocument } from "@aedev/contracts/api";
import {
  entityById,
  lessonProblem,
  lessonsInForce,
  memoryReport,
  type Refusal,
  refuse,
  type State,
  type SuggestedLesson,
} from "@aedev/core";
import { newId } from "../../control/control.ts";
import type { Blobs, Commands, Mirrors, Records } from "../../control/parts.ts";
import { refuseSecrets } from "../../findings/secrets/person-text.ts";
import { fetchBase, listTree } from "../../git/mirror.ts";
import type { MemoryReader } from "../../memory/memory-reader.ts";
import { answer, type Handlers, notFound, refusal } from "./handler.ts";

type Repository = State["repositories"][string];

export function memoryRoutes(control: Blobs & Mirrors & Records & Commands, memory: MemoryReader) {
  const repositories = () => Object.values(control.log.state.repositories);
  const unknown = (id: string) => notFound("lesson", id, "aedev memory list");

  async function suggestion(id: string) {
    for (const { name } of repositories()) {
      const lesson = (await memory.suggested(name)).find(({ lesson_id }) => lesson_id === id);
      if (lesson !== undefined) return { repository: name, lesson };
    }
    return null;
  }

  return {
    async showMemory() {
      const lessons: LessonDocument[] = [];
      for (const repository of repositories()) {
        lessons.push(...activeLessons(repository));
        for (const lesson of await memory.suggested(repository.name))
          lessons.push(suggestedDocument(repository, lesson));
      }
      return { rules: repositories().flatMap(rulesOf), lessons };
    },
    async addRule({ body: { repository, text }, caller }) {
      const refused = await refuseLine("the rule", text);
      if (refused !== null) return refusal(refused);
      const rule_id = newId("g") as RuleId;
      return answer({ control, caller }, { kind: "AddRule", repository, rule_id, text }, (state) =>
        foundRule(Object.values(state.repositories), rule_id),
      );
    },
    async removeRule({ params: { id }, caller }) {
      const rule = repositories()
        .flatMap(rulesOf)
        .find(({ rule_id }) => rule_id === id);
      if (rule === undefined) return notFound("rule", id, "aedev rule list");
      const { repository, rule_id } = rule;
      return answer({ control, caller }, { kind: "RemoveRule", repository, rule_id }, () => rule);
    },
    async addLesson({ body: { task_id, topic, text, files }, caller }) {
      const { history } = await memory.upToNow();
      const task = history.tasks.get(task_id);
      const repository = entityById(control.log.state.repositories, task?.repository ?? "");
      if (task === undefined || repository === undefined)
        return refusal(refuse("unknown-task", `there is no task ${task_id} of a coder`, "aedev task list"));
      const ends = task.runs.filter(({ end }) => end === "success" || end === "failure").map(({ endAt }) => endAt);
      const cites = [...ends, ...task.said.map(({ position }) => position), task.landedAt, task.undoneAt]
        .filter((position) => position !== null)
        .slice(-citesMax);
      if (cites.length === 0) return refusal(refuse("no-outcome", `no run of task ${task_id} has had an outcome yet`));
      const refused = await refuseLesson(text);
      if (refused !== null) return refusal(refused);
      const base = await filesOnBase(
        repository,
        files.map((path) => ({ path, exact: true })),
        control,
      );
      if (!Array.isArray(base)) return refusal(base);
      const lesson = { lesson_id: newId("k") as LessonId, topic, text, cites: [...new Set(cites)], files: base };
      const decided = { repository: repository.name, lesson_id: lesson.lesson_id, status: "active" as const };
      return answer({ control, caller }, { kind: "AcceptLesson", repository: repository.name, lesson }, () => decided);
    },
    async acceptLesson({ params: { id }, caller }) {
      const found = await suggestion(id);
      const repository = entityById(control.log.state.repositories, found?.repository ?? "");
      if (found === null || repository === undefined) return unknown(id);
      const { files, ...lesson } = found.lesson;
      const base = await filesOnBase(repository, files, control);
      if (!Array.isArray(base)) return refusal(base);
      const decided = { repository: repository.name, lesson_id: lesson.lesson_id, status: "active" as const };
      const body = { kind: "AcceptLesson" as const, repository: repository.name, lesson: { ...lesson, files: base } };
      return answer({ control, caller }, body, () => decided);
    },
    async rejectLesson({ params: { id }, caller }) {
      const found = await suggestion(id);
      const repository = entityById(control.log.state.repositories, found?.repository ?? "");
      if (found === null || repository === undefined) return unknown(id);
      const of = { repository: repository.name, lesson_id: found.lesson.lesson_id };
      return answer({ control, caller }, { kind: "RejectLesson", ...of }, () => ({
        ...of,
        status: "rejected" as const,
      }));
    },
    async removeLesson({ params: { id }, caller }) {
      const lesson = repositories()
        .flatMap(activeLessons)
        .find(({ lesson_id }) => lesson_id === id);
      if (lesson === undefined) return unknown(id);
      const of = { repository: lesson.repository, lesson_id: lesson.lesson_id };
      return answer({ control, caller }, { kind: "RemoveLesson", ...of }, () => ({
        ...of,
        status: "removed" as const,
      }));
    },
    async showMemoryReport({ query: { repository = null } }) {
      const { history, position } = await memory.upToNow();
      const active = new Set(repositories().flatMap((one) => lessonsInForce(one).map(({ lesson_id }) => lesson_id)));
      return memoryReport(history, { repository, position, isInForce: ({ lesson_id }) => active.has(lesson_id) });
    },
  } satisfies Partial<Handlers>;
}

const citesMax = 20;
const pathCharactersMax = 200;

function rulesOf({ name, rules = [] }: Repository): RuleDocument[] {
  return rules.map((rule) => ({ ...rule, repository: name }));
}

function foundRule(all: readonly Repository[], id: RuleId): RuleDocument {
  const rule = all.flatMap(rulesOf).find(({ rule_id }) => rule_id === id);
  if (rule === undefined) throw new Error(`rule ${id} is missing after its own command`);
  return rule;
}

function activeLessons(repository: Repository): LessonDocument[] {
  return lessonsInForce(repository).map(({ files, ...lesson }) => ({
    ...lesson,
    repository: repository.name,
    files: files.map(({ path }) => path),
  }));
}

function suggestedDocument({ name }: Repository, { files, ...lesson }: SuggestedLesson): LessonDocument {
  const open = { status: "suggested" as const, by: null, at: null };
  return { ...lesson, ...open, repository: name, files: files.map(({ path }) => path) };
}

/** A person's own line: it may say anything but a secret, and nothing that a reader can't see. */
async function refuseLine(name: string, text: string): Promise<Refusal | null> {
  if (text.trim() === "" || escapeLine(text, text.length) !== text)
    return refuse("bad-request", `${name} must be one line without control or invisible characters`);
  return refuseSecrets([{ name, text }]);
}

async function refuseLesson(text: string): Promise<Refusal | null> {
  const problem = lessonProblem(text);
  if (problem !== null)
    return refuse(
      "bad-request",
      `the lesson ${problem}`,
      "say it about the code; what every run must do is a rule: aedev rule add TEXT --repo NAME",
    );
  return refuseSecrets([{ name: "the lesson", text }]);
}

/** The files as they are on the base now; a refusal if one is gone. */
async function filesOnBase(
  { name, url }: Repository,
  files: SuggestedLesson["files"],
  control: Mirrors,
): Promise<LessonFile[] | Refusal> {
  if (files.length === 0) return [];
  const mirror = control.mirror(name);
  const { commit } = await fetchBase({ ...mirror, url });
  const entries = new Map((await listTree({ ...mirror, tree: commit })).map(({ path, id }) => [path, id]));
  const gone = files.find(({ path }) => !entries.has(path));
  if (gone !== undefined)
    return refuse("stale", `the base has no file ${escapeLine(gone.path, pathCharactersMax)} any more`);
  return files.map(({ path, exact }) => ({ path, id: exact ? (entries.get(path) ?? null) : null }));
}
