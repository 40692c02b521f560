/**
 * Tells which changed files do what they did before, because declarations only moved from one of them to another: each statement is the same and its names
 * mean the same declarations, whatever file they are in. Pure; the texts are hostile, so run it in a process that may be killed.
 */
import { languageOf } from "../index.ts";
import { readersOf } from "../readers.ts";
import { actingTexts, isReadAlike } from "../shared/same-code.ts";
import { fieldOf, isComment, nodesIn, textOf } from "../tree/print-syntax.ts";
import { ifReadable, type SyntaxNode, type SyntaxTree } from "../tree/syntax-node.ts";
import { readSyntax } from "../tree/syntax-tree.ts";
import type { ChangedSource, RenamingChange } from "./explain-renames.ts";
import { type FileLinks, type Link, linkedReaders, type Statement } from "./file-links.ts";
import { changedFileOf, isOurModule, unchangedModule } from "./modules.ts";
import { findsByText } from "./name-lookups.ts";
import { hasName } from "./names.ts";
import { type CodePart, isTestName, type NamedFile } from "./part.ts";
import { namesReaderOf, partsOfNode } from "./parts.ts";
import { isStandardModule } from "./standard-modules.ts";

export interface Moves {
  /** The files that do what they did before. */
  paths: string[];
  /** Names that moved, each with the file that had it. `isGone`: that file does not give it to others any more. `isPublic`: code outside the repository may miss it. */
  moved: { name: string; from: string; isGone: boolean; isPublic: boolean }[];
  /** Names that moved code uses: a test that replaces one in the old file would not reach the moved code. */
  used: string[];
}

interface Version extends FileLinks {
  readonly path: string;
  readonly tree: SyntaxTree;
  readonly named: NamedFile;
}
interface Changed extends ChangedSource {
  readonly language: string;
  readonly old: Version;
  readonly young: Version;
}
/** Which version is meant, and where moved names were before. */
interface Side {
  readonly key: "old" | "young";
  readonly files: ReadonlyMap<string, Changed>;
  /** Origins by `path name` of the new version. */
  readonly origins: ReadonlyMap<string, string>;
  readonly change: RenamingChange;
}

const nothing: Moves = { paths: [], moved: [], used: [] };

export function explainMoves(change: RenamingChange): Moves {
  const files = change.files.flatMap((file) => readChanged(file, change) ?? []);
  const isCode = ({ path, isDocument }: ChangedSource) => languageOf(path) !== null && !isDocument;
  if (files.length < 2 || files.length < change.files.filter(isCode).length) return nothing;
  const places = movesIn(files);
  if (places.length === 0) return nothing;
  const byPath = new Map(files.flatMap((file) => [[file.path, file] as const, [file.from, file] as const]));
  const origins = new Map(places.map(({ name, from, to }) => [`${to.path} ${name}`, idOf(from.from, name, from)]));
  const [old, young] = (["old", "young"] as const).map((key): Side => ({ key, files: byPath, origins, change }));
  if (old === undefined || young === undefined) return nothing;
  const used = new Set<string>();
  for (const { name, from, to } of places) {
    const [before, after] = [statementOf(from.old, name), statementOf(to.young, name)];
    if (before === undefined || after === undefined || !isMovable(after, to)) return nothing;
    if (![from.old, from.young, to.old, to.young].every(isPlain)) return nothing;
    const tokens = tokensOf(before, from, old);
    if (tokens === null || tokens !== tokensOf(after, to, young)) return nothing;
    for (const one of namesUsed(before, from.old)) used.add(one);
  }
  const isMoved = (file: Changed, { names }: Statement, end: "from" | "to") =>
    names.length > 0 && names.every((name) => places.some((one) => one[end] === file && one.name === name));
  const isKept = (file: Changed) => {
    const kept = (version: Version, side: Side, end: "from" | "to") =>
      version.statements.filter((one) => !isMoved(file, one, end)).map((one) => tokensOf(one, file, side));
    const [before, after] = [kept(file.old, old, "from"), kept(file.young, young, "to")];
    return before.length === after.length && before.every((one, at) => one !== null && one === after[at]);
  };
  const lost = files.map((file) => lostBy(file, { old, young }));
  if (lost.includes(null) || !loadsAlike(files, { old, young }) || !areTextsAlike(files, places)) return nothing;
  const gone = lost.flatMap((one) => one ?? []);
  const movedNames = new Set(places.map(({ name }) => name));
  // Only names that moved may be gone.
  if (gone.some(({ name }) => !movedNames.has(name))) return nothing;
  return {
    paths: files.filter(isKept).map(({ path }) => path),
    moved: places.map(({ name, from }) => {
      const isGone = gone.some((one) => one.name === name && one.file === from);
      return { name, from: from.from, isGone, isPublic: isGone && !from.isTest && isOpenName(name, from.language) };
    }),
    used: [...used].filter((name) => !movedNames.has(name)),
  };
}

