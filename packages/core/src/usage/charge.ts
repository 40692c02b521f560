/**
 * The usage that the log records: one charge per model and event, whoever was asked. Every figure about tokens and money is a sum of charges, so all
 * views agree.
 *
 * Folder: what was used, and what it costs by the price list.
 */

import {
  type Billing,
  type Family,
  type JudgeUsage,
  type ModelUsage,
  type TokenClasses,
  tokensOf,
  type Usage,
  type Verdict,
} from "@aedev/contracts";
import type { EventType } from "@aedev/contracts/events";
import type { FoldedEvent } from "../model/event.ts";

/** What the usage was for: a coder's run, a judge's verdict, a judge's verdict on a planted bundle, a draft of a mission, a set-up run. */
export type ChargeKind = "run" | "verdict" | "canary" | "draft" | "set-up";

/** The usage of one model or, without a model, the start or end of a run. */
export interface Charge extends TokenClasses {
  /** When it was recorded (ISO 8601 UTC). */
  readonly at: string;
  readonly kind: ChargeKind;
  readonly stream: string;
  readonly mission_id: string | null;
  readonly repository: string | null;
  /** The run of the coder, draft or set-up run; null: the charge is a judge's. */
  readonly run_id: string | null;
  /** Whose verdict, and on which bundle; null: the charge is a run's. */
  readonly verdict: { readonly family: Family; readonly bundle_digest: string } | null;
  /** Null: an earlier version did not record it, or nothing was used. */
  readonly model: string | null;
  /** Null: not known. */
  readonly billing: Billing | null;
  readonly requests: number;
  /** Requests that may have cost something that nobody counted. */
  readonly unfinished_requests: number;
  /** What budgets charge for these requests. */
  readonly unfinished_tokens: number;
  readonly runs: number;
  readonly run_ms: number;
}

/** The types of the events that cause charges. */
export const chargedTypes = [
  "RunStarted",
  "ChangeCaptured",
  "RunEnded",
  "VerdictRecorded",
  "CanaryJudged",
  "DraftEnded",
  "SetUpRunEnded",
] as const satisfies readonly EventType[];

/** Facts that an event does not contain. */
export interface ChargeContext {
  readonly mission_id: string | null;
  readonly repository: string | null;
  /** When the run of the event started, or the draft or set-up run was asked for; null: not known. */
  readonly started_at: string | null;
  /** The tokens that the draft or set-up run was given: all of them are charged if its usage is not known. */
  readonly given_tokens: number;
}

/** The charges of an event; none for an event of another type. */
export function chargesOf(event: FoldedEvent, context: ChargeContext): Charge[] {
  const { mission_id, repository } = context;
  const { recorded_at: at, stream } = event;
  const of: Pick<Charge, "run_id" | "verdict"> = {
    run_id: "run_id" in event.data ? event.data.run_id : null,
    verdict: null,
  };
  const base = (kind: ChargeKind): Charge => ({ ...nothing, at, stream, kind, mission_id, repository, ...of });
  const ofRun = (kind: ChargeKind, usage: Usage | null, runs: number): Charge[] => {
    const run_ms = context.started_at === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(context.started_at));
    const ended = { ...base(kind), runs, run_ms };
    const [first, ...others] = modelCharges(usage, context).map((used) => ({ ...base(kind), ...used }));
    return first === undefined ? [ended] : [{ ...first, runs, run_ms }, ...others];
  };
  switch (event.type) {
    case "RunStarted":
      return [{ ...base("run"), runs: 1 }];
    case "ChangeCaptured":
      return ofRun("run", event.data.usage, 0);
    case "RunEnded":
      return ofRun("run", event.data.usage, 0).map((charge) =>
        event.data.again === true ? { ...charge, run_ms: 0 } : charge,
      );
    case "VerdictRecorded":
      return verdictCharge(base("verdict"), event.data);
    case "CanaryJudged":
      return verdictCharge(base("canary"), event.data.verdict);
    case "DraftEnded":
      return ofRun("draft", event.data.usage, 1);
    case "SetUpRunEnded":
      return ofRun("set-up", event.data.usage, 1);
    default:
      return [];
  }
}

const noTokens: TokenClasses = {
  input_tokens: 0,
  output_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  cache_write_hour_tokens: 0,
};
const nothing = {
  ...noTokens,
  model: null,
  billing: null,
  requests: 0,
  unfinished_requests: 0,
  unfinished_tokens: 0,
  runs: 0,
  run_ms: 0,
};

type Used = Omit<ModelUsage, "model" | "billing"> & Pick<Charge, "model" | "billing">;

function modelCharges(usage: Usage | null, { given_tokens }: ChargeContext): Used[] {
  if (usage === null) return [{ ...nothing, unfinished_requests: 1, unfinished_tokens: given_tokens }];
  if (usage.models !== undefined) return [...usage.models];
  if (tokensOf(usage) === 0 && usage.requests === 0 && usage.cache_read_tokens === 0) return [];
  // An earlier version counted all models together, and one-hour writes together with answers that broke off.
  const { surcharge_tokens: unfinished_tokens = 0, models: _models, ...counts } = usage;
  return [{ ...nothing, ...counts, unfinished_tokens }];
}

/** A reused verdict costs nothing again. */
function verdictCharge(base: Charge, { model, usage, reused_from, verdict, family, bundle_digest }: Verdict): Charge[] {
  if (reused_from !== undefined || verdict === "not_configured" || !isUsed(usage)) return [];
  const {
    input_tokens,
    output_tokens,
    cached_input_tokens = 0,
    requests,
    uncounted_requests = 0,
    uncounted_tokens = 0,
  } = usage;
  return [
    {
      ...base,
      verdict: { family, bundle_digest },
      model,
      billing: "api",
      input_tokens: input_tokens - cached_input_tokens,
      output_tokens,
      cache_read_tokens: cached_input_tokens,
      // An earlier version did not count requests; there was at least one.
      requests: requests ?? 1,
      unfinished_requests: uncounted_requests,
      unfinished_tokens: uncounted_tokens,
    },
  ];
}

function isUsed({ input_tokens, output_tokens, requests = 0 }: JudgeUsage): boolean {
  return input_tokens + output_tokens + requests > 0;
}

/** A charge's part of the token count that budgets use: everything except cache reads, and one-hour cache writes twice. */
export function tokensCharged(charge: Charge): number {
  const { input_tokens, output_tokens, cache_write_tokens, cache_write_hour_tokens, unfinished_tokens } = charge;
  const surcharge_tokens = cache_write_hour_tokens + unfinished_tokens;
  return tokensOf({ input_tokens, output_tokens, cache_write_tokens, surcharge_tokens });
}
