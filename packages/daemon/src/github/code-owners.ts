/**
 * Reads a CODEOWNERS file as GitHub documents it and tells who owns paths. Pure. Invalid lines are left out and named, and matching stops at a fixed amount of
 * work, because the file is foreign. The matcher is our own: libraries for globs or gitignore know `!`, `[ ]` and `{ }`, which this syntax lacks, and none
 * bounds its time.
 */
import { foreignName, hasControls } from "@aedev/contracts";

/** The places where GitHub looks for the file, in its order; the first that exists counts. */
export const codeOwnersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;
/** GitHub loads no larger file. */
export const codeOwnersBytesMax = 3 * 1024 * 1024;
/** How many path parts and characters one question may compare, which takes some tenths of a second. */
const workMax = 20_000_000;
const linesNamedMax = 3;
const lineCharactersMax = 2_000;

interface Rule {
  readonly line: number;
  readonly parts: readonly string[];
  readonly owners: readonly Owner[];
}

type Owner =
  | { readonly kind: "user"; readonly login: string }
  | { readonly kind: "team"; readonly organization: string; readonly slug: string }
  | { readonly kind: "email"; readonly address: string };

/** Owners in the order of the paths, each once; `teams` as `organization/slug`. */
export interface CodeOwners {
  readonly users: readonly string[];
  readonly teams: readonly string[];
  /** The lines that can't be used, for people; foreign text in them is escaped. */
  readonly ignored: readonly string[];
}

/** The owners of the paths, each by the last line that matches it. Null: matching would take too much work. */
export function ownersOf(text: string, paths: readonly string[]): CodeOwners | null {
  const { rules, invalid } = parse(text);
  const budget = { left: workMax };
  const users = new Map<string, string>();
  const teams = new Map<string, string>();
  const emails = new Set<string>();
  for (const path of paths) {
    const rule = lastMatch(rules, path.split("/"), budget);
    if (budget.left < 0) return null;
    for (const owner of rule?.owners ?? []) {
      if (owner.kind === "email") emails.add(owner.address);
      else if (owner.kind === "user") users.set(owner.login.toLowerCase(), owner.login);
      else {
        const name = `${owner.organization}/${owner.slug}`;
        teams.set(name.toLowerCase(), name);
      }
    }
  }
  const ignored = [
    ...[...emails].map((address) => `${foreignName(address)} is an e-mail address`),
    ...invalid.slice(0, linesNamedMax).map(({ line, why }) => `line ${line} ${why}`),
    ...(invalid.length > linesNamedMax ? [`${invalid.length - linesNamedMax} more lines are not valid`] : []),
  ];
  return { users: [...users.values()], teams: [...teams.values()], ignored };
}

/** Skips invalid lines, as GitHub does. */
function parse(text: string): { rules: Rule[]; invalid: { line: number; why: string }[] } {
  const rules: Rule[] = [];
  const invalid: { line: number; why: string }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const parsed = line.length > lineCharactersMax ? "is too long" : ruleOf(line, index + 1);
    if (typeof parsed === "string") invalid.push({ line: index + 1, why: parsed });
    else rules.push(parsed);
  }
  return { rules, invalid };
}

