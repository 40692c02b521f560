/** What the one file of a draft's or a set-up run is worth. It is hostile until it is parsed here; what its parts mean is decided by who asks for them. */
import {
  escapeLine,
  type FailedRun,
  type Fault,
  type FileRunResult,
  holdOf,
  type RunFileFailure,
  runFileBytesMax,
  runFileDepthMax,
} from "@aedev/contracts";
import { parseStrictJson } from "@aedev/host/strict-json";
import type { z } from "zod";
import { firstSecret, placeText } from "../findings/secrets/person-text.ts";

const detailCharactersMax = 300;

/** The file's content if it has the form; `of` names what it should be. */
export function readRunFile<S extends z.ZodType>(
  report: FileRunResult,
  { schema, of }: { schema: S; of: string },
): { readonly outcome: "read"; readonly content: z.output<S> } | FailedRun {
  if (report.outcome === "held") return failedRun(report.code, report.detail);
  if (report.outcome === "stopped") return failedRun("stopped", null);
  const { text, size_bytes: size } = report;
  if (text === null)
    return size > runFileBytesMax
      ? failedRun("too-large", `${size} bytes; ${runFileBytesMax} at most`)
      : failedRun("no-file", null);
  const json = parseStrictJson(text, { depthMax: runFileDepthMax });
  if (json.kind === "refused") return failedRun("not-json", json.why);
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { outcome: "read", content: parsed.data };
  const [issue] = parsed.error.issues;
  // Without the names of unknown keys: they are the file's, and nothing has looked for secrets in them.
  const why = issue?.code === "unrecognized_keys" ? `a key that a ${of} does not have` : issue?.message;
  return failedRun("wrong-form", `${issue?.path.join(".") || "the file"}: ${why ?? "unexpected form"}`);
}

/** Why the texts can't be kept; null if they can. */
export async function secretIn(texts: Parameters<typeof firstSecret>[0]): Promise<FailedRun | null> {
  const secret = await firstSecret(texts);
  return secret === null ? null : failedRun("secret", `${placeText(secret)} (${secret.rule})`);
}

/** How a run ended that something outside it stopped. */
export function failedByFault(fault: Fault): FailedRun {
  const { code, detail } = holdOf(fault, "HOLD-CODER-FAILED");
  return failedRun(code, detail);
}

/** The detail can be hostile text. */
export function failedRun(code: RunFileFailure, detail: string | null): FailedRun {
  return { outcome: "failed", code, detail: detail === null ? null : escapeLine(detail, detailCharactersMax) };
}
