/** Reads from the log how long the daemon has worked without interruption. Pure: a crash in between is visible, because each start and each plane's start is an event. */
import type { InterruptionKind, StatusBoardDocument } from "@aedev/contracts/api";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";

type Soak = StatusBoardDocument["soak"];
type DaemonStatus = StatusBoardDocument["runtime_health"]["daemon"]["status"];
type Interruption = { readonly at: string; readonly what: InterruptionKind };

const requiredSeconds = 24 * 3600;
const interruptionsListedMax = 20;

/** The types of events that `soakOf` reads, on the system's stream. */
export const startTypes = ["DaemonStarted", "PlaneStarted"] as const satisfies readonly StoredEvent["type"][];

/** `starts`: the newest events of `startTypes`, newest first. `t0`: since when to count; undefined: since the last start that followed no death. */
export function soakOf(
  starts: readonly StoredEvent[],
  { now, t0: given, daemon }: { readonly now: string; readonly t0?: string | undefined; readonly daemon: DaemonStatus },
): Soak {
  // Without a start nobody knows whether the daemon worked, whatever the person names.
  const t0 = starts.length === 0 ? null : (given ?? lastOrderlyStart(starts));
  if (t0 === null)
    return {
      ...{ t0, required_seconds: requiredSeconds, elapsed_seconds: null, progress_percent: null, result: null },
      ...{ interruptions: { rows: [], more: 0 }, why: "no-start" },
    };
  const found = interruptionsIn(starts).filter(({ at }) => at > t0);
  const elapsedSeconds = Math.max(0, Math.floor((Date.parse(now) - Date.parse(t0)) / 1000));
  return {
    t0,
    required_seconds: requiredSeconds,
    elapsed_seconds: elapsedSeconds,
    progress_percent: Math.min(100, Math.floor((elapsedSeconds / requiredSeconds) * 100)),
    result: resultOf(daemon, { isWhole: found.length === 0, isLong: elapsedSeconds >= requiredSeconds }),
    interruptions: {
      rows: found.slice(0, interruptionsListedMax),
      more: Math.max(0, found.length - interruptionsListedMax),
    },
    why: null,
  };
}

/** A daemon that somebody stopped has not failed. */
function resultOf(
  daemon: DaemonStatus,
  { isWhole, isLong }: { isWhole: boolean; isLong: boolean },
): NonNullable<Soak["result"]> {
  if (!isWhole || daemon === "died" || daemon === "stuck") return "fail";
  if (daemon === "stopped") return "stopped";
  return isLong ? "pass" : "running";
}

/** The oldest known start, if all later ones followed a death. */
function lastOrderlyStart(starts: readonly StoredEvent[]): string | null {
  const daemons = starts.flatMap((event) => (event.type === "DaemonStarted" ? [event] : []));
  return (daemons.find(({ data }) => !data.after_death) ?? daemons.at(-1))?.recorded_at ?? null;
}

/** Newest first. The newest start of each plane before a start of the daemon belongs to that start; any other one follows the plane's end. */
function interruptionsIn(starts: readonly StoredEvent[]): Interruption[] {
  const found: Interruption[] = [];
  let expected = new Set<string>();
  for (const event of starts) {
    const { recorded_at: at } = event;
    if (event.type === "DaemonStarted") {
      found.push({ at, what: event.data.after_death ? "daemon-died" : "daemon-stopped" });
      expected = new Set(["execution", "judgement"]);
    }
    if (event.type === "PlaneStarted" && !expected.delete(event.data.plane))
      found.push({ at, what: `${event.data.plane}-ended` });
  }
  return found;
}