const isOpenName = (name: string, language: string) =>
  language === "python" ? !name.startsWith("_") : language === "javascript" ? true : /^\p{Lu}/u.test(name);

function readChanged(file: ChangedSource, change: RenamingChange): Changed | null {
  const language = languageOf(file.path)?.name ?? "";
  // A file that got another name is another proof's.
  if (file.isDocument || file.path !== file.from || linkedReaders[language] === undefined) return null;
  const [old, young] = [file.before ?? "", file.after ?? ""].map((text) =>
    readVersion(text, file, { language, change }),
  );
  return old == null || young == null ? null : { ...file, language, old, young };
}

function readVersion(
  text: string,
  { path, isTest }: ChangedSource,
  { language, change }: { language: string; change: RenamingChange },
): Version | null {
  return ifReadable(() => {
    const tree = readSyntax(text, path);
    if (!isReadAlike(tree)) return null;
    const linked = linkedReaders[language]?.(tree);
    const named = { path, tree, isTest, isOurs: (module: string) => isOurModule(module, path, change) };
    return linked === undefined ? null : { ...linked, path, tree, named };
  }, null);
}

/** Whether nothing in a file depends on which of its names are there: no code looks names up, and no comment acts. */
function isPlain({ path, tree }: Version): boolean {
  const acting = readersOf(path)?.actingComments;
  return acting !== undefined && !findsByText(tree) && actingTexts(tree, acting).every((one) => forTools.test(one));
}

