/** Canonical JSON (RFC 8785, integers only): equal values give equal text and so equal digests. Values without a canonical form are rejected. */
/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** `value` as text, with keys in UTF-16 order and no white space. Throws a TypeError that names the path of a value without a canonical form. */
export function canonicalJson(value: unknown, path = "$"): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${path}: ${value} is not a safe integer`);
    return Object.is(value, -0) ? "0" : String(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new TypeError(`${path}: the string has an unpaired surrogate`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value))
    return `[${value.map((item, index) => canonicalJson(item, `${path}[${index}]`)).join(",")}]`;
  if (typeof value === "object") return canonicalObject(value as Record<string, unknown>, path);
  throw new TypeError(`${path}: a ${typeof value} has no canonical form`);
}

function canonicalObject(value: Record<string, unknown>, path: string): string {
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue;
    parts.push(`${canonicalJson(key, path)}:${canonicalJson(value[key], `${path}.${key}`)}`);
  }
  return `{${parts.join(",")}}`;
}
