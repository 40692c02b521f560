/** Composes the status board's document of a home that is only read, beside a running daemon or without one. */
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { homeLayout } from "@aedev/host/home-layout";
import { stampOf } from "../configuration/unread-files.ts";
import type { HomeConfiguration } from "../reader/home-reader.ts";
import type { OfflineHome } from "../reader/open-offline.ts";
import { createEngineCheck, type DaemonFact, readBoardFacts } from "./board-facts.ts";
import { readInstalledRelease } from "./installed-release.ts";
import { readProofGates } from "./proof-gates.ts";
import { statusBoardDocument } from "./status-board-document.ts";

/** Makes the function that composes the document. `t0`: since when the soak counts. `daemon`: what the caller knows about the daemon. */
export function openOfflineBoard(options: {
  readonly home: OfflineHome;
  /** Where the home is. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly configuration: HomeConfiguration;
  readonly t0?: string | undefined;
}): (daemon: DaemonFact) => Promise<StatusBoardDocument> {
  const { home, t0 } = options;
  const configuration = untilFilesChange(options.folder, options.configuration);
  const engineAnswers = createEngineCheck(options.environment);
  const installed = { release: readInstalledRelease(), gates: readProofGates() };
  return async (daemon) => {
    const known = { ...installed, engineAnswers: await engineAnswers(), daemon, t0 };
    const facts = await readBoardFacts(home, configuration, known);
    return home.atOnce((source) => statusBoardDocument(source, facts, new Date().toISOString()));
  };
}

/** Parsing the files takes longer than everything else in the document, and a page asks again and again. */
function untilFilesChange(folder: string, read: HomeConfiguration): HomeConfiguration {
  const { configuration, policies, prices } = homeLayout(folder);
  const stamp = () => [configuration, policies, prices].map(stampOf).join(" ");
  const remembered = <T>(from: () => Promise<T>): (() => Promise<T>) => {
    let known: { readonly stamp: string; readonly value: Promise<T> } | null = null;
    return () => {
      const now = stamp();
      if (known?.stamp !== now) known = { stamp: now, value: from() };
      return known.value;
    };
  };
  return {
    ...read,
    budgetLimits: remembered(read.budgetLimits),
    prices: remembered(read.prices),
    judgeSetup: remembered(read.judgeSetup),
  };
}