/** The line's rule, or a text that says why the line is invalid. */
function ruleOf(line: string, number: number): Rule | string {
  const [, pattern = "", rest = ""] = /^((?:\\.|[^\s\\])+)(.*)$/su.exec(line) ?? [];
  if (hasControls(line.replaceAll("\t", " "))) return "has control characters";
  if (/^\/*$/.test(pattern)) return "has no pattern";
  if (pattern.startsWith("!")) return "begins with !";
  if (/[[\]]/.test(pattern)) return "has [ or ]";
  if (pattern.startsWith("\\#")) return "begins with \\#";
  const owners: Owner[] = [];
  for (const name of rest.split(/\s+/).filter((one) => one !== "")) {
    if (name.startsWith("#")) break;
    const owner = ownerOf(name);
    if (owner === null) return `names ${foreignName(name)}, which is no owner`;
    owners.push(owner);
  }
  return { line: number, parts: partsOf(pattern), owners };
}

const userName = /^@([A-Za-z0-9][A-Za-z0-9_-]{0,99})$/;
const teamName = /^@([A-Za-z0-9][A-Za-z0-9_-]{0,99})\/([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/;
const emailAddress = /^[^\s@]{1,100}@[^\s@]{1,200}$/;

function ownerOf(name: string): Owner | null {
  const team = teamName.exec(name);
  if (team !== null) return { kind: "team", organization: team[1] ?? "", slug: team[2] ?? "" };
  const user = userName.exec(name);
  if (user !== null) return { kind: "user", login: user[1] ?? "" };
  return emailAddress.test(name) ? { kind: "email", address: name } : null;
}

/** Stand for `*`, `?` and a part `**` in a parsed pattern, which never has control characters itself. */
const [anyText, anyCharacter, anyFolders] = ["\u0001", "\u0002", "\u0003"];

/** A pattern without a slash, or with one only at its end, matches at any depth. One that ends with a slash or `**` matches everything below. */
function partsOf(pattern: string): string[] {
  const isRooted = pattern.replace(/\/$/, "").includes("/");
  const parts = pattern.replace(/^\/+/, "").split("/").map(partOf);
  if (parts.at(-1) === "") parts[parts.length - 1] = anyFolders;
  if (parts.at(-1) === anyFolders) parts.push(anyText);
  return isRooted || parts[0] === anyFolders ? parts : [anyFolders, ...parts];
}

function partOf(text: string): string {
  if (text === "**") return anyFolders;
  return text.replace(/\\(.)|\*|\?/gsu, (found, escaped: string | undefined) => {
    return escaped ?? (found === "*" ? anyText : anyCharacter);
  });
}

interface Budget {
  left: number;
}

function lastMatch(rules: readonly Rule[], path: readonly string[], budget: Budget): Rule | undefined {
  return rules.findLast(({ parts }) => budget.left >= 0 && matches(parts, path, budget));
}

/** A name at the end of a pattern also matches everything below that folder; `*` there matches only direct entries. */
function matches(parts: readonly string[], path: readonly string[], budget: Budget): boolean {
  const isOpen = parts.at(-1) !== anyText;
  return matchesFrom(parts, path, {
    isMany: (part) => part === anyFolders,
    isOne: (part, name) => matchesName(part, name, budget),
    mayEnd: (end) => end === path.length || isOpen,
    budget,
  });
}

function matchesName(pattern: string, name: string, budget: Budget): boolean {
  return matchesFrom(pattern, name, {
    isMany: (character) => character === anyText,
    isOne: (character, one) => character === one || character === anyCharacter,
    mayEnd: (end) => end === name.length,
    budget,
  });
}

interface Matching {
  /** Whether this element of a pattern stands for any number of elements of the text, including none. */
  readonly isMany: (element: string) => boolean;
  readonly isOne: (element: string, one: string) => boolean;
  /** Whether the match may end before this place of the text. */
  readonly mayEnd: (end: number) => boolean;
  readonly budget: Budget;
}

/**
 * Whether the pattern matches the text from its start. Only the last many-element is retried further on, which suffices and bounds the time by the product of
 * both lengths.
 */
function matchesFrom(
  pattern: ArrayLike<string>,
  text: ArrayLike<string>,
  { isMany, isOne, mayEnd, budget }: Matching,
): boolean {
  let [at, place] = [0, 0];
  let retry: { readonly at: number; readonly place: number } | null = null;
  for (;;) {
    budget.left -= 1;
    if (budget.left < 0) return false;
    const [element, one] = [pattern[at], text[place]];
    if (element === undefined && mayEnd(place)) return true;
    if (element !== undefined && isMany(element)) {
      at += 1;
      retry = { at, place };
    } else if (element !== undefined && one !== undefined && isOne(element, one)) {
      at += 1;
      place += 1;
    } else if (retry !== null && retry.place < text.length) {
      retry = { at: retry.at, place: retry.place + 1 };
      ({ at, place } = retry);
    } else return false;
  }
}
