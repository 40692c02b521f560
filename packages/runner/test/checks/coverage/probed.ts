/** Runs a file with probes in its changed lines, in a real process. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LineSpan, type ProbedFile, type ProbeOptions, unreached } from "@aedev/languages/shared/probing";
import { execa } from "execa";
import { readTokens } from "../../../src/checks/coverage/coverage.ts";
import { openPipe } from "../../../src/checks/record/pipe.ts";

type Probe = (text: string, options: ProbeOptions) => ProbedFile;
interface Changed {
  name: string;
  text: string;
  lines?: readonly LineSpan[];
  /** The pipe's path; by default one that nobody reads. */
  channel?: string;
}
interface Sample extends Pick<Changed, "name" | "text" | "lines"> {
  /** Files beside it. */
  more?: Record<string, string>;
  command: readonly [string, ...string[]];
}

const everyLine = [{ first: 1, last: 100_000 }];

/** The text with probes, and its places. */
export function probed(probe: Probe, { name, text, lines = everyLine, channel = "/nowhere" }: Changed): ProbedFile {
  let count = 0;
  const newToken = () => {
    count += 1;
    return `t${count}`;
  };
  return probe(text, { path: name, lines, channel, name: "seen", newToken });
}

/** The ways that the command does not take, as `line kind`; a refusal starts with `!`. */
export async function missedBy(probe: Probe, { more = {}, command, ...changed }: Sample) {
  const folder = mkdtempSync(join(tmpdir(), "aedev-coverage-"));
  const reached = new Set<string>();
  try {
    const channel = join(folder, "pipe");
    const file = probed(probe, { ...changed, channel });
    for (const [path, content] of Object.entries({ ...more, [changed.name]: file.text }))
      writeFileSync(join(folder, path), content);
    const pipe = openPipe(channel, readTokens(new Set(file.places.map(({ token }) => token)), reached));
    const [program, ...given] = command;
    const { stdout, stderr } = await execa(program, given, { cwd: folder, reject: false });
    await pipe.close();
    const missed = unreached(file.places, reached).map(
      ({ line, kind, isMinor }) => `${line} ${kind}${isMinor ? "!" : ""}`,
    );
    return { missed, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** True if the program is installed. */
export function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
