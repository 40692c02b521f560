/**
 * The only file that uses pino: records of the daemon and its planes as redacted JSON Lines, one file per process. They are for people who look for a cause; no
 * decision uses them.
 */
import { homeLayout } from "@aedev/host/home-layout";
import { type Logger as PinoLogger, pino } from "pino";
import type { Redactor } from "../log/redact.ts";
import { type LogFile, openLogFile } from "./log-file.ts";
import { type LogLevel, type LogProcess, logProcesses } from "./log-record.ts";

/** Most characters of a message, enough for a stack. */
const messageLengthMax = 8_000;

/** Fields are flat: ids, kinds, numbers. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
export interface Logger {
  write(process: LogProcess, level: LogLevel, message: string, fields?: LogFields): void;
  close(): void;
}

/** `redactor` removes the secrets that the daemon knows, and what looks like one. */
export function openLogger({ home, redactor }: { home: string; redactor: Pick<Redactor, "text"> }): Logger {
  const files = logProcesses.map((name): [LogProcess, LogFile] => [name, openLogFile(homeLayout(home).planeLog(name))]);
  const loggers = new Map(files.map(([name, file]) => [name, pinoOn(name, file)]));
  const clean = (value: LogFields[string]) => (typeof value === "string" ? redactor.text(value) : value);
  return {
    write(name, level, message, fields = {}) {
      const cleaned = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, clean(value)]));
      loggers.get(name)?.[level](cleaned, redactor.text(message).slice(0, messageLengthMax).toWellFormed());
    },
    close() {
      for (const [, file] of files) file.close();
    },
  };
}

function pinoOn(name: LogProcess, file: LogFile): PinoLogger {
  return pino(
    {
      base: { process: name },
      messageKey: "message",
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Redacted by name, whatever the value looks like.
      redact: { paths: ["token", "secret", "authorization", "password", "key"], censor: "[redacted]" },
    },
    { write: (line) => file.write(line) },
  );
}
