/** The rules for files that decide what the base's tests load or compare with (SECURITY T27, T28). They ask. The tests themselves ran with the base's version of every file that only tests use. */
import { bounded, type Fact, type WatchedPaths } from "@aedev/contracts";
import type { ChangeEvidence } from "./risk/change-evidence.ts";
import { pathsWithoutBehaviour } from "./risk/change-kind.ts";

/** The input of these rules. */
export type WatchedEvidence = Pick<
  ChangeEvidence,
  "watched" | "pathReport" | "checks" | "testChanges" | "changeKinds" | "dependencyRecords"
>;

/** Why a person has to review files outside the tests that this change adds or edits; empty if there is no reason. */
export function watchedAsks(evidence: WatchedEvidence): Fact[] {
  const { watched, pathReport, checks, testChanges } = evidence;
  // Without checks there is nothing to watch, and the missing checks already ask.
  if (pathReport === null || checks === null || checks.status === "none") return [];
  if (watched === null || watched.omitted > 0) return [{ kind: "unwatched" }];
  const asked = new Set(pathReport.never_by_itself.map(({ path }) => path));
  const added = pathReport.files.filter(({ status }) => status === "added").map(({ path }) => path);
  const kept = pathReport.files.filter(({ status, path }) => status !== "added" && !asked.has(path));
  const support = new Set(watched.support);
  // A new function that no existing code names affects existing tests no more than a new file does; a new row is a new case.
  for (const path of [...(testChanges?.only_adds_functions ?? []), ...(testChanges?.only_adds_rows ?? [])])
    support.delete(path);
  // Nor does a helper that only moved or got another name.
  for (const path of pathsWithoutBehaviour(evidence)) support.delete(path);
  const tests = new Set(testChanges?.files.flatMap(({ path, added_tests }) => (added_tests.length > 0 ? [path] : [])));
  const hasTests = (path: string) => tests.has(path);
  return [
    ...added.flatMap((path) => takeovers(path, watched, hasTests)),
    ...kept
      .filter(({ path }) => support.has(path))
      .map(({ path }): Fact => ({ kind: "test-support", path: bounded(path) })),
  ];
}

function takeovers(path: string, watched: WatchedPaths, hasTests: (path: string) => boolean): Fact[] {
  const { probed, modules, module_folders } = watched;
  const places = new Set(probed);
  const place = [path, ...foldersOf(path)].find((one) => places.has(one));
  if (place !== undefined) return [{ kind: "takeover", path: bounded(path), probed: bounded(place), module: false }];
  const known = new Set(modules);
  const module =
    module_folders.map((folder) => moduleIn(folder, path)).find((name) => name !== null && known.has(name)) ??
    (hasTests(path) ? null : ownModule(path, watched));
  return module == null ? [] : [{ kind: "takeover", path: bounded(path), probed: bounded(module), module: true }];
}

/** The name of a new module, if the tests load a module of that name from another folder of the repository: the order of folders decides which of the two is loaded. */
function ownModule(path: string, { opened, module_folders }: WatchedPaths): string | null {
  for (const folder of module_folders) {
    const name = moduleAt(folder, path);
    const isThere = opened.some((one) => moduleAt(folder, one) === name);
    const isIn = (other: string) => other !== folder && opened.some((one) => moduleIn(other, one) === name);
    if (name !== null && !isThere && module_folders.some(isIn)) return name;
  }
  return null;
}

/** The top-level module that this file is, or whose package it creates. */
function moduleAt(folder: string, path: string): string | null {
  const name = moduleIn(folder, path);
  const inside = folder === "" ? path : path.slice(folder.length + 1);
  const isOne = name !== null && (/^\w+\/__init__\./u.test(inside) || !inside.includes("/"));
  return isOne ? name : null;
}

/** The top-level module that the file is or belongs to, if Python imports from `folder`. */
function moduleIn(folder: string, path: string): string | null {
  const inside = folder === "" ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
  const found = inside === null ? null : /^([A-Za-z_]\w*)(?:\/|\.(?:py|pyc|so|[\w-]+\.so)$)/u.exec(inside);
  return found?.[1] ?? null;
}

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
