/** Prepares the calls of Go functions: the instrumented files of the tests' run, and for each tree the program that makes the calls again. It is compiled with the code under test, so that it reaches what a package keeps to itself. */
import { dirname } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { shellWord } from "@aedev/contracts";
import { runBoundedChild } from "@aedev/host/bounded-child";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { type CheckEntries, readBlob } from "../../tree/check-tree.ts";
import type { CheckContext } from "../pass/pass.ts";
import { checkout } from "../pass/sealed-checkout.ts";
import { callingProgram, type GoModule, goModuleOf, recorderPackage } from "./go-program.ts";
import { unchangedFunctions } from "./go-unchanged.ts";
import type { GoFile } from "./instrument-go.ts";
import { aboutLanguage } from "./languages.ts";

const fileBytesMax = 256 * 1024;
const packageFilesMax = 60;
const childBounds = { timeoutMs: 20_000, memoryMegabytes: 512, answerBytesMax: 32 * 1024 * 1024 };

/** What is needed to record calls of Go functions and to make them again. */
export interface GoReplay {
  /** Of the changed files, with the recorder. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files that the run of the tests has in addition. */
  readonly added: ReadonlyMap<string, string>;
  /** Functions, as `path\nname`, that the change leaves as they are. What they give otherwise comes from another function, which is judged itself. */
  readonly unchanged: ReadonlySet<string>;
  /** For each tree, the files that the program adds to it, by path in the repository. */
  readonly programs: { readonly base: ReadonlyMap<string, string>; readonly candidate: ReadonlyMap<string, string> };
  /** The command that builds the program. `root`: the tree; `overlay`: a file that says where the program's files are; `binary`: where it is written. */
  build(paths: { readonly root: string; readonly overlay: string; readonly binary: string }): string;
}

interface Request {
  readonly checkContext: CheckContext;
  readonly base: CheckEntries;
  readonly candidate: CheckEntries;
  /** The changed files, as they are to be recorded. All are in the module of the first; others are left out. */
  readonly texts: ReadonlyMap<string, string>;
  /** The file that calls are recorded in. */
  readonly target: string;
  /** The beginning of every name that is added. */
  readonly own: string;
}

const goFileSchema = z
  .strictObject({
    packageName: z.string().regex(/^[\p{L}_][\p{L}\p{N}_]*$/u),
    functions: z.array(z.strictObject({ name: z.string(), expression: z.string(), declaration: z.string() })),
    others: z.array(z.string()),
    imports: z.array(z.string()),
    names: z.array(z.string()),
    directives: z.array(z.string()),
    text: z.string(),
  })
  .nullable();

/** What a change to Go files can be repeated of. */
export interface PreparedGo {
  /** Null if nothing can be recorded: no plain command runs the tests, or no file has a function. */
  readonly replay: GoReplay | null;
  /** False if functions that the base has can't be recorded as the change has them, which a change could bring about. */
  readonly isWhole: boolean;
}

export async function prepareGo(request: Request): Promise<PreparedGo> {
  const { checkContext, base, candidate, texts, target, own } = request;
  const commands = checkContext.plans.filter(aboutLanguage.go.isRunBy).map(({ command }) => buildCommandOf(command));
  const command = commands.find((one) => one !== null) ?? null;
  if (command === null) return { replay: null, isWhole: true };
  const found = (await modulesOf(candidate, request)).filter((one) => !isNestedInternal(one));
  const packages = await packagesOnBase(request, [...texts.keys()]);
  const module = mainModule(found, base);
  const members = found.filter((one) => one.module.folder === module?.folder);
  const files = module === null ? [] : await changedFiles(request, { module, members });
  const recorded = members.flatMap((one, index) => {
    const file = files[index];
    return file == null || file.functions.length === 0 ? [] : [{ ...file, path: one.path, importPath: one.importPath }];
  });
  const before = await modulesOf(base, request);
  const isLost = (one: (typeof before)[number]) =>
    !isNestedInternal(one) &&
    (packages.get(one.path)?.functions.length ?? 0) > 0 &&
    (one.module.name !== module?.name || !recorded.some(({ path }) => path === one.path));
  const isWhole = !before.some(isLost);
  if (module === null || recorded.length === 0) return { replay: null, isWhole };
  const shared = recorderPackage(module, { own, target, root: checkout });
  const program = (of: typeof recorded) => new Map([...shared, ...callingProgram(module, { own, files: of })]);
  const replay: GoReplay = {
    texts: new Map(recorded.map(({ path, text }) => [path, text])),
    added: shared,
    unchanged: unchangedOf(request, { members, files, packages }),
    programs: { base: program(recorded.map((one) => asOnBase(one, packages))), candidate: program(recorded) },
    build: (paths) => command({ ...paths, module, own }),
  };
  return { replay, isWhole };
}

