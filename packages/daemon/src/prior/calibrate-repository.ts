/**
 * Calibrates the scorecard by a repository's own past, in the order of time, and keeps the result beside the mirror.
 *
 * Folder: risk from history: metrics of changes, mistakes that fixes mended, a repository's calibration.
 */
import { existsSync } from "node:fs";
import { counted, Fault, gitIdSchema } from "@aedev/contracts";
import {
  addendsOf,
  type Calibration,
  type CalibrationTrial,
  calibrationSchema,
  firstKnown,
  type KnownChange,
  pointsOf,
  type Scorecard,
  tryCalibration,
} from "@aedev/core";
import { writeDurably } from "@aedev/host/durable-file";
import { matchesGlob } from "@aedev/host/globs";
import { readRegular } from "@aedev/host/nofollow-read";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { loadScorecard } from "../configuration/load-scorecard.ts";
import { mirrorDirectory, type RepositoryOptions } from "../git/bare-repository.ts";
import { fetchedTip } from "../git/commit-log.ts";
import { measureCommits } from "./change-metrics.ts";
import { findMistakes } from "./find-mistakes.ts";
import { historyFile, readPast } from "./history-file.ts";

/** With fewer commits whose outcome is known, there is nothing to compare with. */
const commitsMin = 2 * firstKnown;
const fileBytesMax = 64 * 1024;
const fileName = "calibration.json";

const storedSchema = z.strictObject({
  /** The last commit that it knows. */
  tip: gitIdSchema,
  /** The scorecard that it belongs to: its date and command. */
  scorecard: z.string(),
  calibration: calibrationSchema,
});

/** What a calibration found, as clients show it. */
export interface RepositoryCalibration {
  readonly repository: string;
  readonly tip: string;
  /** Commits of the branch whose outcome is known, and how many of them a later fix mended. */
  readonly commits: number;
  readonly mended: number;
  /** Fixes that were read. */
  readonly fixes: number;
  readonly start: number;
  readonly slope: number;
  readonly trial: Pick<CalibrationTrial, "changes" | "before" | "after">;
}

export interface CalibrateOptions {
  readonly repository: string;
  /** Globs of test files. */
  readonly tests: readonly string[];
  readonly say?: (step: string) => void;
}

/** Calibrates a repository of a home, with the daemon up or down. Throws as `calibrateRepository` does, or a Fault `config-invalid`. */
export async function calibrateInHome(options: HomeOptions & CalibrateOptions): Promise<RepositoryCalibration> {
  const timeoutMs = loadConfiguration(options).landing.git_timeout_ms;
  return calibrateRepository({ ...options, timeoutMs, card: loadScorecard() });
}

/** Throws a Fault `too-few-commits`, or as git does. */
export async function calibrateRepository(
  options: RepositoryOptions & CalibrateOptions & { readonly card: Scorecard },
): Promise<RepositoryCalibration> {
  const { card, repository, tests, say } = options;
  const tip = existsSync(mirrorDirectory(options))
    ? await fetchedTip({ gitDir: mirrorDirectory(options), timeoutMs: options.timeoutMs })
    : null;
  if (tip === null) throw tooFew({ repository, known: 0, mended: 0 });
  const past = await readPast({ ...options, tip, say: (done, all) => say?.(`${done} of ${all} commits read`) });
  const measured = measureCommits(past);
  const mistakes = await findMistakes(past.commits, {
    ...options,
    isTest: (path) => matchesGlob(path, tests),
    say: (done, all) => say?.(`${done} of ${all} fixes followed`),
  });
  const settledBefore = settledTime(past.commits, mistakes.mendedAt);
  const known = measured.filter(
    ({ commit }) => commit.at <= settledBefore && commit.at >= (mistakes.since ?? 0) && commit.files.length > 0,
  );
  const changes = known.map(
    ({ commit, metrics }): KnownChange => ({
      points: pointsOf(addendsOf(metrics, card)),
      harmed: mistakes.mendedAt.has(commit.id),
    }),
  );
  const mended = changes.filter(({ harmed }) => harmed).length;
  if (changes.length < commitsMin || mended === 0) throw tooFew({ repository, known: changes.length, mended });
  const { calibration, ...trial } = tryCalibration(changes, card);
  const stored = storedSchema.parse({ tip, scorecard: nameOf(card), calibration });
  writeDurably(historyFile(options, fileName), `${JSON.stringify(stored)}\n`);
  const { start, slope } = calibration;
  return { repository, tip, commits: changes.length, mended, fixes: mistakes.fixes, start, slope, trial };
}

/** The repository's calibration for this scorecard; null if it has none. */
export async function readCalibration(options: RepositoryOptions & { card: Scorecard }): Promise<Calibration | null> {
  const file = await readRegular(historyFile(options, fileName), fileBytesMax);
  const stored = storedSchema.safeParse(parseJson(file?.bytes.toString("utf8")));
  return stored.success && stored.data.scorecard === nameOf(options.card) ? stored.data.calibration : null;
}

const nameOf = ({ provenance: { date, command } }: Scorecard) => `${date} ${command}`;

/** A mistake that is not mended within this time rarely is. */
const settledSecondsMax = 90 * 86_400;

/** Until when the outcome of commits counts as known: the median time between a mistake and its fix must have passed since. */
function settledTime(commits: readonly { id: string; at: number }[], mendedAt: ReadonlyMap<string, number>): number {
  const delays = commits.flatMap(({ id, at }) => {
    const mended = mendedAt.get(id);
    return mended === undefined ? [] : [mended - at];
  });
  const median = delays.toSorted((one, other) => one - other)[Math.floor(delays.length / 2)] ?? 0;
  const newest = commits.reduce((latest, { at }) => Math.max(latest, at), 0);
  return newest - Math.min(median, settledSecondsMax);
}

function tooFew({ repository, known, mended }: { repository: string; known: number; mended: number }): Fault {
  const reason = `${repository} has ${counted(known, "past commit")} whose outcome is known, ${mended} of them mended later`;
  return new Fault("too-few-commits", `${reason}; a calibration needs ${commitsMin}, one of them mended`, {
    hint: "until then the scorecard counts as it is",
  });
}
