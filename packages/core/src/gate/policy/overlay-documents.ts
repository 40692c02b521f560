/** Merges an overlay into a document, key by key: the overlay wins, and lists are replaced as a whole. It knows no schemas. */

/** Deep merge of two parsed documents. Only own keys count, and no key reaches a prototype. */
export function overlayDocuments(base: unknown, overlay: unknown): unknown {
  if (overlay === undefined) return base;
  if (!isRecord(base) || !isRecord(overlay)) return overlay;
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(overlay)) merged.set(key, overlayDocuments(merged.get(key), value));
  return Object.fromEntries(merged);
}

/** True for a plain mapping. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
