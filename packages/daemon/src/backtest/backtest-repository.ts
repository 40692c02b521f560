/**
 * What a profile would have merged, asked about and held of a repository's own past commits, and how those commits turned out. Each commit is taken as a
 * mission whose words are its message, with its own tests; its checks really run, its judges pass, and no other run writes tests.
 *
 * Folder: what the gate would answer about past commits.
 */
import { existsSync } from "node:fs";
import {
  counted,
  Fault,
  type LaneKind,
  type LaneRecord,
  laneKindOf,
  largestShares,
  type RepositorySettings,
  reasonText,
  signalText,
} from "@aedev/contracts";
import type { GateDecision, Profile } from "@aedev/contracts/events";
import { clopperPearson } from "@aedev/core";
import { matchesGlob } from "@aedev/host/globs";
import { type HomeOptions, loadConfiguration } from "../configuration/load-configuration.ts";
import { mirrorDirectory } from "../git/bare-repository.ts";
import { parentOf, readCommitText } from "../git/branch-history.ts";
import { fetchedTip } from "../git/commit-log.ts";
import { evidencePatch } from "../git/inverse.ts";
import { findMistakes } from "../prior/find-mistakes.ts";
import { readPast } from "../prior/history-file.ts";
import type { FinalDecision } from "./decide-task.ts";
import { openPastHome, type PastCommit, type PastHome } from "./past-home.ts";

/** A past commit, and what the profile would have answered. `code`: of a hold. `outcome`: what a later commit says of it. */
export interface PastDecision {
  readonly commit: string;
  readonly subject: string;
  readonly answer: GateDecision;
  readonly code: string | null;
  readonly kind: LaneKind;
  /** Thousandths of log-odds of harm; null: a hard gate decided. */
  readonly score: number | null;
  readonly reasons: readonly string[];
  readonly outcome: Outcome;
  readonly seconds: number;
}
/** What a backtest found. `merged`: commits that would have merged, and how many of them were fixed or reverted. */
export interface Backtest {
  readonly repository: string;
  readonly profile: Profile;
  readonly decisions: readonly PastDecision[];
  readonly answers: Readonly<Record<GateDecision, number>>;
  readonly merged: LaneRecord;
  readonly left_out: readonly { readonly commit: string; readonly why: string }[];
}

/** What a backtest tries. */
export interface BacktestOptions {
  readonly repository: { readonly name: string; readonly settings: RepositorySettings };
  readonly profile: Profile;
  /** How many of the newest commits. */
  readonly last: number;
  readonly say?: ((step: string) => void) | undefined;
}

/** A backtest before its first commit. */
export interface ReadyBacktest {
  readonly commits: number;
  /** About how long all of them will take, by the time that the repository's tests took. */
  readonly seconds: number;
  run(say?: (step: string) => void): Promise<Backtest>;
  close(): Promise<void>;
}

/** A decision takes about so many runs of the repository's own tests, and so many seconds beside. */
const [runsOfTests, secondsBeside] = [8, 10];
const wordsCharactersMax = 1_000;
const textCharactersMax = 300;

/** Reads the newest commits and runs the tests of the newest base. Throws a Fault `too-few-commits` or `base-not-green`, or as git and Docker do. */
export async function openBacktest(options: HomeOptions & BacktestOptions): Promise<ReadyBacktest> {
  const { repository, say } = options;
  const changes = await readChanges(options);
  const newest = changes.at(-1);
  if (newest === undefined)
    throw new Fault("too-few-commits", `${repository.name} has no past commit with a parent that aedev has fetched`, {
      hint: `aedev repo show ${repository.name}`,
    });
  const past = await openPastHome(options);
  try {
    say?.("running the tests of the newest commit's base");
    const { outcome, detail, commands } = await past.tryOut(newest.parent);
    if (outcome !== "green") {
      const message = `the tests of ${repository.name} do not pass before its newest commit: ${detail ?? outcome}`;
      throw new Fault("base-not-green", message, { hint: `aedev repo show ${repository.name}` });
    }
    const seconds = commands.reduce((sum, { duration_ms }) => sum + duration_ms, 0) / 1000;
    const each = seconds * runsOfTests + secondsBeside;
    return {
      commits: changes.length,
      seconds: Math.round(each * changes.length),
      run: (tell) => decideAll(changes, { past, options, each, say: tell }),
      close: past.close,
    };
  } catch (error) {
    await past.close();
    throw error;
  }
}

