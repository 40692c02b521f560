/** Builds one planted bundle: its patch's findings are derived as for real evidence, the rest is copied from the past bundle. It signs and appends nothing. */

import {
  type BundleManifest,
  canonicalJson,
  changeKindsSchema,
  type EvidenceName,
  Fault,
  nullOn,
  specificationSchema,
  type TestMatrix,
  testChangesSchema,
  testMatrixSchema,
  usageSchema,
} from "@aedev/contracts";
import { summarizeChecks, testKinds } from "@aedev/core";
import { applyHunks } from "@aedev/host/patch/edit-patch";
import { languageOf } from "@aedev/languages";
import { newId } from "../control/control.ts";
import type { Blobs, Mirrors } from "../control/parts.ts";
import { readPolicy } from "../control/read-blobs.ts";
import { deriveFindings, filesThatBuild } from "../findings/derive-findings.ts";
import { picturesOf } from "../findings/kinds/pictures.ts";
import { derivePathReport } from "../findings/paths/path-report.ts";
import { type DerivedChange, deriveChange } from "../git/change.ts";
import { linesNaming } from "../git/find-namers.ts";
import { readBlobs } from "../git/mirror.ts";
import type { OpenedChange } from "./past-changes.ts";
import type { CountSyntaxErrors, SourceText } from "./syntax-errors.ts";

/** Returns a whole number from 0 to below its argument. */
export type Choose = (below: number) => number;
type Entries = BundleManifest["entries"];

type Building = { control: Blobs & Mirrors; pick: Choose; countSyntaxErrors: CountSyntaxErrors };

/** The planted bundle's manifest, with its blobs stored; null if the planted patch could not be real evidence. */
export async function buildCanary(
  past: OpenedChange,
  patchText: string,
  { control, pick, countSyntaxErrors }: Building,
): Promise<BundleManifest | null> {
  const patch = Buffer.from(patchText);
  const mirror = control.mirror(past.task.repository);
  // If git would not print the patch this way, another one is tried.
  const change = await deriveChange({ ...mirror, baseCommit: past.baseCommit, patch }).catch(
    nullOn("HOLD-PATCH-UNSAFE"),
  );
  if (change === null || !(await isReadable(past, change, countSyntaxErrors))) return null;
  const json = (value: unknown) => control.blobs.put(canonicalJson(value), "application/json");
  const reports = await reportsOn({ past, change, patch, control, json });
  if (reports === null) return null;
  const matrix = jitteredMatrix(readEntry(past, "test-matrix", control, testMatrixSchema), pick);
  // The real change's tests, because a missing renamed test would give the planted bundle away.
  const testChanges = readEntry(past, "test-changes", control, testChangesSchema);
  const { renames: newNames } =
    past.manifest.entries["change-kinds"] === undefined
      ? {}
      : readEntry(past, "change-kinds", control, changeKindsSchema);
  const usage = readEntry(past, "usage", control, usageSchema);
  // Every bundle has its own mission id, so that a plane can't recognize a planted bundle by a shared id.
  const specification = { ...readEntry(past, "specification", control, specificationSchema), mission_id: newId("m") };
  return {
    schema: 1,
    parent: null,
    entries: {
      ...past.manifest.entries,
      ...reports,
      specification: json(specification),
      patch: control.blobs.put(patch, past.manifest.entries.patch?.media_type ?? "text/x-patch"),
      tree: control.blobs.put(change.tree, "text/plain"),
      checks: json(summarizeChecks(matrix, { ...testKinds(testChanges), newNames })),
      "test-matrix": json(matrix),
      usage: json({ ...usage, output_tokens: jitteredCount(usage.output_tokens, pick) }),
    },
  };
}

/** A text that no parser can read would give the planted bundle away. */
async function isReadable(
  { source }: OpenedChange,
  change: DerivedChange,
  countSyntaxErrors: CountSyntaxErrors,
): Promise<boolean> {
  const versions = source.files.flatMap(({ oldPath, newPath, hunks }): SourceText[] => {
    const planted = newPath === null ? null : change.newBytes(newPath);
    if (newPath === null || planted === null || languageOf(newPath) === null) return [];
    const before = applyHunks(oldPath === null ? "" : (source.oldTexts.get(oldPath) ?? ""), hunks) ?? "";
    const now = Buffer.from(planted).toString("utf8");
    return now === before ? [] : [before, now].map((text) => ({ path: newPath, text }));
  });
  const counts = await countSyntaxErrors(versions);
  return counts.every((now, line) => {
    const before = line % 2 === 0 ? now : counts[line - 1];
    return now !== null && before != null && now <= before;
  });
}

