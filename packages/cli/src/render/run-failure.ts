/** Says why a run that leaves one file (a draft or a set-up run) left nothing usable. */
import { escapeLine, type HoldCode, holdCodes, holdMeanings, type RunFileFailure } from "@aedev/contracts";
import type { SetUpRun } from "@aedev/contracts/api";

const failures: Readonly<Partial<Record<RunFileFailure, string>>> = {
  "no-file": "the coder left no proposal",
  "too-large": "the proposal is too large",
  "not-json": "the proposal is not JSON",
  "wrong-form": "the proposal does not have the expected form",
  secret: "the proposal contains a secret and was not stored",
} satisfies Record<Exclude<RunFileFailure, HoldCode | "stopped">, string>;

/** Why a run left nothing, on one line. `run`: what to call it. `stopped`: why it was no longer needed. */
export function runEnding(
  run: string,
  { status, code, detail }: Pick<SetUpRun, "code" | "detail"> & { readonly status: string },
  { stopped }: { stopped: string },
): string {
  if (status === "interrupted") return `${run} was interrupted: the daemon or its execution plane ended during it`;
  const why = failureText(code, stopped);
  return `${run} failed: ${why}${detail === null ? "" : ` (${escapeLine(detail, 300)})`}`;
}

function failureText(code: RunFileFailure | null, stopped: string): string {
  if (code === null) return "its run ended without a reason";
  if (code === "stopped") return `it was stopped because ${stopped}`;
  const hold = holdCodes.find((one) => one === code);
  const means = hold === undefined ? "" : `: ${holdMeanings[hold].means}`;
  return failures[code] ?? `its run ended with ${code}${means}`;
}
