/**
 * Tells whether a change to a data file only adds rows like the old ones: every old row is still there, unchanged and in order, so that a test which loops over
 * the rows checks it as before. It reads JSON, CSV, TSV and other texts with rows. The text is hostile: if two parsers could read it differently, it counts as
 * more. Throws a `RangeError` for JSON that is nested too deep. Pure.
 */

import { hasControls, type Json } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";
import { isCodeFile } from "@aedev/languages";

const charactersMax = 1024 * 1024;
/** The most new rows, since each is compared with all others. */
const addedMax = 200;
/** Files with settings of tools, which have no rows. */
const settings =
  /(?:^|\/)(?:\..*|(?:package|composer|tsconfig|jsconfig|deno|renovate|jest|angular|nx|project|turbo|lerna|mocha|jasmine|cypress|karma|nodemon)[^/]*\.json|[^/]*(?:config|settings|schema|rc)\.json)$/iu;
/** Names of fields that may affect other rows. */
const deciding =
  /^[^a-z]*(?:is|run|test)?_?(?:only\w*|solo|exclusive|focus\w*|skip.*|ignored?|pending|todo|bail|stop\w*|abort\w*|exit\w*|break\w*|just\w*|disabled)$|only$/iu;

export function addsOnlyRows(path: string, before: string, after: string): boolean {
  if (before.length + after.length > 2 * charactersMax || settings.test(path)) return false;
  if (/\.json$/iu.test(path)) return hasJsonRows(before, after);
  const isTabbed = /\.tsv$/iu.test(path);
  if (!isTabbed && !/\.csv$/iu.test(path)) return addsOnlyLines(path, before, after);
  const head = /^[^\n]*/u.exec(before)?.[0] ?? "";
  return hasLines(before, after, isTabbed ? "\t" : ([",", ";", "|"].find((one) => head.includes(one)) ?? ","));
}

/** Whether rows are added to a list at the top, or to one list in an object at the top. Two lists of the same length do not count: code may pair them. */
function hasJsonRows(before: string, after: string): boolean {
  const [old, young] = [readJson(before), readJson(after)];
  if (old === undefined || young === undefined) return false;
  if (Array.isArray(old) && Array.isArray(young)) return hasElements(old, young);
  if (!isJsonObject(old) || !isJsonObject(young)) return isSame(old, young);
  const names = Object.keys(old);
  const longer = names.filter((name) => !isSame(old[name] ?? null, young[name] ?? null));
  const sizes = names.map((name) => old[name]).flatMap((value) => (Array.isArray(value) ? [value.length] : []));
  const areKept = longer.every((name) => {
    const [one, other] = [old[name], young[name]];
    return Array.isArray(one) && Array.isArray(other) && hasElements(one, other);
  });
  // An array of strings next to the rows may name their columns.
  const hasDecidingHead = Object.values(old).some((value) => Array.isArray(value) && value.some(isDeciding));
  return (
    !hasDecidingHead &&
    Object.keys(young).join("\n") === names.join("\n") &&
    areKept &&
    (longer.length === 0 || (longer.length === 1 && new Set(sizes).size === sizes.length))
  );
}

/**
 * Reads JSON with numbers as written, since parsers read them differently. Undefined if the text is no JSON, or an object repeats a name or has a number as a
 * name, which JavaScript would sort.
 */
function readJson(text: string): Json | undefined {
  // An unclosed string would be read again from each quote.
  if (parseJson(text) === undefined) return undefined;
  let names = 0;
  let areTexts = true;
  const token = /"((?:\\.|[^"\\])*)"(\s*:)?|-?\d[\d.eE+-]*/gu;
  const marked = text.replaceAll(token, (found, inner: string | undefined, colon: string | undefined) => {
    if (inner === undefined) return `"n${found}"`;
    if (colon !== undefined) names += 1;
    areTexts &&= colon === undefined || !/^\d+$/u.test(inner);
    return `"s${found.slice(1)}`;
  });
  const value = parseJson(marked) as Json | undefined;
  return value !== undefined && areTexts && names === countNames(value) ? value : undefined;
}

function countNames(value: Json): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + countNames(one), 0);
  if (!isJsonObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, one) => sum + 1 + countNames(one), 0);
}

type JsonObject = Readonly<Record<string, Json>>;
const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSame = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other);

