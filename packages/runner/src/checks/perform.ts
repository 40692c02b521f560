/**
 * Performs the work RunChecks: builds the candidate from base and patch, runs the test matrix, and stores the results as a partial manifest.
 * Contract: can be repeated for free. Anything that can hold a task is a held report; only bugs are thrown.
 *
 * Folder: the work items of checks.
 */

import { join } from "node:path";
import {
  type Coverage,
  canonicalJson,
  type Environment,
  holdOf,
  type MutationSample,
  type OutsideReplay,
  type RunChecks,
  type RunChecksReport,
  type TestMatrix,
  type UncoverableReason,
  type WatchedPaths,
  withCoverage,
} from "@aedev/contracts";
import { matchesGlob, rootedMatcher } from "@aedev/host/globs";
import { removeLeftovers } from "../engine/clean-container.ts";
import type { RunnerContext } from "../engine/context.ts";
import { faultOf, heldReport } from "../engine/held-report.ts";
import { makeCheckFolder } from "../engine/mount-folder.ts";
import { outputPaths } from "../prepare/inputs.ts";
import { ensurePrepared, type Prepared } from "../prepare/prepare.ts";
import { straceMounts } from "../prepare/toolchain.ts";
import { openObjects } from "../tree/candidate.ts";
import { composeCells, sameEntries, withPathsOf } from "../tree/cells.ts";
import type { CheckEntries } from "../tree/check-tree.ts";
import { deleteFolder } from "../tree/run-folder.ts";
import { testsBesideCode } from "./beside-code/tests-beside-code.ts";
import { namedFiles, plansOf } from "./command/base-commands.ts";
import { type CoverageRequest, missedIn, openCoverage } from "./coverage/coverage.ts";
import { compareEditedTests } from "./edited-tests/edited-tests.ts";
import { runIndependentTests } from "./independent-tests/independent-tests.ts";
import { runMatrix } from "./matrix/matrix.ts";
import { sampleMutations } from "./mutation/sample.ts";
import { outputsByTree } from "./pass/cell-outputs.ts";
import type { CheckContext } from "./pass/pass.ts";
import { isSourceCode } from "./pass/sealed-checkout.ts";
import { readSides } from "./read-sides.ts";
import { replayCalls } from "./replay/replay.ts";
import { specifiedVariables } from "./replay/specified-variables.ts";
import { findUnneeded } from "./unneeded/unneeded.ts";
import { skippedTests } from "./watch/skipped-tests.ts";
import { changedSupport } from "./watch/watched-paths.ts";

type ChecksResult = RunChecksReport["result"];

/** `signal`: stops the run's containers; the result is then a held report that is not used. */
export async function performRunChecks(
  work: RunChecks,
  context: RunnerContext,
  signal?: AbortSignal,
): Promise<ChecksResult> {
  return inMountFolder(context.home, (folder) =>
    check(work, { context, folder, signal }).catch((error: unknown) => heldFor(error, work)),
  );
}

