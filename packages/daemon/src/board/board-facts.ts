/** The facts that the status board needs besides the log, gathered for a home that is only read, whether or not its daemon runs. */
import type { StatusBoardDocument, UntrustedLog, UsageSum } from "@aedev/contracts/api";
import { askEngine } from "../control/ask-engine.ts";
import type { HomeConfiguration } from "../reader/home-reader.ts";
import type { OfflineHome } from "../reader/open-offline.ts";
import { type ReadFacts, signalFacts } from "../reader/signal-facts.ts";
import { usageReadings } from "../reader/usage-readings.ts";

/** The daemon, as whoever asks for the document knows it. `stuck`: something of it is there and does not answer. */
export type DaemonFact =
  | { readonly status: "running"; readonly passAgeMs: number }
  | { readonly status: "stuck" | "stopped" | "died" };

export interface BoardFacts {
  readonly daemon: DaemonFact;
  /** Why the log is not trusted. */
  readonly untrusted: UntrustedLog | null;
  readonly signals: ReadFacts;
  /** What was used since midnight. */
  readonly today: UsageSum;
  /** What is installed, and the proofs that came with it. */
  readonly release: StatusBoardDocument["release_state"];
  readonly gates: StatusBoardDocument["ga_gates"];
  /** Null: it was not asked. */
  readonly engineAnswers: boolean | null;
  /** Since when the soak counts; undefined: since the last start that followed no death. */
  readonly t0?: string | undefined;
}

/** For a home that is only read. `known`: the facts that are not in the home. */
export async function readBoardFacts(
  home: OfflineHome,
  configuration: HomeConfiguration,
  known: Pick<BoardFacts, "release" | "gates" | "engineAnswers" | "daemon" | "t0">,
): Promise<BoardFacts> {
  const used = usageReadings(home, configuration);
  const signals = await signalFacts(home, {
    machine: configuration.machine,
    budgets: used.budgets,
    setup: configuration.judgeSetup,
    observed: configuration.observed,
    unreadFiles: configuration.unreadFiles,
  });
  return { ...known, untrusted: home.untrusted(), signals, today: await used.today() };
}

/** A public page must neither ask the engine each time nor wait for one that hangs. */
const engineKnownMs = 10_000;
const engineTimeoutMs = 1_000;

/** Makes a function that asks the Docker engine whether it answers, at most every ten seconds. */
export function createEngineCheck(environment: Readonly<Record<string, string | undefined>>): () => Promise<boolean> {
  let known: { readonly atMs: number; readonly answer: Promise<boolean> } | null = null;
  return () => {
    if (known === null || performance.now() - known.atMs > engineKnownMs) {
      const answer = askEngine(environment, "/_ping", { timeoutMs: engineTimeoutMs }).then(({ ok }) => ok);
      known = { atMs: performance.now(), answer };
    }
    return known.answer;
  };
}
