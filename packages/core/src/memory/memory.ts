/**
 * Decides about rules and lessons of a repository, and applies their events. Only a person adds a rule or accepts a lesson; aedev itself only ends a
 * lesson whose file changed. ADR 0058.
 *
 * Folder: rules and lessons of a repository: decided, suggested from outcomes, chosen for a run, measured.
 */
import { canonicalJson, lessonsMax, rulesMax } from "@aedev/contracts";
import type { EventData } from "@aedev/contracts/events";
import { type CommandOf, deciderOf, type Refusal, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import type { FoldedEvent } from "../model/event.ts";
import type { LessonState, RepositoryState } from "../model/repository-state.ts";
import { entityById, type State } from "../model/state.ts";
import { isNearDuplicate } from "./lesson-text.ts";

type MemoryCommand = CommandOf<
  "AddRule" | "RemoveRule" | "AcceptLesson" | "RejectLesson" | "RemoveLesson" | "ExpireLessons"
>;

/** The most lessons that are remembered after a person rejected or removed them. */
const endedKeptMax = 1_000;

export function decideMemory(command: MemoryCommand, state: State): Decision {
  const repository = entityById(state.repositories, command.repository);
  if (repository === undefined)
    return refuse("unknown-repository", `there is no repository named ${command.repository}`, "aedev repo list");
  const stream = `repository/${repository.name}`;
  const by = deciderOf(command);
  switch (command.kind) {
    case "AddRule": {
      const refused = refuseRule(repository, command.text);
      const { rule_id, text } = command;
      return refused ?? events({ stream, type: "RuleAdded", data: { ...by, rule_id, text } });
    }
    case "RemoveRule": {
      const { rule_id } = command;
      const isKnown = (repository.rules ?? []).some((rule) => rule.rule_id === rule_id);
      if (!isKnown) return refuse("unknown-rule", `there is no rule ${rule_id}`, "aedev rule list");
      return events({ stream, type: "RuleRemoved", data: { ...by, rule_id } });
    }
    case "AcceptLesson": {
      const { lesson } = command;
      const refused = refuseLesson(repository, lesson);
      return refused ?? events({ stream, type: "LessonAccepted", data: { ...by, ...lesson } });
    }
    case "RejectLesson": {
      const { lesson_id } = command;
      return lessonOf(repository, lesson_id) === undefined
        ? events({ stream, type: "LessonRejected", data: { ...by, lesson_id } })
        : refuse("lesson-decided", `lesson ${lesson_id} was decided before`, "aedev memory list");
    }
    case "RemoveLesson": {
      const { lesson_id } = command;
      if (!isInForce(lessonOf(repository, lesson_id)))
        return refuse("unknown-lesson", `no lesson ${lesson_id} is in force`, "aedev memory list");
      return events({ stream, type: "LessonRemoved", data: { ...by, lesson_id } });
    }
    case "ExpireLessons":
      return events(
        ...command.expired
          .filter(({ lesson_id }) => isInForce(lessonOf(repository, lesson_id)))
          .map((data) => ({ stream, type: "LessonExpired" as const, data })),
      );
  }
}

function refuseRule({ rules = [], name }: RepositoryState, text: string): Refusal | null {
  if (rules.some((rule) => isNearDuplicate(rule.text, text)))
    return refuse("lesson-decided", `${name} has such a rule already`, "aedev rule list");
  if (rules.length < rulesMax) return null;
  return refuse("memory-full", `${name} has ${rulesMax} rules, the most`, "aedev rule remove ID");
}

function refuseLesson(
  repository: RepositoryState,
  lesson: EventData<"LessonAccepted"> | CommandOf<"AcceptLesson">["lesson"],
) {
  const active = lessonsInForce(repository);
  if (lessonOf(repository, lesson.lesson_id) !== undefined)
    return refuse("lesson-decided", `lesson ${lesson.lesson_id} was decided before`, "aedev memory list");
  const twin = active.find(({ text, topic }) => topic === lesson.topic && isNearDuplicate(text, lesson.text));
  if (twin !== undefined)
    return refuse(
      "lesson-decided",
      `lesson ${twin.lesson_id} says nearly the same`,
      `aedev memory show ${twin.lesson_id}`,
    );
  if (active.length < lessonsMax) return null;
  return refuse("memory-full", `${repository.name} has ${lessonsMax} lessons, the most`, "aedev memory remove ID");
}

type LessonInForce = Extract<LessonState, { status: "active" }>;

function lessonOf({ lessons = [] }: RepositoryState, lessonId: string): LessonState | undefined {
  return lessons.find(({ lesson_id }) => lesson_id === lessonId);
}

function isInForce(lesson: LessonState | undefined): lesson is LessonInForce {
  return lesson?.status === "active";
}

/** The lessons that runs may get, oldest first. */
export function lessonsInForce({ lessons = [] }: Pick<RepositoryState, "lessons">): readonly LessonInForce[] {
  return lessons.filter(isInForce);
}

type MemoryEvent = Extract<
  FoldedEvent,
  {
    type: "RuleAdded" | "RuleRemoved" | "LessonAccepted" | "LessonRejected" | "LessonRemoved" | "LessonExpired";
  }
>;

/** The repository after one of these events. Of an ended lesson only its id is kept. */
export function evolveMemory(repository: RepositoryState, event: MemoryEvent): RepositoryState {
  const { rules = [], lessons = [] } = repository;
  switch (event.type) {
    case "RuleAdded": {
      const { rule_id, text, by } = event.data;
      return { ...repository, rules: [...rules, { rule_id, text, by, at: event.recorded_at }] };
    }
    case "RuleRemoved":
      return { ...repository, rules: rules.filter(({ rule_id }) => rule_id !== event.data.rule_id) };
    case "LessonAccepted": {
      const { way: _way, ...lesson } = event.data;
      return { ...repository, lessons: [...lessons, { ...lesson, status: "active", at: event.recorded_at }] };
    }
    case "LessonRejected":
      return { ...repository, lessons: withEnded(lessons, event.data.lesson_id, "rejected") };
    case "LessonRemoved":
      return { ...repository, lessons: withEnded(lessons, event.data.lesson_id, "removed") };
    case "LessonExpired":
      return { ...repository, lessons: withEnded(lessons, event.data.lesson_id, "expired") };
  }
}

function withEnded(
  lessons: readonly LessonState[],
  lessonId: LessonState["lesson_id"],
  status: "rejected" | "removed" | "expired",
): readonly LessonState[] {
  const rest = lessons.filter(({ lesson_id }) => lesson_id !== lessonId);
  const ended = [...rest.filter((lesson) => !isInForce(lesson)), { lesson_id: lessonId, status }];
  return [...ended.slice(-endedKeptMax), ...rest.filter(isInForce)];
}

/** What a repository keeps of its memory when its settings are saved again: lessons about preparing end if that changed. */
export function memoryAfterSettings(
  { rules, lessons, settings }: RepositoryState,
  saved: RepositoryState["settings"],
): Pick<RepositoryState, "rules" | "lessons"> {
  const about = lessonsInForce({ lessons: lessons ?? [] }).filter(({ topic }) => topic === "set-up");
  const outdated = about.length > 0 && canonicalJson(settings) !== canonicalJson(saved) ? about : [];
  const left = outdated.reduce((all, { lesson_id }) => withEnded(all, lesson_id, "expired"), lessons ?? []);
  return { ...(rules === undefined ? {} : { rules }), ...(lessons === undefined ? {} : { lessons: left }) };
}
