/** The run's token budget (THREATS T6): a request's possible cost is reserved before it is forwarded, and settled with the counts in the answer. */
import { type GatewayLimits, noUsage, type Usage } from "@aedev/contracts";
import type { TokenCounts } from "./answer/usage-count.ts";

/** Estimated tokens per input byte until this run's answers show more; code and prose have fewer. */
const tokensPerByteAtFirst = 0.25;
/** Tokens that the endpoint adds, e.g. for tools. In a small request they are most of the input and would distort the estimate for the next one. */
const overheadTokens = 1000;
/** No model accepts more. */
const inputTokensMax = 1_000_000;

/** What is known about a request before it is forwarded. */
export interface Outgoing {
  readonly bodyBytes: number;
  /** Zero for a token count request, which generates nothing and costs nothing. */
  readonly maxTokens: number;
  /** Whether it asks for one-hour cache entries, whose writes cost twice the input. */
  readonly cachesAnHour: boolean;
  /** Upper estimate for its images and documents, whose cost does not depend on their bytes. */
  readonly pictureTokens: number;
}

export interface Meter {
  /** The reservation for a request: its estimated input plus its maximum output. */
  estimate(request: Outgoing): number;
  /** False if the budget is too small. */
  reserve(tokens: number): boolean;
  /** Reserves regardless of the budget: for a request that an earlier gateway of this run already sent. */
  readmit(tokens: number): void;
  /** Releases the reservation and charges the usage; a stream without its final count is charged the whole reservation. `bodyBytes`: null if they say nothing about tokens per byte. */
  settle(options: {
    reserved: number;
    counts: TokenCounts | null;
    final: boolean;
    free: boolean;
    countsAsRequest: boolean;
    bodyBytes: number | null;
  }): void;
  usage(): Usage;
}

export function createMeter(limits: Pick<GatewayLimits, "run_tokens" | "requests_max">): Meter {
  let usage: Usage = noUsage;
  let charged = 0;
  let reservedNow = 0;
  let requests = 0;
  let tokensPerByte = tokensPerByteAtFirst;
  const take = (tokens: number) => {
    reservedNow += tokens;
    requests += 1;
  };
  return {
    readmit: take,
    estimate({ bodyBytes, maxTokens, cachesAnHour, pictureTokens }) {
      const input = Math.min(inputTokensMax, Math.ceil(bodyBytes * tokensPerByte) + pictureTokens);
      return maxTokens === 0 ? 0 : input * (cachesAnHour ? 2 : 1) + maxTokens;
    },
    reserve(tokens) {
      if (charged + reservedNow + tokens > limits.run_tokens || requests >= limits.requests_max) return false;
      take(tokens);
      return true;
    },
    settle({ reserved, counts, final, free, countsAsRequest, bodyBytes }) {
      reservedNow -= reserved;
      const said = counts ?? { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
      const plain = said.input_tokens + said.output_tokens + said.cache_write_tokens;
      const counted = plain + (said.surcharge_tokens ?? 0);
      const cost = free ? 0 : final ? counted : Math.max(counted, reserved);
      charged += cost;
      const surcharge = (usage.surcharge_tokens ?? 0) + Math.max(0, cost - plain);
      usage = {
        input_tokens: usage.input_tokens + said.input_tokens,
        output_tokens: usage.output_tokens + said.output_tokens,
        cache_read_tokens: usage.cache_read_tokens + said.cache_read_tokens,
        cache_write_tokens: usage.cache_write_tokens + said.cache_write_tokens,
        requests: usage.requests + (countsAsRequest ? 1 : 0),
        ...(surcharge === 0 ? {} : { surcharge_tokens: surcharge }),
      };
      const input = said.input_tokens + said.cache_read_tokens + said.cache_write_tokens;
      // If the input had more tokens per byte than estimated, later requests use the higher value.
      if (bodyBytes !== null && bodyBytes > 0)
        tokensPerByte = Math.max(tokensPerByte, (input - overheadTokens) / bodyBytes);
    },
    usage: () => usage,
  };
}
