/** The shape of every error over HTTP: what failed, why, and the command that helps. */
import type { FailureCode } from "@aedev/contracts";
import type { ErrorDocument, SameMission } from "@aedev/contracts/api";

export function errorBody(
  code: FailureCode,
  reason: string,
  hint: string | null = null,
  same?: SameMission,
): ErrorDocument {
  return { error: { code, reason, hint, ...(same === undefined ? {} : { same }) } };
}
