/** The run's budgets of tokens and dollars (SECURITY T6): a request's possible cost is reserved first, and settled by the counts in its answer. */
import {
  type Billing,
  dearestNanoDollars,
  type GatewayLimits,
  type ModelUsage,
  nanoDollarsOf,
  noUsage,
  type Usage,
} from "@aedev/contracts";
import type { TokenCounts } from "./wire/wire.ts";

/** Estimated tokens per input byte, above that of code and prose, until this run's answers show more. */
const tokensPerByteAtFirst = 0.25;
/** Tokens that the endpoint adds, for example for tools. In a small request they are most of the input and would distort the estimate for the next one. */
const overheadTokens = 1000;
/** No model accepts more. */
const inputTokensMax = 1_000_000;

/** The facts about a request before it is forwarded. */
export interface Outgoing {
  readonly model: string;
  readonly billing: Billing;
  readonly bodyBytes: number;
  /** Zero for a token count request, which generates nothing and costs nothing. */
  readonly maxTokens: number;
  /** True if it asks for one-hour cache entries, whose writes cost twice the input. */
  readonly cachesAnHour: boolean;
  /** Upper estimate for images and documents, whose cost does not depend on their bytes. */
  readonly pictureTokens: number;
}

/** The most that a request may cost. */
export interface Reservation {
  readonly model: string;
  readonly billing: Billing;
  /** Estimated input plus maximum output. */
  readonly tokens: number;
  /** Zero if the run has no dollar budget. */
  readonly nanoDollars: number;
}

export interface Meter {
  estimate(request: Outgoing): Reservation;
  /** Returns null if the budgets suffice, else the budget that is too small. The number of requests is part of the token budget. */
  reserve(reservation: Reservation): "tokens" | "usd" | null;
  /** Reserves regardless of the budgets: for a request that an earlier gateway of this run already sent. */
  readmit(reservation: Reservation): void;
  /** Releases the reservation and charges the usage, or all of it without a final count. `bodyBytes`: null if they don't show tokens per byte. */
  settle(options: {
    reserved: Reservation;
    counts: TokenCounts | null;
    final: boolean;
    free: boolean;
    countsAsRequest: boolean;
    bodyBytes: number | null;
  }): void;
  usage(): Usage;
}

const noCounts: TokenCounts = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };

