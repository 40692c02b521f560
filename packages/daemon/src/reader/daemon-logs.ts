/** Reads the newest log records of the daemon and its planes, and follows new ones. It works with the daemon up or down. */
import { readIfThere } from "@aedev/host/durable-file";
import { followFile } from "@aedev/host/growing-file";
import { homeLayout } from "@aedev/host/home-layout";
import { olderFilesMax } from "../logging/log-file.ts";
import { type LogProcess, type LogRecord, logProcesses, parseLogLine } from "../logging/log-record.ts";

/** The newest `lines` records of all processes, in the order of their times. */
export function readLogs({ home, lines }: { home: string; lines: number }): LogRecord[] {
  const records = logProcesses.flatMap((name) => lastOf(homeLayout(home).planeLog(name), { name, lines }));
  return inOrder(records).slice(-lines);
}

/** Each call returns the records added since the last one, the first call those since now. */
export function followLogs({ home }: { home: string }): () => LogRecord[] {
  const files = logProcesses.map((name) => ({ name, next: followFile(homeLayout(home).planeLog(name)) }));
  for (const { next } of files) next();
  return () => inOrder(files.flatMap(({ name, next }) => next().map((line) => timed(parseLogLine(line, name), null))));
}

interface Timed {
  readonly record: LogRecord;
  /** The record's time. A record without one has the time of the record before it in the file. */
  readonly sortedBy: string;
}

function timed(record: LogRecord, before: string | null): Timed {
  return { record, sortedBy: record.at ?? before ?? "" };
}

function lastOf(path: string, { name, lines }: { name: LogProcess; lines: number }): Timed[] {
  let texts: string[] = [];
  for (let number = 0; number <= olderFilesMax && texts.length < lines; number += 1) {
    const text = readIfThere(number === 0 ? path : `${path}.${number}`) ?? "";
    texts = [...text.split("\n").filter((line) => line !== ""), ...texts];
  }
  let before: string | null = null;
  return texts.slice(-lines).map((line) => {
    const one = timed(parseLogLine(line, name), before);
    before = one.sortedBy;
    return one;
  });
}

/** Stable: records of the same time stay in the order of their files. */
function inOrder(records: readonly Timed[]): LogRecord[] {
  return records
    .toSorted((left, right) => (left.sortedBy < right.sortedBy ? -1 : left.sortedBy > right.sortedBy ? 1 : 0))
    .map(({ record }) => record);
}
