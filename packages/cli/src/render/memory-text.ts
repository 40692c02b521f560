/** What lessons did, as a table, and the active lessons as a file. */
import { counted, escapeLine, lessonTopics, lessonTrialsMin, uselessTrialsMin } from "@aedev/contracts";
import type { LessonDocument, LessonEffect, MemoryReport } from "@aedev/contracts/api";
import { rowsWithLines } from "./columns.ts";

type Figure = NonNullable<LessonEffect["success"]["difference"]>;

const texts: Readonly<Record<LessonEffect["shows"], string>> = {
  helps: "helps",
  harms: "harms",
  "no-difference": "no difference shown",
  "too-few-trials": `too few trials (${lessonTrialsMin} needed, 20 on each side)`,
};

export function memoryReportText({ all, lessons }: MemoryReport): string {
  const rows = [
    { cells: cellsOf("all lessons", all), under: [texts[all.shows]] },
    ...lessons.map((lesson) => ({ cells: cellsOf(lesson.lesson_id, lesson), under: underOf(lesson) })),
  ];
  return [
    rowsWithLines(["LESSON", "WITH", "WITHOUT", "SUCCESS", "RUNS", "REQUESTS", "TOKENS"], rows, ""),
    "",
    "Each figure is the difference that the lesson made, with its interval at 95 %. Success: the change could merge or was approved.",
  ].join("\n");
}

function cellsOf(name: string, { trials, success, runs, requests, tokens }: LessonEffect): string[] {
  const share = (value: number) => `${signed(100 * value, 0)} %`;
  return [
    name,
    String(trials.given),
    String(trials.left_out),
    figureText(success.difference, share),
    figureText(runs.difference, (value) => signed(value, 2)),
    figureText(requests.difference, (value) => signed(value, 1)),
    figureText(tokens.difference, (value) => signed(value, 0)),
  ];
}

function underOf({ text, shows, remove, lesson_id, in_force }: MemoryReport["lessons"][number]): string[] {
  const why = remove === "useless" ? `no difference in ${counted(uselessTrialsMin, "trial")}` : "it harms";
  return [
    text,
    in_force ? texts[shows] : `${texts[shows]}; no longer in force`,
    ...(remove === null ? [] : [`proposed for removal, because ${why}: aedev memory remove ${lesson_id}`]),
  ];
}

function figureText(figure: Figure | null, show: (value: number) => string): string {
  return figure === null ? "-" : `${show(figure.value)} (${show(figure.lower)} to ${show(figure.upper)})`;
}

function signed(value: number, digits: number): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
}

export function lessonsMarkdown(lessons: readonly LessonDocument[]): string {
  const active = lessons.filter(({ status }) => status === "active");
  const parts = lessonTopics.flatMap((topic) => {
    const lines = active.filter((lesson) => lesson.topic === topic).map(({ text }) => `- ${escapeLine(text, 300)}`);
    return lines.length === 0 ? [] : [`## ${topic}\n\n${lines.join("\n")}`];
  });
  return `${["# Lessons", ...parts].join("\n\n")}\n`;
}
