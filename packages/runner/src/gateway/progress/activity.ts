/**
 * Watches a run's progress in the gateway's traffic: the coder's tool calls and the silence between them. It may end the run.
 *
 * Folder: whether a run gets on, from the coder's tool calls.
 */
import type { GatewayLimits, RunLimits, Stuck } from "@aedev/contracts";
import type { ModelAnswerRead, ToolResult } from "../wire/wire.ts";
import { createLoopDetector } from "./loop-detector.ts";
import { oneLine, stepOf } from "./step-text.ts";
import { toolResultKey } from "./tool-result-key.ts";

/** A whole answer of the model. */
export interface ModelAnswerSeen extends ModelAnswerRead {
  readonly model: string;
}

export interface Activity {
  /** Takes the results of the coder's tools, which its next request carries. */
  results(results: readonly ToolResult[]): void;
  /** Takes an answer; returns a finding if the coder's calls go in circles. */
  answer(answer: ModelAnswerSeen): Stuck | null;
  /** Returns a finding if the silence has become too long. `isBusy`: a request is under way. */
  seen(isBusy: boolean): Stuck | null;
}

type Limits = Pick<GatewayLimits, "model" | "repeated_calls" | "edit_cycles"> &
  Pick<RunLimits, "no_traffic_ms" | "exit_grace_ms">;

/** A finding names this many open calls, each cut, so that all fit a hold's detail. */
const openMax = 4;
const callCharactersMax = 100;

/** `now`: milliseconds from any start. */
export function createActivity(limits: Limits, now: () => number = () => performance.now()): Activity {
  const loops = createLoopDetector(limits);
  const { no_traffic_ms: silenceMax = Number.POSITIVE_INFINITY, exit_grace_ms: graceMax = Number.POSITIVE_INFINITY } =
    limits;
  let quietSince = now();
  let isFinal = false;
  /** Calls of the newest answer without a result so far, by id. */
  let open = new Map<string, string>();
  return {
    results(results) {
      for (const result of results) {
        loops.result(result.id, toolResultKey(result));
        open.delete(result.id);
      }
    },
    answer({ model, blocks, endsTurn }) {
      quietSince = now();
      const calls = blocks.flatMap((block) => (block.kind === "tool" ? [block] : []));
      // The CLI's side requests to other models say nothing about the coder.
      if (model === limits.model) {
        isFinal = calls.length === 0 && endsTurn;
        open = new Map(
          calls.slice(0, openMax).map(({ id, name, input }) => [id, oneLine(stepOf(name, input), callCharactersMax)]),
        );
      }
      for (const { id, name, input } of calls) {
        const found = loops.call(id, name, input);
        if (found !== null) return found;
      }
      return null;
    },
    seen(isBusy) {
      if (isBusy) {
        quietSince = now();
        return null;
      }
      const forMs = Math.round(now() - quietSince);
      if (isFinal && forMs > graceMax) return { kind: "no-exit", for_ms: forMs };
      if (forMs <= silenceMax) return null;
      return { kind: "no-traffic", for_ms: forMs, ...(open.size === 0 ? {} : { calls: [...open.values()] }) };
    },
  };
}
