/**
 * Whether a run gets on, from the gateway's traffic: its tool calls, and how long it has been silent. What it sees may end the run.
 *
 * Folder: whether a run gets on, from the coder's tool calls.
 */
import type { GatewayLimits, RunLimits, Stuck } from "@aedev/contracts";
import { answerBlocks } from "./answer-blocks.ts";
import { createLoopDetector } from "./loop-detector.ts";
import { oneLine, stepOf } from "./step-text.ts";
import { type ToolResult, toolResultKey } from "./tool-results.ts";

/** A whole answer of the model. */
export interface ModelAnswerSeen {
  readonly model: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Activity {
  /** What the coder's tools returned, with its next request. */
  results(results: readonly ToolResult[]): void;
  /** What is seen with this answer: calls that go in circles. */
  answer(answer: ModelAnswerSeen): Stuck | null;
  /** What is seen now: a silence that is too long. `isBusy`: a request is under way. */
  seen(isBusy: boolean): Stuck | null;
}

type Limits = Pick<GatewayLimits, "model" | "repeated_calls" | "edit_cycles"> &
  Pick<RunLimits, "no_traffic_ms" | "exit_grace_ms">;

/** The model has nothing more to do. In a text block the quotes would be escaped. */
const endOfTurn = /"stop_reason"\s*:\s*"end_turn"/;

/** The number of open calls that are named, and the characters of each, so that all fit a hold's detail. */
const openMax = 4;
const callCharactersMax = 100;

/** `now` in milliseconds, from any zero. */
export function createActivity(limits: Limits, now: () => number = () => performance.now()): Activity {
  const loops = createLoopDetector(limits);
  const { no_traffic_ms: silenceMax = Number.POSITIVE_INFINITY, exit_grace_ms: graceMax = Number.POSITIVE_INFINITY } =
    limits;
  let quietSince = now();
  let isFinal = false;
  /** By id, the calls of the newest answer that have no result yet. */
  let open = new Map<string, string>();
  return {
    results(results) {
      for (const result of results) {
        loops.result(result.tool_use_id, toolResultKey(result));
        open.delete(result.tool_use_id);
      }
    },
    answer({ model, contentType, bytes }) {
      quietSince = now();
      const calls = answerBlocks(contentType, bytes).flatMap((block) => (block.kind === "tool" ? [block] : []));
      // The CLI's own side requests say nothing about the coder.
      if (model === limits.model) {
        isFinal = calls.length === 0 && endOfTurn.test(bytes.toString("utf8"));
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
