/**
 * The run's token budget (THREATS T6): what a request could cost is reserved before it is forwarded and settled by the stream's own counts.
 * Reported usage is what the streams said; the budget also charges what a broken stream did not say.
 */
import { type GatewayLimits, noUsage, type Usage } from "@aedev/core/wire";
import type { TokenCounts } from "./usage-count.ts";

const bytesPerToken = 4;

export interface Meter {
  /** What a request is reserved at: an estimate of its input plus all it may write. */
  estimate(bodyBytes: number, maxTokens: number): number;
  /** False where the budget has no room for it. */
  reserve(tokens: number): boolean;
  /** Reserves whatever the budget says: a request that an earlier gateway of this run has already sent. */
  readmit(tokens: number): void;
  /** Gives the reservation back and charges what was used; a stream without its final count is charged the whole reservation. */
  settle(options: {
    reserved: number;
    counts: TokenCounts | null;
    final: boolean;
    free: boolean;
    countsAsRequest: boolean;
  }): void;
  usage(): Usage;
}

export function createMeter(limits: GatewayLimits): Meter {
  let usage: Usage = noUsage;
  let charged = 0;
  let reservedNow = 0;
  let requests = 0;
  const take = (tokens: number) => {
    reservedNow += tokens;
    requests += 1;
  };
  return {
    readmit: take,
    estimate: (bodyBytes, maxTokens) => (maxTokens === 0 ? 0 : Math.ceil(bodyBytes / bytesPerToken) + maxTokens),
    reserve(tokens) {
      if (charged + reservedNow + tokens > limits.run_tokens || requests >= limits.requests_max) return false;
      take(tokens);
      return true;
    },
    settle({ reserved, counts, final, free, countsAsRequest }) {
      reservedNow -= reserved;
      const said = counts ?? { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };
      usage = {
        input_tokens: usage.input_tokens + said.input_tokens,
        output_tokens: usage.output_tokens + said.output_tokens,
        cache_read_tokens: usage.cache_read_tokens + said.cache_read_tokens,
        cache_write_tokens: usage.cache_write_tokens + said.cache_write_tokens,
        requests: usage.requests + (countsAsRequest ? 1 : 0),
      };
      const spent = said.input_tokens + said.output_tokens + said.cache_write_tokens;
      charged += free ? 0 : final ? spent : Math.max(spent, reserved);
    },
    usage: () => usage,
  };
}
