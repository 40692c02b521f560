/** `aedev pull`: brings a clean checkout forward to what landed, once or after each landing. It needs no daemon, and never changes a person's own work. */
import { resolve } from "node:path";
import { escapeLine, Fault, localSecond } from "@aedev/contracts";
import type { PullReader } from "@aedev/daemon";
import { type Answer, done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { jsonLine } from "../render/json-text.ts";
import { pullLine, pullText } from "../render/pull-text.ts";
import type { Session } from "../terminal/session.ts";
import { followPulse } from "../watch/pulse.ts";

/** How often a pull that was refused is tried again while watching. */
const retryMs = 5_000;
const leaveSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export const verb: Verb = {
  summary:
    "Fast-forward a clean checkout to what aedev landed on its branch. Changes, untracked files in the way and other branches stay as they are: then it refuses.",
  options: [
    { flags: "--repo <name>", summary: "the repository (default: the one that the checkout's remotes name)" },
    { flags: "--into <folder>", summary: "the checkout (default: the one around this folder)" },
    { flags: "--watch", summary: "also after each landing, until Ctrl-C; with --json one document per line" },
  ],
  examples: ["aedev pull", "aedev pull --watch", "aedev pull --repo shop --into ~/src/shop --json"],
  async run(session, input) {
    const { home, environment, entries } = session;
    requireHome(home);
    const folder = resolve(input.text("into") ?? ".");
    const { openPull } = await entries.daemon();
    using reader = await openPull({ home, environment, folder, repository: input.text("repo") });
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    // A pull that has begun is finished first, so that nothing is left half done.
    for (const name of leaveSignals) process.on(name, leave);
    try {
      if (input.flag("watch")) return await watchLandings(session, reader, leaving.signal);
      const pulled = await reader.pull();
      return done(pulled, pullText(pulled));
    } finally {
      for (const name of leaveSignals) process.off(name, leave);
    }
  },
};

async function watchLandings(session: Session, reader: PullReader, signal: AbortSignal): Promise<Answer> {
  const { terminal } = session;
  const end = new AbortController();
  const pull = pullOnNews(session, reader);
  let failed: unknown;
  let away: string | null = null;
  let isWaiting = false;
  let pulling = Promise.resolve();
  const pullSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    pulling = pulling
      .then(async () => {
        isWaiting = false;
        if (!signal.aborted) await pull();
      })
      .catch((error: unknown) => {
        failed ??= error;
        end.abort();
      });
  };
  pullSoon();
  const timer = setInterval(pullSoon, retryMs);
  try {
    await followPulse(session, {
      after: () => reader.newest().position,
      onEvent: pullSoon,
      onLink(link) {
        const why = link.up ? null : link.why;
        if (why !== away)
          terminal.complain(
            `aedev: ${why === null ? "the daemon is back" : `${escapeLine(why, 200)}: waiting for it (aedev daemon start)`}\n`,
          );
        away = why;
        pullSoon();
      },
      signal: AbortSignal.any([signal, end.signal]),
    });
  } finally {
    clearInterval(timer);
    await pulling;
  }
  if (failed !== undefined) throw failed;
  return { kind: "streamed" };
}

/** Pulls if something landed since the last pull or that was refused, and prints a line. The same refusal is printed once. */
function pullOnNews({ terminal, json }: Session, reader: PullReader): () => Promise<void> {
  let pulledTo = -1;
  let refused: string | null = null;
  return async () => {
    const { landing } = reader.newest();
    if (landing === pulledTo) return;
    try {
      const pulled = await reader.pull();
      const isNews = pulled.commits > 0 || pulledTo < 0;
      pulledTo = landing;
      refused = null;
      const at = new Date().toISOString();
      if (isNews) terminal.write(json ? jsonLine({ at, ...pulled }) : `${localSecond(at)}  ${pullLine(pulled)}\n`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (refused !== error.message)
        terminal.complain(
          `aedev: ${escapeLine(error.message, 1_000)}\n  help: ${escapeLine(error.hint ?? "aedev doctor", 1_000)}\n`,
        );
      refused = error.message;
    }
  };
}
