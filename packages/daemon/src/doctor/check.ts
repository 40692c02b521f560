/** The form that the checks of `aedev doctor` share. */
import type { SecretSource } from "../home/find-secrets.ts";

/** One line of `aedev doctor`: what was checked, what was found, the command that helps. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** False makes a failed check a warning; default: needed. */
  readonly needed?: boolean;
  /** True if something is there but wrong, such as a misspelled key; default: absent. */
  readonly invalid?: boolean;
  readonly found: string;
  /** The command or change that helps. */
  readonly help: string;
}
/** Whether a credential is present. `empty` counts as missing. */
export function isThere(source: SecretSource | undefined): boolean {
  return source === "file" || source === "environment";
}

/** A check that points out a weakness and never fails. */
export function advice(check: Omit<Check, "needed">): Check {
  return { ...check, needed: false };
}
