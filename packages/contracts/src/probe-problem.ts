/** Why a probe of a credential failed. Planes send the cause as one short line; only this file parses it. */
import { z } from "zod";
import { type HoldCode, holdCodes } from "./hold-code.ts";

const probeProblemSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("hold"), code: z.enum(holdCodes) }),
  z.strictObject({ kind: z.literal("status"), status: z.int() }),
  z.strictObject({ kind: z.enum(["not-configured", "timeout", "unreachable", "other"]) }),
]);
/** The cause: a hold code, an HTTP status, or one of the known kinds. */
export type ProbeProblem = z.infer<typeof probeProblemSchema>;

const words = { not_configured: "not-configured", timeout: "timeout", unreachable: "unreachable" } as const;

/** Parses the line and never fails: an unknown code is `other`. The code ends at the first colon or at the end of the line. */
export function parseProbeProblem(detail: string): ProbeProblem {
  const [code = ""] = detail.split(":");
  if (holdCodes.some((known) => known === code)) return { kind: "hold", code: code as HoldCode };
  const status = /^(?:api|http)_([0-9]{3})$/.exec(code)?.[1];
  if (status !== undefined) return { kind: "status", status: Number(status) };
  return { kind: Object.hasOwn(words, code) ? words[code as keyof typeof words] : "other" };
}
