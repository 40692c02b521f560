/** `aedev task logs`: prints what a task's coder did, live with `--follow`. The log is not evidence; no decision uses it. */

import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { localSecond } from "@aedev/contracts";
import { type Answer, done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { findDaemon } from "../daemon-client/daemon-link.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { jsonLine } from "../render/json-text.ts";
import type { Session } from "../terminal/session.ts";

const pollMs = 250;
/** How long the daemon may be absent before following ends: a restart takes seconds. */
const absenceMs = 20_000;
const daemonCheckMs = 1_000;

export const logsVerb: Verb = {
  summary: "Print the log of a task's runs: the coder's steps, model requests, checks, and what the coder said.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    {
      flags: "--follow",
      summary: "print new lines until the task ends or needs you; with --json one document per line",
    },
  ],
  examples: ["aedev task logs t-0123456789abcdef", "aedev task logs t-0123456789abcdef --follow"],
  async run(session, input) {
    const { home, entries } = session;
    const { task_id } = await readHome(session, (reader) => reader.task(input.argument(0)));
    if (input.flag("follow")) return follow(session, task_id);
    const text = await (await entries.daemon()).readTaskLog({ home, taskId: task_id });
    return done({ task_id, text }, text === "" ? "nothing was logged yet" : plain(text));
  },
};

/** Colours and other sequences of a program's output would only be noise if they were escaped. */
const plain = stripVTControlCharacters;

/** Reads the home directly, so it also works with the daemon down: then it prints the existing lines and ends. */
async function follow(session: Session, taskId: string): Promise<Answer> {
  const { terminal, json, home, entries } = session;
  using reader = await (await entries.daemon()).openTaskLog({ home, taskId });
  let lastRun = "";
  let seenAtMs = (await isUp(session)) ? performance.now() : Number.NEGATIVE_INFINITY;
  let askedAtMs = performance.now();
  for (;;) {
    const { lines, status, isOpen } = reader.read();
    for (const { run_id, attempt, at, text } of lines) {
      if (!json && run_id !== lastRun) terminal.write(`run ${run_id} (attempt ${attempt})\n`);
      lastRun = run_id;
      const line = { task_id: taskId, run_id, attempt, at, text };
      terminal.write(json ? jsonLine(line) : `${plain(at === null ? text : `${localSecond(at)} ${text}`)}\n`);
    }
    if (!isOpen) return end(session, `${taskId} is ${status}: aedev task show ${taskId}`);
    if (performance.now() - askedAtMs >= daemonCheckMs) {
      askedAtMs = performance.now();
      if (await isUp(session)) seenAtMs = performance.now();
    }
    if (performance.now() - seenAtMs > absenceMs)
      return end(session, `${taskId} is ${status}, and the daemon is not running: aedev daemon start`);
    await delay(pollMs);
  }
}

function end({ terminal }: Session, words: string): Answer {
  terminal.complain(`aedev: ${words}\n`);
  return { kind: "streamed" };
}

/** Another program on the daemon's port does not count as the daemon. */
async function isUp(session: Session): Promise<boolean> {
  return findDaemon(session).then(
    (daemon) => daemon !== undefined,
    () => false,
  );
}
