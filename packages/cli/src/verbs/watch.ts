/** `aedev watch`: shows the missions live: on a terminal as one screen drawn in place, elsewhere as one line per change. It only reads. */
import { escapeLine, localSecond } from "@aedev/contracts";
import type { WatchReader, WatchRow } from "@aedev/daemon";
import type { Answer } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { jsonLine } from "../render/json-text.ts";
import { wantsColour } from "../terminal/colour.ts";
import { drawOn, type Session } from "../terminal/session.ts";
import { frameLines } from "../watch/frame.ts";
import { followPulse } from "../watch/pulse.ts";
import { rowText } from "../watch/row-text.ts";
import { openScreen } from "../watch/screen.ts";

const tickMs = 500;
/** A mission that ended at most this long before the view was opened is still shown. */
const endedListedMs = 60_000;
const leaveKeys = ["q", "Q", "\u0003", "\u0004"];

export const verb: Verb = {
  summary:
    "Watch the missions live: status, run, step, tokens, and what waits for you; q or Ctrl-C quits. With --json one document per line, until interrupted.",
  examples: ["aedev watch", "aedev watch --json", "aedev watch | grep 'needs your approval'"],
  async run(session) {
    requireHome(session.home);
    const { home, environment, entries } = session;
    using reader = await (await entries.daemon()).openWatch({ home, environment });
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    process.once("SIGINT", leave).once("SIGTERM", leave);
    try {
      await (session.json || session.terminal.sizeOf?.("output") === undefined
        ? printChanges(session, reader, leaving.signal)
        : drawInPlace(session, reader, leaving));
    } finally {
      leaving.abort();
      process.off("SIGINT", leave).off("SIGTERM", leave);
    }
    return { kind: "streamed" } satisfies Answer;
  },
};

async function drawInPlace(session: Session, reader: WatchReader, leaving: AbortController): Promise<void> {
  const { terminal, environment } = session;
  const screen = openScreen((text) => drawOn(terminal, text));
  const stopKeys = terminal.onKey?.((key) => {
    if (leaveKeys.includes(key)) leaving.abort();
  });
  try {
    await watchEvents(session, reader, {
      signal: leaving.signal,
      show(rows, { away, untrusted }) {
        const size = terminal.sizeOf?.("output") ?? { columns: 80, rows: 24 };
        const notice = away === null ? untrusted : `${away}: waiting for it (aedev daemon start)`;
        const colour = wantsColour(environment, true);
        screen.draw(frameLines(rows, { ...size, colour, nowMs: Date.now(), notice }));
      },
    });
  } finally {
    stopKeys?.();
    screen.close();
  }
}

async function printChanges(session: Session, reader: WatchReader, signal: AbortSignal): Promise<void> {
  const { terminal, json } = session;
  const before = new Map<string, string>();
  let wasAway: string | null = null;
  let wasUntrusted: string | null = null;
  await watchEvents(session, reader, {
    signal,
    show(rows, { away, untrusted }) {
      if (untrusted !== wasUntrusted)
        terminal.complain(`aedev: ${untrusted === null ? "the log is trusted again" : escapeLine(untrusted, 500)}\n`);
      wasUntrusted = untrusted;
      if (away !== wasAway)
        terminal.complain(
          `aedev: ${away === null ? "the daemon is back" : `${escapeLine(away, 200)}: waiting for it (aedev daemon start)`}\n`,
        );
      wasAway = away;
      for (const row of rows) {
        const words = rowText(row);
        if (before.get(row.mission_id) === words) continue;
        before.set(row.mission_id, words);
        const at = new Date().toISOString();
        terminal.write(
          json
            ? jsonLine({ at, ...row })
            : `${localSecond(at)}  ${row.mission_id}  ${escapeLine(`${row.title}: ${words}`, 500)}\n`,
        );
      }
    },
  });
}

interface Notices {
  /** Why the daemon can't be reached; null if it can. */
  readonly away: string | null;
  /** Why the log is not trusted; null if it is. */
  readonly untrusted: string | null;
}
interface Watching {
  readonly signal: AbortSignal;
  readonly show: (rows: readonly WatchRow[], notices: Notices) => void;
}

/** Refreshes after each event, and every half second for a run's steps and the clock. */
async function watchEvents(session: Session, reader: WatchReader, { signal, show }: Watching): Promise<void> {
  const endedAfter = new Date(Date.now() - endedListedMs).toISOString();
  let away: string | null = null;
  let { position } = await reader.read(endedAfter);
  let showing = Promise.resolve();
  let waits = false;
  const showNow = async () => {
    waits = false;
    if (signal.aborted) return;
    const { rows, position: newest, untrusted } = await reader.read(endedAfter);
    position = newest;
    const why = untrusted === null ? null : `the log is not trusted: ${untrusted.reasons[0]} (aedev status)`;
    if (!signal.aborted) show(rows, { away, untrusted: why });
  };
  let failed: unknown;
  const end = new AbortController();
  const refreshSoon = () => {
    if (waits) return;
    waits = true;
    showing = showing.then(showNow).catch((error: unknown) => {
      failed ??= error;
      end.abort();
    });
  };
  const timer = setInterval(refreshSoon, tickMs);
  try {
    await followPulse(session, {
      after: () => position,
      onEvent: refreshSoon,
      onLink: (link) => {
        away = link.up ? null : link.why;
        refreshSoon();
      },
      signal: AbortSignal.any([signal, end.signal]),
    });
  } finally {
    clearInterval(timer);
    await showing;
  }
  if (failed !== undefined) throw failed;
}
