/** What was found in code, and how state that outlives a call is named in it. */

/** Something that code uses besides its inputs. */
export interface Use {
  readonly what: string;
  /** The offset in the text. */
  readonly at: number;
  /** A digest of what the definition does: a rewritten one counts as new. */
  readonly digest?: string | undefined;
  /** Absent: asks if a change adds it. `in-place-of-plain`: only if it takes the place of a plain one of its name. `never`: it is plain. */
  readonly asks?: "in-place-of-plain" | "never" | undefined;
}

/** One use: what it is, and its line counted from 1. */
export interface Surrounding extends Omit<Use, "at"> {
  readonly line: number;
}

const charactersMax = 80;

export function keptIn(place: string): string {
  return `state between calls: ${shortened(place)}`;
}

export function keptOutside(name: string): string {
  return `changes what was imported: ${shortened(name)}`;
}

function shortened(text: string): string {
  return text.replace(/\s+/gu, " ").slice(0, charactersMax);
}
