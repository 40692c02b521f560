/** The control part of package.json (THREATS T9): scripts and the configuration of test runners in it are the base's, the rest is the candidate's. */
import { z } from "zod";

/** Keys that decide what a test command runs or how its result is read. */
export const controlKeys = [
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
 * The candidate's package.json with the base's control keys. Null where nothing has to change; the base's own text where the
 * candidate's can't be read as JSON. `base` is null where the base has no such file: then the keys are absent.
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
  // Where only control keys were changed it is the base's file again, byte by byte: then the base's dependencies are its own.
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
  try {
    return packageSchema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
