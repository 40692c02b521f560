/** Computes a run's cost so far from its index of exchanges (SECURITY T6), for a gateway that continues and for the report of a run without one. */
import { type CapturedReport, type GatewayLimits, type HeldReport, noUsage, type Usage } from "@aedev/contracts";
import { type Journal, readIndex } from "./journal.ts";
import { createMeter, type Meter } from "./meter.ts";
import { generates } from "./wire/wire.ts";

/** Charges the exchanges of the run's earlier gateways; an exchange that was never closed costs its reservation. */
export function settleEarlier(meter: Meter, earlier: Journal["earlier"]): void {
  for (const { opened, closed } of earlier) {
    const isError = closed?.complete === true && closed.status !== null && closed.status >= 400;
    const free = isError || closed?.free === true;
    // A repeated try is not a request of the coder's.
    if (closed?.again === "free") continue;
    const again = closed?.again !== undefined;
    const reserved = {
      model: opened.model,
      billing: opened.billing ?? "api",
      tokens: opened.reserved_tokens,
      nanoDollars: opened.reserved_nano_usd ?? 0,
    };
    meter.readmit(reserved);
    meter.settle({
      reserved,
      counts: closed?.usage ?? null,
      final: closed?.usage_is_final ?? false,
      free,
      countsAsRequest: generates(opened.path) && !again,
      bodyBytes: null,
    });
  }
}

/** Adds the usage to a report without a journal, because a failure outside the run does not make its tokens free. */
export function withResumedUsage<Result extends CapturedReport | HeldReport>(
  result: Result,
  run: { indexPath: string; limits: GatewayLimits },
): Result {
  return result.journal === null ? { ...result, usage: usageBefore(run) } : result;
}

/** The total of a run's exchanges in the index; the whole budget if it can't be read. */
export function usageBefore({
  indexPath,
  limits,
}: {
  indexPath: string;
  limits: Pick<GatewayLimits, "run_tokens" | "requests_max">;
}): Usage {
  try {
    const meter = createMeter(limits);
    settleEarlier(meter, [...readIndex(indexPath).values()]);
    return meter.usage();
  } catch {
    // The index can't be read, so the worst is assumed: the run's whole budget.
    return { ...noUsage, surcharge_tokens: limits.run_tokens };
  }
}