interface InModule {
  readonly path: string;
  readonly module: GoModule;
  readonly importPath: string;
}

/** The module with most of the changed files that the base has. */
function mainModule(found: readonly InModule[], base: CheckEntries): GoModule | null {
  const folders = Map.groupBy(found, ({ module }) => module.folder);
  const known = (files: readonly InModule[]) => files.filter(({ path }) => base.has(path)).length;
  return [...folders.values()].toSorted((one, other) => known(other) - known(one))[0]?.[0]?.module ?? null;
}

/** A package that the program, which stands at the module's top, may not import. */
const isNestedInternal = ({ module, importPath }: InModule) =>
  /.\/internal(?:\/|$)/u.test(importPath.slice(module.name.length));

async function changedFiles(
  request: Request,
  { module, members }: { module: GoModule; members: readonly InModule[] },
): Promise<(GoFile | null)[]> {
  const { checkContext, candidate, texts, own } = request;
  const importPath = `${module.name}/${own}`;
  const setUp = new Map<string, boolean>();
  for (const folder of new Set(members.map(({ path }) => dirname(path))))
    setUp.set(folder, await isWrittenByTests(folder, request));
  const requests = members.map(async ({ path }) => {
    const isSetUp = setUp.get(dirname(path));
    const original = await textAt(candidate, path, checkContext);
    return { path, text: texts.get(path) ?? "", original, own, importPath, isSetUp };
  });
  return await instrumented(await Promise.all(requests));
}

type Member = GoFile & { readonly path: string; readonly importPath: string };

/** The base's files in the folders of the changed ones. */
async function packagesOnBase(
  { base, checkContext }: Request,
  changed: readonly string[],
): Promise<Map<string, GoFile | null>> {
  const folders = new Set(changed.map((path) => dirname(path)));
  const own = new Set(changed);
  const sources = [...base.keys()].filter((path) => folders.has(dirname(path)) && aboutLanguage.go.isSource(path));
  // The changed files are always read; of the others, so many in each folder.
  const paths = [...Map.groupBy(sources, dirname).values()].flatMap((of) =>
    of.toSorted((one, other) => Number(own.has(other)) - Number(own.has(one))).slice(0, packageFilesMax),
  );
  const requests = paths.map(async (path) => {
    const text = await textAt(base, path, checkContext);
    return { path, text, original: text, own: "", importPath: "", isSetUp: false };
  });
  const files = await instrumented(await Promise.all(requests));
  return new Map(paths.map((path, index) => [path, files[index] ?? null]));
}

/** The same functions as the base has them, in whatever file of the package. */
function asOnBase(one: Member, packages: ReadonlyMap<string, GoFile | null>): Member {
  const own = [...packages].flatMap(([path, file]) =>
    file !== null && dirname(path) === dirname(one.path) ? [file] : [],
  );
  const known = new Map(own.flatMap(({ functions }) => functions.map((each) => [each.name, each])));
  return {
    ...one,
    packageName: own[0]?.packageName ?? one.packageName,
    functions: one.functions.flatMap(({ name }) => known.get(name) ?? []),
  };
}

/** None if the change touches anything but Go's sources, tests and documents, such as data that code embeds. */
function unchangedOf(
  { base, candidate, checkContext, texts }: Request,
  {
    members,
    files,
    packages,
  }: {
    members: readonly { path: string }[];
    files: readonly (GoFile | null)[];
    packages: ReadonlyMap<string, GoFile | null>;
  },
): Set<string> {
  const isChanged = (path: string) => base.get(path)?.id !== candidate.get(path)?.id;
  const touched = [...new Set([...base.keys(), ...candidate.keys()])].filter(isChanged);
  const isKnown = (path: string) => texts.has(path) || (packages.has(path) && !candidate.has(path));
  if (!touched.every((path) => isKnown(path) || checkContext.isTest(path) || path.endsWith(".md"))) return new Set();
  if (members.length < texts.size) return new Set();
  const withPath = ([path, file]: readonly [string, GoFile | null]) => (file === null ? null : { ...file, path });
  return unchangedFunctions({
    changed: members.map(({ path }, index) => withPath([path, files[index] ?? null])),
    before: [...packages].filter(([path]) => isChanged(path)).map(withPath),
    same: [...packages].filter(([path]) => !isChanged(path)).map(withPath),
  });
}