function hasElements(old: readonly Json[], young: readonly Json[]): boolean {
  if (young.length - old.length > addedMax) return false;
  const texts = old.map((element) => JSON.stringify(element));
  const added: Json[] = [];
  let at = 0;
  for (const element of young) {
    if (at < texts.length && texts[at] === JSON.stringify(element)) at += 1;
    // The first row may be a model for the others.
    else if (at === 0 || added.length === addedMax) return false;
    else added.push(element);
  }
  return at === old.length && (added.length === 0 || areRows(added, old));
}

/** Whether new rows have the fields of the old ones, affect no other row and repeat no value by which an old row may be looked up. */
function areRows(added: readonly Json[], old: readonly Json[]): boolean {
  const fields = old.map(fieldsOf);
  const known = new Set(fields.flatMap((row) => [...row.keys()]));
  const needed = [...known].filter((name) => fields.every((row) => row.has(name)));
  const isFilled = new Set(known);
  for (const row of fields) for (const [name, value] of row) if (isBlank(value)) isFilled.delete(name);
  const heads = [...(fields[0]?.values() ?? [])];
  if (Array.isArray(old[0]) && heads.some((head) => isDeciding(head))) return false;
  const inner = old.map((row) => allFieldsOf(row));
  const names = [...new Set(inner.flatMap((row) => [...row.keys()]))];
  if (names.length > fieldsMax || names.length ** 2 * old.length > cellPairsMax) return false;
  const distinct = new DistinctValues(names, inner);
  return added.every((row) => {
    const own = fieldsOf(row);
    const isLike = needed.every((name) => own.has(name)) && [...own.keys()].every((name) => known.has(name));
    const isSameKind = old.some((other) => Array.isArray(other) === Array.isArray(row));
    const isWhole = [...own].every(([name, value]) => !(isFilled.has(name) && isBlank(value)));
    return own.size > 0 && isLike && isSameKind && isWhole && !decides(row, old) && distinct.isNew(allFieldsOf(row));
  });
}
const fieldsMax = 50;
const isBlank = (value: Json) => value === null || value === "s";
const isDeciding = (head: Json) => typeof head === "string" && deciding.test(head.slice(1));

/** Keys by which a row may be looked up: fields, pairs of fields, and all fields except one, whose values differ in all rows. */
class DistinctValues {
  readonly #keys: { names: readonly string[]; used: ReadonlySet<string> }[];

  constructor(names: readonly string[], given: readonly ReadonlyMap<string, Json>[]) {
    // Duplicate rows are left out, because they don't show which fields are unique.
    const rows = [...new Map(given.map((row) => [JSON.stringify([...row]), row])).values()];
    const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other]));
    const allButOne = names.map((left) => names.filter((name) => name !== left)).filter(({ length }) => length > 2);
    const distinct = [...names.map((name) => [name]), ...pairs, ...allButOne].flatMap((key) => {
      const values = distinctValues(rows, key);
      return values === null ? [] : [{ names: key, values }];
    });
    // A pair that contains a unique field is unique anyway.
    const single = new Set(distinct.filter(({ names: { length } }) => length === 1).flatMap(({ names: own }) => own));
    this.#keys = distinct
      .filter(({ names: own }) => own.length !== 2 || !own.some((name) => single.has(name)))
      .map(({ names: own, values }) => ({ names: own, used: values }));
  }

  /** False if an old row has the same key, so that a lookup could find the new row instead. New rows may repeat each other. */
  isNew(row: ReadonlyMap<string, Json>): boolean {
    return this.#keys.every(({ names, used }) => {
      const key = keyOf(row, names);
      return key === null || !used.has(key);
    });
  }
}

/** The values of a key in all rows that have its fields; null if two rows share a value. */
function distinctValues(rows: readonly ReadonlyMap<string, Json>[], key: readonly string[]): Set<string> | null {
  const values = new Set<string>();
  for (const row of rows) {
    const value = keyOf(row, key);
    if (value === null) continue;
    if (values.has(value)) return null;
    values.add(value);
  }
  return values;
}

function keyOf(row: ReadonlyMap<string, Json>, names: readonly string[]): string | null {
  const values = names.map((name) => row.get(name));
  return values.includes(undefined) ? null : JSON.stringify(values.map((value) => plainValue(value ?? null)));
}

