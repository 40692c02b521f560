/** Prepares a draft's run (base, prompt, limits) and reads the file that it leaves. The file is hostile until it is parsed and scanned here. */

import {
  type DraftMission,
  type DraftResult,
  draftFileSchema,
  type FileRunResult,
  repositoryNameSchema,
} from "@aedev/contracts";
import { type DraftState, type MissionState, type Refusal, refuse } from "@aedev/core";
import type { Blobs, Configured, Mirrors, Records, Rules, Spending } from "../control/parts.ts";
import { readSpecification } from "../control/read-blobs.ts";
import { fetchBase } from "../git/mirror.ts";
import { composeDraftPrompt, composePlanPrompt } from "../prompt/compose-draft-prompt.ts";
import { askedGateway, askedTokenGrant } from "./asked-budgets.ts";
import { readRunFile, secretIn } from "./run-file.ts";

/** The parts of control that a draft needs. */
export type DraftParts = Blobs & Mirrors & Records & Rules & Spending & Configured<"runLimits">;

/** A person is waiting for the draft. */
const timeoutMs = 10 * 60_000;

/** The tokens that a draft may use if it is asked for now, or the reason why it can't be. */
export function draftTokens(control: Rules & Spending): number | Refusal {
  const { draft_tokens: askedTokens } = control.policy().clarification;
  if (askedTokens === 0)
    return refuse("no-tokens", "drafts are switched off: clarification.draft_tokens is 0", "raise it in policies.yaml");
  const advice = "raise limits.day_tokens in config.yaml, or answer the questions";
  return askedTokenGrant(control, { askedTokens, advice });
}

/** The order for the draft's run, without its id. Throws a Fault `HOLD-FETCH-FAILED` or `HOLD-SECRET`. */
export async function prepareDraft(
  mission: MissionState,
  { run_id, tokens, of }: DraftState,
  control: DraftParts,
): Promise<Omit<DraftMission, "work_id" | "nonce" | "generation">> {
  const { configuration, blobs } = control;
  const repository = control.log.state.repositories[mission.repository];
  if (repository === undefined) throw new Error(`a draft for a repository that is not in the state`);
  const { commit } = await fetchBase({ ...control.mirror(repository.name), url: repository.url });
  const specification = readSpecification(control, mission);
  const prompt =
    of === "plan" ? composePlanPrompt(specification) : composeDraftPrompt(specification, mission.clarity.questions);
  const limits = configuration.runLimits;
  const budget =
    tokens < control.policy().clarification.draft_tokens ? "limits.day_tokens" : "clarification.draft_tokens";
  return {
    kind: "DraftMission",
    run_id,
    repository: repositoryNameSchema.parse(repository.name),
    base_commit: commit,
    prompt: blobs.put(prompt, "text/markdown"),
    limits: { ...limits, run_timeout_ms: Math.min(limits.run_timeout_ms, timeoutMs) },
    gateway: askedGateway(control, { tokens, budget }),
    ...(of === undefined ? {} : { of }),
  };
}

/** Reads the draft from a run's report. */
export async function readDraft(report: FileRunResult): Promise<DraftResult> {
  const read = readRunFile(report, { schema: draftFileSchema, of: "draft" });
  if (read.outcome === "failed") return read;
  const draft = read.content;
  const { title, place, criteria, test, questions } = draft;
  const named = (name: string) => (one: string, index: number) => ({ name: `${name} ${index + 1}`, text: one });
  const secret = await secretIn([
    { name: "title", text: title },
    { name: "place", text: place },
    ...criteria.map(named("criterion")),
    { name: "test", text: test },
    ...questions.map(named("question")),
  ]);
  return secret ?? { outcome: "drafted", draft };
}
