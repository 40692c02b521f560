/**
 * Prepares the replay of Go functions: instrumented files for the tests' run and, for each tree, a program that repeats the calls, compiled with the code under
 * test to reach unexported names.
 */
import { dirname } from "node:path/posix";
import type { GoFile } from "@aedev/languages/go/instrument";
import { z } from "zod";
import { type CheckEntries, readBlobsTogether } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";
import { checkout } from "../pass/sealed-checkout.ts";
import type { Of } from "./bare-runs.ts";
import { buildCommandOf, type GoBuild } from "./go-build-command.ts";
import { callingProgram, type GoModule, goModuleOf, recorderPackage } from "./go-program.ts";
import { instrumented, sourceBytesMax } from "./instrumented.ts";
import { aboutLanguage } from "./languages.ts";

/** Bound of the changed packages' files on one tree. */
const packagesBytesMax = 16 * 1024 * 1024;

/** The parts that record calls of Go functions and repeat them. */
export interface GoReplay {
  /** The changed files' texts, with the recorder. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files added for the run of the tests. */
  readonly added: ReadonlyMap<string, string>;
  /** For each tree, the files of the program that are added, by path in the repository. */
  readonly programs: Readonly<Record<Of, ReadonlyMap<string, string>>>;
  /** The command that builds the program. `root`: the tree; `overlay`: the file that maps the program's files; `binary`: the output path. */
  build(paths: { readonly root: string; readonly overlay: string; readonly binary: string }): string;
}

/** The replay of a change to Go files. */
export interface PreparedGo {
  /** Null if nothing can be recorded: no plain command runs the tests, or no file has a function. */
  readonly replay: GoReplay | null;
  /** False if functions that could be recorded on the base can't be recorded any more, or if that is unknown. */
  readonly recordsAll: boolean;
}

interface Request {
  readonly checkContext: Pick<CheckContext, "objects" | "plans">;
  readonly base: CheckEntries;
  readonly candidate: CheckEntries;
  /** The code of another run, for its program. */
  readonly other?: CheckEntries | undefined;
  /** The texts of the changed files to record. */
  readonly texts: ReadonlyMap<string, string>;
  /** The file to which calls are recorded. */
  readonly target: string;
  /** The prefix of every added name. */
  readonly own: string;
}

/** Content by path; null for a file that is too large, not a regular file, or not valid Go. */
type Sources = ReadonlyMap<string, { readonly text: string; readonly file: GoFile | null } | null>;
type Member = GoFile & InModule;
interface InModule {
  readonly path: string;
  readonly module: GoModule;
  readonly importPath: string;
}

const goFileSchema = z
  .strictObject({
    packageName: z.string().regex(/^[\p{L}_][\p{L}\p{N}_]*$/u),
    functions: z.array(z.strictObject({ name: z.string(), expression: z.string() })),
    unrecorded: z.array(z.string()),
    variables: z.array(z.string()),
    written: z.array(z.string()),
    text: z.string(),
  })
  .nullable();

export async function prepareGo(request: Request): Promise<PreparedGo> {
  const { checkContext, base, candidate, other } = request;
  const commands = checkContext.plans.filter(aboutLanguage.go.isRunBy).map(({ command }) => buildCommandOf(command));
  const command = commands.find((one) => one !== null) ?? null;
  if (command === null) return { replay: null, recordsAll: true };
  const [before, now] = [await readPackages(base, request), await readPackages(candidate, request)];
  const elsewhere = other === undefined ? new Map() : await readPackages(other, request);
  if (before === null || now === null || elsewhere === null) return { replay: null, recordsAll: false };
  const old = await modulesOf(base, request);
  const found = (await modulesOf(candidate, request)).filter((one) => !isNestedInternal(one));
  const module = mainModule(found, base);
  const recorded = module === null ? [] : await recordedFiles(request, { module, found, now });
  const recordsAll = old.every((one) => isStillRecorded(one, { before, recorded }));
  if (module === null || recorded.length === 0) return { replay: null, recordsAll };
  return { replay: replayOf(request, { command, module, recorded, before, elsewhere }), recordsAll };
}

function replayOf(
  { target, own }: Pick<Request, "target" | "own">,
  {
    command,
    module,
    recorded,
    before,
    elsewhere,
  }: { command: GoBuild; module: GoModule; recorded: readonly Member[]; before: Sources; elsewhere: Sources },
): GoReplay {
  const added = recorderPackage(module, { own, target, root: checkout });
  const program = (files: readonly Member[]) => new Map([...added, ...callingProgram(module, { own, files })]);
  return {
    texts: new Map(recorded.map(({ path, text }) => [path, text])),
    added,
    programs: {
      base: program(recorded.map((one) => asIn(one, before))),
      other: program(recorded.map((one) => asIn(one, elsewhere))),
      candidate: program(recorded),
    },
    build: (paths) => command({ ...paths, module, own }),
  };
}

/** The module with most of the changed files that exist on the base. */
function mainModule(found: readonly InModule[], base: CheckEntries): GoModule | null {
  const folders = Map.groupBy(found, ({ module }) => module.folder);
  const known = (files: readonly InModule[]) => files.filter(({ path }) => base.has(path)).length;
  return [...folders.values()].toSorted((one, other) => known(other) - known(one))[0]?.[0]?.module ?? null;
}

