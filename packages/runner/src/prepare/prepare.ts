/**
 * Prepares a repository's dependencies in two steps (THREATS T8): fetch, which reaches registries and sees only manifests; build, without
 * network on the whole tree. Their outputs become one content-addressed archive under `prepared/`; a second need for the same key runs nothing.
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
import { canonicalJson, Fault, type RepositorySettings, type RunLimits, sha256Schema } from "@aedev/core/wire";
import { z } from "zod";
import { openObjects } from "../checks/candidate.ts";
import { sameEntries } from "../checks/cells.ts";
import { runShell, type ShellResult } from "../checks/container.ts";
import { type Entries, layOut, type Objects, readEntries, writeEntries } from "../checks/tree.ts";
import type { RunnerContext } from "../context.ts";
import type { Mount } from "../engine.ts";
import { deleteFolder, handOver } from "../worktree/run-folder.ts";
import { makeFolder } from "./archive.ts";
import { buildEnvironment, cacheFolder } from "./environment.ts";
import { runFetch } from "./fetch.ts";
import { cacheKeyOf, inputEntries, outputPaths } from "./inputs.ts";
import { tellingLines } from "./telling-lines.ts";

export interface PrepareRequest {
  repository: string;
  baseCommit: string;
  settings: RepositorySettings;
  limits: RunLimits;
  /** The image the steps run in, by id. */
  imageId: string;
  /** Further labels of the containers, e.g. of the run they are for. */
  labels?: Readonly<Record<string, string>>;
  /** The tree of a change. Where its inputs (with a build step: any of its files) are others than the base's it is prepared by itself, under a name that no base has; else as the base. */
  candidate?: { objects: Objects; entries: Entries };
}
export interface Prepared {
  /** Null where the repository has nothing to prepare. */
  cacheKey: string | null;
  archivePath: string | null;
}

const recordSchema = z.strictObject({ schema: z.literal(1), archive: sha256Schema });
/** Readable for the container's user, who gets the file mounted; the folder around it is ours alone. */
const archiveMode = 0o644;
const copyChunkBytes = 1024 * 1024;
const underWay = new Map<string, Promise<Prepared>>();

