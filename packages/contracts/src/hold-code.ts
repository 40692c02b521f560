/** The hold codes in order of precedence: if several apply, the first in this list is shown. */
import { z } from "zod";
import type { Fault } from "./fault.ts";

/** Every hold code, in order of precedence. */
export const holdCodes = [
  "HOLD-SECRET",
  "HOLD-FORBIDDEN-PATH",
  "HOLD-PATCH-UNSAFE",
  "HOLD-CHECKS-FAILED",
  "HOLD-EVIDENCE-INCOMPLETE",
  "HOLD-VALIDATOR-NOT-CONFIGURED",
  "HOLD-VALIDATOR-UNQUALIFIED",
  "HOLD-VALIDATOR-FAIL",
  "HOLD-VALIDATOR-DISAGREEMENT",
  "HOLD-VALIDATOR-INCONCLUSIVE",
  "HOLD-RISK-HIGH",
  "HOLD-REMOTE-WRITES-OFF",
  "HOLD-BASE-MOVED",
  "HOLD-REMOTE-REFUSED",
  "HOLD-SIGNING-FAILED",
  "HOLD-EXTERNAL-STATE-UNKNOWN",
  "HOLD-DOCKER-UNAVAILABLE",
  "HOLD-CLAUDE-DOCKER-IMAGE",
  "HOLD-CLAUDE-AUTH-IN-DOCKER",
  "HOLD-TOOLCHAIN",
  "HOLD-FETCH-FAILED",
  "HOLD-PREPARE-FAILED",
  "HOLD-CODER-FAILED",
  "HOLD-USAGE-LIMIT",
  "HOLD-BUDGET",
  "HOLD-DISK-LOW",
  "HOLD-CODER-TIMEOUT",
  "HOLD-NO-PROGRESS",
  "HOLD-QUESTION",
] as const;
export const holdCodeSchema = z.enum(holdCodes);
/** Why a task is held. */
export type HoldCode = z.infer<typeof holdCodeSchema>;

/** The code to show if several apply: the first in order of precedence. */
export function firstHoldCode(codes: readonly HoldCode[]): HoldCode | undefined {
  return holdCodes.find((code) => codes.includes(code));
}

/** The hold that a fault becomes: its own code, or `otherwise` with the fault's code in the detail. */
export function holdOf(fault: Fault, otherwise: HoldCode): { readonly code: HoldCode; readonly detail: string } {
  const code = holdCodeSchema.safeParse(fault.code).data;
  const message = code === undefined ? `${fault.code}: ${fault.message}` : fault.message;
  return { code: code ?? otherwise, detail: fault.detail ?? message };
}
