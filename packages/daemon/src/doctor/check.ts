/** One line of `aedev doctor`: what was checked, what was found, the command that helps. It checks nothing itself. */

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** A failed check that is not needed is a warning; left out means needed. */
  readonly needed?: boolean;
  /** It is there but wrong, such as a misspelled key; left out means absent. */
  readonly invalid?: boolean;
  readonly found: string;
  /** The command or change that helps. */
  readonly help: string;
}
/** Where to read more. */
export interface DoctorOptions {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** A check that names a weakness and never fails. */
export function advice(check: Omit<Check, "needed">): Check {
  return { ...check, needed: false };
}
