/** What the checks of `aedev doctor` share. It checks nothing itself. */
import type { SecretSource } from "../home/find-secrets.ts";

/** One line of `aedev doctor`: what was checked, what was found, the command that helps. */
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
/** Whether a credential is present. `empty` counts as missing. */
export function isThere(source: SecretSource | undefined): boolean {
  return source === "file" || source === "environment";
}

export function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 / 1024)} MiB`;
}

/** A check that names a weakness and never fails. */
export function advice(check: Omit<Check, "needed">): Check {
  return { ...check, needed: false };
}