async function check(
  work: RunChecks,
  options: { context: RunnerContext; folder: string; signal: AbortSignal | undefined },
): Promise<ChecksResult> {
  const { context, folder } = options;
  const { settings, limits } = work;
  const labels = { "aedev.task": work.task_id, "aedev.run": work.run_id };
  const objects = await openObjects(context, work.repository, join(folder, "git"), work.submodules);
  const { tree, base, own, candidate } = await readSides(work, objects, context);
  const image = await context.docker.image(settings.image ?? context.imageReference, "HOLD-TOOLCHAIN");
  await removeLeftovers(labels, context);
  const { repository, base_commit: baseCommit, submodules } = work;
  const request = { repository, baseCommit, submodules, settings, limits, imageId: image.id, labels };
  const prepared = await ensurePrepared(request, context);
  const given = { objects, base, work: folder, imageId: image.id, labels, prepared, signal: options.signal };
  const ofBase = await contextOfBase(work, given, context);
  const { isTest, outputs: baseOutputs } = ofBase;
  const named = await namedFiles(settings, objects, base);
  const isListed = (path: string) => matchesGlob(path, work.control_files);
  const isControl = (path: string) => isListed(path) || (named.has(path) && !isTest(path));
  const progress = (text: string) => context.progress(work.run_id, text);
  const stray = new Set<string>();
  const outputsOf = outputsByTree(
    {
      request,
      objects,
      base,
      baseOutputs,
      baseWrites: prepared.writes,
      onStrayWrites: (paths) => paths.forEach((path) => void stray.add(path)),
      isControl,
      progress,
    },
    context,
  );
  const checkContext = {
    ...ofBase,
    outputsOf,
    isSealed: (path: string) => ofBase.isSealed(path) || isControl(path),
    progress,
  };
  const controlled = withPathsOf(candidate, base, isControl);
  const { matrix, watched, provenness, oldTests } = await runMatrix(
    {
      checkContext,
      base,
      compose: (isSupport) =>
        composeCells({ base, candidate, isTest, isControl, isSupport: (path) => isSupport(path) && !isControl(path) }),
      besideCode: await testsBesideCode(ofBase, { base, candidate, isControl }),
      ownControl: sameEntries(controlled, own) ? null : own,
      hasTests: settings.tests.length > 0,
    },
    context,
  );
  const helpers = await changedSupport(watched, { ...ofBase, base, candidate: controlled });
  const isTestCode = (path: string) => isControl(path) || helpers.has(path);
  const changed = { checkContext, base, candidate: controlled, matrix, isTestCode };
  const variables = specifiedVariables(context.blobs.get(work.specification.digest));
  const { replay, covered } = await repeatTests({ ...changed, variables }, context);
  const ways = typeof covered === "string" ? [] : covered.ways.filter((way) => !way.is_minor);
  const isMissed = (path: string, line: number) => ways.some((way) => way.path === path && way.line === line);
  const skipped = await skippedTests(matrix.cells["new-tests-new-code"], {
    ...{ ...ofBase, base, candidate: controlled, isTestCode },
    isMissed: (path) => missedIn(path, covered),
  });
  const unneeded = await findUnneeded({ ...changed, isMissed }, context);
  const editedTests = oldTests === null ? null : await compareEditedTests({ ...changed, oldTests }, context);
  const { mutation_time_ms: timeMs } = settings;
  const mutations =
    timeMs === undefined
      ? null
      : await sampleMutations(
          {
            checkContext: { ...checkContext, outputs: await outputsOf(controlled) },
            base,
            candidate: controlled,
            cell: matrix.cells["new-tests-new-code"],
            timeMs,
            isAgain: work.parent !== null,
          },
          context,
        );
  // What is built of another run's code is no evidence of this change.
  const matrixSeen = withStrayWrites(skipped === null ? matrix : { ...matrix, skipped }, stray);
  const independent =
    work.independent === undefined
      ? null
      : await runIndependentTests(
          {
            ...{ checkContext, matrix, oldTests, isControl },
            readSides: readSides.bind(null, work.independent, objects, context),
          },
          context,
        );
  const seen = {
    tree,
    matrix: matrixSeen,
    watched,
    provenness: withCoverage(provenness, covered, { unneeded, editedTests }),
    replay,
    independent,
    mutations,
    prepared: prepared.cacheKey,
    environment: work.environment ?? (await environmentOf({ imageId: image.id, settings }, context)),
  };
  return { outcome: "checked", tree, manifest: seal(work, seen, context) };
}

/** Where the checks ran, of a change that no coder made. */
async function environmentOf(
  { imageId, settings }: { imageId: string; settings: RunChecks["settings"] },
  { docker, imageReference }: RunnerContext,
): Promise<Environment> {
  return {
    image: settings.image ?? imageReference,
    image_id: imageId,
    engine_version: await docker.version(),
    coder_version: "",
    prepare_cache_key: null,
    model: "",
  };
}

const strayWritesMax = 1000;

function withStrayWrites(matrix: TestMatrix, stray: ReadonlySet<string>): TestMatrix {
  if (stray.size === 0) return matrix;
  return { ...matrix, build_writes: [...stray].sort().slice(0, strayWritesMax) };
}

