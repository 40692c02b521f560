/** Runs a backtest with its estimate of time first and its progress. */
import { counted } from "@aedev/contracts";
import type { BacktestOptions } from "@aedev/daemon";
import { withProgress } from "../terminal/progress.ts";
import { drawOn, type Session } from "../terminal/session.ts";

/** How many commits are tried unless a person says otherwise. */
export const lastByDefault = 10;

/** Throws as `openBacktest` does. */
export async function runBacktest(session: Session, options: BacktestOptions) {
  const { home, environment, entries, terminal, json } = session;
  const { openBacktest } = await entries.daemon();
  const backtest = await withProgress(session, "backtest", (say) =>
    openBacktest({ home, environment, ...options, say }),
  );
  try {
    const { commits, seconds } = backtest;
    const time = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    if (!json) drawOn(terminal, `trying ${counted(commits, "past commit")}: about ${time}\n`, "error");
    return await withProgress(session, "backtest", (say) => backtest.run(say));
  } finally {
    await backtest.close();
  }
}