type Outcome = "fixed" | "reverted" | null;
type ReadChange = PastCommit & { readonly outcome: Outcome };

/** The newest commits that are no merges, oldest first, with what later ones say of them. */
async function readChanges(options: HomeOptions & BacktestOptions): Promise<ReadChange[]> {
  const { home, repository, last, say } = options;
  const { landing } = loadConfiguration(options);
  const from = { home, repository: repository.name, timeoutMs: landing.git_timeout_ms };
  const call = { gitDir: mirrorDirectory(from), timeoutMs: from.timeoutMs };
  const tip = existsSync(call.gitDir) ? await fetchedTip(call) : null;
  if (tip === null) return [];
  const { commits } = await readPast({ ...from, tip, say: (done, all) => say?.(`${done} of ${all} commits read`) });
  const chosen = commits.slice(-last);
  const changes: PastCommit[] = [];
  for (const { id } of chosen) {
    const parent = await parentOf(id, call);
    if (parent === null) continue;
    const { tree, message } = await readCommitText(id, call);
    const words = message.slice(0, wordsCharactersMax).toWellFormed();
    changes.push({ commit: id, parent, tree, words, patch: await evidencePatch({ ...call, from: parent, to: id }) });
  }
  const isTest = (path: string) => matchesGlob(path, repository.settings.tests);
  const { mendedAt } = await findMistakes(chosen, { ...from, isTest });
  return changes.map((change) => {
    const isReverted = changes.some(({ words }) => words.includes(`This reverts commit ${change.commit}`));
    return { ...change, outcome: isReverted ? "reverted" : mendedAt.has(change.commit) ? "fixed" : null };
  });
}

async function decideAll(
  changes: readonly ReadChange[],
  {
    past,
    options: { repository, profile },
    each,
    say,
  }: { past: PastHome; options: BacktestOptions; each: number; say: ((step: string) => void) | undefined },
): Promise<Backtest> {
  const decisions: PastDecision[] = [];
  const left_out: Backtest["left_out"][number][] = [];
  let seconds = each;
  for (const [index, change] of changes.entries()) {
    const minutes = Math.ceil((seconds * (changes.length - index)) / 60);
    say?.(`${index} of ${counted(changes.length, "commit")}, about ${minutes} min left`);
    const started = performance.now();
    const decision = await past.decide(change);
    const took = (performance.now() - started) / 1000;
    seconds = (seconds * (index + 1) + took) / (index + 2);
    const why = whyLeftOut(decision);
    if (why !== null) left_out.push({ commit: change.commit, why });
    else decisions.push(rowOf(decision, { change, seconds: took }));
  }
  const count = (answer: GateDecision) => decisions.filter((one) => one.answer === answer).length;
  const bad = decisions.filter(({ answer, outcome }) => answer === "merge" && outcome !== null).length;
  const { lower, upper } = clopperPearson(bad, count("merge"));
  return {
    ...{ repository: repository.name, profile, decisions, left_out },
    answers: { merge: count("merge"), ask: count("ask"), hold: count("hold") },
    merged: { merged: count("merge"), bad, bad_from: lower, bad_to: upper },
  };
}

/** A base that is red by today's settings says nothing about the change. */
function whyLeftOut({ gate }: FinalDecision): string | null {
  const isRed = gate?.reasons.some(
    (reason) => typeof reason !== "string" && reason.kind === "checks-not-green" && reason.status === "base-red",
  );
  return isRed === true ? "its base was not green with the repository's settings of today" : null;
}

function rowOf(
  { answer, code, detail, gate }: FinalDecision,
  { change, seconds }: { change: ReadChange; seconds: number },
): PastDecision {
  const [subject = ""] = change.words.split("\n");
  const harm = answer === "merge" ? [] : largestShares(gate?.shares ?? []).harm;
  const reasons = [
    ...(gate?.reasons ?? []).map((reason) => reasonText(reason)),
    ...harm.map(({ factor, why }) => `for harm: ${signalText(factor)} (${why})`),
  ].map((text) => text.slice(0, textCharactersMax));
  return {
    ...{ commit: change.commit, subject: subject.slice(0, textCharactersMax), answer, code, outcome: change.outcome },
    kind: laneKindOf(gate?.shares ?? []),
    score: code === null ? (gate?.risk_score ?? null) : null,
    reasons: reasons.length > 0 || detail === null ? reasons : [detail],
    seconds: Math.round(seconds * 10) / 10,
  };
}
