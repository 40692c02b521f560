/** Builds the report of the execution plane's work that ended without a result to check. Fields that the caller omits are empty or zero. */
import { type HeldReport, type HoldCode, noUsage } from "@aedev/contracts";

const detailCharactersMax = 500;

export function heldReport(
  code: HoldCode,
  detail: string | null,
  rest: Partial<Omit<HeldReport, "outcome" | "code" | "detail">> = {},
): HeldReport {
  return {
    outcome: "held",
    code,
    detail: detail === null ? null : detail.toWellFormed().slice(0, detailCharactersMax).toWellFormed(),
    resumes_at: null,
    retry_free: false,
    usage: noUsage,
    journal: null,
    patch: null,
    exit_code: null,
    ...rest,
  };
}
