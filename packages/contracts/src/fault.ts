/** The one error class for failures of the outside world. A fault that no caller handles by its code is caught by the loop and becomes an event. */
import type { FailureCode } from "./codes.ts";

/** `hint` names the command that helps. Messages never carry a secret. */
export class Fault extends Error {
  readonly code: FailureCode;
  readonly hint: string | undefined;
  readonly detail: string | undefined;
  /** True if trying the same thing again can help. */
  readonly retry: boolean;
  /** When the hold caused by this fault ends automatically (ISO 8601 UTC). */
  readonly resumesAt: string | undefined;
  constructor(
    code: FailureCode,
    message: string,
    options: { hint?: string; detail?: string; retry?: boolean; resumesAt?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "Fault";
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail;
    this.retry = options.retry ?? false;
    this.resumesAt = options.resumesAt;
  }
}

/** True for a fault with one of these codes. Handle a fault by its code, never by its text. */
export function isFault(error: unknown, ...codes: readonly FailureCode[]): error is Fault {
  return error instanceof Fault && codes.includes(error.code);
}

/** Handles an error: returns null for a fault with one of these codes, and rethrows every other error. */
export function nullOn(...codes: readonly FailureCode[]): (error: unknown) => null {
  return (error) => {
    if (isFault(error, ...codes)) return null;
    throw error;
  };
}
