/** The one error class for failures of the world. Thrown near the outside, caught in one place, the loop, where it becomes an event. */
import type { HoldCode } from "./hold-code.ts";

/** `code` is a hold code where a task is concerned, else a short upper-case word; `hint` names the command that helps. Messages never carry a secret. */
export class Fault extends Error {
  readonly code: HoldCode | (string & {});
  readonly hint: string | undefined;
  readonly detail: string | undefined;
  /** True where trying the same thing again later can help. */
  readonly retry: boolean;
  constructor(
    code: HoldCode | (string & {}),
    message: string,
    options: { hint?: string; detail?: string; retry?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "Fault";
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail;
    this.retry = options.retry ?? false;
  }
}
