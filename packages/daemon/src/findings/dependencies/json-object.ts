/** Reads JSON of manifests and lockfiles that nobody vouches for: what is not an object of the expected shape is empty or null, never an exception. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in `text`; `{}` for an absent file, null where it is not a JSON object. */
export function parseJsonObject(text: string | null): JsonObject | null {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
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
