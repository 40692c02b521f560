/** What a verb returns and the errors that it throws. Only this file defines the program's exit codes. */
import { type FailureCode, Fault } from "@aedev/contracts";
import type { SameMission } from "@aedev/contracts/api";
import { ZodError } from "zod";

/** 0: done, 1: refused or failed, 2: wrong usage, 3: the daemon is not running, 4: the program needs the person's input. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The verb succeeded. `--json` prints `document`, a person reads `text`; `notice` goes to stderr in both cases. */
export interface Done {
  readonly kind: "done";
  readonly document: unknown;
  readonly text: string;
  /** The text is data, such as a patch or a script, so no line of it is folded on a terminal. */
  readonly isData?: boolean;
  readonly exit?: ExitCode;
  readonly notice?: string;
}
/** The domain or this program refused. */
export interface Refused {
  readonly kind: "refused";
  readonly code: FailureCode;
  readonly reason: string;
  readonly hint?: string;
  /** The mission that already has the text of the new one. */
  readonly same?: SameMission;
  readonly exit?: ExitCode;
}
/** The verb has written its output itself, piece by piece. */
export interface Streamed {
  readonly kind: "streamed";
  readonly exit?: ExitCode;
}
export type Answer = Done | Refused | Streamed;

export function done(document: unknown, text: string): Done {
  return { kind: "done", document, text };
}

/** An answer whose text is printed unchanged. */
export function doneWithData(document: unknown, text: string): Done {
  return { ...done(document, text), isData: true };
}

export function refused(code: FailureCode, reason: string, hint?: string): Refused {
  return hint === undefined ? { kind: "refused", code, reason } : { kind: "refused", code, reason, hint };
}

/** An error in words for a person, without its stack. */
export function refusalOf(error: unknown): Refused {
  if (error instanceof Fault) return refused(error.code, error.message, error.hint ?? "aedev doctor");
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    const reason = `an answer does not have the form that this version expects (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""})`;
    return refused("unknown-form", reason, "aedev daemon restart");
  }
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_"))
    return refused("log-unreadable", `the log can't be read: ${words}`, "aedev events verify");
  return refused("failed", words, "aedev doctor");
}

const usageCode = "usage";
const downCode = "daemon-not-running";

/** The command line itself is wrong. */
export function usageFault(reason: string, hint: string): Fault {
  return new Fault(usageCode, reason, { hint });
}

/** The verb needs the daemon, and it is not running. */
export function downFault(reason = "the daemon is not running"): Fault {
  return new Fault(downCode, reason, { hint: "aedev daemon start" });
}

/** The exit code for an error with this code. */
export function exitOf(code: FailureCode): ExitCode {
  if (code === usageCode) return 2;
  return code === downCode ? 3 : 1;
}
