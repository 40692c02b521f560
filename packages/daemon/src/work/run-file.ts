/** Reads the one file that a draft's or a set-up run leaves. It is hostile until it is parsed here; the caller decides what its parts mean. */
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

/** The file's content if it matches the schema. `of` names the kind of file in messages. */
export function readRunFile<S extends z.ZodType>(
  report: FileRunResult,
  { schema, of, depthMax = runFileDepthMax }: { schema: S; of: string; depthMax?: number },
): { readonly outcome: "read"; readonly content: z.output<S> } | FailedRun {
  if (report.outcome === "held") return failedRun(report.code, report.detail);
  if (report.outcome === "stopped") return failedRun("stopped", null);
  const { text, size_bytes: size } = report;
  if (text === null)
    return size > runFileBytesMax
      ? failedRun("too-large", `${size} bytes; ${runFileBytesMax} at most`)
      : failedRun("no-file", null);
  const json = parseStrictJson(text, { depthMax });
  if (json.kind === "refused") return failedRun("not-json", json.why);
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { outcome: "read", content: parsed.data };
  const [issue] = parsed.error.issues;
  // Unknown keys are not quoted: they come from the file, and nobody has scanned them for secrets.
  const why = issue?.code === "unrecognized_keys" ? `a key that a ${of} does not have` : issue?.message;
  return failedRun("wrong-form", `${issue?.path.join(".") || "the file"}: ${why ?? "unexpected form"}`);
}

/** The failure if one of the texts has a secret; null if the texts may be kept. */
export async function secretIn(texts: Parameters<typeof firstSecret>[0]): Promise<FailedRun | null> {
  const secret = await firstSecret(texts);
  return secret === null ? null : failedRun("secret", `${placeText(secret)} (${secret.rule})`);
}

/** The result of a run that was stopped from outside. */
export function failedByFault(fault: Fault): FailedRun {
  const { code, detail } = holdOf(fault, "HOLD-CODER-FAILED");
  return failedRun(code, detail);
}

/** `detail` may be hostile text. */
export function failedRun(code: RunFileFailure, detail: string | null): FailedRun {
  return { outcome: "failed", code, detail: detail === null ? null : escapeLine(detail, detailCharactersMax) };
}
