/** Prepares the calls of Go functions: the instrumented files of the tests' run, and for each tree the program that makes the calls again. It is compiled with the code under test, so that it reaches what a package keeps to itself. */
import { dirname } from "node:path/posix";
import { fileURLToPath } from "node:url";
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
  /** The command that builds the program. `root`: the tree; `overlay`: a file that says where the program's files are; `binary`: where it comes to be. */
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
    text: z.string(),
  })
  .nullable();

/** Null if nothing can be recorded: no plain command runs the tests, or no file has a function. */
export async function prepareGo(request: Request): Promise<GoReplay | null> {
  const { checkContext, candidate, texts, target, own } = request;
  const commands = checkContext.plans.filter(aboutLanguage.go.isRunBy).map(({ command }) => buildCommandOf(command));
  const [command] = commands;
  const found = await modulesOf(request);
  const [first] = found;
  if (command === undefined || command === null || first === undefined) return null;
  const { module } = first;
  const members = found.filter((one) => one.module.folder === module.folder);
  const importPath = `${module.name}/${own}`;
  const setUp = new Map<string, boolean>();
  for (const folder of new Set(members.map(({ path }) => dirname(path))))
    setUp.set(folder, await isWrittenByTests(folder, request));
  const requests = members.map(async ({ path }) => {
    const isSetUp = setUp.get(dirname(path));
    const original = await textAt(candidate, path, checkContext);
    return { path, text: texts.get(path) ?? "", original, own, importPath, isSetUp };
  });
  const files = await instrumented(await Promise.all(requests));
  const recorded = members.flatMap((one, index) => {
    const file = files[index];
    return file == null || file.functions.length === 0 ? [] : [{ ...file, path: one.path, importPath: one.importPath }];
  });
  if (recorded.length === 0) return null;
  const packages = await packagesOnBase(request, members);
  const before = recorded.map((one) => asOnBase(one, packages));
  const shared = recorderPackage(module, { own, target, root: checkout });
  const program = (files: typeof recorded) => new Map([...shared, ...callingProgram(module, { own, files })]);
  return {
    texts: new Map(recorded.map(({ path, text }) => [path, text])),
    added: shared,
    unchanged: unchangedOf(request, { members, files, packages }),
    programs: { base: program(before), candidate: program(recorded) },
    build: (paths) => command({ ...paths, module, own }),
  };
}

type Member = GoFile & { readonly path: string; readonly importPath: string };

/** The base's files in the folders of the changed ones. */
async function packagesOnBase(
  { base, checkContext }: Request,
  members: readonly { path: string }[],
): Promise<Map<string, GoFile | null>> {
  const folders = new Set(members.map(({ path }) => dirname(path)));
  const paths = [...base.keys()].filter((path) => folders.has(dirname(path)) && aboutLanguage.go.isSource(path));
  const requests = paths.slice(0, packageFilesMax).map(async (path) => {
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
  const isKnown = (path: string) => packages.has(path) || texts.has(path);
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

async function modulesOf({ checkContext, candidate, texts }: Request) {
  const manifests = new Map<string, string>();
  for (const [path] of candidate)
    if (/(?:^|\/)go\.mod$/u.test(path)) manifests.set(path, await textAt(candidate, path, checkContext));
  return [...texts.keys()].flatMap((path) => {
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

const written =
  /(?:^|[^\w.])(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)(?:\.\w+|\[[^\]\n]{0,80}\])*[ \t]*(?:[-+*/|&^%]?=(?!=)|\+\+|--)/gmu;

/** Whether one of the tests' texts writes to a variable that the code declares at its top. By line; a name too many only leaves calls out. */
export function writesVariable(tests: readonly string[], code: readonly string[]): boolean {
  const names = new Set(code.flatMap(variablesOf));
  return tests.some((text) =>
    [...text.matchAll(written)].some(([, owner = "", name = ""]) => names.has(owner) || names.has(name)),
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

/** How the tests' command finds packages, for a build: its folder, its variables and its tags. Null for one that is not plain. */
export function buildCommandOf(command: string): Build | null {
  const plain =
    /^(?:cd ([\w./@+-]+) && )?((?:[A-Z][A-Z0-9_]*=(?:\$PWD)?[\w.,:/@+=-]*\s+)*)go\s+test\b([^;&|<>`$()]*)$/u.exec(
      command.trim(),
    );
  if (plain === null) return null;
  const [, folder = "", variables = "", options = ""] = plain;
  const tags = /\s--?tags[= ]([\w,.]+)/u.exec(options)?.[1];
  const exported = variables.trim() === "" ? "" : `export ${variables.trim()} && `;
  return ({ root, overlay, binary, module, own }) =>
    `(cd ${quoted(folder === "" ? root : `${root}/${folder}`)} && ${exported}cd ${quoted(module.folder === "" ? root : `${root}/${module.folder}`)} && go build ${tags === undefined ? "" : `-tags ${tags} `}-overlay ${quoted(overlay)} -o ${quoted(binary)} ./${own}/main)`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
