/** Builds the report of work that ended without a result to check, also from a thrown error. Fields that the caller omits are empty or zero. */
import { Fault, type HeldReport, type HoldCode, holdOf, noUsage } from "@aedev/contracts";

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

/** Turns every outside failure into a held report. */
export async function heldOnFault<T>(perform: () => Promise<T>, isFreeNow: () => boolean): Promise<T | HeldReport> {
  try {
    return await perform();
  } catch (error) {
    const fault = faultOf(error);
    const { code, detail } = holdOf(fault, "HOLD-CODER-FAILED");
    return heldReport(code, detail, {
      retry_free: code === "HOLD-DOCKER-UNAVAILABLE" || isFreeNow(),
    });
  }
}

/** Returns the Fault of an outside failure; throws any other error again. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    const code = error.code === "ENOSPC" || error.code === "EDQUOT" ? "HOLD-DISK-LOW" : "io-failed";
    return new Fault(code, error.message, { cause: error, retry: code === "HOLD-DISK-LOW" });
  }
  throw error;
}
