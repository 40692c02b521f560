/** Reads the JSON of untrusted manifests and lockfiles: a value of an unexpected shape becomes empty or null, never an exception. */
import { parseStrictJson } from "@aedev/host/strict-json";

export type JsonObject = Readonly<Record<string, unknown>>;

/** No lockfile is nested deeper. */
const bounds = { depthMax: 500 };

/** The object in `text`; `{}` for an absent file, null if it is not a JSON object. Package managers read a doubled key differently, so it is null too. */
export function parseJsonObject(text: string | null): JsonObject | null {
  if (text === null) return {};
  const json = parseStrictJson(text.replace(/^\ufeff/, ""), bounds);
  return json.kind === "value" && isObject(json.value) ? json.value : null;
}

/** The object under `key`, or an empty one. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isObject(value) ? value : {};
}

/** The text under `key`, or null. */
export function textAt(object: JsonObject, key: string): string | null {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === "string" ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
