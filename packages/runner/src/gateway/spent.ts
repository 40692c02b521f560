/**
 * What a run has cost by now, by the index of its exchanges: for a gateway that goes on where another ended, and for the report of a run that no
 * gateway speaks for (THREATS T6). It forwards nothing.
 */
import { type CapturedReport, type GatewayLimits, type HeldReport, noUsage, type Usage } from "@aedev/core/wire";
import { type Journal, readIndex } from "./journal.ts";
import { createMeter, type Meter } from "./meter.ts";

/** Charges what earlier gateways of the run did; an exchange that was never closed costs its reservation. */
export function settleEarlier(meter: Meter, earlier: Journal["earlier"]): void {
  for (const { opened, closed } of earlier) {
    meter.readmit(opened.reserved_tokens);
    meter.settle({
      reserved: opened.reserved_tokens,
      counts: closed?.usage ?? null,
      final: closed?.usage_is_final ?? false,
      free: closed?.complete === true && closed.status !== null && closed.status >= 400,
      countsAsRequest: opened.path === "/v1/messages",
      bodyBytes: null,
    });
  }
}

/** A report that has no journal, because something failed around the run, says what was spent all the same: no failure makes it free. */
export function withSpent<Result extends CapturedReport | HeldReport>(
  result: Result,
  run: { indexPath: string; limits: GatewayLimits },
): Result {
  return result.journal === null ? { ...result, usage: spentBy(run) } : result;
}

function spentBy({ indexPath, limits }: { indexPath: string; limits: GatewayLimits }): Usage {
  try {
    const meter = createMeter(limits);
    settleEarlier(meter, [...readIndex(indexPath).values()]);
    return meter.usage();
  } catch {
    // Of an index that can't be read, for whatever reason, nothing is guessed: it may have been all that the run had.
    return { ...noUsage, surcharge_tokens: limits.run_tokens };
  }
}