/** Derives names and sizes again, and lost tests only if a test was touched, because only then can they differ. Null: no judge would be shown this. */
async function reportsOn(options: {
  past: OpenedChange;
  change: DerivedChange;
  patch: Uint8Array;
  control: Blobs & Mirrors;
  json: (value: unknown) => NonNullable<Entries["patch"]>;
}): Promise<Entries | null> {
  const { past, change, patch, control, json } = options;
  const policy = readPolicy(control, past.task);
  const { folder, build = null, tests = [] } = past.task.settings ?? {};
  const mirror = control.mirror(past.task.repository);
  const readUnchanged = (paths: readonly string[]) => readBlobs({ ...mirror, commit: past.baseCommit, paths });
  if (!touchesTest(past, change)) {
    const { changed, renames, basePaths, linkTargets } = change;
    const buildFiles = await filesThatBuild({ change, build, tests, readUnchanged });
    const manifests = manifestsOf(change);
    const files = { files: changed, renames: [...renames], basePaths, linkTargets, buildFiles, manifests };
    const pictures = picturesOf(change);
    return { "path-report": json(derivePathReport({ ...files, pictures, policy, folder })) };
  }
  const found = await deriveFindings({
    ...{ change, patch, policy, folder, build, tests, readUnchanged },
    linesNaming: (names) => linesNaming(names, { ...mirror, commit: past.baseCommit }),
  });
  const { pathReport, secretReport, dependencyChanges, testChanges } = found;
  if (secretReport.findings.length + pathReport.forbidden.length + pathReport.unsafe.length > 0) return null;
  return {
    "path-report": json(pathReport),
    "secret-report": json(secretReport),
    "dependency-changes": json(dependencyChanges),
    "test-changes": json(testChanges),
  };
}

function touchesTest({ source, manifest }: OpenedChange, change: DerivedChange): boolean {
  if (manifest.entries["test-changes"] === undefined) return true;
  return source.files.some(({ oldPath, newPath, hunks }) => {
    const path = newPath ?? oldPath;
    if (path === null || !source.isTest(path)) return false;
    const before = applyHunks(oldPath === null ? "" : (source.oldTexts.get(oldPath) ?? ""), hunks);
    const now = newPath === null ? null : change.newBytes(newPath);
    return now === null || Buffer.from(now).toString("utf8") !== before;
  });
}

function manifestsOf(change: DerivedChange): Map<string, { before: string | null; after: string | null }> {
  const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString("utf8"));
  const paths = change.changed.map(({ path }) => path).filter((path) => /(^|\/)package\.json$/i.test(path));
  return new Map(
    paths.map((path) => [path, { before: text(change.oldBytes(path)), after: text(change.newBytes(path)) }]),
  );
}

type Schema<T> = { parse(value: unknown): T };

function readEntry<T>(past: OpenedChange, name: EvidenceName, control: Blobs, schema: Schema<T>): T {
  const blob = past.manifest.entries[name];
  if (blob === undefined) throw new Fault("blob-missing", `bundle ${past.bundleDigest} has no ${name}`);
  return schema.parse(JSON.parse(Buffer.from(control.blobs.get(blob.digest)).toString("utf8")));
}

/** The matrix, green as before, with durations varied within its own range. */
function jitteredMatrix(matrix: TestMatrix, pick: Choose): TestMatrix {
  const seen = Object.values(matrix.cells).flatMap(({ commands }) => commands.map(({ duration_ms }) => duration_ms));
  if (seen.length === 0) return matrix;
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  const cells = Object.entries(matrix.cells).map(([name, cell]) => {
    const commands = cell.commands.map((command) => ({ ...command, duration_ms: least + pick(most - least + 50) }));
    return [name, { ...cell, commands }];
  });
  return testMatrixSchema.parse({ ...matrix, cells: Object.fromEntries(cells) });
}

function jitteredCount(count: number, pick: Choose): number {
  return count + pick(Math.max(1, Math.floor(count / 20)));
}