/** An internal package that the program, being at the module's root, may not import. */
const isNestedInternal = ({ module, importPath }: InModule) =>
  /.\/internal(?:\/|$)/u.test(importPath.slice(module.name.length));

/** The texts, with the recorder, of the module's changed files that have functions. */
async function recordedFiles(
  { texts, own }: Request,
  { module, found, now }: { module: GoModule; found: readonly InModule[]; now: Sources },
): Promise<Member[]> {
  const members = found.filter((one) => one.module.folder === module.folder);
  const requests = members.map(({ path }) => ({
    path,
    text: texts.get(path) ?? "",
    original: now.get(path)?.text ?? "",
    own,
    importPath: `${module.name}/${own}`,
    isSetUp: isWrittenByTests(dirname(path), now),
  }));
  const { answers } = await instrumented(requests, goFileSchema);
  return members.flatMap((one, index) => {
    const file = answers[index] ?? null;
    return file === null || file.functions.length === 0 ? [] : [{ ...file, ...one }];
  });
}

/** True if all functions of the file that could be recorded on the base, and still exist, can be recorded now. */
function isStillRecorded(
  one: InModule,
  { before, recorded }: { before: Sources; recorded: readonly Member[] },
): boolean {
  if (isNestedInternal(one)) return true;
  const source = before.get(one.path) ?? null;
  // The file is too large to read.
  if (source === null) return false;
  const known = recordable(source.file);
  if (known.length === 0) return true;
  const same = recorded.find(({ path }) => path === one.path);
  if (same?.importPath !== one.importPath || same.module.folder !== one.module.folder) return false;
  const own = recorded.filter(({ path }) => dirname(path) === dirname(one.path));
  return !own.some(({ unrecorded }) => unrecorded.some((name) => known.includes(name)));
}

function recordable(file: GoFile | null): string[] {
  return file?.functions.map(({ name }) => name).filter((name) => !file.unrecorded.includes(name)) ?? [];
}

/** The same functions in another version, in whatever file of the package they are. */
function asIn(one: Member, version: Sources): Member {
  const own = [...version].flatMap(([path, source]) =>
    source?.file != null && !path.endsWith("_test.go") && dirname(path) === dirname(one.path) ? [source.file] : [],
  );
  const known = new Map(own.flatMap(({ functions }) => functions.map((each) => [each.name, each])));
  return {
    ...one,
    packageName: own[0]?.packageName ?? one.packageName,
    functions: one.functions.flatMap(({ name }) => known.get(name) ?? []),
  };
}

/** True if a test file of the folder writes to a variable of its package. Then results in the tests say nothing about other places. */
function isWrittenByTests(folder: string, now: Sources): boolean {
  const files = [...now].filter(([path]) => dirname(path) === folder);
  const of = (isTest: boolean) =>
    files.flatMap(([path, source]) =>
      path.endsWith("_test.go") === isTest && source?.file != null ? [source.file] : [],
    );
  const variables = new Set(of(false).flatMap((file) => file.variables));
  return of(true).some(({ written }) => written.some((name) => variables.has(name)));
}

/** All Go files of the changed packages, tests included. Null if they are too large to read. */
async function readPackages(tree: CheckEntries, { checkContext, texts }: Request): Promise<Sources | null> {
  const folders = new Set([...texts.keys()].map((path) => dirname(path)));
  const paths = [...tree.keys()].filter((path) => path.endsWith(".go") && folders.has(dirname(path)));
  const contents = await readTexts(tree, paths, checkContext);
  if (contents === null) return null;
  const read = [...contents].filter(([, text]) => text !== null);
  const requests = read.map(([path, text]) => ({
    path,
    text: text ?? "",
    original: text ?? "",
    own: "",
    importPath: "",
    isSetUp: false,
  }));
  const { answers, isDone } = await instrumented(requests, goFileSchema);
  if (!isDone) return null;
  const files = new Map(read.map(([path], index) => [path, answers[index] ?? null]));
  return new Map(
    [...contents].map(([path, text]) => [path, text === null ? null : { text, file: files.get(path) ?? null }]),
  );
}

/** Reads regular files of a tree. A file that is too large becomes null; if all together are too large, the result is null. */
async function readTexts(
  tree: CheckEntries,
  paths: readonly string[],
  { objects }: Pick<CheckContext, "objects">,
): Promise<Map<string, string | null> | null> {
  const plain = paths.filter((path) => tree.get(path)?.mode.startsWith("100") === true);
  const ids = plain.map((path) => tree.get(path)?.id ?? "");
  const contents = await readBlobsTogether(objects, ids, packagesBytesMax);
  if (contents === null) return null;
  return new Map(
    plain.map((path, index) => {
      const content = contents[index] ?? Buffer.alloc(0);
      return [path, content.length > sourceBytesMax ? null : content.toString("utf8").toWellFormed()];
    }),
  );
}

/** The changed files that exist in the tree, each with its module. */
async function modulesOf(tree: CheckEntries, { checkContext, texts }: Request): Promise<InModule[]> {
  const manifests = [...tree.keys()].filter((path) => /(?:^|\/)go\.mod$/u.test(path));
  const contents = await readTexts(tree, manifests, checkContext);
  const changed = [...texts.keys()].filter((path) => tree.has(path));
  return changed.flatMap((path) => {
    const found = goModuleOf(path, (manifest) => contents?.get(manifest) ?? null);
    return found === null ? [] : [{ path, ...found }];
  });
}
