/**
 * Performs the work RunChecks: builds the candidate from base and patch, runs the test matrix, and stores the results as a partial manifest. Contract:
 * repeating it costs nothing. Anything that can hold a task becomes a held report; only bugs are thrown.
 *
 * Folder: the work items of checks.
 */

import { join } from "node:path";
import { canonicalJson, type Environment, holdOf, type RunChecks, type RunChecksReport } from "@aedev/contracts";
import { matchesGlob, rootedMatcher } from "@aedev/host/globs";
import { isCodeFile } from "@aedev/languages";
import { removeLeftovers } from "../engine/clean-container.ts";
import type { RunnerContext } from "../engine/context.ts";
import { faultOf, heldReport } from "../engine/held-report.ts";
import { makeCheckFolder } from "../engine/mount-folder.ts";
import { outputPaths } from "../prepare/inputs.ts";
import { ensurePrepared, type Prepared } from "../prepare/prepare.ts";
import { straceMounts } from "../prepare/toolchain.ts";
import { openObjects } from "../tree/candidate.ts";
import { sameEntries, withPathsOf } from "../tree/cells.ts";
import type { CheckEntries } from "../tree/check-tree.ts";
import { deleteFolder } from "../tree/run-folder.ts";
import { namedFiles, plansOf } from "./command/base-commands.ts";
import { outputsByTree } from "./pass/cell-outputs.ts";
import type { CheckContext } from "./pass/pass.ts";
import { type EvidenceEntries, prove } from "./proof/proof.ts";
import { proofsFor } from "./proofs.ts";
import { readSides } from "./read-sides.ts";

type ChecksResult = RunChecksReport["result"];

/** `signal`: stops the run's containers; the result is then a held report that nobody uses. */
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
  const strayWrites = new Set<string>();
  const outputsOf = outputsByTree(
    {
      request,
      objects,
      base,
      baseOutputs,
      baseWrites: prepared.writes,
      onStrayWrites: (paths) => paths.forEach((path) => void strayWrites.add(path)),
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
  const change = {
    ...{ work, checkContext, base, candidate: controlled, isControl, strayWrites },
    ownControl: sameEntries(controlled, own) ? null : own,
    readSides: (other: Pick<RunChecks, "base_commit" | "patch">) => readSides(other, objects, context),
  };
  const evidence = await prove(proofsFor(work), change, context);
  const environment = work.environment ?? (await environmentOf({ imageId: image.id, settings }, context));
  const prepare_cache_key = prepared.cacheKey ?? environment.prepare_cache_key;
  const seen = { tree, evidence, environment: { ...environment, prepare_cache_key } };
  return { outcome: "checked", tree, manifest: seal(work, seen, context) };
}

/** The environment of checks for a change that no coder made. */
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

/** Gives checks a folder of their own and deletes it afterwards. Its path contains no id, because code in a container can read the paths of its mounts. */
export async function inMountFolder<T>(home: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeCheckFolder(home);
  try {
    return await use(folder);
  } finally {
    await deleteFolder(folder);
  }
}

/** The context that all passes on a base share, with a change or without. */
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
    // A command may not change code even in a scratch folder.
    isSealed: (path) => isTest(path) || isCodeFile(path),
    writable: settings.writable ?? [],
    straceMounts: await straceMounts(shared.imageId, context),
    testGlobs: settings.tests,
    progress: () => undefined,
  };
}

function seal(
  work: RunChecks,
  { tree, evidence, environment }: { tree: string; evidence: EvidenceEntries; environment: Environment },
  { blobs }: RunnerContext,
): Extract<ChecksResult, { outcome: "checked" }>["manifest"] {
  const text = (value: string) => blobs.put(value, "text/plain");
  const json = (value: unknown) => blobs.put(canonicalJson(value), "application/json");
  const proven = Object.entries(evidence).flatMap(([name, value]) =>
    value === null ? [] : [[name, typeof value === "string" ? text(value) : json(value)]],
  );
  return {
    schema: 1,
    parent: work.parent,
    entries: {
      specification: work.specification,
      patch: work.patch,
      "base-commit": text(work.base_commit),
      tree: text(tree),
      ...Object.fromEntries(proven),
      usage: json(work.usage),
      environment: json(environment),
    },
  };
}

/** Turns a Fault or an error of the operating system into a held report. Any other error is a bug and is thrown again. */
function heldFor(error: unknown, work: RunChecks): ChecksResult {
  const fault = faultOf(error);
  const { code, detail } = holdOf(fault, "HOLD-EVIDENCE-INCOMPLETE");
  const isEngineGone = code === "HOLD-DOCKER-UNAVAILABLE";
  return heldReport(code, detail, {
    // Repeating checks costs nothing, but only failures that can pass are worth a retry.
    retry_free: fault.retry || isEngineGone,
    patch: work.patch,
  });
}
