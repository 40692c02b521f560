/** The hold codes in order of precedence: if several apply, the first in this list is shown. */
import { z } from "zod";
import type { Fault } from "./fault.ts";
import { localTime } from "./figures.ts";

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
  "HOLD-VALIDATOR-UNAVAILABLE",
  "HOLD-RISK-HIGH",
  "HOLD-REMOTE-WRITES-OFF",
  "HOLD-BASE-MOVED",
  "HOLD-REVERT",
  "HOLD-REMOTE-REFUSED",
  "HOLD-SIGNING-FAILED",
  "HOLD-EXTERNAL-STATE-UNKNOWN",
  "HOLD-DOCKER-UNAVAILABLE",
  "HOLD-CLAUDE-DOCKER-IMAGE",
  "HOLD-CLAUDE-AUTH-IN-DOCKER",
  "HOLD-TOOLCHAIN",
  "HOLD-FETCH-FAILED",
  "HOLD-PREPARE-FAILED",
  "HOLD-CODER-UNAVAILABLE",
  "HOLD-CODER-FAILED",
  "HOLD-USAGE-LIMIT",
  "HOLD-BUDGET",
  "HOLD-STOPPED",
  "HOLD-DISK-LOW",
  "HOLD-CODER-TIMEOUT",
  "HOLD-NO-PROGRESS",
  "HOLD-QUESTION",
] as const;
export const holdCodeSchema = z.enum(holdCodes);
/** Why a task is held. */
export type HoldCode = z.infer<typeof holdCodeSchema>;

/** How a hold ends without a person. `never`: it does not. `probe`: when something that aedev keeps asking answers. `instant`: at a time that the hold names. */
export const holdResumptions = ["never", "probe", "instant"] as const;
export type HoldResumption = (typeof holdResumptions)[number];

/** How a hold of each code ends without a person. A hold that should end at an instant but names none waits for a person. */
export const holdResumes: Readonly<Record<HoldCode, HoldResumption>> = {
  "HOLD-SECRET": "never",
  "HOLD-FORBIDDEN-PATH": "never",
  "HOLD-PATCH-UNSAFE": "never",
  "HOLD-CHECKS-FAILED": "never",
  "HOLD-EVIDENCE-INCOMPLETE": "never",
  "HOLD-VALIDATOR-NOT-CONFIGURED": "never",
  "HOLD-VALIDATOR-UNQUALIFIED": "never",
  "HOLD-VALIDATOR-FAIL": "never",
  "HOLD-VALIDATOR-DISAGREEMENT": "never",
  "HOLD-VALIDATOR-INCONCLUSIVE": "never",
  "HOLD-VALIDATOR-UNAVAILABLE": "probe",
  "HOLD-RISK-HIGH": "never",
  "HOLD-REMOTE-WRITES-OFF": "never",
  "HOLD-BASE-MOVED": "never",
  "HOLD-REVERT": "never",
  "HOLD-REMOTE-REFUSED": "never",
  "HOLD-SIGNING-FAILED": "never",
  "HOLD-EXTERNAL-STATE-UNKNOWN": "probe",
  "HOLD-DOCKER-UNAVAILABLE": "probe",
  "HOLD-CLAUDE-DOCKER-IMAGE": "never",
  "HOLD-CLAUDE-AUTH-IN-DOCKER": "never",
  "HOLD-TOOLCHAIN": "never",
  "HOLD-FETCH-FAILED": "probe",
  "HOLD-PREPARE-FAILED": "never",
  "HOLD-CODER-UNAVAILABLE": "probe",
  "HOLD-CODER-FAILED": "never",
  "HOLD-USAGE-LIMIT": "instant",
  "HOLD-BUDGET": "instant",
  "HOLD-STOPPED": "never",
  "HOLD-DISK-LOW": "probe",
  "HOLD-CODER-TIMEOUT": "never",
  "HOLD-NO-PROGRESS": "never",
  "HOLD-QUESTION": "never",
};

/** How this hold ends without a person. `stays`: probes have released such holds of its task too often. */
export function resumptionOf({
  code,
  resumes_at,
  stays,
}: {
  code: HoldCode;
  resumes_at: string | null;
  stays?: true | undefined;
}): HoldResumption {
  if (stays === true) return "never";
  if (resumes_at !== null) return "instant";
  return holdResumes[code] === "instant" ? "never" : holdResumes[code];
}

/** How this hold ends, in words for a person. */
export function resumptionText({
  resumes,
  resumes_at,
}: {
  resumes: HoldResumption;
  resumes_at: string | null;
}): string {
  const texts: Record<HoldResumption, string> = {
    never: "when you act",
    probe: "automatically, once a probe succeeds",
    instant: `automatically, at ${resumes_at === null ? "a set time" : localTime(resumes_at)}`,
  };
  return texts[resumes];
}

/** The code to show if several apply. */
export function firstHoldCode(codes: readonly HoldCode[]): HoldCode | undefined {
  return holdCodes.find((code) => codes.includes(code));
}

/** The hold caused by a fault: the fault's own code, or `otherwise` with the fault's code in the detail. */
export function holdOf(fault: Fault, otherwise: HoldCode): { readonly code: HoldCode; readonly detail: string } {
  const code = holdCodeSchema.safeParse(fault.code).data;
  const message = code === undefined ? `${fault.code}: ${fault.message}` : fault.message;
  return { code: code ?? otherwise, detail: fault.detail ?? message };
}