/** Comments that only checkers of code read. */
const forTools =
  /^(?:#\s*(?:type:\s*ignore|noqa|pragma|pylint|mypy|fmt|isort|ruff)|\/[/*]\s*(?:nolint|eslint|biome|prettier|@ts-))/u;
/** Words by which code asks for its own place or name. */
const place =
  /\b(?:__dirname|__filename|import\.meta|require\.main|__file__|__name__|__spec__|__package__|__module__|__qualname__|runtime\.Caller|go:embed|go:build|pickle|shelve|inspect)\b/u;

interface Place {
  readonly name: string;
  readonly from: Changed;
  readonly to: Changed;
}

/** Names that one file lost and one other got. */
function movesIn(files: readonly Changed[]): Place[] {
  const names = (version: Version) => new Set(version.statements.flatMap((one) => one.names));
  const lost = new Map<string, Changed[]>();
  const got = new Map<string, Changed[]>();
  for (const file of files) {
    const [old, young] = [names(file.old), names(file.young)];
    for (const name of old) if (!young.has(name)) lost.set(name, [...(lost.get(name) ?? []), file]);
    for (const name of young) if (!old.has(name)) got.set(name, [...(got.get(name) ?? []), file]);
  }
  return [...lost].flatMap(([name, sources]): Place[] => {
    const targets = got.get(name) ?? [];
    const [from, to] = [sources[0], targets[0]];
    const isOne = sources.length === 1 && targets.length === 1 && from !== undefined && to !== undefined;
    return isOne && from.language === to.language && from.isTest === to.isTest ? [{ name, from, to }] : [];
  });
}

const statementOf = ({ statements }: Version, name: string) => statements.find(({ names }) => names.includes(name));

/** Whether a declaration may stand in another file: nothing runs when it is read, and what is read then stands before it. */
function isMovable(statement: Statement, { young, isTest, language }: Changed): boolean {
  if (!statement.isInert || place.test(textOf(statement.node))) return false;
  // Python's runners name a test by its file.
  if (isTest && language === "python" && statement.names.some(isTestName)) return false;
  if (language !== "python") return true;
  const earlier = young.statements.slice(0, young.statements.indexOf(statement));
  const known = new Set([...young.links.keys(), ...earlier.flatMap(({ names }) => names)]);
  const own = new Set(young.statements.flatMap(({ names }) => names));
  const body = fieldOf(statement.node, "body");
  const readAtOnce = [...nodesIn(statement.node, (node) => node === body)].filter(({ name }) => name === "identifier");
  return readAtOnce.every((node) => {
    const name = textOf(node);
    return statement.names.includes(name) || known.has(name) || !own.has(name);
  });
}

/** The id of a name that a file declares. All files of a folder of Go are one. */
function idOf(path: string, name: string, { language }: Pick<Changed, "language">): string {
  return language === "go" ? `${path.replace(/[^/]*$/u, "")} ${name}` : `${path} ${name}`;
}

/** What a name at the top of a file means: the same text on both sides for the same thing. */
function resolve(name: string, file: Changed, side: Side, seen: ReadonlySet<string> = new Set()): string {
  const version = file[side.key];
  const link = version.links.get(name);
  if (version.statements.some(({ names }) => names.includes(name))) {
    const own = side.key === "young" ? side.origins.get(`${file.path} ${name}`) : undefined;
    // A name that is also loaded means two things.
    return `${own ?? idOf(file.from, name, file)}${link === undefined ? "" : " and loaded"}`;
  }
  if (link !== undefined) return resolveLink(link, file, side, seen);
  if (file.language === "go") return idOf(file.from, name, file);
  return version.wholes.length > 0 && file.language === "python" ? `${file.from} *${name}` : `?${name}`;
}

function resolveLink(link: Link, file: Changed, side: Side, seen: ReadonlySet<string>): string {
  const at = changedFileOf(link.module, file.path, side.change);
  const below = file.language === "python" ? changedFileOf(joined(link), file.path, side.change) : null;
  if (below !== null && link.name !== "*") return `file ${side.files.get(below)?.from ?? below}`;
  if (at === null) return `${unchangedModule(link.module, file.path)}#${link.name}`;
  const target = side.files.get(at);
  if (target === undefined) return `${at}#${link.name}`;
  if (link.name === "*") return `file ${target.from}`;
  return resolveGiven(link.name, target, side, seen);
}

const joined = ({ module, name }: Link) => (module.endsWith(".") ? `${module}${name}` : `${module}.${name}`);

/** What a file gives under a name. */
function resolveGiven(name: string, file: Changed, side: Side, seen: ReadonlySet<string>): string {
  const key = `${file.path} ${name}`;
  const version = file[side.key];
  if (seen.has(key)) return `${key} in a circle`;
  const inner = new Set([...seen, key]);
  const given = version.given.get(name);
  if (typeof given === "string") return resolve(given, file, side, inner);
  if (given !== undefined) return resolveLink(given, file, side, inner);
  for (const module of version.wholes) {
    const at = changedFileOf(module, file.path, side.change);
    const target = at === null ? undefined : side.files.get(at);
    if (target?.[side.key].given.has(name) === true) return resolveGiven(name, target, side, inner);
  }
  return `${file.from} without ${name}`;
}

/** A statement as it means the same in every file; null: it can't be read so. */
function tokensOf(statement: Statement, file: Changed, side: Side): string | null {
  const version = file[side.key];
  const parts = partsIn(statement, version);
  if (parts === null) return null;
  const locals = localsIn(statement, parts);
  const tokens: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const { text, role } = parts[at] ?? { text: "" };
    if (role === "module") {
      const own = changedFileOf(text, file.path, side.change);
      tokens.push(own === null ? unchangedModule(text, file.path) : `file ${side.files.get(own)?.from ?? own}`);
    } else if (role !== "variable") tokens.push(`${role ?? ""} ${text}`);
    else if (locals.certain.has(text)) tokens.push(`local ${text}`);
    else {
      const id = resolve(text, file, side);
      const target = side.files.get(/^file (.*)$/u.exec(id)?.[1] ?? "");
      const member = parts[at + 2];
      const isMember = target !== undefined && parts[at + 1]?.text === "." && member !== undefined;
      if (isMember) at += 2;
      tokens.push(
        `${locals.all.has(text) ? `${text} or ` : ""}${isMember ? resolveGiven(member.text, target, side, new Set()) : id}`,
      );
    }
  }
  return tokens.join("\0");
}

