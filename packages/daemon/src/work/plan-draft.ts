/** Reads the plan that a coder proposed. The file is hostile until it is parsed, ordered and scanned here; each refusal names the part. */
import {
  type DraftResult,
  type FileRunResult,
  type PlanDraft,
  planDraftFileSchema,
  planFileDepthMax,
} from "@aedev/contracts";
import { orderPlan } from "@aedev/core";
import { readVisible } from "../visible/read-visible.ts";
import { failedRun, readRunFile, secretIn } from "./run-file.ts";

/** Reads the plan from a run's report. Throws a Fault `text-unreadable`. */
export async function readPlanDraft(report: FileRunResult): Promise<DraftResult> {
  const read = readRunFile(report, { schema: planDraftFileSchema, of: "proposed plan", depthMax: planFileDepthMax });
  if (read.outcome === "failed") return read;
  const { parts } = read.content;
  const secret = await secretIn([...textsOf(read.content), ...pathsOf(read.content)]);
  if (secret !== null) return secret;
  const order = orderPlan(parts.map(({ name, after, files }) => ({ name, after, files, repository: "" })));
  if ("kind" in order) return failedRun("wrong-form", order.reason);
  const hidden = await hiddenIn(textsOf(read.content));
  return hidden === null ? { outcome: "planned", plan: read.content } : failedRun("wrong-form", hidden);
}

/** The first text that hides something from its reader, who approves what a coder is told; null: none does. */
async function hiddenIn(sayings: readonly { name: string; text: string }[]): Promise<string | null> {
  const seen = await readVisible(sayings.map(({ text }) => text));
  const at = seen.findIndex(({ leftOut }) => leftOut.length > 0);
  const [saying, visible] = [sayings[at], seen[at]];
  return saying === undefined || visible === undefined
    ? null
    : `${saying.name}: its reader does not see ${visible.leftOut.join(", ")}`;
}

function textsOf({ parts }: PlanDraft): { name: string; text: string }[] {
  return parts.flatMap(({ name, text, criteria }) => [
    { name: `${name}: text`, text },
    ...criteria.map((criterion, at) => ({ name: `${name}: criterion ${at + 1}`, text: criterion })),
  ]);
}

function pathsOf({ parts }: PlanDraft): { name: string; text: string }[] {
  return parts.flatMap(({ name, files, creates }) =>
    [name, ...files, ...creates].map((path) => ({ name: `${name}: a name or path`, text: path })),
  );
}
