/** `aedev daemon`: starts, stops and describes the daemon. */

import { setTimeout as delay } from "node:timers/promises";
import { isFault, localSecond } from "@aedev/contracts";
import type { LogRecord } from "@aedev/daemon";
import { type Answer, done, refused, usageFault } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { endedDaemon } from "../daemon-client/ended-daemon.ts";
import { requireHome } from "../daemon-client/home.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { untrustedText } from "../render/home-text.ts";
import { jsonLine } from "../render/json-text.ts";
import { withProgress } from "../terminal/progress.ts";
import type { Session } from "../terminal/session.ts";

const startVerb: Verb = {
  summary: "Start the daemon in the background; returns when it answers.",
  examples: ["aedev daemon start", "AEDEV_PORT=7300 aedev daemon start"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    const { port, pid } = await withProgress(session, "starting the daemon", async () =>
      (await entries.daemon()).startDaemon({ home, environment }),
    );
    const link = await (await entries.daemon()).boardLink({ home, port });
    const { untrusted } = await readHome(session, (home) => home.status());
    const answer = done(
      { running: true, port, pid, board: link, untrusted },
      `the daemon is running on port ${port}; status board: ${link}`,
    );
    return untrusted === null ? answer : { ...answer, notice: untrustedText(untrusted).join("\n") };
  },
};

/** The most tasks that are named. */
const atWorkMax = 50;

const stopVerb: Verb = {
  summary:
    "Stop the daemon and its planes; returns when they have ended. Coders' containers keep running for the next daemon.",
  examples: ["aedev daemon stop"],
  async run(session) {
    const { home, environment, entries } = session;
    requireHome(home);
    // A log that can't be read must not prevent stopping the daemon.
    const atWork = await tasksAtWork(session).catch(() => null);
    const startedAtMs = performance.now();
    const result = await withProgress(session, "stopping the daemon", async () =>
      (await entries.daemon()).stopDaemon({ home, environment }),
    );
    const ms = Math.round(performance.now() - startedAtMs);
    const words = {
      stopped: `the daemon has stopped, in ${(ms / 1000).toFixed(1)} s`,
      killed: "the daemon did not stop and was killed; its log is whole after that",
      "not-running": "the daemon was not running",
    }[result];
    const continued =
      atWork === null || atWork.length === 0 ? "" : `; at work, and taken up at the next start: ${atWork.join(", ")}`;
    return done({ running: false, result, at_work: atWork, ms }, `${words}${continued}`);
  },
};

/** Ids of the tasks that are running or being judged. */
function tasksAtWork(session: Session): Promise<string[]> {
  return readHome(session, (reader) =>
    (["running", "judging"] as const).flatMap((status) =>
      reader.tasks({ limit: atWorkMax, status }).tasks.map(({ task_id }) => task_id),
    ),
  );
}

const restartVerb: Verb = {
  summary:
    "Stop the daemon and start it again; runs in progress continue. With a configuration that does not load, nothing is stopped.",
  examples: ["aedev daemon restart", "aedev daemon restart --json"],
  async run(session): Promise<Answer> {
    const { home, environment, entries } = session;
    requireHome(home);
    const daemon = await entries.daemon();
    try {
      await daemon.requireValidFiles({ home, environment });
    } catch (error) {
      if (!isFault(error, "config-invalid")) throw error;
      return refused(error.code, `${error.message}\nnothing was stopped or started`, error.hint);
    }
    const { result, port, pid } = await withProgress(session, "restarting the daemon", async () => {
      const result = await daemon.stopDaemon({ home, environment });
      return { result, ...(await daemon.startDaemon({ home, environment })) };
    });
    return done({ running: true, port, pid, result }, `the daemon is running on port ${port}`);
  },
};

const linesByDefault = 100;
const linesMax = 100_000;
const pollMs = 250;

const logsVerb: Verb = {
  summary: "Print the newest records of the daemon's and its planes' logs.",
  options: [
    { flags: "--lines <n>", summary: `how many records (default ${linesByDefault})` },
    { flags: "--follow", summary: "print new records until you end it; with --json one document per line" },
  ],
  examples: ["aedev daemon logs", "aedev daemon logs --lines 20 --json", "aedev daemon logs --follow"],
  async run({ home, json, terminal, entries }, input) {
    requireHome(home);
    const lines = Number(input.text("lines") ?? linesByDefault);
    if (!Number.isInteger(lines) || lines < 1 || lines > linesMax)
      throw usageFault(`--lines needs a number from 1 to ${linesMax}`, "aedev daemon logs --help");
    const { followLogs, readLogs } = await entries.daemon();
    if (!input.flag("follow")) {
      const records = await readLogs({ home, lines });
      return done({ records }, records.length === 0 ? "nothing was logged yet" : records.map(recordText).join("\n"));
    }
    const next = await followLogs({ home });
    for (let records = await readLogs({ home, lines }); ; records = next()) {
      for (const record of records) terminal.write(json ? jsonLine(record) : `${recordText(record)}\n`);
      await delay(pollMs);
    }
  },
};

function recordText({ at, level, process, message, fields }: LogRecord): string {
  const others = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
  const text = `${message.replaceAll("\n", "\n    ")}${others.join("")}`;
  return at === null ? text : `${localSecond(at)} ${level.padEnd(5)} ${process.padEnd(9)} ${text}`;
}

const statusVerb: Verb = {
  summary: "Show whether the daemon is running (exit code 3 if it is not).",
  examples: ["aedev daemon status", "aedev daemon status --json"],
  async run(session) {
    requireHome(session.home);
    const daemon = await findDaemon(session);
    if (daemon !== undefined) {
      const { port, pid } = daemon;
      return done({ running: true, port, pid }, `the daemon is running on port ${port}`);
    }
    const ended = endedDaemon(session.home);
    const document = { running: false, port: null, pid: null, ended: ended?.how ?? null };
    const down = done(
      document,
      ended === null ? "the daemon is not running" : `the daemon is not running: ${ended.text}`,
    );
    const help = [
      "  help: aedev daemon start",
      ...(ended === null ? [] : ["  so that it is restarted automatically: aedev service install"]),
    ];
    return { ...down, exit: 3, notice: help.join("\n") };
  },
};

export const verbs = { start: startVerb, stop: stopVerb, restart: restartVerb, logs: logsVerb, status: statusVerb };
