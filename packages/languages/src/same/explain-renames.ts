/**
 * Tells which changed files do what they did before, because only names, paths of files or types differ. A name counts as renamed only if both versions agree
 * part by part, the old name is gone, the new one was free, and the change has its declaration: else a swap or another function could pass for a rename. Pure;
 * the texts are hostile, so run it in a process that may be killed.
 *
 * Folder: code that does the same in both versions.
 */
import { posix } from "node:path";
import { languageOf } from "../index.ts";
import { readersOf } from "../readers.ts";
import { actingComments, isReadAlike } from "../shared/same-code.ts";
import { ifReadable, type SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import { type FileMove, isOurModule, isSameModule, staysItself } from "./modules.ts";
import { findsByText } from "./name-lookups.ts";
import { hasName, replaceName, stemOf } from "./names.ts";
import { type CodePart, isFoundAlike, type NamedFile } from "./part.ts";
import { codePartsOf } from "./parts.ts";
import { removedIn } from "./removed.ts";
import { isStandardModule } from "./standard-modules.ts";
import { isTakenMember, isTakenName } from "./taken-names.ts";

/** Both versions of a changed file; null: it is absent on that side, or has no text. */
export interface ChangedSource {
  readonly path: string;
  /** The path of the old version. */
  readonly from: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly isTest: boolean;
  /** People read the file, programs don't. */
  readonly isDocument: boolean;
}
export interface RenamingChange {
  readonly files: readonly ChangedSource[];
  /** The name of the repository's Go module; null: it has none. */
  readonly goModule: string | null;
}
export interface Rename {
  from: string;
  to: string;
}
export interface Explained {
  /** The files that do what they did before. `names`: the names of other files that they use in a new form. */
  files: { path: string; from: string; kind: "renamed" | "types" | "unused"; names: string[] }[];
  /** Names that other files could use and that are new, or gone if `to` is empty. `isPublic`: code outside the repository may use them too. `path`: the old file that declares it, if it is one. */
  shared: (Rename & { isPublic: boolean; path?: string })[];
  /** All new names, and new titles of tests. */
  names: Rename[];
  titles: Rename[];
}

interface Side {
  readonly tree: SyntaxTree;
  readonly parts: readonly CodePart[];
  readonly acting: string;
  /** The code may look for names by texts that it computes. */
  readonly isSought: boolean;
}
interface Read extends ChangedSource {
  readonly language: string;
  /** Null: the side is absent or can't be read. */
  readonly old: Side | null;
  readonly young: Side | null;
  /** Pairs of parts that differ; null: something else than names differs. */
  readonly pairs: readonly Pair[] | null;
  readonly withoutTypes: boolean;
}
type Pair = readonly [before: CodePart, after: CodePart];

export function explainRenames(change: RenamingChange): Explained {
  const moves = change.files.flatMap(({ path, from, before, after }): FileMove[] =>
    path !== from && before !== null && after !== null ? [{ from, to: path }] : [],
  );
  const files = change.files.map((file) => readFile(file, change, moves));
  const valid = new Map<string, Candidate>();
  for (const [from, one] of candidates(files, moves)) if (isRenamed(from, one, files)) valid.set(from, one);
  const found: Explained = { files: [], shared: [], names: [], titles: [] };
  const names = new Map<string, Rename>();
  for (const file of files) {
    const renames = renamesIn(file, valid, { files, moves, change });
    if (renames === null) {
      addUnused(file, { files, change, found });
      continue;
    }
    const { path, from, withoutTypes } = file;
    const shared = renames.filter(({ from: name }) => valid.has(name)).map(({ from: name }) => name);
    found.files.push({ path, from, kind: withoutTypes ? "types" : "renamed", names: shared });
    if (file.isTest) for (const one of renames) names.set(`${one.from} ${one.to}`, one);
    for (const [old, young] of file.pairs ?? [])
      if (old.role === "title" && old.text !== young.text) found.titles.push({ from: old.text, to: young.text });
  }
  for (const [from, { to, isPublic, path }] of valid) {
    found.shared.push({ from, to, isPublic, ...(path === undefined ? {} : { path }) });
    names.set(`${from} ${to}`, { from, to });
  }
  found.names.push(...names.values());
  return found;
}

/** Adds a file that only lost declarations which nothing in the change names. */
function addUnused(
  file: Read,
  { files, change, found }: { files: readonly Read[]; change: RenamingChange; found: Explained },
): void {
  const { old, young, path, from, language, isTest } = file;
  if (file.pairs !== null || old === null || young === null || path !== from || isTest || young.acting !== "") return;
  const versions = { before: old.tree, after: young.tree, language };
  const removed = removedIn(versions, {
    isOurs: (module) => isOurModule(module, path, change),
    isStandard: (module) => isStandardModule(module, language, change.goModule),
  });
  if (removed === null || old.acting !== "" || files.some(isSought)) return;
  const isUsed = (name: string) =>
    isTakenName(name) ||
    files.some(
      (one) => (one.after !== null && !one.isDocument && uses(one.young, one.after, name)) || quotes(one, name),
    );
  const isLoaded = (name: string) => uses(young, file.after ?? "", name);
  if (removed.declared.some(isUsed) || removed.loaded.some(isLoaded)) return;
  found.files.push({ path, from, kind: "unused", names: removed.declared });
  for (const name of removed.declared) {
    const isOpen = old.parts.some((part) => part.text === name && part.isOpen === true);
    found.shared.push({ from: name, to: "", isPublic: isOpen && !isPrivate(name, language), path: from });
  }
}

function readFile(file: ChangedSource, change: RenamingChange, moves: readonly FileMove[]): Read {
  const language = languageOf(file.path)?.name ?? "";
  const isTyped = language === "python" || /\.[cm]?tsx?$/u.test(file.path);
  for (const withTypes of isTyped ? [true, false] : [true]) {
    const old = file.before === null ? null : readSide(file.before, file.from, { file, change, withTypes });
    const young = file.after === null ? null : readSide(file.after, file.path, { file, change, withTypes });
    const pairs = old === null || young === null ? null : pairsOf(old.parts, young.parts, { file, moves });
    const isLast = !isTyped || !withTypes;
    if (pairs !== null || isLast) return { ...file, language, old, young, pairs, withoutTypes: !withTypes };
  }
  return { ...file, language, old: null, young: null, pairs: null, withoutTypes: false };
}

function readSide(
  text: string,
  path: string,
  { file, change, withTypes }: { file: ChangedSource; change: RenamingChange; withTypes: boolean },
): Side | null {
  return ifReadable(() => {
    const tree = readSyntax(text, path);
    const acting = readersOf(path)?.actingComments;
    if (!isReadAlike(tree) || acting === undefined) return null;
    const named: NamedFile = {
      ...{ path, tree, isTest: file.isTest },
      isOurs: (module) => isOurModule(module, path, change),
    };
    const parts = codePartsOf(named, languageOf(path)?.name ?? "", { withTypes });
    return parts === null ? null : { tree, parts, acting: actingComments(tree, acting), isSought: findsByText(tree) };
  }, null);
}

/** The parts that differ, each with its counterpart; null if the versions differ in more than names. */
function pairsOf(
  before: readonly CodePart[],
  after: readonly CodePart[],
  { file, moves }: { file: ChangedSource; moves: readonly FileMove[] },
): Pair[] | null {
  if (before.length !== after.length) return null;
  const pairs: Pair[] = [];
  for (const [index, old] of before.entries()) {
    const young = after[index];
    if (young === undefined || young.role !== old.role) return null;
    if (old.role === "module") {
      if (!isSameModule([old.text, file.from], [young.text, file.path], moves)) return null;
    } else if (old.role !== undefined && compared.has(old.role)) pairs.push([old, young]);
    else if (old.text !== young.text) return null;
  }
  return pairs;
}

const compared: ReadonlySet<CodePart["role"]> = new Set(["variable", "shared", "title", "doc"]);

interface Candidate {
  readonly to: string;
  readonly isPublic: boolean;
  readonly path?: string | undefined;
  /** It names a member of an object, or something at the top of a file. */
  readonly isMember: boolean;
  readonly isTop: boolean;
}

/** The names that more than one file can use and that get one new name. */
function candidates(files: readonly Read[], moves: readonly FileMove[]): Map<string, Candidate> {
  const found = new Map<string, Candidate | null>();
  const add = (from: string, one: Candidate) => {
    const known = found.get(from);
    if (known === null || (known !== undefined && known.to !== one.to)) found.set(from, null);
    else
      found.set(from, {
        ...one,
        isPublic: one.isPublic || known?.isPublic === true,
        path: pathOf(one, known),
        isMember: one.isMember || known?.isMember === true,
        isTop: one.isTop || known?.isTop === true,
      });
  };
  const pathOf = (one: Candidate, known: Candidate | undefined) =>
    known?.isPublic === true && one.isPublic && known.path !== one.path ? undefined : (one.path ?? known?.path);
  for (const { pairs, language, isTest, from } of files)
    for (const [old, young] of pairs ?? []) {
      if (old.text === young.text || (old.role !== "shared" && old.isOpen !== true)) continue;
      const isPublic = old.isOpen === true && !isTest && !isPrivate(old.text, language);
      const isMember = old.isMember === true;
      add(old.text, { to: young.text, isPublic, isMember, isTop: !isMember, ...(isPublic ? { path: from } : {}) });
    }
  for (const { from, to } of moves) {
    const [old, young] = [stemOf(from), stemOf(to)];
    if (languageOf(from)?.name === "python" && old !== young)
      add(old, { to: young, isPublic: false, isMember: false, isTop: false });
  }
  const targets = Map.groupBy(
    [...found.values()].flatMap((one) => one?.to ?? []),
    (to) => to,
  );
  return new Map(
    [...found].flatMap(([from, one]): [string, Candidate][] =>
      one !== null && targets.get(one.to)?.length === 1 ? [[from, one]] : [],
    ),
  );
}

const isPrivate = (name: string, language: string) =>
  language === "python" ? name.startsWith("_") : language === "go" && /^\P{Lu}/u.test(name);

/** Whether the change has all declarations of the name, leaves no use of the old one, and the new one was free. */
function isRenamed(from: string, { to, isMember, isTop }: Candidate, files: readonly Read[]): boolean {
  const isTaken = isMember ? isTakenMember : isTakenName;
  if (isTaken(from) || isTaken(to) || files.some(isSought)) return false;
  const declares = (side: Side | null, name: string, wantsMember: boolean) =>
    side?.parts.some(
      (part) =>
        part.text === name &&
        part.isOpen === true &&
        part.isLoaded !== true &&
        (part.isMember === true) === wantsMember,
    ) === true;
  const declared = (wantsMember: boolean) =>
    files.filter(({ old, young }) => declares(old, from, wantsMember) && declares(young, to, wantsMember));
  const isStem = files.some(
    (file) => file.path !== file.from && stemOf(file.from) === from && stemOf(file.path) === to,
  );
  const [members, tops] = [declared(true), declared(false)];
  if ((isMember && members.length === 0) || (isTop && tops.length === 0 && !isStem)) return false;
  if ([...members, ...tops].some(({ isTest }) => isTest) && !isFoundAlike(from, to)) return false;
  return files.every((file) => {
    if (file.isDocument) return true;
    const has = (side: Side | null, text: string, name: string) =>
      uses(side, text, name) || (isMember && side?.parts.some((part) => part.role === "fixed" && part.text === name));
    const isGone = file.after === null || !has(file.young, file.after, from);
    return isGone && (file.before === null || !has(file.old, file.before, to)) && !quotes(file, from);
  });
}

const isSought = ({ old, young }: Read): boolean => old?.isSought === true || young?.isSought === true;

/** Whether a version uses a name; if it can't be read, whether it has the name. */
function uses(side: Side | null, code: string, name: string): boolean {
  if (side === null) return hasName(code, name);
  return (
    side.parts.some(({ text, role, isMember }) => {
      const counts = role === "variable" || role === "shared" || (role === "fixed" && isMember === true);
      return counts && text === name;
    }) || hasName(side.acting, name)
  );
}

/** Whether code may look for the name by a text. */
function quotes({ old }: Read, name: string): boolean {
  return old?.parts.some(({ role, text }) => role === "text" && !/\s/u.test(text) && hasName(text, name)) === true;
}

/** The names that a file has in a new form; null if that does not explain all of its change. */
function renamesIn(
  file: Read,
  valid: ReadonlyMap<string, Candidate>,
  { files, moves, change }: { files: readonly Read[]; moves: readonly FileMove[]; change: RenamingChange },
): Rename[] | null {
  const { pairs, old, young, path, from } = file;
  if (pairs === null || old === null || young === null || old.acting !== young.acting) return null;
  if (path !== from && !(staysItself({ from, to: path }, file.before ?? "") && mayMove(file, files, change)))
    return null;
  const known = new Set(pairs.flatMap(([{ role, text }]) => (role === "variable" ? [text] : [])));
  const given = new Map<string, string>();
  const renames = new Map<string, Rename>();
  for (const [one, other] of pairs) {
    if (one.role === "title" || one.role === "doc") continue;
    const isSame = one.text === other.text;
    if (one.role === "shared") {
      if (!isSame && valid.get(one.text)?.to !== other.text) return null;
    } else {
      const usual = given.get(one.text) ?? other.text;
      if (usual !== other.text) return null;
      given.set(one.text, usual);
      if (!isSame && !isFree(one, other.text, file, { valid, known })) return null;
    }
    if (!isSame) renames.set(one.text, { from: one.text, to: other.text });
  }
  const withNewNames = (text: string) =>
    [...renames.values()].reduce((all, { from: name, to }) => replaceName(all, name, to), text);
  if (pairs.some(([one, other]) => one.role === "doc" && other.text !== withNewNames(one.text))) return null;
  const targets = new Set([...renames.values()].map(({ to }) => to));
  if (targets.size < renames.size || (renames.size > 0 && isSought(file)) || swapsTitles(pairs)) return null;
  const isChanged = renames.size > 0 || file.withoutTypes || path !== from || hasOtherTitle(pairs);
  return isChanged || moves.length > 0 ? [...renames.values()] : null;
}

/** Whether code loads a file by its path, so that no tool finds it by its folder, and whether it has no path that starts in its folder. */
function mayMove({ path, from, isTest, old }: Read, files: readonly Read[], { goModule }: RenamingChange): boolean {
  const isFromHere = ({ role, text }: CodePart) => role === "text" && /^[`"']\.{1,2}(?:\/|[`"'])/u.test(text);
  if (posix.dirname(path) !== posix.dirname(from) && old?.parts.some(isFromHere) === true) return false;
  if (isTest || from.endsWith(".go")) return true;
  const moved = { files: [{ path: from, from }], goModule };
  const loads = (one: Read) => {
    const names = from.endsWith(".py")
      ? one.old?.parts.some(({ text }) => text.split(".").at(-1) === stemOf(from))
      : true;
    return (
      names === true && one.old?.parts.some(({ role, text }) => role === "module" && isOurModule(text, one.from, moved))
    );
  };
  return files.some((one) => !one.isTest && one.from !== from && loads(one) === true);
}

/** Whether a test gets a title that another one had. */
function swapsTitles(pairs: readonly Pair[]): boolean {
  const titles = pairs.filter(([{ role }]) => role === "title");
  const olds = new Set(titles.map(([{ text }]) => text));
  return titles.some(([one, other]) => one.text !== other.text && olds.has(other.text));
}

const hasOtherTitle = (pairs: readonly Pair[]) =>
  pairs.some(([one, other]) => one.role === "title" && one.text !== other.text);

/** Whether a variable can have the new name: it is declared, and nobody else decides what either name means. */
function isFree(
  one: CodePart,
  to: string,
  { pairs, isTest, language, path }: Read,
  { valid, known }: { valid: ReadonlyMap<string, Candidate>; known: ReadonlySet<string> },
): boolean {
  const isShared = valid.get(one.text)?.to === to;
  if (isShared) return !known.has(to);
  const own = (pairs ?? []).filter(([{ role, text }]) => role === "variable" && text === one.text);
  if (own.some(([{ isOpen, isParameter }]) => isOpen === true || isParameter === true)) return false;
  const isInFixture = language === "python" && (isTest || posix.basename(path) === "conftest.py");
  const isDeclared = own.some(([{ binds }]) => binds === true);
  return (
    isDeclared && !known.has(to) && !isTakenName(one.text) && !isTakenName(to) && !(isInFixture && one.isParameter)
  );
}
