/**
 * Tells whether a change to a data file only adds rows that are like those that it has: each row is still there as it was, in its order. Tests that go through the
 * rows check each as before. Reads JSON, CSV and TSV. The text is hostile: anything that two parsers could read in two ways is no addition. Throws a `RangeError` for JSON that
 * is nested too deep. Pure.
 */
import { hasControls, type Json } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";

const charactersMax = 1024 * 1024;
/** Rows that are compared: each new one with all others. */
const addedMax = 200;
/** Settings of tools, which are no rows. */
const settings =
  /(?:^|\/)(?:\.[^/]*|(?:package|composer|tsconfig|jsconfig|deno|renovate)[^/]*\.json|[^/]*(?:config|settings|schema|rc)\.json)$/iu;
/** Names of fields that may decide about other rows. */
const deciding =
  /^(?:is|run|test)?_?(?:only|solo|exclusive|focus\w*|skip\w*|ignored?|pending|todo|bail|stop\w*|disabled)$/iu;

export function addsOnlyRows(path: string, before: string, after: string): boolean {
  if (before.length + after.length > 2 * charactersMax || settings.test(path)) return false;
  if (/\.json$/iu.test(path)) return hasJsonRows(before, after);
  const isTabbed = /\.tsv$/iu.test(path);
  if (!isTabbed && !/\.csv$/iu.test(path)) return false;
  return hasLines(before, after, isTabbed ? "\t" : /^[^\n]*,/u.test(before) ? "," : ";");
}

/** Lists of rows at the top, or in the fields of an object at the top. */
function hasJsonRows(before: string, after: string): boolean {
  const [old, young] = [readJson(before), readJson(after)];
  if (old === undefined || young === undefined) return false;
  if (Array.isArray(old) && Array.isArray(young)) return hasElements(old, young);
  if (!isJsonObject(old) || !isJsonObject(young)) return isSame(old, young);
  const names = Object.keys(old);
  const isKept = (name: string) => {
    const [one, other] = [old[name] ?? null, young[name] ?? null];
    return Array.isArray(one) && Array.isArray(other) ? hasElements(one, other) : isSame(one, other);
  };
  return Object.keys(young).join("\n") === names.join("\n") && names.every(isKept);
}

/**
 * With numbers as texts, as they are written, since parsers differ in what they make of them; undefined for what is no JSON, and for names that stand twice in an
 * object or are numbers, which an object here sorts.
 */
function readJson(text: string): Json | undefined {
  const token = /"(?:\\.|[^"\\])*"|-?\d[\d.eE+-]*/gu;
  const marked = text.replaceAll(token, (found) => (found.startsWith('"') ? `"s${found.slice(1)}` : `"n${found}"`));
  if (parseJson(text) === undefined) return undefined;
  const value = parseJson(marked) as Json | undefined;
  const written = marked.match(/"(?:\\.|[^"\\])*"(?=\s*:)/gu) ?? [];
  if (value === undefined || written.some((name) => /^"s\d+"$/u.test(name))) return undefined;
  return written.length === countNames(value) ? value : undefined;
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
  const added: Json[] = [];
  let at = 0;
  for (const element of young) {
    const kept = old[at];
    if (kept !== undefined && isSame(kept, element)) at += 1;
    // What stands first may be a model for the others.
    else if (at === 0) return false;
    else added.push(element);
  }
  return at === old.length && (added.length === 0 || areRows(added, old));
}

/** Lists or objects with the fields of the old ones, none of which decides about others or has a value that tells another row apart. */
function areRows(added: readonly Json[], old: readonly Json[]): boolean {
  const fields = old.map(fieldsOf);
  const known = new Set(fields.flatMap((row) => [...row.keys()]));
  const needed = [...known].filter((name) => fields.every((row) => row.has(name)));
  const used = new Map([...known].map((name) => [name, new Set<string>()]));
  const distinct = new Set(known);
  const isNew = (row: ReadonlyMap<string, Json>) => {
    for (const [name, value] of row) {
      const text = JSON.stringify(value).replaceAll(/"[sn]/gu, '"').toLowerCase();
      if (used.get(name)?.has(text) !== false && distinct.has(name)) return false;
      used.get(name)?.add(text);
    }
    return true;
  };
  for (const row of fields)
    for (const [name, value] of row) {
      const text = JSON.stringify(value).replaceAll(/"[sn]/gu, '"').toLowerCase();
      if (used.get(name)?.has(text) === true) distinct.delete(name);
      used.get(name)?.add(text);
    }
  return added.every((row) => {
    const own = fieldsOf(row);
    const isLike = needed.every((name) => own.has(name)) && [...own.keys()].every((name) => known.has(name));
    const isSameKind = old.some((other) => Array.isArray(other) === Array.isArray(row));
    return own.size > 0 && isLike && isSameKind && !decides(row, old) && isNew(own);
  });
}

/** By name, or by place in a list; empty for a plain value. */
function fieldsOf(row: Json): Map<string, Json> {
  return row !== null && typeof row === "object" ? new Map(Object.entries(row)) : new Map();
}

/** At any depth, unless each of the old rows has the same there. */
function decides(row: Json, old: readonly Json[]): boolean {
  if (Array.isArray(row)) return row.some((one) => decides(one, []));
  if (!isJsonObject(row)) return false;
  return Object.entries(row).some(([name, value]) => {
    const isUsual = old.length > 0 && old.every((other) => isJsonObject(other) && isSame(other[name] ?? null, value));
    return (deciding.test(name.slice(1)) && value !== false && value !== null && !isUsual) || decides(value, []);
  });
}

/** Lines with as many separators as the first one, which stays the first. A quote could join lines. */
function hasLines(before: string, after: string, separator: string): boolean {
  const [old, young] = [linesOf(before), linesOf(after)];
  const cells = (line: string) => line.split(separator).map((cell) => cell.trim().toLowerCase());
  const head = cells(old[0] ?? "");
  if (old.length < 2 || head.length < 2 || head.some((name) => deciding.test(name))) return false;
  if (
    young[0] !== old[0] ||
    young.length - old.length > addedMax ||
    hasControls(`${before}${after}`.replaceAll(/[\n\t]/gu, "")) ||
    /"/u.test(`${before}${after}`)
  )
    return false;
  const columns = head.map((_, at) => old.slice(1).map((line) => cells(line)[at] ?? ""));
  const distinct = columns.map((values) => (new Set(values).size === values.length ? new Set(values) : null));
  let at = 0;
  for (const line of young) {
    if (line === old[at]) {
      at += 1;
      continue;
    }
    const row = cells(line);
    const isNew = row.every((cell, index) => distinct[index]?.has(cell) !== true);
    if (row.length !== head.length || line.startsWith("#") || !isNew) return false;
    for (const [index, cell] of row.entries()) distinct[index]?.add(cell);
  }
  return at === old.length;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
