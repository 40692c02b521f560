/** Composes the status board's document of a home that is only read, beside a running daemon or without one. */
import type { StatusBoardDocument } from "@aedev/contracts/api";
import type { HomeConfiguration } from "../reader/home-reader.ts";
import { openOffline } from "../reader/open-offline.ts";
import { createEngineCheck, type DaemonFact, readBoardFacts } from "./board-facts.ts";
import { readInstalledRelease } from "./installed-release.ts";
import { readProofGates } from "./proof-gates.ts";
import { statusBoardDocument } from "./status-board-document.ts";

/** A home whose status board is read. */
export interface BoardReader extends Disposable {
  /** The document now. `daemon`: what the caller knows about the daemon. */
  read(daemon: DaemonFact): Promise<StatusBoardDocument>;
}

/** `t0`: since when the soak counts. Throws a Fault `no-home` if there is no log. */
export function openOfflineBoard(options: {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly configuration: HomeConfiguration;
  readonly t0?: string | undefined;
}): BoardReader {
  const { configuration, t0 } = options;
  const home = openOffline(options.home);
  const engineAnswers = createEngineCheck(options.environment);
  const installed = { release: readInstalledRelease(), gates: readProofGates() };
  return {
    async read(daemon) {
      const known = { ...installed, engineAnswers: await engineAnswers(), daemon, t0 };
      const facts = await readBoardFacts(home, configuration, known);
      return home.atOnce((source) => statusBoardDocument(source, facts, new Date().toISOString()));
    },
    [Symbol.dispose]: () => home[Symbol.dispose](),
  };
}
