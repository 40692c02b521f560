/**
 * Derives all of control's findings about one change from the two trees and the patch.
 *
 * Folder: putting all findings about a change together.
 */
import { posix } from "node:path";

import type {
  CaptureNotes,
  ChangeKinds,
  DependencyChanges,
  DependencyRecords,
  PathReport,
  Registry,
  SecretReport,
  TestChanges,
} from "@aedev/contracts";
import type { Policy } from "@aedev/core";
import { buildFiles } from "@aedev/host/build-files";
import { configurationFiles, folderOfCommand, packageScripts } from "@aedev/host/command-files";
import { matchesGlob } from "@aedev/host/globs";
import { resolveInTree } from "@aedev/host/link-targets";
import { languageOf } from "@aedev/languages";
import type { DerivedChange } from "../git/change.ts";
import { isText } from "../git/objects.ts";
import { compareBytes } from "./bytes/byte-changes.ts";
import { dependencySiblings, deriveDependencyChanges } from "./dependencies/dependency-changes.ts";
import { readDependencies } from "./dependencies/read-dependencies.ts";
import { deriveChangeKinds } from "./kinds/change-kinds.ts";
import type { ChangeKindsInput } from "./kinds/change-kinds-input.ts";
import { picturesOf } from "./kinds/pictures.ts";
import { derivePathReport } from "./paths/path-report.ts";
import { deriveDependencyRecords } from "./registries/dependency-records.ts";
import { scanSecrets } from "./secrets/secret-report.ts";
import { deriveTestChanges, type UnchangedTests } from "./test-diff/test-changes.ts";

export interface Findings {
  readonly pathReport: PathReport;
  readonly secretReport: SecretReport;
  readonly dependencyChanges: DependencyChanges;
  readonly testChanges: TestChanges;
  readonly changeKinds: ChangeKinds;
  /** Null if no manifest or lockfile changes that could be read, or if nobody may ask the registries. */
  readonly dependencyRecords: DependencyRecords | null;
}

