/** Shows a task's log to a person, whole or as it grows: the runs' progress lines, and the coder's text at the end of each run. None of it is evidence. */

import { parseProgressLine, progressText, resumptionOf } from "@aedev/contracts";
import type { RunState, TaskState } from "@aedev/core";
import { followFile } from "@aedev/host/growing-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { createRedactor, type Redactor } from "../log/redact.ts";
import { type OfflineHome, openOffline, taskWithState } from "./open-offline.ts";

/** `at` is null for the coder's final text. */
export interface TaskLogLine {
  readonly run_id: string;
  readonly attempt: number;
  readonly at: string | null;
  readonly text: string;
}
export interface TaskLogReader extends Disposable {
  /** Entries since the last read; `isOpen` is false if only a person can make more follow. */
  read(): {
    readonly lines: readonly TaskLogLine[];
    readonly runs: readonly { readonly run_id: string; readonly attempt: number; readonly status: string }[];
    readonly status: string;
    readonly isOpen: boolean;
  };
}

/** Everything logged so far. */
export function readTaskLog(options: { home: string; taskId: string }): string {
  using reader = openTaskLog(options);
  const { lines, runs } = reader.read();
  return runs
    .map(({ run_id, attempt, status }) => {
      const own = lines.filter((line) => line.run_id === run_id);
      const said = own.filter(({ at }) => at === null);
      const text = [...own.filter(({ at }) => at !== null), ...said].map(lineText);
      return `${[`run ${run_id} (attempt ${attempt}, ${status})`, ...text].join("\n")}\n`;
    })
    .join("");
}

function lineText({ at, text }: Pick<TaskLogLine, "at" | "text">): string {
  return at === null ? text : `${at} ${text}`;
}

/** Each `read` returns what was logged since the previous one. Throws a Fault if the task is unknown. */
export function openTaskLog({ home, taskId }: { home: string; taskId: string }): TaskLogReader {
  const offline = openOffline(home);
  try {
    taskWithState(offline, taskId);
  } catch (error) {
    offline[Symbol.dispose]();
    throw error;
  }
  const files = new Map<string, () => string[]>();
  const heard = new Set<string>();
  // The coder's final text was stored as it came, and so were the lines of older versions. A coder holds no secret of the home, so forms are enough.
  const redactor = createRedactor();
  return {
    read() {
      // The state is read before the files, so that all lines of an ended run are in its file by then.
      const { task } = taskWithState(offline, taskId);
      const lines = task.runs.flatMap((run) => {
        const next = files.get(run.run_id) ?? followFile(homeLayout(home).runLog(run.run_id));
        files.set(run.run_id, next);
        const progress = next()
          .map(parseProgressLine)
          .map(({ at, progress: said }) => ({ at, text: redactor.text(progressText(said)) }));
        const said = heard.has(run.run_id) || run.transcript === null ? [] : coderText(run, offline, redactor);
        if (run.transcript !== null) heard.add(run.run_id);
        return [...progress, ...said].map((line) => ({ run_id: run.run_id, attempt: run.attempt, ...line }));
      });
      const runs = task.runs.map(({ run_id, attempt, status, outcome }) => ({
        run_id,
        attempt,
        status: outcome === null ? status : (outcome.code ?? outcome.answer),
      }));
      return { lines, runs, status: task.status, isOpen: continues(task) };
    },
    [Symbol.dispose]: () => offline[Symbol.dispose](),
  };
}

/** Whether the task will continue without a person. */
function continues({ status, hold }: TaskState): boolean {
  if (status === "held") return hold !== null && resumptionOf(hold) !== "never";
  return !["asked", "landed", "rejected", "cancelled"].includes(status);
}

const transcriptSchema = z.looseObject({
  result: z.string().nullable(),
  question: z.string().nullable(),
  output: z.string(),
});
const resultSchema = z.looseObject({ raw_text: z.string() });

/** The coder's final text, for a person only: it is not trusted. */
function coderText(
  run: RunState,
  { blobs }: OfflineHome,
  redactor: Pick<Redactor, "text">,
): { at: null; text: string }[] {
  if (run.transcript === null) return [];
  const transcript = Buffer.from(blobs.get(run.transcript.digest)).toString("utf8");
  const { result, question, output } = transcriptSchema.parse(JSON.parse(transcript));
  const said = resultSchema.safeParse(parseJson(result ?? ""));
  const words = [said.success ? said.data.raw_text : result, question, output].filter(
    (text) => text !== null && text.trim() !== "",
  );
  if (words.length === 0) return [];
  return ["the coder's own words (not evidence):", ...redactor.text(words.join("\n")).split("\n")].map((text) => ({
    at: null,
    text,
  }));
}