/** A form that is equal for values which a language may take for the same: `1`, `1.0`, `"1"` and `true`, and letters of any case and width. */
function plainValue(value: Json): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value !== "string") return JSON.stringify(value).normalize("NFKC").toLowerCase();
  const text = value.slice(1).normalize("NFKC").trim().toLowerCase();
  if (/^(?:true|false)$/u.test(text)) return text === "true" ? "1" : "0";
  return text !== "" && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

/** The fields of a row by name, or by index in a list; empty for a plain value. */
function fieldsOf(row: Json): Map<string, Json> {
  return row !== null && typeof row === "object" ? new Map(Object.entries(row)) : new Map();
}

/** The fields of a row and of its inner objects, by their path of names. */
function allFieldsOf(row: Json, prefix = ""): Map<string, Json> {
  const fields = [...fieldsOf(row)].flatMap(([name, value]): [string, Json][] => {
    const path = `${prefix}${name}`;
    return isJsonObject(value) && Object.keys(value).length > 0 ? [...allFieldsOf(value, `${path} `)] : [[path, value]];
  });
  return new Map(fields);
}

/** Whether a field at any depth may affect other rows, unless each old row has the same value there. */
function decides(row: Json, old: readonly Json[]): boolean {
  if (Array.isArray(row)) return row.some((one) => decides(one, []));
  if (!isJsonObject(row)) return false;
  return Object.entries(row).some(([name, value]) => {
    const isUsual = old.length > 0 && old.every((other) => isJsonObject(other) && isSame(other[name] ?? null, value));
    return (deciding.test(name.slice(1)) && value !== false && value !== null && !isUsual) || decides(value, []);
  });
}

