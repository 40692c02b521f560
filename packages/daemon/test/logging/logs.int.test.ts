/** The logs of the daemon and its planes: structured, bounded, read in order, and without a secret. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Progress, parseProgressLine, progressText } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRedactor } from "../../src/log/redact.ts";
import { olderFilesMax, openLogFile } from "../../src/logging/log-file.ts";
import { openLogger } from "../../src/logging/logger.ts";
import { keepProgress } from "../../src/process/keep-progress.ts";
import { followLogs, readLogs } from "../../src/reader/daemon-logs.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-logs-"));
  mkdirSync(homeLayout(home).logs);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const pathOf = (name: "daemon" | "execution") => homeLayout(home).planeLog(name);

describe("a log file", () => {
  it("a log file stays bounded with a fixed number of older ones, and the newest lines are never lost", () => {
    const path = join(home, "bounded.log");
    const file = openLogFile(path, 100);
    for (let number = 0; number < 200; number += 1) file.write(`line ${number}\n`);
    file.close();
    const names = ["", ".1", ".2", ".3", ".4", ".5", ".6"].filter((suffix) => existsSync(path + suffix));
    expect(names).toEqual(["", ".1", ".2", ".3", ".4"]);
    expect(names.length).toBe(olderFilesMax + 1);
    for (const suffix of names) expect(statSync(path + suffix).size).toBeLessThanOrEqual(100);
    const kept = names.toReversed().flatMap((suffix) =>
      readFileSync(path + suffix, "utf8")
        .trimEnd()
        .split("\n"),
    );
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => `line ${200 - kept.length + at}`));
  });

  it("a log file takes what another process appends, before and after it was emptied", () => {
    const path = join(home, "shared.log");
    const file = openLogFile(path, 50);
    file.write(`${"a".repeat(40)}\n`);
    appendFileSync(path, "raw\n");
    file.write(`${"b".repeat(40)}\n`);
    appendFileSync(path, "raw again\n");
    expect(readFileSync(`${path}.1`, "utf8")).toMatch(/^a+\nraw\n$/);
    expect(readFileSync(path, "utf8")).toMatch(/^b+\nraw again\n$/);
    file.close();
  });
});

describe("a record", () => {
  it("a record has time, level and process; secrets in text, field or by their form are replaced, other text is not", () => {
    const logger = openLogger({ home, redactor: createRedactor(["known-secret-value-1"]) });
    logger.write("daemon", "error", "a known-secret-value-1 and sk-ant-oat01-abcdefghijkl in a message", {
      url: "https://user:password@example.org/x",
      token: "anything at all",
      work_id: "RunCoder/r-1",
    });
    logger.close();
    const text = readFileSync(pathOf("daemon"), "utf8");
    expect(text).not.toMatch(/known-secret|oat01|password|anything/);
    expect(JSON.parse(text)).toEqual({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      level: "error",
      process: "daemon",
      message: "a [redacted] and [redacted] in a message",
      url: "https://[redacted]@example.org/x",
      token: "[redacted]",
      work_id: "RunCoder/r-1",
    });
    expect(statSync(pathOf("daemon")).mode & 0o777).toBe(0o600);
  });
});

describe("a run's log file", () => {
  it("a run's log file has no secret that a coder prints, neither by its form nor a known one; other text stays as it was", () => {
    const keep = (progress: Progress) =>
      keepProgress({ home, redactor: createRedactor(["known-secret-value-1"]) }, "r-1", progress);
    keep({ kind: "step", text: 'runs: curl -H "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30"' });
    keep({ kind: "step", text: `says: the token is ghp_${"a1B2".repeat(9)}, or known-secret-value-1` });
    keep({ kind: "refused", what: "https://user:hunter2@git.example/a" });
    keep({ kind: "step", text: "runs: pnpm test src/bearer.test.ts" });
    keep({ kind: "exchange", number: 1, status: 200, tokens: { input: 5, output: 7 } });
    const path = homeLayout(home).runLog("r-1");
    const text = readFileSync(path, "utf8");
    expect(text).not.toMatch(/eyJh|ghp_|known-secret|hunter2/);
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((line) => progressText(parseProgressLine(line).progress)),
    ).toEqual([
      'runs: curl -H "Authorization: Bearer [redacted]"',
      "says: the token is [redacted], or [redacted]",
      "refused: https://[redacted]@git.example/a",
      "runs: pnpm test src/bearer.test.ts",
      "model request 1: 200, 5 tokens in, 7 out",
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("says when it is full and keeps every line readable, also one that grew when its secrets were replaced", () => {
    const keep = (text: string) => keepProgress({ home, redactor: createRedactor() }, "r-2", { kind: "step", text });
    const secrets = "https://a:b@c ".repeat(35);
    for (let kept = 0; kept < 3000; kept += 1) keep(secrets);
    const path = homeLayout(home).runLog("r-2");
    const texts = readFileSync(path, "utf8").trimEnd().split("\n");
    const steps = texts.map((line) => parseProgressLine(line).progress);
    expect(new Set(steps.map((progress) => progressText(progress).slice(0, 20)))).toEqual(
      new Set(["https://[redacted]@c", "this log is full: it"]),
    );
    expect(progressText(steps.at(-1) as Progress)).toContain("this log is full");
    expect(statSync(path).size).toBeLessThan(1024 * 1024 + 2000);
  });
});

describe("reading the logs", () => {
  const line = (at: string, name: string, message: string) =>
    `${JSON.stringify({ level: "info", process: name, at: `2026-01-01T00:00:${at}.000Z`, message })}\n`;

  it("the newest records of all processes are read in the order of their times, with lines that no logger wrote", () => {
    appendFileSync(
      pathOf("daemon"),
      `${line("01", "daemon", "one")}FATAL ERROR: out of memory\n${line("04", "daemon", "four")}`,
    );
    appendFileSync(pathOf("execution"), line("03", "execution", "three"));
    const messages = (lines: number) => readLogs({ home, lines }).map(({ message }) => message);
    expect(messages(10)).toEqual(["one", "FATAL ERROR: out of memory", "three", "four"]);
    expect(messages(2)).toEqual(["three", "four"]);
    appendFileSync(`${pathOf("daemon")}.1`, line("00", "daemon", "zero"));
    expect(messages(10)[0]).toBe("zero");
  });

  it("following the logs gives what is added, also after a file was emptied, and repeats nothing", () => {
    appendFileSync(pathOf("daemon"), line("01", "daemon", "before"));
    const next = followLogs({ home });
    expect(next()).toEqual([]);
    appendFileSync(pathOf("daemon"), line("02", "daemon", "first"));
    expect(next().map(({ message }) => message)).toEqual(["first"]);
    rmSync(pathOf("daemon"));
    appendFileSync(pathOf("daemon"), line("03", "daemon", "x"));
    expect(next().map(({ message }) => message)).toEqual(["x"]);
    expect(next()).toEqual([]);
  });
});