/** Gives checks a folder of their own and deletes it afterwards. What runs inside can read the paths of its mounts on the host, so they have no id in them. */
export async function inMountFolder<T>(home: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeCheckFolder(home);
  try {
    return await use(folder);
  } finally {
    await deleteFolder(folder);
  }
}

/** What all passes on a base share, with a change or without. */
export async function contextOfBase(
  { settings, limits }: Pick<RunChecks, "settings" | "limits">,
  given: Pick<CheckContext, "objects" | "work" | "imageId" | "labels" | "signal"> & {
    readonly base: CheckEntries;
    readonly prepared: Prepared;
  },
  context: RunnerContext,
): Promise<CheckContext> {
  const { base, prepared, ...shared } = given;
  const { archivePath } = prepared;
  const isTest = rootedMatcher(settings.tests);
  return {
    ...shared,
    plans: await plansOf(settings, shared.objects, base),
    limits,
    outputs: archivePath === null ? null : { archivePath, paths: outputPaths(settings) },
    isTest,
    isSealed: (path) => isTest(path) || isSourceCode(path),
    writable: settings.writable ?? [],
    straceMounts: await straceMounts(shared.imageId, context),
    testGlobs: settings.tests,
    progress: () => undefined,
  };
}

/** Runs the change's tests once more, on code that reports what is run and which calls are made; then makes the calls outside the tests. */
async function repeatTests(
  changed: CoverageRequest & { variables: readonly string[] },
  context: RunnerContext,
): Promise<{ replay: OutsideReplay; covered: Coverage | UncoverableReason }> {
  const opened = await openCoverage(changed);
  if (opened.kind === "done")
    return { replay: await replayCalls({ ...changed, coverage: null }, context), covered: opened.found };
  await using run = opened.run;
  const replay = await replayCalls({ ...changed, coverage: run }, context);
  return { replay, covered: await run.finish(context) };
}

function seal(
  work: RunChecks,
  seen: {
    tree: string;
    matrix: TestMatrix;
    watched: WatchedPaths | null;
    provenness: unknown;
    replay: unknown;
    independent: Awaited<ReturnType<typeof runIndependentTests>> | null;
    mutations: MutationSample | null;
    prepared: string | null;
    environment: Environment;
  },
  context: RunnerContext,
): Extract<ChecksResult, { outcome: "checked" }>["manifest"] {
  const { blobs } = context;
  const json = (value: unknown) => blobs.put(canonicalJson(value), "application/json");
  return {
    schema: 1,
    parent: work.parent,
    entries: {
      specification: work.specification,
      patch: work.patch,
      "base-commit": blobs.put(work.base_commit, "text/plain"),
      tree: blobs.put(seen.tree, "text/plain"),
      "test-matrix": json(seen.matrix),
      ...(seen.watched === null ? {} : { "watched-paths": json(seen.watched) }),
      provenness: json(seen.provenness),
      replay: json(seen.replay),
      ...(seen.independent === null ? {} : { "independent-tests": json(seen.independent.found) }),
      ...(seen.independent?.sources == null
        ? {}
        : { "independent-sources": blobs.put(seen.independent.sources, "text/plain") }),
      ...(seen.mutations === null ? {} : { "mutation-sample": json(seen.mutations) }),
      usage: json(work.usage),
      environment: json({
        ...seen.environment,
        prepare_cache_key: seen.prepared ?? seen.environment.prepare_cache_key,
      }),
    },
  };
}

/** A Fault, or what the operating system refused, becomes a held report; everything else is a bug and is rethrown. */
function heldFor(error: unknown, work: RunChecks): ChecksResult {
  const fault = faultOf(error);
  const { code, detail } = holdOf(fault, "HOLD-EVIDENCE-INCOMPLETE");
  const isEngineGone = code === "HOLD-DOCKER-UNAVAILABLE";
  return heldReport(code, detail, {
    // Checks cost nothing, but only failures that can pass are worth a retry.
    retry_free: fault.retry || isEngineGone,
    patch: work.patch,
  });
}