/** Without `export`, because the file's other readers see what it gives. */
function partsIn({ node }: Statement, { named }: Version): CodePart[] | null {
  const names = namesReaderOf(named, languageOf(named.path)?.name ?? "");
  const isPlain = node.name === "export_statement" && !node.children.some(({ name }) => name === "default");
  const inner = isPlain ? fieldOf(node, "declaration") : undefined;
  const around = [named.tree.root, ...(inner === undefined ? [] : [node])];
  return names === null ? null : partsOfNode(inner ?? node, around, { names, text: named.tree.text });
}

const functionNode =
  /^(?:(?:generator_)?function_(?:declaration|definition|expression)|arrow_function|method_declaration|lambda)$/u;
const blockNode =
  /^(?:statement_block|block|for_(?:in_)?statement|catch_clause|switch_body|class_body|(?:list|set|dictionary)_comprehension|generator_expression|if_statement|(?:expression_)?switch_statement|type_switch_statement|select_statement|communication_case|expression_case)$/u;

/** Names that a statement binds below its top; `certain`: wherever the statement has such a name, it is that one. */
function localsIn({ node, names }: Statement, parts: readonly CodePart[]): { all: Set<string>; certain: Set<string> } {
  const parents = new Map<SyntaxNode, SyntaxNode>();
  for (const one of nodesIn(node)) for (const child of one.children) parents.set(child, one);
  const outer = [...nodesIn(node)].find((one) => functionNode.test(one.name));
  const body = fieldOf(outer, "body");
  const all = new Set<string>();
  const uncertain = new Set<string>();
  const around = (one: SyntaxNode) => {
    const found: SyntaxNode[] = [];
    for (let at = parents.get(one); at !== undefined && at !== outer; at = parents.get(at)) found.push(at);
    return found;
  };
  const bound = parts.filter(({ binds, text, role }) => role === "variable" && binds === true && !names.includes(text));
  for (const { text, node: own } of bound) {
    all.add(text);
    const above = own === undefined ? [] : around(own);
    const isInner = above.some((one) => one !== body && (blockNode.test(one.name) || functionNode.test(one.name)));
    if (outer === undefined || own === undefined || isInner || own.tree.isRust) uncertain.add(text);
  }
  const places = new Set(bound.map(({ node: own }) => own));
  for (const { text, role, node: own } of parts) {
    if (role !== "variable" || own === undefined || !all.has(text) || places.has(own)) continue;
    if (body === undefined || own.from < body.from || own.to > body.to) uncertain.add(text);
  }
  return { all, certain: new Set([...all].filter((name) => !uncertain.has(name))) };
}

/** The names at the top of its file that a statement uses. */
function namesUsed(statement: Statement, version: Version): string[] {
  const parts = partsIn(statement, version) ?? [];
  const { certain } = localsIn(statement, parts);
  const isTop = (name: string) => version.links.has(name) || statementOf(version, name) !== undefined;
  return parts
    .filter(({ role, text }) => role === "variable" && !certain.has(text) && isTop(text))
    .map(({ text }) => text);
}

