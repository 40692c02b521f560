/** Composes the status board's document in the running daemon, from its own log and configuration. */
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { sumUsage } from "@aedev/core/reading";
import { chargesOfDay } from "../control/charges-of-day.ts";
import type { Trust } from "../control/parts.ts";
import { liveSignalFacts, type SignalSource } from "../reader/live-signal-facts.ts";
import { readInstalledRelease } from "./installed-release.ts";
import { readProofGates } from "./proof-gates.ts";
import { statusBoardDocument } from "./status-board-document.ts";

export interface LiveBoardOptions {
  readonly control: SignalSource & Trust;
  /** Milliseconds since the reconcile loop completed a pass. */
  readonly passAgeMs: () => number;
  readonly engineAnswers: () => Promise<boolean>;
}

/** Returns the function that composes the document. The release is read now, because a later checkout does not change what runs. */
export function openLiveBoard({ control, passAgeMs, engineAnswers }: LiveBoardOptions) {
  const { log, trust } = control;
  const release = readInstalledRelease();
  let gates: StatusBoardDocument["ga_gates"] | undefined;
  return async (): Promise<StatusBoardDocument> => {
    gates ??= readProofGates();
    const [signals, answers] = await Promise.all([liveSignalFacts(control), engineAnswers()]);
    const source = { stateToShow: log.stateToShow.bind(log), views: log.views, position: log.head.position };
    const today = sumUsage(chargesOfDay(log.views.charges), control.budgets().prices);
    return statusBoardDocument(
      source,
      {
        ...{ signals, today, release, gates, untrusted: trust.untrusted, engineAnswers: answers },
        daemon: { status: "running", passAgeMs: passAgeMs() },
      },
      new Date().toISOString(),
    );
  };
}
