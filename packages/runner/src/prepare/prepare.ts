/**
 * Prepares a repository's dependencies in two steps (SECURITY T8): fetch, which reaches registries and sees only manifests; and build, without network on the
 * whole tree. Their outputs become one content-addressed archive under `prepared/`, which later runs with the same key reuse.
 *
 * Folder: installing dependencies in two steps.
 */

import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Fault, type PlacedSubmodule, type RepositorySettings, type RunLimits, shellWord } from "@aedev/contracts";
import { homeLayout } from "@aedev/host/home-layout";
import { runShell, type ShellResult } from "../engine/clean-container.ts";
import type { RunnerContext } from "../engine/context.ts";
import type { Mount } from "../engine/engine.ts";
import { openObjects } from "../tree/candidate.ts";
import { sameEntries } from "../tree/cells.ts";
import { type CheckEntries, layOut, type Objects, readCheckTree, writeCheckTree } from "../tree/check-tree.ts";
import { deleteFolder, handOver } from "../tree/run-folder.ts";
import { makeFolder } from "./archive.ts";
import { noteUse } from "./bound-archives.ts";
import { type BuildWrites, buildWrites, listScript, readListing } from "./build-writes.ts";
import { buildEnvironment, containerCacheFolder } from "./environment.ts";
import { errorExcerpt } from "./error-excerpt.ts";
import { runFetch } from "./fetch.ts";
import { cacheKeyOf, inputEntries, outputPaths } from "./inputs.ts";
import { keepArchive, readRecord } from "./kept-outputs.ts";

export interface PrepareRequest {
  repository: string;
  baseCommit: string;
  /** Submodules of the base that are filled; absent if none are. */
  submodules?: readonly PlacedSubmodule[] | undefined;
  settings: RepositorySettings;
  limits: RunLimits;
  /** Id of the image that the steps run in. */
  imageId: string;
  /** More labels for the containers, e.g. their run. */
  labels?: Readonly<Record<string, string>>;
  /** The tree of a change. If its inputs (with a build step: any file) differ from the base's, it is prepared under its own key. */
  candidate?: { objects: Objects; entries: CheckEntries };
  /** One readable line at the start of each step. */
  progress?: (text: string) => void;
}
export interface Prepared {
  /** Null if the repository has nothing to prepare. */
  cacheKey: string | null;
  archivePath: string | null;
  /** The fetch step's files that the build step changed; null without both steps. */
  writes: BuildWrites | null;
}

const underWay = new Map<string, Promise<Prepared>>();

/** Throws a Fault `HOLD-PREPARE-FAILED` with an excerpt of the output as detail, or the engine's Faults. */
export async function ensurePrepared(request: PrepareRequest, context: RunnerContext): Promise<Prepared> {
  const { settings } = request;
  if (settings.prepare === null && settings.build === null) return { cacheKey: null, archivePath: null, writes: null };
  const outputs = outputPaths(settings);
  const store = homeLayout(context.home).prepared;
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const work = join(store, `.work-${randomBytes(8).toString("hex")}`);
  mkdirSync(work, { mode: 0o700 });
  try {
    const objects = await openObjects(context, request.repository, join(work, "git"), request.submodules);
    const base = await readCheckTree(objects, request.baseCommit).catch((cause: unknown) => {
      throw new Fault("HOLD-FETCH-FAILED", "the base is not in the mirror", { detail: "base", cause });
    });
    const source = sourceOf(request, { objects, entries: base });
    const { inputs } = source;
    const { registries } = context;
    const named = { of: source.of, repository: request.repository, inputs, outputs, settings, registries };
    const tree = settings.build === null ? null : await writeCheckTree(source.objects, source.entries);
    const cacheKey = cacheKeyOf({ ...named, tree, imageId: request.imageId }, context.sha256);
    const known = readRecord(store, cacheKey);
    if (known !== null) return { cacheKey, ...known };
    const running = underWay.get(cacheKey);
    if (running !== undefined) {
      const prepared = await running;
      if (prepared.archivePath !== null) noteUse(prepared.archivePath);
      return prepared;
    }
    const made = (async () => {
      const inputTree = await writeCheckTree(source.objects, inputs);
      await layOut(source.objects, inputTree, join(work, "repo"));
      if (tree !== null) await layOut(source.objects, tree, join(work, "base"));
      await makeFolder(join(work, "packed"), context.user);
      const what = { request, work, outputs };
      await runPrepareCommands(what, context);
      await packOutputs(what, context);
      const writes = await writesOfBuild(what);
      return { cacheKey, archivePath: keepArchive({ store, cacheKey, work, writes }), writes };
    })().finally(() => underWay.delete(cacheKey));
    underWay.set(cacheKey, made);
    return await made;
  } finally {
    await deleteFolder(work);
  }
}

interface Source {
  of: "base" | "candidate";
  objects: Objects;
  entries: CheckEntries;
  inputs: CheckEntries;
}

/** Prepares a candidate like its base if it changes nothing that a step sees; a build step sees the whole tree. */
function sourceOf(request: PrepareRequest, base: { objects: Objects; entries: CheckEntries }): Source {
  const { settings, candidate } = request;
  const inputs = inputEntries(base.entries, settings);
  if (candidate === undefined) return { of: "base", ...base, inputs };
  const own = inputEntries(candidate.entries, settings);
  const isAsBase =
    sameEntries(own, inputs) && (settings.build === null || sameEntries(candidate.entries, base.entries));
  if (isAsBase) return { of: "base", ...base, inputs };
  return { of: "candidate", ...candidate, inputs: own };
}