/** What a file no longer gives to others; null: it gives something else under a name. */
function lostBy(
  file: Changed,
  { old, young }: Record<"old" | "young", Side>,
): { name: string; file: Changed }[] | null {
  if (file.language === "go") return [];
  const lost: { name: string; file: Changed }[] = [];
  const isGiven = (name: string) => !resolveGiven(name, file, young, new Set()).endsWith(` without ${name}`);
  for (const name of file.old.given.keys()) {
    if (!isGiven(name)) {
      // Python gives what it loads, too; who takes it from here is sought.
      if (file.language !== "python" || !file.old.links.has(name)) lost.push({ name, file });
    } else if (resolveGiven(name, file, old, new Set()) !== resolveGiven(name, file, young, new Set())) return null;
  }
  return file.old.wholes.every((one) => file.young.wholes.includes(one)) ? lost : null;
}

/** Whether each file loads what it did, through the changed files, and no file newly waits for one that waits for it. */
function loadsAlike(files: readonly Changed[], { old, young }: Record<"old" | "young", Side>): boolean {
  const targetsOf = (file: Changed, side: Side) =>
    file[side.key].loads.map((module) => {
      const at = file.language === "go" ? null : changedFileOf(module, file.path, side.change);
      return { module: unchangedModule(module, file.path), target: at === null ? undefined : side.files.get(at) };
    });
  const reach = (starts: readonly Changed[], side: Side) => {
    const [reached, found] = [new Set(starts), new Set<string>()];
    for (const file of reached) {
      if (file[side.key].statements.some(({ isInert }) => !isInert)) found.add(`file ${file.from}`);
      for (const { module, target } of targetsOf(file, side)) {
        if (target !== undefined) reached.add(target);
        else if (!isStandardModule(module, file.language, side.change.goModule)) found.add(module);
      }
    }
    return { reached, found: [...found].sort().join("\n") };
  };
  const folderOf = ({ path }: Changed) => path.replace(/[^/]*$/u, "");
  const groups = [...Map.groupBy(files, (file) => (file.language === "go" ? folderOf(file) : file.path)).values()];
  return groups.every((group) => {
    const kept = group.filter(({ before, after }) => before !== null && after !== null);
    const starts = group[0]?.language === "go" ? group : kept;
    if (starts.length > 0 && reach(starts, old).found !== reach(starts, young).found) return false;
    return group.every((file) =>
      targetsOf(file, young).every(({ target }) => {
        const isNew = target !== undefined && !targetsOf(file, old).some((one) => one.target === target);
        return !isNew || !reach([target], young).reached.has(file);
      }),
    );
  });
}

/** Whether no text in the changed files may name what moved, and nothing gives another value to a name that other files now load. */
function areTextsAlike(files: readonly Changed[], places: readonly Place[]): boolean {
  const names = places.map(({ name }) => name);
  const isQuoted = (text: string) => !/\s/u.test(text) && names.some((name) => hasName(text, name));
  const texts = files.flatMap(({ old, young }) =>
    [old, young].flatMap(({ tree }) => [...nodesIn(tree.root)].filter(({ name }) => textNode.test(name)).map(textOf)),
  );
  if (texts.some(isQuoted)) return false;
  return places.every(({ name, from }) => {
    const statement = statementOf(from.old, name);
    const used = statement === undefined ? [] : namesUsed(statement, from.old);
    return from.language === "go" || [name, ...used].every((one) => isFixed(one, from.old));
  });
}
const textNode = /^(?:string|template_string|string_literal|(?:interpreted_|raw_)?string_literal)$/u;

/** Whether a name of a file keeps the value that it has once the file is loaded. */
function isFixed(name: string, { statements, tree, links }: Version): boolean {
  const declared = statements.filter(({ names }) => names.includes(name)).length;
  if (declared + (links.has(name) ? 1 : 0) > 1) return false;
  return ![...nodesIn(tree.root)].some((node) => {
    if (isComment(node)) return false;
    if (node.name === "global_statement") return node.children.some((one) => textOf(one) === name);
    if (/^(?:augmented_assignment|assignment)_expression$|^augmented_assignment$/u.test(node.name))
      return textOf(fieldOf(node, "left")) === name;
    return node.name === "update_expression" && textOf(fieldOf(node, "argument")) === name;
  });
}
