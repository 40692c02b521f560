/** The uses that rules find in code, and the names of uses that keep state between calls. */

/** Something that code uses besides its inputs. */
export interface Use {
  readonly what: string;
  /** The offset in the text. */
  readonly at: number;
  /** A digest of the definition: a rewritten one counts as new. */
  readonly digest?: string | undefined;
  /** When a change that adds the use asks. Absent: always. `in-place-of-plain`: if it replaces a plain one of the same name. `never`: the use is plain. */
  readonly asks?: "in-place-of-plain" | "never" | undefined;
}

/** A use with its line, counted from 1. */
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
