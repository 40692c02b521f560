/**
 * Outside replay (SECURITY T29, T30): records calls that the tests make of functions in changed JavaScript, TypeScript, Python and Go files, and repeats them
 * in bare processes without a test runner: as in the tests, in another place and environment, on other days (not in Go), a hundred times. Contract: it never
 * fails the checks, and reports which calls can't be repeated.
 *
 * Folder: changed functions called again outside the tests.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault, type NotReplayedReason, type OutsideReplay, type UnrecordedFile } from "@aedev/contracts";
import { runShell } from "../../engine/clean-container.ts";
import type { RunnerContext } from "../../engine/context.ts";
import type { Mount } from "../../engine/engine.ts";
import { randomName } from "../../engine/random-name.ts";
import { makeFolder } from "../../prepare/archive.ts";
import { withPathsOf } from "../../tree/cells.ts";
import type { CheckEntries } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";
import { checkout, sealCheckout } from "../pass/sealed-checkout.ts";
import { type BareRun, bareRuns, drawSurroundings, type Of, readOutcomes, recordedLanguages } from "./bare-runs.ts";
import type { Outcomes } from "./call-outcomes.ts";
import { callKey, differsAlike, variedInTests } from "./explained-by-tests.ts";
import { judgeCalls } from "./judge-calls.ts";
import { aboutLanguage, type ReplayLanguage, replayLanguages } from "./languages.ts";
import { type OtherCalls, otherCalls } from "./other-calls.ts";
import type { GoReplay } from "./prepare-go.ts";
import { changedConstants, instrumentFiles, type RecordingRequest, recordCalls } from "./record-calls.ts";
import type { RecordedCalls } from "./recorded-calls.ts";
import { declaredNames } from "./unchanged-callers.ts";

const replayTimeoutMs = 90_000;
/** Additional time for two builds with an empty cache. */
const goBuildsTimeoutMs = 120_000;
const unrecordedMax = 50;
const pathCharactersMax = 1000;

