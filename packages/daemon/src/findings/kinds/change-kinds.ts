/**
 * Derives from both versions of each changed file whether the change can affect what runs (ADR 0047). An unknown file counts as code.
 *
 * Folder: tells the kind of a change.
 */
import { posix } from "node:path";
import { type ChangeKinds, changedFilesMax } from "@aedev/contracts";
import { findGlob, matchesGlob } from "@aedev/host/globs";
import { languageOf } from "@aedev/languages";
import { readChanges } from "../test-diff/read-changes.ts";
import { type ChangeKindsInput, isPlainFile, type NamingLine } from "./change-kinds-input.ts";
import { findRenames } from "./renames.ts";
import { uncommentedLines } from "./uncommented-lines.ts";

type FileKind = ChangeKinds["files"][number];

/** Tools read what is in such folders, as `.changeset`. */
const hidden = /(?:^|\/)\.[^/]+\//u;
/** Files that list the content of a package or a site; naming a document there runs nothing. */
const packaging =
  /(?:^|\/)(?:package(?:-lock)?\.json|pyproject\.toml|setup\.(?:py|cfg)|MANIFEST\.in|Cargo\.(?:toml|lock)|composer\.json|mkdocs\.ya?ml|[^/]+\.gemspec|\.[\w-]*ignore|\.git[\w-]+)$/u;

export async function deriveChangeKinds(input: ChangeKindsInput): Promise<ChangeKinds> {
  if (input.files.length > changedFilesMax) return { files: [] };
  const kinds = new Map<string, FileKind["kind"]>();
  for (const { path } of input.files) kinds.set(path, "code");
  const comments = await commentChanges(input.files);
  for (const path of [...comments.nothing, ...comments.docstrings]) kinds.set(path, "comments");
  for (const file of input.files) {
    const { path, after, status } = file;
    if (!isPlainFile(file) || hidden.test(path) || matchesGlob(path, input.tests)) continue;
    const isText = findGlob(path, input.documents) !== null && (after !== null || status === "deleted");
    if (isText || input.pictures.has(path)) kinds.set(path, "document");
  }
  const read = input.files.map(({ path }) => path).filter((path) => kinds.get(path) === "document");
  const namers = await findNamers(read, input);
  const reader = comments.docstrings.length === 0 ? null : await readerOfDocstrings(comments.docstrings, input);
  if (reader !== null) for (const path of comments.docstrings) namers.set(path, reader);
  const { files: renamed, ...renames } = await findRenames(input);
  return {
    files: input.files.map(({ path }) => {
      const kind = kinds.get(path) ?? "code";
      const found = kind === "code" ? renamed.get(path) : undefined;
      return found ?? { path, kind, named_by: namers.get(path) ?? null };
    }),
    ...renames,
  };
}

/** The top folder of the documents. Programs in it make pages of them. */
const siteFolder = /^(?:docs?|documentation|site|website)\//iu;

/** Whether no changed file can change what runs, as far as its kind tells: a document that the base's checks open still may. */
export function isInertByKinds({ files }: ChangeKinds): boolean {
  return files.length > 0 && files.every(({ kind, named_by }) => kind !== "code" && named_by === null);
}

/** The paths of code files whose versions differ in nothing but comments and layout, and of those that differ in docstrings too. */
async function commentChanges(
  files: ChangeKindsInput["files"],
): Promise<Record<"nothing" | "docstrings", readonly string[]>> {
  const jobs = files.flatMap(({ path, before, after, old_mode, new_mode }) =>
    languageOf(path) !== null && before !== null && after !== null && old_mode === new_mode
      ? [{ kind: "same" as const, path, before, after }]
      : [],
  );
  const answers = await readChanges(jobs);
  const pathsWith = (difference: "nothing" | "docstrings") =>
    jobs.flatMap(({ path }, at) => {
      const answer = answers[at];
      return answer?.kind === "same" && answer.difference === difference ? [path] : [];
    });
  return { nothing: pathsWith("nothing"), docstrings: pathsWith("docstrings") };
}

/** A program reads its own docstrings by one of these names. */
const docstringNames = ["__doc__", "getdoc", "get_docstring", "getsource", "co_consts"];

/** A file outside the documents that may read these files' docstrings, or run the examples in them; null: none does. */
async function readerOfDocstrings(paths: readonly string[], input: ChangeKindsInput): Promise<string | null> {
  const changed = input.files.filter(({ path }) => paths.includes(path));
  const hasExamples = changed.some(({ before, after }) => `${before}${after}`.includes(">>>"));
  const names = hasExamples ? [...docstringNames, "doctest"] : docstringNames;
  const lines = await input.linesNaming({ files: names, folders: [] });
  if (lines === null) return "(more files than could be searched)";
  const isOther = ({ path }: NamingLine) => findGlob(path, input.documents) === null && !siteFolder.test(path);
  const found = await uncommentedLines(lines.filter(isOther), input);
  return found.find(({ text }) => names.some((name) => text.includes(name)))?.path ?? null;
}

/**
 * For each path, a file that may read it: data with its name, code with its name outside comments, code with its folder's name or a pattern for it in quotes,
 * or packaging with its name in a command. Documents don't count.
 */
async function findNamers(paths: readonly string[], input: ChangeKindsInput): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const files = [...new Set(paths.map((path) => posix.basename(path)))];
  const folders = [...new Set(paths.flatMap((path) => folderOf(path) ?? []))];
  const endings = new Set(paths.map((path) => posix.extname(path)));
  const patterns = [...endings].flatMap((ending) => (ending === "" ? [] : [`*${ending}`]));
  const lines = await input.linesNaming({ files: [...files, ...patterns, "*.{"], folders });
  if (lines === null) return new Map(paths.map((path) => [path, "(more files than could be searched)"]));
  const isNamer = (line: NamingLine) =>
    findGlob(line.path, input.documents) === null && paths.some((path) => line.path !== path && isNamed(path, line));
  const readers = await uncommentedLines(lines.filter(isNamer), input);
  return new Map(
    paths.flatMap((path) => {
      const found = readers.find((line) => line.path !== path && isNamed(path, line));
      return found === undefined ? [] : [[path, found.path]];
    }),
  );
}

/** The name of the folder that a file is in; null at the top. */
function folderOf(path: string): string | null {
  const folder = posix.basename(posix.dirname(path));
  return folder === "." ? null : folder;
}

function isNamed(path: string, line: NamingLine): boolean {
  const site = siteFolder.exec(path)?.[0];
  if (site !== undefined && line.path.startsWith(site)) return false;
  const name = posix.basename(path);
  const text = line.text.replaceAll(address, "");
  if (languageOf(line.path) === null && !packaging.test(line.path)) return text.includes(name);
  const quoted = [...text.matchAll(/"([^"]*)"|'([^']*)'|`([^`]*)`/gu)].map((found) => found.slice(1).join(""));
  if (packaging.test(line.path)) return quoted.some((one) => one.includes(name) && /\s/u.test(one));
  const folder = folderOf(path);
  const isMeant = (one: string) =>
    one.includes("*")
      ? findGlob(path, [one.replace(/^(?:\.{1,2}\/)+/u, "")]) !== null
      : folder !== null && one.split("/").includes(folder);
  return text.includes(name) || quoted.some(isMeant);
}

/** A link to a document, which reads nothing. */
const address = /\b[a-z]+:\/\/[^\s)"'`]+/giu;
