/** Builds the package.json for checks (SECURITY T9): scripts and test runner configuration come from the base, the rest from the candidate. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

/** Keys that decide what a test command runs or how its result is read. */
const controlKeys = [
  "scripts",
  "config",
  "ava",
  "babel",
  "c8",
  "jest",
  "mocha",
  "nyc",
  "tap",
  "tape",
  "tsd",
  "vitest",
  "wireit",
] as const;

const packageSchema = z.record(z.string(), z.unknown());

/**
 * The candidate's package.json with the base's control keys. Null if nothing needs to change; the base's own text if the candidate's is not valid JSON. `base`
 * is null if the base has no such file; then the control keys are removed.
 */
export function withBaseControl(candidate: string, base: string | null): string | null {
  const ours = base === null ? {} : parsePackage(base);
  const theirs = parsePackage(candidate);
  if (theirs === null) return base;
  const control = (text: Record<string, unknown>) => JSON.stringify(controlKeys.map((key) => text[key] ?? null));
  if (control(ours ?? {}) === control(theirs)) return null;
  const kept = Object.entries(theirs).filter(([key]) => !isControlKey(key));
  const given = Object.entries(ours ?? {}).filter(([key]) => isControlKey(key));
  const text = Object.fromEntries([...kept, ...given]);
  // If only control keys changed, the base's exact text is returned, so that the base's prepared dependencies are used.
  if (base !== null && ours !== null && sorted(text) === sorted(ours)) return base;
  return `${JSON.stringify(text, null, 2)}\n`;
}

function sorted(text: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(text).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function isControlKey(key: string): boolean {
  return (controlKeys as readonly string[]).includes(key);
}

function parsePackage(text: string): Record<string, unknown> | null {
  return packageSchema.safeParse(parseJson(text)).data ?? null;
}
