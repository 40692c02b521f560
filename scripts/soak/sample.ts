/** One look at a running home: the figures of its `/metrics`, and the size of its folder. */
import { loadavg } from "node:os";
import { diskUsage } from "@aedev/host/disk-usage";
import { apiOf, sendTo } from "../../test/support/api.ts";
import type { Laboratory } from "../../test/support/laboratory.ts";
import { parsePrometheusText } from "../../test/support/prometheus-text.ts";

const unbounded = { bytes: Number.POSITIVE_INFINITY, entries: Number.POSITIVE_INFINITY };

/** `figures`: those of /metrics by name and labels; null if the daemon did not answer. */
export interface Sample {
  /** Seconds since the start. */
  readonly at_s: number;
  readonly daemon_pid: number;
  readonly figures: Readonly<Record<string, number>> | null;
  readonly home_bytes: number;
  /** The machine's load over one minute. */
  readonly load: number;
}

/** `startedAtMs`: a time of `performance.now()`. */
export async function takeSample(laboratory: Laboratory, startedAtMs: number): Promise<Sample> {
  const at_s = Math.round((performance.now() - startedAtMs) / 1_000);
  const [load = 0] = loadavg();
  const figures = await scrape(laboratory);
  const { bytes } = await diskUsage([laboratory.home], unbounded);
  return { at_s, daemon_pid: laboratory.daemonPid(), figures, home_bytes: bytes, load };
}

async function scrape({ home }: Laboratory): Promise<Sample["figures"]> {
  try {
    const { port, token } = apiOf(home);
    const { status, body } = await sendTo(port, "/metrics", { headers: { authorization: `Bearer ${token}` } });
    return status === 200 ? Object.fromEntries(parsePrometheusText(body)) : null;
  } catch (error) {
    process.stderr.write(`no scrape: ${error}\n`);
    return null;
  }
}
