/** One line of `aedev doctor`: what, found, the command that helps. It looks at nothing itself. */

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Not ok and not needed is worth knowing and stops nothing; left out means needed. */
  readonly needed?: boolean;
  readonly found: string;
  /** The command or change that helps. */
  readonly help: string;
}
/** Where to look. */
export interface Places {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A check that names a weakness and never fails. */
export function advice(check: Omit<Check, "needed">): Check {
  return { ...check, needed: false };
}
