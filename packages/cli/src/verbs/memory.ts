/** `aedev memory`: lessons that outcomes suggest, which of them runs get, and how much each one helps. */
import { lessonTopicSchema, lessonTopics } from "@aedev/contracts";
import type { LessonDocument } from "@aedev/contracts/api";
import { done, refused, usageFault } from "../command-line/answer.ts";
import type { Verb, VerbInput } from "../command-line/verb.ts";
import { changeVerb } from "../daemon-client/changes.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { pairs, rowsWithLines } from "../render/columns.ts";
import { lessonsMarkdown, memoryReportText } from "../render/memory-text.ts";
import type { Session } from "../terminal/session.ts";

const repoOption = { flags: "--repo <name>", summary: "only this repository" };
const lessonArgument = [{ name: "<lesson>", summary: "its id" }];

async function lessonsOf(
  session: Session,
  input: VerbInput,
  isWanted: (lesson: LessonDocument) => boolean = () => true,
) {
  const answer = await call(session, "showMemory", {});
  if (answer.kind === "refused") return answer;
  const repo = input.text("repo");
  const isIn = ({ repository }: LessonDocument) => repo === undefined || repository === repo;
  return answer.document.lessons.filter((lesson) => isIn(lesson) && isWanted(lesson));
}

function listText(lessons: readonly LessonDocument[]): string {
  const rows = lessons.map(({ lesson_id, repository, topic, status, text }) => ({
    cells: [lesson_id, repository, topic, status],
    under: [
      text,
      ...(status === "active" ? [] : [`next: aedev memory accept ${lesson_id}, or: aedev memory reject ${lesson_id}`]),
    ],
  }));
  return rowsWithLines(["LESSON", "REPOSITORY", "TOPIC", "STATUS"], rows, "no lessons yet (docs/MEMORY.md)");
}

const listVerb: Verb = {
  summary: "List lessons: suggested ones, which no run gets, and active ones.",
  options: [repoOption, { flags: "--markdown", summary: "the active ones as a file that you may commit" }],
  examples: ["aedev memory list", "aedev memory list --repo tool --markdown > .agent/lessons.md"],
  async run(session, input) {
    const lessons = await lessonsOf(session, input);
    if ("kind" in lessons) return lessons;
    return done({ lessons }, input.flag("markdown") ? lessonsMarkdown(lessons) : listText(lessons));
  },
};

const searchVerb: Verb = {
  summary: "List the lessons whose text or files contain all these words.",
  arguments: [{ name: "<text...>", summary: "the words" }],
  options: [repoOption],
  examples: ["aedev memory search changelog", "aedev memory search 'lib/add.js' --repo tool"],
  async run(session, input) {
    const wanted = input.arguments().join(" ").toLowerCase().split(/\s+/u);
    const lessons = await lessonsOf(session, input, ({ text, files }) => {
      const all = [text, ...files].join("\n").toLowerCase();
      return wanted.every((part) => all.includes(part));
    });
    return "kind" in lessons ? lessons : done({ lessons }, listText(lessons));
  },
};

const showVerb: Verb = {
  summary: "Show a lesson with the events of the log that it cites and the files that end it.",
  arguments: lessonArgument,
  examples: ["aedev memory show k-0123456789abcdef"],
  async run(session, input) {
    const id = input.argument(0);
    const found = await lessonsOf(session, input, ({ lesson_id }) => lesson_id === id);
    if ("kind" in found) return found;
    const [lesson] = found;
    if (lesson === undefined) return refused("unknown-lesson", `there is no lesson ${id}`, "aedev memory list");
    const { lesson_id, repository, topic, status, text, cites, files, by, at } = lesson;
    const lines = pairs([
      ["lesson", `${lesson_id} (${status})`],
      ["repository", repository],
      ["topic", topic],
      ["text", text],
      ["events", cites.join(", ")],
      ["files", files.length === 0 ? null : files.join(", ")],
      ["accepted", by === null || at === null ? null : `by ${by} at ${at}`],
    ]);
    return done(lesson, lines);
  },
};

const addVerb = changeVerb("addLesson", {
  summary: "Add a lesson in your own words about how a task turned out. What every run must do is a rule.",
  arguments: [{ name: "<text>", summary: "the lesson, one line of at most 300 characters" }],
  options: [
    { flags: "--task <task>", summary: "the task whose outcome it is about", required: true },
    { flags: "--topic <topic>", summary: `${lessonTopics.join(", ")} (default: review)` },
    { flags: "--file <path>", summary: "a file that it is about; the lesson ends when it changes", repeat: true },
  ],
  examples: ["aedev memory add 'Prices are integers in cents' --task t-0123456789abcdef --file lib/price.js"],
  input(input) {
    const given = input.text("topic") ?? "review";
    const topic = lessonTopicSchema.safeParse(given);
    if (!topic.success)
      throw usageFault(`--topic is one of ${lessonTopics.join(", ")}, not "${given}"`, "--topic verify");
    const files = [...(input.texts("file") ?? [])];
    return { body: { text: input.argument(0), task_id: input.text("task") ?? "", topic: topic.data, files } };
  },
  text: ({ lesson_id }) => `${lesson_id} is active`,
});

const acceptVerb = changeVerb("acceptLesson", {
  summary: "Accept a suggested lesson. Runs that it fits get it, but for those that it is left out of to measure it.",
  arguments: lessonArgument,
  examples: ["aedev memory accept k-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ lesson_id }) => `${lesson_id} is active`,
});

const rejectVerb = changeVerb("rejectLesson", {
  summary: "Reject a suggested lesson. It is not suggested again.",
  arguments: lessonArgument,
  examples: ["aedev memory reject k-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ lesson_id }) => `${lesson_id} rejected`,
});

const removeVerb = changeVerb("removeLesson", {
  summary: "Remove an active lesson. No further run gets it.",
  arguments: lessonArgument,
  examples: ["aedev memory remove k-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ lesson_id }) => `${lesson_id} removed`,
});

const reportVerb: Verb = {
  summary:
    "Show how much each lesson helps: runs that got it beside runs that it was left out of, with intervals at 95 %.",
  options: [repoOption],
  examples: ["aedev memory report", "aedev memory report --repo tool --json"],
  async run(session, input) {
    const repository = input.text("repo");
    const answer = await call(session, "showMemoryReport", { query: repository === undefined ? {} : { repository } });
    return answer.kind === "refused" ? answer : done(answer.document, memoryReportText(answer.document));
  },
};

export const verbs = {
  list: listVerb,
  show: showVerb,
  search: searchVerb,
  add: addVerb,
  accept: acceptVerb,
  reject: rejectVerb,
  remove: removeVerb,
  report: reportVerb,
};
