/**
 * Tells whether a change to a data file only adds rows that are like those that it has: each of its values is still there, in its order. Tests that go through the
 * rows check each as before. Reads JSON, CSV and TSV. Hostile text: it throws a `RangeError` for JSON that is nested too deep. Pure.
 */
import type { Json } from "@aedev/contracts";
import { parseJson } from "@aedev/host/parse-json";

const charactersMax = 1024 * 1024;
/** Each is compared with all others. */
const addedMax = 200;
/** Settings of tools, which are no rows. */
const settings =
  /(?:^|\/)(?:\.[^/]*|(?:package|composer|tsconfig|jsconfig|deno|renovate)[^/]*\.json|[^/]*(?:config|settings|rc)\.json)$/iu;
/** Names of fields that may decide about other rows. */
const deciding = /^(?:only|focus\w*|skip\w*|todo|disabled|enabled|bail|stop\w*|end|last|until|break|default)$/iu;
/** Names of fields whose values tell rows apart: a second row of a value could take the place of the first. */
const naming = /^(?:id|key|name|title|label|case|description|slug|code)$/iu;

export function addsOnlyRows(path: string, before: string, after: string): boolean {
  if (before.length + after.length > 2 * charactersMax || settings.test(path)) return false;
  if (/\.json$/iu.test(path)) {
    const [old, young] = [parseJson(before), parseJson(after)];
    return old !== undefined && young !== undefined && hasRows(old as Json, young as Json);
  }
  const separator = /\.csv$/iu.test(path) ? /[,;]/gu : /\.tsv$/iu.test(path) ? /\t/gu : null;
  return separator !== null && hasLines(before, after, separator);
}

/** Equal, or with more rows in lists and maps of rows, at any depth. */
function hasRows(old: Json, young: Json): boolean {
  if (Array.isArray(old)) return Array.isArray(young) && hasElements(old, young);
  if (isJsonObject(old)) return isJsonObject(young) && hasEntries(old, young);
  return old === young;
}

function hasElements(old: readonly Json[], young: readonly Json[]): boolean {
  const added: Json[] = [];
  let at = 0;
  for (const element of young) {
    const kept = old[at];
    if (kept !== undefined && hasRows(kept, element)) at += 1;
    // What stands first may be a model for the others.
    else if (at === 0) return false;
    else added.push(element);
  }
  return at === old.length && areRows(added, old);
}

function hasEntries(old: JsonObject, young: JsonObject): boolean {
  const names = Object.keys(old);
  const kept = Object.keys(young).filter((name) => Object.hasOwn(old, name));
  const added = Object.keys(young).filter((name) => !Object.hasOwn(old, name));
  const isKept = (name: string) => hasRows(old[name] ?? null, young[name] ?? null);
  return (
    kept.join("\n") === names.join("\n") &&
    names.every(isKept) &&
    (added.length === 0 ||
      (names.length > 1 &&
        !added.some((name) => deciding.test(name)) &&
        Object.values(old).every((value) => isRow(value) && isLike(value, [Object.values(old)[0] ?? null])) &&
        areRows(
          added.map((name) => young[name] ?? null),
          Object.values(old),
        )))
  );
}

type JsonObject = Readonly<Record<string, Json>>;
const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRow = (value: Json) => Array.isArray(value) || isJsonObject(value);
const isSame = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other);

/** Each is a list or an object with no other fields than `models` have, and none has the name of another row. */
function areRows(added: readonly Json[], models: readonly Json[]): boolean {
  if (added.length > addedMax) return false;
  return added.every((row, index) => {
    const others = [...models, ...added.slice(0, index)];
    return isRow(row) && isLike(row, models) && !decides(row) && !others.some((other) => hasNameOf(row, other));
  });
}

function isLike(row: Json, models: readonly Json[]): boolean {
  if (Array.isArray(row)) {
    const sizes = new Set(models.map((model) => (Array.isArray(model) ? model.length : -1)));
    return sizes.has(row.length);
  }
  const known = new Set(models.flatMap((model) => (isJsonObject(model) ? Object.keys(model) : [])));
  const needed = [...known].filter((name) =>
    models.every((model) => isJsonObject(model) && Object.hasOwn(model, name)),
  );
  const names = isJsonObject(row) ? Object.keys(row) : [];
  return names.every((name) => known.has(name)) && needed.every((name) => names.includes(name));
}

const decides = (row: Json): boolean =>
  isJsonObject(row) && Object.entries(row).some(([name, value]) => deciding.test(name) && value !== false);

function hasNameOf(row: Json, other: Json): boolean {
  if (Array.isArray(row)) return Array.isArray(other) && typeof row[0] === "string" && row[0] === other[0];
  return (
    isJsonObject(row) &&
    isJsonObject(other) &&
    Object.keys(row).some((name) => naming.test(name) && isSame(row[name] ?? null, other[name] ?? null))
  );
}

/** Lines with as many separators as the first one, which stays the first; quotes could join lines. */
function hasLines(before: string, after: string, separator: RegExp): boolean {
  const [old, young] = [linesOf(before), linesOf(after)];
  const [head = ""] = old;
  const count = (line: string) => line.match(separator)?.length ?? 0;
  const keyOf = (line: string) => line.split(separator)[0] ?? "";
  if (old.length < 2 || count(head) === 0 || young[0] !== head) return false;
  const known = new Set(old.map(keyOf));
  const areKeys = known.size === old.length;
  let at = 0;
  for (const line of young) {
    if (line === old[at]) {
      at += 1;
      continue;
    }
    if (count(line) !== count(head) || /["#]/u.test(line) || (areKeys && known.has(keyOf(line)))) return false;
    known.add(keyOf(line));
  }
  return at === old.length;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/u);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