/** One preparation: its folder on the host, and the paths of its outputs. */
interface Preparation {
  readonly request: PrepareRequest;
  readonly work: string;
  readonly outputs: readonly string[];
}

async function runPrepareCommands(what: Preparation, context: RunnerContext): Promise<void> {
  const { request, work } = what;
  const { settings } = request;
  await handOver([join(work, "repo")], context.user);
  await makeFolder(join(work, "cache"), context.user);
  const mounts: Mount[] = [
    { source: join(work, "repo"), target: "/workspace/repo", readOnly: false },
    { source: join(work, "cache"), target: containerCacheFolder, readOnly: false },
  ];
  if (settings.prepare !== null) {
    request.progress?.(`prepare: ${settings.prepare}`);
    const { result, refusals } = await runFetch({ ...common(request), command: settings.prepare, mounts }, context);
    requireSuccess("fetch", result, refusals);
  }
  if (settings.build !== null) {
    request.progress?.(`build: ${settings.build}`);
    if (buildsOnFetched(request)) await readOutputs(what, listScript(quoted(what), "/packed/fetched"), context);
    await handOver([join(work, "base")], context.user);
    const built = await runShell(
      {
        ...common(request),
        // Copies inside the container, so that the host never writes into the fetch step's files.
        command: `cp -a /workspace/base/. /workspace/repo/ || exit 1\n${settings.build}`,
        environment: buildEnvironment,
        mounts: [...mounts, { source: join(work, "base"), target: "/workspace/base", readOnly: true }],
      },
      context,
    );
    requireSuccess("build", built);
  }
}

/** Packs the existing outputs into one tar, in a container, because the host must not walk files that a container wrote. */
async function packOutputs(what: Preparation, context: RunnerContext): Promise<void> {
  const list = buildsOnFetched(what.request) ? `\n${listScript(quoted(what), "/packed/built")} || true` : "";
  const packed = await readOutputs(what, `${packScript(quoted(what))} || exit 1${list}`, context);
  requireSuccess("outputs", packed);
}

/** Runs a command of ours with read-only access to the steps' files. It writes to `/packed`. */
async function readOutputs(
  { request, work }: Preparation,
  command: string,
  context: RunnerContext,
): Promise<ShellResult> {
  return runShell(
    {
      ...common(request),
      command,
      environment: {},
      mounts: [
        { source: join(work, "repo"), target: "/workspace/repo", readOnly: true },
        { source: join(work, "packed"), target: "/packed", readOnly: false },
      ],
      limits: { ...request.limits, file_size_bytes: request.limits.run_bytes },
    },
    context,
  );
}

/** True if a build step may alter files of a fetch step. */
function buildsOnFetched({ settings }: PrepareRequest): boolean {
  return settings.prepare !== null && settings.build !== null;
}

async function writesOfBuild({ request, work, outputs }: Preparation): Promise<BuildWrites | null> {
  if (!buildsOnFetched(request)) return null;
  const packed = join(work, "packed");
  return buildWrites(await readListing(packed, "fetched"), await readListing(packed, "built"), outputs);
}

function quoted({ outputs }: Preparation): string {
  return outputs.map(shellWord).join(" ");
}

/** Packs a folder's entries without the folder, which may be a mount point with a fixed mode when it is unpacked. `outputs`: quoted for the shell. */
function packScript(outputs: string): string {
  return `made=
for output in ${outputs}; do [ ! -e "./$output" ] || made=yes; done
[ -n "$made" ] || { echo 'none of the outputs exists'; exit 1; }
for output in ${outputs}; do
  if [ -d "./$output" ] && [ ! -L "./$output" ]; then find "./$output" -mindepth 1 -maxdepth 1 -print0
  elif [ -e "./$output" ]; then printf '%s\\0' "./$output"; fi
done | tar --null -T - -cf /packed/outputs.tar`;
}

function common(request: PrepareRequest) {
  return {
    imageId: request.imageId,
    workingFolder: "/workspace/repo",
    limits: request.limits,
    timeoutMs: request.limits.prepare_timeout_ms,
    labels: { "aedev.kind": "prepare", ...request.labels },
  };
}

/** Characters of a failed step's output in a hold's detail. */
const outputCharactersMax = 440;

function requireSuccess(step: string, result: ShellResult, refusals: readonly string[] = []): void {
  // Lost output does not matter if the step succeeded.
  if (result.exitCode === 0 && (result.stopped === null || !result.isWhole)) return;
  if (result.wasKilled)
    throw new Fault("HOLD-DOCKER-UNAVAILABLE", `the container of the ${step} step of prepare was killed`, {
      detail: `the container of the ${step} step of prepare was killed (exit_${result.exitCode})`,
      retry: true,
    });
  const why = result.stopped ?? (result.timedOut ? "it took too long" : `exit ${result.exitCode}`);
  const refusal = refusals.length === 0 ? "" : `${refusals[0]}: `;
  const tail = `${refusal}${errorExcerpt(result.output, outputCharactersMax - refusal.length)}`;
  throw new Fault("HOLD-PREPARE-FAILED", `the ${step} step of prepare failed: ${why}`, {
    detail: `${step}: ${why}: ${tail}`.slice(0, 500),
    hint:
      refusals.length === 0
        ? "with another command: aedev repo add PATH --prepare COMMAND"
        : "prepare.registries in config.yaml lists the allowed registries",
  });
}
