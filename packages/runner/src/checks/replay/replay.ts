/**
 * Outside replay (SECURITY T29, T30): records calls that the tests make of functions in changed JavaScript, TypeScript, Python and Go files, and repeats them
 * in bare processes without a test runner: as in the tests, in another place and environment, on other days (not in Go), a hundred times. Contract: it never
 * fails the checks, and reports which calls can't be repeated.
 *
 * Folder: changed functions called again outside the tests.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Fault, type NotReplayedReason, type OutsideReplay, type UnrecordedFile } from "@aedev/contracts";
import type { RunnerContext } from "../../engine/context.ts";
import { randomName } from "../../engine/random-name.ts";
import { withPathsOf } from "../../tree/cells.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";
import { callTrees, nowhere } from "./call-trees.ts";
import { callKey, differsAlike, variedInTests } from "./explained-by-tests.ts";
import { judgeCalls } from "./judge-calls.ts";
import { aboutLanguage, type ReplayLanguage, replayLanguages } from "./languages.ts";
import { otherCalls } from "./other-calls.ts";
import { changedConstants, instrumentFiles, type RecordingRequest, recordCalls } from "./record-calls.ts";
import type { RecordedCalls } from "./recorded-calls.ts";
import { declaredNames } from "./unchanged-callers.ts";

const unrecordedMax = 50;
const pathCharactersMax = 1000;

/** What repeating the calls showed, and the calls; null if none were recorded. */
export interface ReplayedCalls {
  readonly replay: OutsideReplay;
  readonly recorded: RecordedCalls | null;
}

export async function replayCalls(request: RecordingRequest, context: RunnerContext): Promise<ReplayedCalls> {
  const { checkContext, matrix } = request;
  const cell = matrix.cells["new-tests-new-code"];
  const isGreen =
    cell.ran && cell.commands.every(({ exit_code, incomplete }) => exit_code === 0 && incomplete === null);
  const isRun = (language: ReplayLanguage) => checkContext.plans.some(aboutLanguage[language].isRunBy);
  if (!replayLanguages.some(isRun)) return nothing("no-runner");
  if (!isGreen) return nothing("checks-not-green");
  const names = { folder: `/var/tmp/${randomName()}`, file: randomName() };
  const { texts: instrumented, go, unrecorded } = await instrumentFiles(request, `${names.folder}/${names.file}`);
  if (instrumented.size === 0) return nothing(go.recordsAll ? "no-functions" : "no-answer", unrecorded);
  checkContext.progress("checks: calling changed functions again outside the tests");
  const folder = join(checkContext.work, randomName());
  mkdirSync(folder, { mode: 0o700 });
  const hashSeed = `${1 + randomBytes(3).readUIntBE(0, 3)}`;
  const environment = { PYTHONHASHSEED: hashSeed };
  const recorded = await recordCalls(
    request,
    { instrumented, added: go.replay?.added ?? new Map(), folder, names, environment },
    context,
  );
  const hasFunctions = (path: string) => [...recorded.skipped.keys()].some((key) => key.startsWith(`${path}\n`));
  for (const path of instrumented.keys())
    if (!recorded.loaded.has(path)) unrecorded.push({ path, why: "not-loaded" });
    else if (!hasFunctions(path)) unrecorded.push({ path, why: "no-functions" });
  // Tests may not load a changed file, but a recorder that does not compile with it looks the same.
  const goPaths = [...(go.replay?.texts.keys() ?? [])];
  const isSilent = goPaths.length > 0 && !goPaths.some((path) => recorded.loaded.has(path));
  if (!go.recordsAll || isSilent) return nothing("no-answer", unrecorded);
  if (recorded.skipped.size === 0) return nothing(recorded.loaded.size === 0 ? "no-calls" : "no-functions", unrecorded);
  const others = otherCalls(recorded.calls, await changedConstants(request));
  const outcomes =
    recorded.calls.length === 0
      ? nowhere
      : await callTrees(
          request.checkContext,
          { trees: request, recorded, others, go: go.replay, folder, hashSeed, isEverywhere: true },
          context,
        );
  if (outcomes === "not-built" || outcomes === null) return nothing(outcomes ?? "no-answer", unrecorded);
  const mayBeExplained = recorded.calls.some((call, index) => differsAlike({ ...call, index }, outcomes));
  const recordBaseWith = (tests: CheckEntries) => recordBase(request, { tests, folder, environment }, context);
  const inTestsOfBase = mayBeExplained ? await recordBaseWith(request.candidate) : new Map();
  const isVaried = variedInTests(recorded.calls).size > 0;
  const inOwnTestsOfBase = isVaried ? await recordBaseWith(request.base) : new Map();
  const declared = others.varied.length === 0 ? null : await declaredNames(request);
  const judged = judgeCalls(recorded, others, { ...outcomes, inTestsOfBase, inOwnTestsOfBase, declared });
  return { replay: { ...judged, unrecorded: listed(unrecorded), not_replayed: null }, recorded };
}

/** The base's results in these tests, by `callKey`. Empty if they can't be recorded. */
async function recordBase(
  change: RecordingRequest,
  {
    tests,
    folder,
    environment,
  }: { tests: CheckEntries; folder: string; environment: Readonly<Record<string, string>> },
  context: RunnerContext,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { checkContext, base, candidate, isTestCode } = change;
  const oldCode = withPathsOf(base, tests, (path) => checkContext.isTest(path) || isTestCode(path));
  const names = { folder: `/var/tmp/${randomName()}`, file: randomName() };
  const request = { ...change, base: candidate, candidate: oldCode, variables: [], coverage: null };
  const { texts: instrumented, go } = await instrumentFiles(request, `${names.folder}/${names.file}`);
  if (instrumented.size === 0 || !go.recordsAll) return new Map();
  const options = { instrumented, added: go.replay?.added ?? new Map(), folder, names, environment };
  const recorded = await recordCalls(request, options, context).catch((error: unknown) => {
    // The old code may not build with the new tests.
    if (error instanceof Fault && error.code === "HOLD-PREPARE-FAILED") return null;
    throw error;
  });
  const found = new Map<string, Set<string>>();
  for (const call of recorded?.calls ?? [])
    found.set(callKey(call), (found.get(callKey(call)) ?? new Set()).add(call.seen));
  return found;
}

function nothing(why: NotReplayedReason, unrecorded: readonly UnrecordedFile[] = []): ReplayedCalls {
  return { replay: { functions: [], more: 0, unrecorded: listed(unrecorded), not_replayed: why }, recorded: null };
}

function listed(unrecorded: readonly UnrecordedFile[]): UnrecordedFile[] {
  return unrecorded
    .slice(0, unrecordedMax)
    .map(({ path, why }) => ({ path: path.slice(0, pathCharactersMax).toWellFormed(), why }));
}