export interface FindingsInput {
  readonly change: DerivedChange;
  readonly patch: Uint8Array;
  readonly policy: Policy;
  /** Globs of test files. */
  readonly tests: readonly string[];
  /** The verify commands; the configuration files they name decide how tests run. */
  readonly verify?: readonly string[];
  /** The build command; the base's version counts, because a change must not decide how it is built. */
  readonly build?: string | null;
  /** The only registered folder; undefined for the whole repository. */
  readonly folder?: string | undefined;
  /** Notes from the capture of the change. */
  readonly captureNotes?: CaptureNotes | undefined;
  /** What a person asked for. */
  readonly mission?: string;
  /** Absent if nobody can tell which files name a document. */
  readonly linesNaming?: ChangeKindsInput["linesNaming"];
  /** The registries that may be asked about moved packages, and the time; absent: none is asked. */
  readonly asking?: { readonly registries: readonly Registry[]; readonly now: Date };
  /** Reads files of the base, such as the lockfile of a changed manifest; null for a missing file. */
  readonly readUnchanged: (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array | null>>;
}

/** The kind of each changed file. */
export async function kindsOf(
  input: Pick<FindingsInput, "change" | "policy" | "tests" | "mission" | "linesNaming" | "readUnchanged">,
): Promise<ChangeKinds> {
  const { change, policy, tests, mission = "", linesNaming = async () => null, readUnchanged } = input;
  const readTexts = async (paths: readonly string[]) =>
    new Map([...(await readUnchanged(paths))].map(([path, bytes]) => [path, textOf(bytes)]));
  const goModule = async () => /^module\s+(\S+)/mu.exec((await readTexts(["go.mod"])).get("go.mod") ?? "")?.[1] ?? null;
  const { documentation: documents } = policy.paths;
  const pictures = picturesOf(change);
  const given = { files: textsOf(change), renames: change.renames, documents, tests, mission, pictures };
  return deriveChangeKinds({ ...given, linesNaming, readUnchanged: readTexts, goModule });
}

/** The files of which nothing but names or types differs, and nothing uses what is gone. */
function sameFiles({ files }: ChangeKinds): Set<string> {
  const same = files.filter(({ kind, named_by }) => /^(?:renamed|types|unused)$/u.test(kind) && named_by === null);
  return new Set(same.map(({ path }) => path));
}

function textsOf(change: DerivedChange) {
  return change.changed.map((file) => ({
    ...file,
    before: textOf(change.oldBytes(file.path)),
    after: textOf(change.newBytes(file.path)),
  }));
}

export async function deriveFindings(input: FindingsInput): Promise<Findings> {
  const { change, policy } = input;
  const texts = textsOf(change);
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const bytes = new Map(
    change.changed.map(({ path, old_mode, new_mode }) => {
      const areFiles = old_mode.startsWith("100") && new_mode.startsWith("100");
      return [path, compareBytes(path, areFiles ? change.oldBytes(path) : null, change.newBytes(path))] as const;
    }),
  );
  const pathReport = derivePathReport({
    files: change.changed.map((file) => {
      const endingLines = bytes.get(file.path)?.endingLines ?? 0;
      return endingLines === 0 ? file : { ...file, ending_lines: endingLines };
    }),
    byteChanges: [...bytes.values()].flatMap(({ changes }) => changes),
    captureNotes: input.captureNotes,
    notTakenNamed: pathsNotTaken(input.captureNotes).filter((path) =>
      texts.some(({ after }) => after?.includes(posix.basename(path)) === true),
    ),
    renames: [...change.renames],
    policy,
    folder: input.folder,
    basePaths: change.basePaths,
    linkTargets: change.linkTargets,
    pictures: picturesOf(change),
    pointedTo: pointedTo(change.baseLinks, policy),
    buildFiles: await filesThatBuild(input),
    manifests: new Map([...byPath].filter(([path]) => /(^|\/)package\.json$/i.test(path))),
  });
  const steering = await steeringFiles(input);
  const changeKinds = await kindsOf(input);
  const siblings = await input.readUnchanged(dependencySiblings([...byPath.keys()]));
  const unchanged = [...siblings].map(([path, bytes]) => ({ path, before: textOf(bytes), after: textOf(bytes) }));
  const dependencyFiles = [...texts, ...unchanged];
  const comparisons = await readDependencies(dependencyFiles);
  let unchangedTests: Promise<UnchangedTests> | undefined;
  return {
    pathReport,
    secretReport: await scanSecrets({
      // Bytes that are not text are scanned as Latin-1, which keeps every ASCII secret in them findable.
      files: change.changed.map(({ path }) => ({
        path,
        text: searchable(change.newBytes(path)),
        before: searchable(change.oldBytes(path)),
      })),
      patch: Buffer.from(input.patch).toString("latin1"),
    }),
    dependencyChanges: deriveDependencyChanges(dependencyFiles, comparisons),
    dependencyRecords:
      input.asking === undefined
        ? null
        : await deriveDependencyRecords({ files: dependencyFiles, comparisons, ...input.asking }),
    changeKinds,
    testChanges: await deriveTestChanges({
      files: texts,
      same: sameFiles(changeKinds),
      tests: input.tests,
      renames: change.renames,
      steering,
      // Two callers may need these tests, which are read once.
      readUnchangedTests: () => {
        unchangedTests ??= readUnchangedTests(input);
        return unchangedTests;
      },
      readGoBeside: (paths) => readGoBeside(paths, input),
    }),
  };
}

function pathsNotTaken({ ignored, in_submodules }: CaptureNotes = {}): string[] {
  return [...(ignored?.paths ?? []), ...(in_submodules?.paths ?? [])];
}

/**
 * The targets of links at paths that always ask, such as `AGENTS.md`, and every link on the way there: a change to any of them changes the content at that
 * path.
 */
function pointedTo(links: ReadonlyMap<string, string>, { paths }: Policy): Map<string, string> {
  const globs = [...paths.never_by_itself, ...paths.control_files];
  const found = new Map<string, string>();
  const ends = new Map<string, string>();
  const follow = (link: string, asked: string) => {
    const resolved = resolveInTree(link, links);
    if ("path" in resolved && resolved.path !== "" && !ends.has(resolved.path)) ends.set(resolved.path, asked);
    for (const path of resolved.passed) if (path !== asked && !found.has(path)) found.set(path, asked);
  };
  // A link may stand for such a file or for a folder of such files.
  for (const link of links.keys()) if ([link, `${link}/x`].some((path) => matchesGlob(path, globs))) follow(link, link);
  // A target folder may contain more links.
  for (let size = -1; size < ends.size; ) {
    size = ends.size;
    for (const link of links.keys()) {
      const asked = withParents(link).flatMap((path) => ends.get(path) ?? [])[0];
      if (asked !== undefined) follow(link, asked);
    }
  }
  return new Map([...found, ...ends]);
}

function withParents(path: string): string[] {
  const segments = path.split("/");
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}

/** The files that build the base, except tests, which have findings of their own. */
export async function filesThatBuild({
  change,
  build = null,
  tests,
  readUnchanged,
}: Pick<FindingsInput, "change" | "build" | "tests" | "readUnchanged">): Promise<ReadonlySet<string>> {
  if (build === null) return new Set();
  const paths = new Set(change.basePaths);
  const named = await buildFiles({
    build,
    scriptsIn: await baseScripts([build], readUnchanged),
    has: (path) => paths.has(path),
    read: async (path) => textOf((await readUnchanged([path])).get(path) ?? null),
  });
  return new Set(named.filter((path) => !matchesGlob(path, tests)));
}

/** The base's configuration files that the verify commands name. */
async function steeringFiles({ change, verify = [], tests, readUnchanged }: FindingsInput): Promise<string[]> {
  const paths = new Set(change.basePaths);
  const scriptsIn = await baseScripts(verify, readUnchanged);
  const named = configurationFiles({ commands: verify, scriptsIn, has: (path) => paths.has(path) });
  return named.filter((path) => !matchesGlob(path, tests));
}

/** The scripts of the base's package.json in each folder in which the commands run. */
async function baseScripts(commands: readonly string[], readUnchanged: FindingsInput["readUnchanged"]) {
  const manifestOf = (folder: string) => posix.join(folder, "package.json");
  const manifests = await readUnchanged([...new Set(commands.map((command) => manifestOf(folderOfCommand(command))))]);
  return (folder: string) => packageScripts(textOf(manifests.get(manifestOf(folder)) ?? null));
}

const unchangedTestsMax = 200;
const unchangedTestBytesMax = 2 * 1024 * 1024;

/** The base's test files that the change does not touch, up to the limit. */
async function readUnchangedTests({ change, tests, readUnchanged }: FindingsInput): Promise<UnchangedTests> {
  const changed = new Set(change.changed.map(({ path }) => path));
  const paths = change.basePaths.filter((path) => !changed.has(path) && matchesGlob(path, tests));
  const texts = new Map<string, string>();
  let size = 0;
  for (const [path, bytes] of await readUnchanged(paths.slice(0, unchangedTestsMax))) {
    const text = textOf(bytes);
    size += text?.length ?? 0;
    if (text !== null && size <= unchangedTestBytesMax) texts.set(path, text);
  }
  return { texts, areAll: paths.length <= unchangedTestsMax && size <= unchangedTestBytesMax };
}

/** Limits for all packages of a change together. */
const goFilesMax = 200;
const goBytesMax = 2 * 1024 * 1024;

/** The base's untouched Go files in the folders of these files; none if there are too many to read. */
async function readGoBeside(
  paths: readonly string[],
  { change, readUnchanged }: FindingsInput,
): Promise<ReadonlyMap<string, string>> {
  const changed = new Set(change.changed.map(({ path }) => path));
  const folders = new Set(paths.map((path) => posix.dirname(path)));
  const beside = change.basePaths.filter(
    (path) => languageOf(path)?.isInPackage?.(path) === true && folders.has(posix.dirname(path)) && !changed.has(path),
  );
  const texts = new Map<string, string>();
  for (const [path, bytes] of beside.length > goFilesMax ? [] : await readUnchanged(beside)) {
    const text = textOf(bytes);
    if (text !== null) texts.set(path, text);
  }
  return [...texts.values()].join("").length > goBytesMax ? new Map() : texts;
}

/** Reads bytes as text, byte by byte if they are not UTF-8, so that a letter in an old encoding can't hide a secret. */
function textOf(bytes: Uint8Array | null): string | null {
  if (bytes === null || bytes.includes(0)) return null;
  return Buffer.from(bytes).toString(isText(bytes) ? "utf8" : "latin1");
}

/** Reads bytes as text and drops zeros, so that ASCII in two bytes per letter becomes plain text. */
function searchable(bytes: Uint8Array | null): string {
  return bytes === null ? "" : (textOf(bytes) ?? Buffer.from(bytes).toString("latin1").replaceAll("\0", ""));
}