/** Throws a Fault `HOLD-PREPARE-FAILED` with the output's end as detail, or the engine's Faults. */
export async function ensurePrepared(request: PrepareRequest, context: RunnerContext): Promise<Prepared> {
  const { settings } = request;
  if (settings.prepare === null && settings.build === null) return { cacheKey: null, archivePath: null };
  const outputs = outputPaths(settings);
  const store = join(context.home, "prepared");
  mkdirSync(store, { recursive: true, mode: 0o700 });
  const work = join(store, `.work-${randomBytes(8).toString("hex")}`);
  mkdirSync(work, { mode: 0o700 });
  try {
    const objects = await openObjects(context, request.repository, join(work, "git"));
    const base = await readEntries(objects, request.baseCommit).catch((cause: unknown) => {
      throw new Fault("HOLD-FETCH-FAILED", "the base is not in the mirror", { detail: "base", cause });
    });
    const source = sourceOf(request, { objects, entries: base });
    const { inputs } = source;
    const { registries } = context;
    const named = { of: source.of, repository: request.repository, inputs, outputs, settings, registries };
    const tree = settings.build === null ? null : await writeEntries(source.objects, source.entries);
    const cacheKey = cacheKeyOf({ ...named, tree, imageId: request.imageId }, context.sha256);
    const known = readRecord(store, cacheKey);
    if (known !== null) return { cacheKey, archivePath: known };
    const running = underWay.get(cacheKey);
    if (running !== undefined) return await running;
    const made = (async () => {
      const inputTree = await writeEntries(source.objects, inputs);
      await layOut(source.objects, inputTree, join(work, "repo"));
      if (tree !== null) await layOut(source.objects, tree, join(work, "base"));
      await runSteps(request, work, context);
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
  entries: Entries;
  inputs: Entries;
}

/** A candidate that leaves alone whatever a step sees is prepared as its base is; a build step sees the whole tree. */
function sourceOf(request: PrepareRequest, base: { objects: Objects; entries: Entries }): Source {
  const { settings, candidate } = request;
  const inputs = inputEntries(base.entries, settings);
  if (candidate === undefined) return { of: "base", ...base, inputs };
  const own = inputEntries(candidate.entries, settings);
  const isAsBase =
    sameEntries(own, inputs) && (settings.build === null || sameEntries(candidate.entries, base.entries));
  if (isAsBase) return { of: "base", ...base, inputs };
  return { of: "candidate", ...candidate, inputs: own };
}

async function runSteps(request: PrepareRequest, work: string, context: RunnerContext): Promise<void> {
  const { settings } = request;
  await handOver([join(work, "repo")], context.user);
  await makeFolder(join(work, "cache"), context.user);
  const mounts: Mount[] = [
    { source: join(work, "repo"), target: "/workspace/repo", readOnly: false },
    { source: join(work, "cache"), target: cacheFolder, readOnly: false },
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
        // The copy happens inside, so that the host never writes among what the fetch step left.
        command: `cp -a /workspace/base/. /workspace/repo/ || exit 1\n${settings.build}`,
        environment: buildEnvironment,
        mounts: [...mounts, { source: join(work, "base"), target: "/workspace/base", readOnly: true }],
        network: "none",
      },
      context,
    );
    requireSuccess("build", built);
  }
}

/** One tar of the outputs that exist, made in a container: the host does not walk what a container wrote. */
async function packOutputs(
  what: { request: PrepareRequest; work: string; outputs: readonly string[] },
  context: RunnerContext,
): Promise<void> {
  const { request, work, outputs } = what;
  await makeFolder(join(work, "packed"), context.user);
  const quoted = outputs.map((output) => `'${output.replaceAll("'", "'\\''")}'`).join(" ");
  const packed = await runShell(
    {
      ...common(request),
      command: packScript(quoted),
      environment: {},
      mounts: [
        { source: join(work, "repo"), target: "/workspace/repo", readOnly: true },
        { source: join(work, "packed"), target: "/packed", readOnly: false },
      ],
      network: "none",
      limits: { ...request.limits, file_size_bytes: request.limits.run_bytes },
    },
    context,
  );
  requireSuccess("outputs", packed);
}

/**
 * Of a folder its entries are packed and not itself: where it is unpacked, it may be a mount point whose mode can't be changed.
 * `outputs`: quoted for the shell.
 */
function packScript(outputs: string): string {
  return `made=
for output in ${outputs}; do [ ! -e "./$output" ] || made=yes; done
[ -n "$made" ] || { echo 'none of the outputs was made'; exit 1; }
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
const outputCharactersMax = 300;

function requireSuccess(step: string, result: ShellResult, refusals: readonly string[] = []): void {
  // What a step prints is only told where it fails.
  if (result.exitCode === 0 && (result.stopped === null || !result.isWhole)) return;
  const why = result.stopped ?? (result.timedOut ? "it took too long" : `exit ${result.exitCode}`);
  const said = refusals.length === 0 ? "" : `${refusals[0]}: `;
  const tail = `${said}${tellingLines(result.output, outputCharactersMax - said.length)}`;
  throw new Fault("HOLD-PREPARE-FAILED", `the ${step} step of prepare failed: ${why}`, {
    detail: `${step}: ${why}: ${tail}`.slice(0, 500),
    hint:
      refusals.length === 0 ? "aedev repo add --prepare" : "prepare.registries in config.yaml names what it may reach",
  });
}

/** The archive of a finished key, re-hashed; null where there is none, where its record can't be read, or its bytes are not what its name says. */
function readRecord(store: string, cacheKey: string): string | null {
  const path = join(store, `${cacheKey}.json`);
  if (!existsSync(path)) return null;
  const record = recordSchema.safeParse(jsonOf(readFileSync(path, "utf8")));
  if (!record.success) return null;
  const archive = join(store, `${record.data.archive}.tar`);
  if (!existsSync(archive) || copyHashed(archive, null) !== record.data.archive) return null;
  return archive;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is not finished lies in `work`, which goes whatever happens: on a full disk nothing may stay of it. */
function keepArchive(store: string, cacheKey: string, work: string): string {
  const temporary = join(work, "kept");
  const digest = copyHashed(join(work, "packed", "outputs.tar"), temporary);
  const archive = join(store, `${digest}.tar`);
  renameSync(temporary, archive);
  const record = openSync(temporary, "wx", 0o600);
  writeSync(record, canonicalJson({ schema: 1, archive: digest }));
  fsyncSync(record);
  closeSync(record);
  renameSync(temporary, join(store, `${cacheKey}.json`));
  return archive;
}

/** SHA-256 of a regular file, copied on the way where `to` is given. A link, pipe or device at the path is a Fault. */
function copyHashed(from: string, to: string | null): string {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const target = to === null ? null : openSync(to, "wx", archiveMode);
  try {
    if (!fstatSync(source).isFile())
      throw new Fault("HOLD-PREPARE-FAILED", "the packed outputs are no file", { detail: "outputs" });
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
