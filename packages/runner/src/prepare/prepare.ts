/**
 * Prepares a repository's dependencies in two steps (THREATS T8): fetch, which reaches registries and sees only manifests; build, without
 * network on the whole tree. Their outputs become one content-addressed archive under `prepared/`, which later runs with the same key reuse.
 * The archive is copied and synced here, because it is too large for host's durable files, which are written in one piece.
 */

import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import {
  canonicalJson,
  Fault,
  type RepositorySettings,
  type RunLimits,
  sha256Schema,
  shellWord,
} from "@aedev/contracts";
import { writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { runShell, type ShellResult } from "../engine/clean-container.ts";
import type { RunnerContext } from "../engine/context.ts";
import type { Mount } from "../engine/engine.ts";
import { openObjects } from "../tree/candidate.ts";
import { sameEntries } from "../tree/cells.ts";
import { type CheckEntries, layOut, type Objects, readCheckTree, writeCheckTree } from "../tree/check-tree.ts";
import { deleteFolder, handOver } from "../tree/run-folder.ts";
import { makeFolder } from "./archive.ts";
import { buildEnvironment, containerCacheFolder } from "./environment.ts";
import { errorExcerpt } from "./error-excerpt.ts";
import { runFetch } from "./fetch.ts";
import { cacheKeyOf, inputEntries, outputPaths } from "./inputs.ts";

export interface PrepareRequest {
  repository: string;
  baseCommit: string;
  settings: RepositorySettings;
  limits: RunLimits;
  /** Id of the image that the steps run in. */
  imageId: string;
  /** More labels for the containers, e.g. their run. */
  labels?: Readonly<Record<string, string>>;
  /** The tree of a change. If its inputs (with a build step: any file) differ from the base's, it is prepared separately under its own key. */
  candidate?: { objects: Objects; entries: CheckEntries };
}
export interface Prepared {
  /** Null if the repository has nothing to prepare. */
  cacheKey: string | null;
  archivePath: string | null;
}

const recordSchema = z.strictObject({ schema: z.literal(1), archive: sha256Schema });
/** The container's user must be able to read the mounted file; its folder stays private. */
const archiveMode = 0o644;
const copyChunkBytes = 1024 * 1024;
const underWay = new Map<string, Promise<Prepared>>();

/** Throws a Fault `HOLD-PREPARE-FAILED` with an excerpt of the output as detail, or the engine's Faults. */
export async function ensurePrepared(request: PrepareRequest, context: RunnerContext): Promise<Prepared> {
  const { settings } = request;
  if (settings.prepare === null && settings.build === null) return { cacheKey: null, archivePath: null };
  const outputs = outputPaths(settings);
  const store = homeLayout(context.home).prepared;
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const work = join(store, `.work-${randomBytes(8).toString("hex")}`);
  mkdirSync(work, { mode: 0o700 });
  try {
    const objects = await openObjects(context, request.repository, join(work, "git"));
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
    if (known !== null) return { cacheKey, archivePath: known };
    const running = underWay.get(cacheKey);
    if (running !== undefined) return await running;
    const made = (async () => {
      const inputTree = await writeCheckTree(source.objects, inputs);
      await layOut(source.objects, inputTree, join(work, "repo"));
      if (tree !== null) await layOut(source.objects, tree, join(work, "base"));
      await runPrepareCommands(request, work, context);
      await packOutputs({ request, work, outputs }, context);
      return { cacheKey, archivePath: keepArchive(store, cacheKey, work) };
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

/** A candidate that changes nothing a step can see is prepared like its base; a build step sees the whole tree. */
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

async function runPrepareCommands(request: PrepareRequest, work: string, context: RunnerContext): Promise<void> {
  const { settings } = request;
  await handOver([join(work, "repo")], context.user);
  await makeFolder(join(work, "cache"), context.user);
  const mounts: Mount[] = [
    { source: join(work, "repo"), target: "/workspace/repo", readOnly: false },
    { source: join(work, "cache"), target: containerCacheFolder, readOnly: false },
  ];
  if (settings.prepare !== null) {
    const { result, refusals } = await runFetch({ ...common(request), command: settings.prepare, mounts }, context);
    requireSuccess("fetch", result, refusals);
  }
  if (settings.build !== null) {
    await handOver([join(work, "base")], context.user);
    const built = await runShell(
      {
        ...common(request),
        // The copy happens in the container, so that the host never writes into what the fetch step left.
        command: `cp -a /workspace/base/. /workspace/repo/ || exit 1\n${settings.build}`,
        environment: buildEnvironment,
        mounts: [...mounts, { source: join(work, "base"), target: "/workspace/base", readOnly: true }],
      },
      context,
    );
    requireSuccess("build", built);
  }
}

/** Packs the existing outputs into one tar, in a container: the host must not walk files that a container wrote. */
async function packOutputs(
  what: { request: PrepareRequest; work: string; outputs: readonly string[] },
  context: RunnerContext,
): Promise<void> {
  const { request, work, outputs } = what;
  await makeFolder(join(work, "packed"), context.user);
  const quoted = outputs.map(shellWord).join(" ");
  const packed = await runShell(
    {
      ...common(request),
      command: packScript(quoted),
      environment: {},
      mounts: [
        { source: join(work, "repo"), target: "/workspace/repo", readOnly: true },
        { source: join(work, "packed"), target: "/packed", readOnly: false },
      ],
      limits: { ...request.limits, file_size_bytes: request.limits.run_bytes },
    },
    context,
  );
  requireSuccess("outputs", packed);
}

/**
 * Packs a folder's entries but not the folder, which can be a mount point with a fixed mode when it is unpacked. `outputs`: quoted for the shell.
 */
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
  const why = result.stopped ?? (result.timedOut ? "it took too long" : `exit ${result.exitCode}`);
  const said = refusals.length === 0 ? "" : `${refusals[0]}: `;
  const tail = `${said}${errorExcerpt(result.output, outputCharactersMax - said.length)}`;
  throw new Fault("HOLD-PREPARE-FAILED", `the ${step} step of prepare failed: ${why}`, {
    detail: `${step}: ${why}: ${tail}`.slice(0, 500),
    hint:
      refusals.length === 0
        ? "with another command: aedev repo add PATH --prepare COMMAND"
        : "prepare.registries in config.yaml lists the allowed registries",
  });
}

/** The archive of a finished key, re-hashed; null if it is missing, its record is unreadable or its bytes do not match its name. */
function readRecord(store: string, cacheKey: string): string | null {
  const path = join(store, `${cacheKey}.json`);
  if (!existsSync(path)) return null;
  const record = recordSchema.safeParse(parseJson(readFileSync(path, "utf8")));
  if (!record.success) return null;
  const archive = join(store, `${record.data.archive}.tar`);
  if (!existsSync(archive) || copyHashed(archive, null) !== record.data.archive) return null;
  return archive;
}

/** Unfinished files stay in `work`, which is always deleted: on a full disk nothing of them must remain. */
function keepArchive(store: string, cacheKey: string, work: string): string {
  const temporary = join(work, "kept");
  const digest = copyHashed(join(work, "packed", "outputs.tar"), temporary);
  const archive = join(store, `${digest}.tar`);
  renameSync(temporary, archive);
  writeDurably(join(store, `${cacheKey}.json`), canonicalJson({ schema: 1, archive: digest }));
  return archive;
}

/** SHA-256 of a regular file, which is also copied to `to` if given. A link, pipe or device at the path is a Fault. */
function copyHashed(from: string, to: string | null): string {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const target = to === null ? null : openSync(to, "wx", archiveMode);
  try {
    if (!fstatSync(source).isFile())
      throw new Fault("HOLD-PREPARE-FAILED", "the packed outputs are not a regular file", { detail: "outputs" });
    const hash = createHash("sha256");
    const chunk = Buffer.alloc(copyChunkBytes);
    for (let size = readSync(source, chunk); size > 0; size = readSync(source, chunk)) {
      hash.update(chunk.subarray(0, size));
      for (let at = 0; target !== null && at < size; ) at += writeSync(target, chunk, at, size - at);
    }
    if (target !== null) fsyncSync(target);
    return hash.digest("hex");
  } finally {
    closeSync(source);
    if (target !== null) closeSync(target);
  }
}
