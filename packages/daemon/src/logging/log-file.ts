/**
 * Rotates a log file. When it is full, each older file gets the next number, and its content moves to `<file>.1`. The file is emptied and not renamed,
 * because failing processes hold it open and still print to it. Writes are synchronous, so that nothing is lost when the process ends.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  renameSync,
  writeSync,
} from "node:fs";

/** Bytes per file, and how many older files are kept: at most 25 MiB for each of the three processes. */
const fileBytesMax = 5 * 1024 * 1024;
export const olderFilesMax = 4;

export interface LogFile {
  write(line: string): void;
  close(): void;
}

/** `line` ends with a newline. If the disk does not take a line, the next one reports how many are missing: a full disk must not end the daemon here. */
export function openLogFile(path: string, bytesMax = fileBytesMax): LogFile {
  const descriptor = openSync(path, "a", 0o600);
  let lost = 0;
  return {
    write(line) {
      const text = lost === 0 ? line : `${lost} lines could not be written\n${line}`;
      try {
        if (fstatSync(descriptor).size + Buffer.byteLength(text) > bytesMax) moveContent(path, descriptor);
        writeSync(descriptor, text);
        lost = 0;
      } catch {
        lost += 1;
      }
    },
    close: () => closeSync(descriptor),
  };
}

function moveContent(path: string, descriptor: number): void {
  for (let number = olderFilesMax - 1; number >= 1; number -= 1)
    if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  copyFileSync(path, `${path}.1`);
  ftruncateSync(descriptor, 0);
}
