/**
 * The run's token budget (THREATS T6): what a request could cost is reserved before it is forwarded and settled by the stream's own counts.
 * Usage by kind is what the streams said; what the budget charges on top, for broken streams and one-hour cache writes, is its surcharge.
 */
import { type GatewayLimits, noUsage, type Usage } from "@aedev/core/wire";
import type { TokenCounts } from "./answer/usage-count.ts";

/** What a byte of input is reckoned at until this run's own answers have shown more; code and prose have less. */
const tokensPerByteAtFirst = 0.25;
/** What an endpoint adds by itself, for tools say: in a small request it is most of the input, and says nothing of the next one's density. */
const overheadTokens = 1000;
/** No model takes more. */
const inputTokensMax = 1_000_000;

/** What is known of a request before it is forwarded. */
export interface Outgoing {
  readonly bodyBytes: number;
  /** Zero for a count of tokens, which writes nothing and costs nothing. */
  readonly maxTokens: number;
  /** It asks for cache entries of an hour, whose writes cost twice the input. */
  readonly cachesAnHour: boolean;
  /** What its images and documents may cost, which their bytes do not tell. */
  readonly pictureTokens: number;
}

export interface Meter {
  /** What a request is reserved at: an estimate of its input plus all it may write. */
  estimate(request: Outgoing): number;
  /** False where the budget has no room for it. */
  reserve(tokens: number): boolean;
  /** Reserves whatever the budget says: a request that an earlier gateway of this run has already sent. */
  readmit(tokens: number): void;
  /** Gives the reservation back and charges what was used; a stream without its final count is charged the whole reservation. `bodyBytes`: null where they do not tell how dense the input was. */
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
      const spent = plain + (said.surcharge_tokens ?? 0);
      const cost = free ? 0 : final ? spent : Math.max(spent, reserved);
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
      // Input that is denser than it was reckoned at is reckoned so from now on.
      if (bodyBytes !== null && bodyBytes > 0)
        tokensPerByte = Math.max(tokensPerByte, (input - overheadTokens) / bodyBytes);
    },
    usage: () => usage,
  };
}