export async function replayCalls(request: RecordingRequest, context: RunnerContext): Promise<OutsideReplay> {
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
      : await callEverywhere(request, { recorded, others, go: go.replay, folder, hashSeed }, context);
  if (outcomes === "not-built" || outcomes === null) return nothing(outcomes ?? "no-answer", unrecorded);
  const mayBeExplained = recorded.calls.some((call, index) => differsAlike({ ...call, index }, outcomes));
  const recordBaseWith = (tests: CheckEntries) => recordBase(request, { tests, folder, environment }, context);
  const inTestsOfBase = mayBeExplained ? await recordBaseWith(request.candidate) : new Map();
  const isVaried = variedInTests(recorded.calls).size > 0;
  const inOwnTestsOfBase = isVaried ? await recordBaseWith(request.base) : new Map();
  const declared = others.varied.length === 0 ? null : await declaredNames(request);
  return {
    ...judgeCalls(recorded, others, { ...outcomes, inTestsOfBase, inOwnTestsOfBase, declared }),
    unrecorded: listed(unrecorded),
    not_replayed: null,
  };
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

const silent: Outcomes = {
  once: new Map(),
  often: new Map(),
  repeated: new Set(),
  afterwards: new Map(),
  endedEarly: new Set(),
};
const nowhere = { candidate: silent, base: silent };

function nothing(why: NotReplayedReason, unrecorded: readonly UnrecordedFile[] = []): OutsideReplay {
  return { functions: [], more: 0, unrecorded: listed(unrecorded), not_replayed: why };
}

function listed(unrecorded: readonly UnrecordedFile[]): UnrecordedFile[] {
  return unrecorded
    .slice(0, unrecordedMax)
    .map(({ path, why }) => ({ path: path.slice(0, pathCharactersMax).toWellFormed(), why }));
}

/** Makes the calls on both trees in one container. Null without an answer; `not-built` if Go's program can't be built with the base. */
async function callEverywhere(
  { checkContext, base, candidate }: RecordingRequest,
  {
    recorded,
    others,
    go,
    folder,
    hashSeed,
  }: { recorded: RecordedCalls; others: OtherCalls; go: GoReplay | null; folder: string; hashSeed: string },
  context: RunnerContext,
): Promise<Record<Of, Outcomes> | "not-built" | null> {
  const roots = { base: { usual: place(), elsewhere: place() }, candidate: { usual: checkout, elsewhere: place() } };
  const mounts = [
    ...(await mountsOf(checkContext, { entries: base, targets: Object.values(roots.base), folder }, context)),
    ...(await mountsOf(checkContext, { entries: candidate, targets: Object.values(roots.candidate), folder }, context)),
  ];
  const own = { source: join(folder, randomName()), target: `/var/tmp/${randomName()}`, readOnly: false };
  await makeFolder(own.source, context.user);
  const languages = recordedLanguages(recorded);
  const programs = new Map<ReplayLanguage, string>();
  const programMounts = languages.flatMap((language): Mount[] => {
    const { callAgain, extension } = aboutLanguage[language];
    if (callAgain === null) return [];
    const [source, target] = [join(folder, randomName()), `/usr/local/share/${randomName()}.${extension}`];
    writeFileSync(source, callAgain, { mode: 0o644 });
    programs.set(language, target);
    return [{ source, target, readOnly: true }];
  });
  const builds = go !== null && languages.includes("go") ? goBuilds(go, own, roots) : null;
  const drawn = drawSurroundings();
  // The base runs first, because code under test could end our process.
  const runs = (["base", "candidate"] as const).flatMap((of) =>
    bareRuns(of, {
      roots: { ...roots[of], tested: checkout },
      programs: builds === null ? programs : new Map([...programs, ["go", builds.binaries[of]]]),
      recorded,
      others,
      hashSeed,
      drawn,
    }),
  );
  const { output, omittedBytes } = await runShell(
    {
      command: `exec 2>/dev/null\n${builds?.command ?? ""}${startCommand(runs, own)}`,
      imageId: checkContext.imageId,
      environment: {},
      mounts: [...mounts, own, ...programMounts],
      textMount: own,
      workingFolder: "/",
      limits: checkContext.limits,
      timeoutMs: replayTimeoutMs + (builds === null ? 0 : goBuildsTimeoutMs),
      labels: checkContext.labels,
      ...(checkContext.signal === undefined ? {} : { signal: checkContext.signal }),
    },
    context,
  );
  if (builds !== null && languages.length === 1 && output.startsWith(`${builds.failed}\n`)) return "not-built";
  const outcomes = readOutcomes(output, runs);
  return omittedBytes > 0 || outcomes.base.once.size === 0 ? null : outcomes;
}

/** Writes the program that starts the runs, and returns the command that runs it with Node or Python, whichever the image has. */
function startCommand(runs: readonly BareRun[], { source, target }: Mount): string {
  const starter = replayLanguages.find((one) => runs.some(({ language }) => language === one)) ?? "javascript";
  const { startRuns, extension } = aboutLanguage[starter];
  writeFileSync(join(source, "runs.json"), JSON.stringify({ runs }), { mode: 0o644 });
  writeFileSync(join(source, `runs.${extension}`), startRuns, { mode: 0o644 });
  const words = `${target}/runs.${extension} ${target}/runs.json`;
  const python = "$(command -v python3 || command -v python)";
  const commands = { javascript: `node ${words} "${python}"`, python: `"${python}" ${words}`, go: `go run ${words}` };
  return commands[starter];
}

/** Writes the program's files, and returns the commands that build it and remove files that the code under test must not read. */
function goBuilds(
  go: GoReplay,
  { source, target }: Mount,
  roots: Readonly<Record<Of, { readonly usual: string }>>,
): { command: string; binaries: Record<Of, string>; failed: string } {
  const binaries = { base: `${target}/${randomName()}`, candidate: `${target}/${randomName()}` };
  const commands = (["base", "candidate"] as const).map((of) => {
    const replaced = [...go.programs[of]].map(([path, text], index) => {
      const name = `${of}-${index}.go`;
      writeFileSync(join(source, name), text, { mode: 0o644 });
      return [`${roots[of].usual}/${path}`, `${target}/${name}`];
    });
    writeFileSync(join(source, `${of}.json`), JSON.stringify({ Replace: Object.fromEntries(replaced) }), {
      mode: 0o644,
    });
    return go.build({ root: roots[of].usual, overlay: `${target}/${of}.json`, binary: binaries[of] });
  });
  const removed = `rm -f ${target}/base.json ${target}/candidate.json ${target}/base-*.go ${target}/candidate-*.go`;
  const failed = randomName();
  const [base = "", candidate = ""] = commands;
  // Without the base's program nothing can be compared. Empty programs then replace both, so that the functions of other languages are still repeated.
  const silenced = Object.values(binaries).map((binary) => `printf '#!/bin/sh\n' >${binary} && chmod +x ${binary}`);
  const command = `if ${base}\nthen ${candidate}\nelse echo ${failed}; ${silenced.join("; ")}\nfi\n${removed}\n`;
  return { command, binaries, failed };
}

function place(): string {
  return `/srv/${randomName()}`;
}

/** Mounts a tree read-only, with its prepared outputs, at each of the targets. */
async function mountsOf(
  checkContext: CheckContext,
  { entries, targets, folder }: { entries: CheckEntries; targets: readonly string[]; folder: string },
  context: RunnerContext,
): Promise<Mount[]> {
  const own = join(folder, randomName());
  mkdirSync(own, { mode: 0o700 });
  const outputs = checkContext.outputsOf === undefined ? checkContext.outputs : await checkContext.outputsOf(entries);
  const sealed = await sealCheckout(checkContext, { entries, outputs, folder: own, edit: () => undefined }, context);
  const { mounts } = await sealed.mountsFor([], own);
  return targets.flatMap((target) =>
    mounts.map((mount) => ({ ...mount, target: `${target}${mount.target.slice(checkout.length)}` })),
  );
}
