/** The form of a record in the logs of the daemon and its planes, for writer and reader. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

export const logProcesses = ["daemon", "execution", "judgement"] as const;
export type LogProcess = (typeof logProcesses)[number];
const levels = ["info", "error"] as const;
export type LogLevel = (typeof levels)[number];

const recordSchema = z.looseObject({
  at: z.iso.datetime(),
  level: z.enum(levels),
  process: z.enum(logProcesses),
  message: z.string(),
});

/** `at` is null for a line that no logger wrote, such as Node's own last words. `fields`: the record's other values. */
export interface LogRecord {
  readonly at: string | null;
  readonly level: LogLevel;
  readonly process: LogProcess;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function parseLogLine(line: string, name: LogProcess): LogRecord {
  const parsed = recordSchema.safeParse(parseJson(line));
  if (!parsed.success) return { at: null, level: "error", process: name, message: line, fields: {} };
  const { at, level, process, message, ...fields } = parsed.data;
  return { at, level, process, message, fields };
}