/** Whether all lines have as many separators as the first, which stays. A quote could join lines, and some readers end at an empty line or cell. */
function hasLines(before: string, after: string, separator: string): boolean {
  const [old, young] = [linesOf(before), linesOf(after)];
  const cells = (line: string) => line.split(separator).map((cell) => cell.trim());
  const head = cells(old[0] ?? "");
  const others = [",", ";", "\t", "|"].filter((one) => one !== separator);
  const all = `${before}${after}`;
  if (
    old.length < 2 ||
    head.length < 2 ||
    head.length > fieldsMax ||
    young[0] !== old[0] ||
    young.length - old.length > addedMax ||
    before.endsWith("\n") !== after.endsWith("\n") ||
    head.some((name) => deciding.test(name)) ||
    others.some((one) => old[0]?.includes(one) === true) ||
    hasControls(all.replaceAll(/[\n\t]/gu, "")) ||
    /["\u2028\u2029]/u.test(all)
  )
    return false;
  const rowOf = (line: string) => new Map(cells(line).map((cell, at): [string, Json] => [`${at}`, `s${cell}`]));
  const rows = old.slice(1).filter((line) => cells(line).length === head.length && !line.startsWith("#"));
  if (head.length ** 2 * rows.length > cellPairsMax) return false;
  const distinct = new DistinctValues([...head.keys()].map(String), rows.map(rowOf));
  // With an empty cell, or a word among numbers, some readers read the whole column differently.
  const table = rows.map(cells);
  const hasBlank = head.map((_, column) => table.some((row) => row[column] === ""));
  const areNumbers = head.map((_, column) => table.every((row) => isNumber(row[column] ?? "")));
  let at = 0;
  for (const line of young) {
    if (line === old[at]) {
      at += 1;
      continue;
    }
    // Tests may use the first row as a model.
    if (at <= 1) return false;
    const row = cells(line);
    const isAlike = row.every(
      (cell, column) => (cell !== "" || hasBlank[column]) && (isNumber(cell) || !areNumbers[column]),
    );
    const isPlain = row.length === head.length && row[0] !== "" && isAlike && !/^#|[\\']/u.test(line);
    // A reader that skips the head as a comment may split lines differently.
    if (separator === "|" && others.some((one) => isTakenStart(line, { lines: old, separator: one }))) return false;
    if (!isPlain || !distinct.isNew(rowOf(line))) return false;
  }
  return at === old.length;
}

/** Whether an old line starts with the same cell. */
function isTakenStart(line: string, { lines, separator }: { lines: readonly string[]; separator: string }): boolean {
  if (!line.includes(separator)) return false;
  const start = line.split(separator)[0]?.trim();
  return lines.some((one) => one.includes(separator) && one.split(separator)[0]?.trim() === start);
}

const cellPairsMax = 1_000_000;
const isNumber = (cell: string) => cell === "" || Number.isFinite(Number(cell.replace(",", ".")));

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Formats with more structure than lines, settings, and texts for people. */
const otherFormat =
  /\.(?:jsonc?|json5|jsonl|ndjson|ya?ml|toml|xml|html?|svg|css|s[ac]ss|less|ini|cfg|conf|config|env|properties|lock|mod|sum|md|mdx|rst|adoc|tex|proto|sql|graphql|gql|snap|patch|diff|csv|tsv|po|pem|key|crt|in|template|tmpl|tpl|j2|hbs|mustache|ejs|erb|mk|cmake|gradle|bat|cmd)$|(?:^|\/)(?:\.[^/]*|[^./]*|CMakeLists\.txt)$|(?:^|\/)(?:requirements|constraints)[^/]*$|(?:^|\/)requirements\//iu;
/** Files that build code, and code in languages without rules here. */
const codeFormat =
  /\.(?:cl[js]|cljc|edn|zsh|fish|nix|bzl|bazel|star|gemspec|pth|pm|mli|vb|tcl|awk|el|lisp|scm|rkt|hh)$/iu;
/** Names of files that may say which other things count, such as a list of tests to skip. */
const decidingName = /skip|fail|ignore|allow|deny|block|exclude|expected_|known|todo|white|black/iu;
/** Words in a line that may affect other lines. */
const decidingLine =
  /\b(?:skip\w*|only|solo|focus\w*|ignor\w*|todo|pending|stop\w*|end|exit|quit|abort|off|on|disabled?|enabled?|includ\w*|import|set|unset|default|mode|strict|lenient|tolerance|pragma|noqa|xfail)\b/iu;
/** So many lines of one form are rows. */
const rowsMin = 3;

/** Whether every old line stays in order, and each new one, not the first, is a comment of the usual form or has the form of at least three old lines. */
export function addsOnlyLines(path: string, before: string, after: string): boolean {
  if (isCodeFile(path) || otherFormat.test(path) || codeFormat.test(path) || decidingName.test(path)) return false;
  if (hasControls(`${before}${after}`.replaceAll(/[\n\t]/gu, ""))) return false;
  const [old, young] = [rowsIn(before), rowsIn(after)];
  const added: string[] = [];
  let at = 0;
  for (const line of young) {
    if (line === old[at]) at += 1;
    else if (at === 0 || added.push(line) > addedMax) return false;
  }
  if (at < old.length || added.length === 0) return false;
  const forms = Map.groupBy(old, formOf);
  const known = new Set(old);
  const comment = /^(?:#|\/\/|--|;|%) /u;
  const mark = old.find((line) => comment.test(line))?.slice(0, 2);
  return added.every((line) => {
    if (decidingLine.test(line)) return false;
    if (mark !== undefined && line.startsWith(mark) && comment.test(line)) return true;
    if (!/\S\s+\S/u.test(line) || isRepeatedSetting(line, old)) return false;
    const rows = forms.get(formOf(line)) ?? [];
    return rows.length >= rowsMin && /\w/u.test(line) && !known.has(line) && isFreeKey(line, rows);
  });
}

const rowsIn = (text: string) => text.replace(/\n$/u, "").split("\n");

/** The form of a line: letters become `a`, digits `0`, and blanks one blank. */
const formOf = (line: string) =>
  line
    .replaceAll(/\p{L}+/gu, "a")
    .replaceAll(/\d+/gu, "0")
    .replaceAll(/[ \t]+/gu, " ");

/** Whether no old row begins with the same word, or old rows already share one: otherwise the new row could replace an old one. */
function isFreeKey(line: string, rows: readonly string[]): boolean {
  const keyOf = (row: string) => /^\s*\S+/u.exec(row)?.[0] ?? "";
  const keys = rows.map(keyOf);
  return !keys.includes(keyOf(line)) || new Set(keys).size < keys.length;
}

/** Whether a line sets a key that several lines set, as `key: value` or `key = value`: a later line may replace an earlier one. */
function isRepeatedSetting(line: string, lines: readonly string[]): boolean {
  const keyOf = (text: string) => /^\s*["']?(\p{L}[\w.-]*)["']?\s*[:=]/u.exec(text)?.[1];
  const key = keyOf(line);
  return key !== undefined && lines.filter((one) => keyOf(one) === key).length >= 2;
}
