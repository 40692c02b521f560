/**
 * Derives findings about the names, modes and places of changed files (SECURITY T1, T7, T9, T19) from the two trees in git, never from a report of the change.
 * Pure.
 *
 * Folder: names, modes and places of changed files.
 */

import {
  type ByteChange,
  byteChangeKinds,
  type CaptureNotes,
  type ChangedFile,
  type PathReport,
} from "@aedev/contracts";
import type { Policy } from "@aedev/core";
import { isOtherBytes, pathAsRead } from "@aedev/host/git/path-text";
import { findGlob } from "@aedev/host/globs";
import { linkProblem } from "@aedev/host/link-targets";
import { comparablePath, hasGitSegment, nameProblems, twinsOf } from "@aedev/host/path-names";
import { changedKeys } from "../dependencies/package-keys.ts";

export interface PathReportInput {
  /** Every entry that differs between the base tree and the candidate tree, without rename detection. */
  readonly files: readonly ChangedFile[];
  readonly renames: PathReport["renames"];
  readonly policy: Policy;
  /** The only registered folder, whose tests do not cover the rest; undefined for the whole repository. */
  readonly folder?: string | undefined;
  /** Scripts and configurations that build the base. */
  readonly buildFiles: ReadonlySet<string>;
  /** Changed files that are nothing but pictures. */
  readonly pictures: ReadonlySet<string>;
  /** Every path of the base tree. */
  readonly basePaths: Iterable<string>;
  /** Files, folders and links to or through which the base's links lead, each with the link that decides how agents, tools or checks work. */
  readonly pointedTo?: ReadonlyMap<string, string>;
  /** Targets of the candidate tree's symbolic links, by path: at least of those that the change adds or alters, preferably of all. */
  readonly linkTargets: ReadonlyMap<string, string>;
  /** Changes of bytes that nobody edited. */
  readonly byteChanges?: readonly ByteChange[];
  /** Notes from the capture of the change, and files that it left out although changed files name them. */
  readonly captureNotes?: CaptureNotes | undefined;
  readonly notTakenNamed?: readonly string[];
  /** Both versions of each changed package.json, by path; null if absent on that side. A manifest missing here counts as changed. */
  readonly manifests: ReadonlyMap<string, { readonly before: string | null; readonly after: string | null }>;
}

const fileModes: ReadonlySet<string> = new Set(["100644", "100755", "120000"]);
const linkMode = "120000";
const gitlinkMode = "160000";

/** The most byte changes that a report lists. */
const byteChangesMax = 200;

/** The worst kinds first, so that the cap drops harmless ones. */
function worstFirst(changes: readonly ByteChange[]): ByteChange[] {
  const weightOf = ({ kind }: ByteChange) => byteChangeKinds.indexOf(kind);
  return changes.toSorted((one, other) => weightOf(one) - weightOf(other));
}

/** Contract: never throws; names each path once per rule. */
export function derivePathReport(input: PathReportInput): PathReport {
  const { byteChanges = [], notTakenNamed = [], captureNotes } = input;
  const paths = input.files.map((file) => file.path);
  const names = [...new Set([...paths, ...input.renames.flatMap((rename) => [rename.from, rename.to])])];
  return {
    files: [...input.files],
    renames: [...input.renames],
    forbidden: [...names.flatMap((path) => forbiddenName(path, input.policy)), ...input.files.flatMap(gitlinks)],
    unsafe: [...input.files.flatMap((file) => unsafeEntry(file, input)), ...unsafeTwins(input)],
    never_by_itself: [
      ...names.flatMap((path) => askedName(path, input.policy)),
      ...input.files.flatMap((file) => askedEntry(file, input)),
    ],
    ...(byteChanges.length === 0 ? {} : { byte_changes: worstFirst(byteChanges).slice(0, byteChangesMax) }),
    ...(notTakenNamed.length === 0 ? {} : { not_taken_named: [...notTakenNamed] }),
    ...(captureNotes === undefined ? {} : { capture_notes: captureNotes }),
  };
}

function forbiddenName(path: string, policy: Policy): PathReport["forbidden"] {
  const glob = findGlob(path, policy.paths.forbidden);
  return [
    ...(hasGitSegment(pathAsRead(path)) ? [{ path, rule: ".git entry" }] : []),
    ...(glob === null ? [] : [{ path, rule: glob }]),
  ];
}

function gitlinks(file: ChangedFile): PathReport["forbidden"] {
  const isGitlink = file.old_mode === gitlinkMode || file.new_mode === gitlinkMode;
  return isGitlink ? [{ path: file.path, rule: "submodule (gitlink)" }] : [];
}

function unsafeEntry(file: ChangedFile, { linkTargets }: PathReportInput): PathReport["unsafe"] {
  if (file.status === "deleted") return [];
  const problems = file.status === "added" ? nameProblems(pathAsRead(file.path)) : [];
  if (!fileModes.has(file.new_mode) && file.new_mode !== gitlinkMode) problems.push(`mode ${file.new_mode}`);
  if (file.new_mode === linkMode) {
    const problem = linkProblem(file.path, linkTargets);
    if (problem !== null) problems.push(problem);
  }
  return problems.map((why) => ({ path: file.path, why }));
}

function unsafeTwins({ files, basePaths }: PathReportInput): PathReport["unsafe"] {
  const added = files.filter((file) => file.status === "added").map((file) => file.path);
  if (added.length === 0) return [];
  const gone = new Set(files.filter((file) => file.status === "deleted").map((file) => file.path));
  const staying = [...basePaths].filter((path) => !gone.has(path));
  return twinsOf(added, staying).map(({ path, twin }) => ({
    path,
    why: `the same path as ${twin} on some file systems`,
  }));
}

function askedName(path: string, policy: Policy): PathReport["never_by_itself"] {
  const position = findGlob(path, policy.paths.never_by_itself);
  const control = findGlob(path, policy.paths.control_files);
  return [
    ...(position === null ? [] : [{ path, rule: position }]),
    ...(control === null ? [] : [{ path, rule: `control file ${control}` }]),
    ...(isOtherBytes(path) ? [{ path, rule: "its name is not UTF-8; each \\x is one byte" }] : []),
  ];
}

function askedEntry(
  file: ChangedFile,
  { manifests, folder, buildFiles, pictures, pointedTo = new Map() }: PathReportInput,
): PathReport["never_by_itself"] {
  const rules: string[] = [];
  if (folder !== undefined && !file.path.startsWith(`${folder}/`)) rules.push(`outside of ${folder}`);
  if (buildFiles.has(file.path)) rules.push("part of the build");
  const leading = [...pointedTo].filter(([target]) => file.path === target || file.path.startsWith(`${target}/`));
  rules.push(...new Set(leading.map(([, link]) => `${link} leads to it`)));
  if (file.binary && !pictures.has(file.path)) rules.push("binary");
  if (file.new_mode === linkMode) rules.push(file.old_mode === linkMode ? "changed symlink" : "new symlink");
  if (file.status === "added" && file.new_mode === "100755") rules.push("new executable");
  if (file.status === "modified" && file.old_mode !== file.new_mode)
    rules.push(`mode change ${file.old_mode} to ${file.new_mode}`);
  if (/(^|\/)package\.json$/.test(comparablePath(file.path))) {
    const manifest = manifests.get(file.path);
    const keys = manifest === undefined ? ["(not compared)"] : changedKeys(manifest.before, manifest.after);
    if (keys.length > 0) rules.push(`package.json: ${keys.join(", ")}`);
  }
  return rules.map((rule) => ({ path: file.path, rule }));
}
