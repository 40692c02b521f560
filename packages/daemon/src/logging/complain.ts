/**
 * Writes what the daemon says besides events: to its log once that is open, before that to stderr. It interprets nothing.
 * Folder: the logs of the daemon and its planes.
 */
import { escapeText } from "@aedev/contracts";
import type { LogFields, Logger } from "./logger.ts";

let opened: Logger | null = null;

/** From now on records go to this logger; null: to stderr again. */
export function logTo(logger: Logger | null): void {
  opened = logger;
}

/** Reports that something went wrong that no event records. */
export function complain(problem: unknown, fields: LogFields = {}): void {
  const message = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  if (opened === null) process.stderr.write(`aedev: ${escapeText(message)}\n`);
  else opened.write("daemon", "error", message, fields);
}

/** Notes something that helps to understand what follows. It is dropped before the log is open. */
export function note(message: string, fields: LogFields = {}): void {
  opened?.write("daemon", "info", message, fields);
}

/** The logger for a plane's process, whose records the daemon writes. */
export function writeOfPlane(
  name: "execution" | "judgement",
  level: "info" | "error",
  message: string,
  fields: LogFields = {},
): void {
  opened?.write(name, level, message, fields);
}