async function textAt(entries: CheckEntries, path: string, { objects }: CheckContext): Promise<string> {
  const entry = entries.get(path);
  if (entry === undefined || !entry.mode.startsWith("100")) return "";
  const content = await readBlob(objects, entry.id);
  return content.length > fileBytesMax ? "" : content.toString("utf8").toWellFormed();
}

/** The changed files that a tree has, each in its module. */
async function modulesOf(tree: CheckEntries, { checkContext, texts }: Request): Promise<InModule[]> {
  const manifests = new Map<string, string>();
  for (const [path] of tree)
    if (/(?:^|\/)go\.mod$/u.test(path)) manifests.set(path, await textAt(tree, path, checkContext));
  const changed = [...texts.keys()].filter((path) => tree.has(path));
  return changed.flatMap((path) => {
    const found = goModuleOf(path, (manifest) => manifests.get(manifest) ?? null);
    return found === null ? [] : [{ path, ...found }];
  });
}

async function instrumented(requests: readonly object[]): Promise<(GoFile | null)[]> {
  const script = fileURLToPath(new URL("./instrument-child.ts", import.meta.url));
  const { stdout } = await runBoundedChild(script, requests, childBounds);
  const lines = stdout.split("\n");
  return requests.map((_, index) => goFileSchema.safeParse(parseJson(lines[index] ?? "")).data ?? null);
}

/** Whether a test file of the folder writes to a variable of its package: then what its functions give in the tests says nothing about other places. */
async function isWrittenByTests(folder: string, { checkContext, candidate }: Request): Promise<boolean> {
  const paths = [...candidate.keys()].filter((path) => path.endsWith(".go") && dirname(path) === folder);
  const textsOf = (some: readonly string[]) =>
    Promise.all(some.slice(0, packageFilesMax).map((path) => textAt(candidate, path, checkContext)));
  const isTest = (path: string) => path.endsWith("_test.go");
  return writesVariable(await textsOf(paths.filter(isTest)), await textsOf(paths.filter((path) => !isTest(path))));
}

const assignment =
  /(?:^|[^\w.])(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)(?:\.\w+|\[[^[\]\n]{0,80}\]){0,8}[ \t]{0,8}(?:[-+*/|&^%]?=(?!=)|\+\+|--)/gmu;

/** Whether one of the tests' texts writes to a variable that the code declares at its top. By line; a name too many only leaves calls out. */
export function writesVariable(tests: readonly string[], code: readonly string[]): boolean {
  const names = new Set(code.flatMap(variablesOf));
  return tests.some((text) =>
    [...text.matchAll(assignment)].some(([, owner = "", name = ""]) => names.has(owner) || names.has(name)),
  );
}

/** Names of the variables that a file declares at its top. */
function variablesOf(text: string): string[] {
  let isInBlock = false;
  return text.split("\n").flatMap((line) => {
    if (/^(?:var \(|\))/u.test(line)) isInBlock = line.startsWith("var");
    const found = (isInBlock ? /^\t(\w+(?:, \w+)*)/u : /^var[ \t]+(\w+(?:[ \t]*,[ \t]*\w+)*)/u).exec(line);
    return (found?.[1] ?? "").split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
  });
}

type Build = (paths: { root: string; overlay: string; binary: string; module: GoModule; own: string }) => string;

/** Derives the build command from the tests' command: the same folder, variables and build tags. Null if the command is more than `go test` with variables and options. */
export function buildCommandOf(command: string): Build | null {
  const plain =
    /^(?:cd ([\w./@+-]+) && )?((?:[A-Z][A-Z0-9_]*=(?:\$PWD)?[\w.,:/@+=-]*\s+)*)go\s+test\b([^;&|<>`$()]*)$/u.exec(
      command.trim(),
    );
  if (plain === null) return null;
  const [, folder = "", variables = "", options = ""] = plain;
  // What decides which files are compiled, and is not taken over.
  if (/["'\\]|\s--?(?:modfile|args|overlay)\b/u.test(options)) return null;
  const tags = [...options.matchAll(/\s--?tags[= ]([\w,.]+)/gu)].at(-1)?.[1];
  const exported = variables.trim() === "" ? "" : `export ${variables.trim()} && `;
  return ({ root, overlay, binary, module, own }) =>
    `(cd ${shellWord(folder === "" ? root : `${root}/${folder}`)} && ${exported}cd ${shellWord(module.folder === "" ? root : `${root}/${module.folder}`)} && go build ${tags === undefined ? "" : `-tags ${tags} `}-overlay ${shellWord(overlay)} -o ${shellWord(binary)} ./${own}/main)`;
}