export function createMeter(limits: Pick<GatewayLimits, "run_tokens" | "requests_max" | "spend">): Meter {
  const { spend } = limits;
  let usage: Usage = noUsage;
  const models = new Map<string, ModelUsage>();
  const charged = { tokens: 0, nanoDollars: 0 };
  const reservedNow = { tokens: 0, nanoDollars: 0 };
  let requests = 0;
  let tokensPerByte = tokensPerByteAtFirst;
  const take = ({ tokens, nanoDollars }: Reservation) => {
    reservedNow.tokens += tokens;
    reservedNow.nanoDollars += nanoDollars;
    requests += 1;
  };
  return {
    readmit: take,
    estimate({ model, billing, bodyBytes, maxTokens, cachesAnHour, pictureTokens }) {
      const input = Math.min(inputTokensMax, Math.ceil(bodyBytes * tokensPerByte) + pictureTokens);
      const tokens = maxTokens === 0 ? 0 : input * (cachesAnHour ? 2 : 1) + maxTokens;
      const price = spend?.prices[model];
      if (spend === undefined || maxTokens === 0) return { model, billing, tokens, nanoDollars: 0 };
      if (price === undefined) return { model, billing, tokens, nanoDollars: Number.POSITIVE_INFINITY };
      const { output, cache_write_hour: _hour, ...inputs } = price;
      const nanoDollars =
        dearestNanoDollars(input, { ...(cachesAnHour ? price : inputs), output: 0 }) +
        dearestNanoDollars(maxTokens, { input: 0, output });
      return { model, billing, tokens, nanoDollars };
    },
    reserve(reservation) {
      if (charged.tokens + reservedNow.tokens + reservation.tokens > limits.run_tokens) return "tokens";
      if (requests >= limits.requests_max) return "tokens";
      if (
        spend !== undefined &&
        charged.nanoDollars + reservedNow.nanoDollars + reservation.nanoDollars > spend.nano_usd
      )
        return "usd";
      take(reservation);
      return null;
    },
    settle({ reserved, counts, final, free, countsAsRequest, bodyBytes }) {
      reservedNow.tokens -= reserved.tokens;
      reservedNow.nanoDollars -= reserved.nanoDollars;
      const answered = counts ?? noCounts;
      const plain = answered.input_tokens + answered.output_tokens + answered.cache_write_tokens;
      const hourWrites = free ? 0 : (answered.surcharge_tokens ?? 0);
      const counted = plain + hourWrites;
      const cost = free ? 0 : final ? counted : Math.max(counted, reserved.tokens);
      charged.tokens += cost;
      const surcharge = (usage.surcharge_tokens ?? 0) + Math.max(0, cost - plain);
      usage = {
        input_tokens: usage.input_tokens + answered.input_tokens,
        output_tokens: usage.output_tokens + answered.output_tokens,
        cache_read_tokens: usage.cache_read_tokens + answered.cache_read_tokens,
        cache_write_tokens: usage.cache_write_tokens + answered.cache_write_tokens,
        requests: usage.requests + (countsAsRequest ? 1 : 0),
        ...(surcharge === 0 ? {} : { surcharge_tokens: surcharge }),
      };
      const classes = { ...answered, cache_write_hour_tokens: hourWrites };
      charged.nanoDollars += dollarsOf(classes, { reserved, final, free });
      const unfinished = Math.max(0, cost - counted);
      addToModel(reserved, {
        ...classes,
        requests: countsAsRequest ? 1 : 0,
        unfinished_requests: unfinished === 0 ? 0 : 1,
        unfinished_tokens: unfinished,
      });
      const input = answered.input_tokens + answered.cache_read_tokens + answered.cache_write_tokens;
      // If the input had more tokens per byte than estimated, later requests use the higher value.
      if (bodyBytes !== null && bodyBytes > 0)
        tokensPerByte = Math.max(tokensPerByte, (input - overheadTokens) / bodyBytes);
    },
    usage() {
      if (models.size === 0) return usage;
      const sorted = [...models].toSorted(([one], [other]) => (one < other ? -1 : 1));
      return { ...usage, models: sorted.map(([, used]) => used) };
    },
  };

  /** Tokens of a kind without a price cost the whole reservation. */
  function dollarsOf(
    classes: Parameters<typeof nanoDollarsOf>[0],
    { reserved, final, free }: { reserved: Reservation; final: boolean; free: boolean },
  ): number {
    const price = spend?.prices[reserved.model];
    if (free || price === undefined) return 0;
    const counted = nanoDollarsOf(classes, price);
    if (counted === null) return reserved.nanoDollars;
    return final ? counted : Math.max(counted, reserved.nanoDollars);
  }

  function addToModel(
    { model, billing }: Reservation,
    used: Omit<ModelUsage, "model" | "billing"> & { surcharge_tokens?: number | undefined },
  ): void {
    const key = `${model} ${billing}`;
    const before = models.get(key);
    const sum = (name: Exclude<keyof ModelUsage, "model" | "billing">) => (before?.[name] ?? 0) + used[name];
    const all: ModelUsage = {
      model,
      billing,
      input_tokens: sum("input_tokens"),
      output_tokens: sum("output_tokens"),
      cache_read_tokens: sum("cache_read_tokens"),
      cache_write_tokens: sum("cache_write_tokens"),
      cache_write_hour_tokens: sum("cache_write_hour_tokens"),
      requests: sum("requests"),
      unfinished_requests: sum("unfinished_requests"),
      unfinished_tokens: sum("unfinished_tokens"),
    };
    if (Object.values(all).some((count) => typeof count === "number" && count > 0)) models.set(key, all);
  }
}
