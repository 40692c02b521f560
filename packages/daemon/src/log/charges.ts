/** Computes charges from the log's events, for a span of time or for some streams. Nothing is stored beside the events, so the figures always match them. */
import { type Charge, type ChargeContext, chargesOf } from "@aedev/core/reading";
import type { StoredEvent } from "./sqlite/stored-event.ts";

export interface ChargeReader {
  /** Charges at or after `since` (ISO 8601 UTC), in the order of the log; null means all. */
  since(since: string | null): Charge[];
  ofStreams(streams: readonly string[]): Charge[];
  /** Charges of every planted bundle. */
  ofCanaries(): Charge[];
}

/** The events that charges are made of (`chargedTypes` of core) and those that tell whom they belong to, wherever the log is. */
export interface ChargedEvents {
  /** The position of the log's last event; 0 if the log is empty. */
  end(): number;
  recordedAt(position: number): string;
  /** Events with a charge from this position on, in the order of the log. */
  from(position: number): readonly StoredEvent[];
  /** All events of this type, in the order of the log. */
  ofType(type: StoredEvent["type"]): readonly StoredEvent[];
  /** All events of this stream. */
  ofStream(stream: string): readonly StoredEvent[];
  firstOf(stream: string): StoredEvent | undefined;
  /** The stream's events of this type before the given event, newest first. */
  before(event: Pick<StoredEvent, "stream" | "version">, type: StoredEvent["type"]): Iterable<StoredEvent>;
}

/** Streams whose mission and repository are remembered; the first event of a stream never changes. */
const keptMax = 4_096;

export function createChargeReader(events: ChargedEvents): ChargeReader {
  let owners = new Map<string, Pick<ChargeContext, "mission_id" | "repository">>();
  let known: { since: string | null; upTo: number; charges: readonly Charge[] } | null = null;

  /** The first position recorded at or after an instant. Instants in the log ascend unless a clock was set back. */
  function positionAt(instant: string, end: number): number {
    let [low, high] = [1, end + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (events.recordedAt(middle) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function ownerOf(stream: string): Pick<ChargeContext, "mission_id" | "repository"> {
    const kept = owners.get(stream);
    if (kept !== undefined) return kept;
    if (owners.size >= keptMax) owners = new Map();
    const found = readOwner(stream);
    owners.set(stream, found);
    return found;
  }

  function readOwner(stream: string): Pick<ChargeContext, "mission_id" | "repository"> {
    const event = events.firstOf(stream);
    if (event?.type === "TaskPlanned" || event?.type === "MissionSubmitted")
      return { mission_id: event.data.mission_id, repository: event.data.repository };
    // A planted bundle belongs to no mission, but to the repository whose change it was made of.
    if (event?.type === "CanaryPlanted")
      return { mission_id: null, repository: ownerOf(`task/${event.data.source.task_id}`).repository };
    return { mission_id: null, repository: null };
  }

  function contextOf(event: StoredEvent): ChargeContext {
    const own = { ...ownerOf(event.stream), started_at: null, given_tokens: 0 };
    if (event.type === "ChangeCaptured" || event.type === "RunEnded")
      return { ...own, started_at: beginning(event, "RunStarted", event.data.run_id)?.recorded_at ?? null };
    if (event.type !== "DraftEnded" && event.type !== "SetUpRunEnded") return own;
    const asked = beginning(
      event,
      event.type === "DraftEnded" ? "DraftRequested" : "SetUpRunRequested",
      event.data.run_id,
    );
    if (asked === undefined) return own;
    const { recorded_at: started_at, type, data } = asked;
    if (type === "SetUpRunRequested")
      return { ...own, started_at, given_tokens: data.tokens, repository: data.repository };
    return type === "DraftRequested" ? { ...own, started_at, given_tokens: data.tokens } : own;
  }

  function beginning(ended: StoredEvent, type: StoredEvent["type"], runId: string): StoredEvent | undefined {
    for (const event of events.before(ended, type))
      if ("run_id" in event.data && event.data.run_id === runId) return event;
    return undefined;
  }

  function charged(found: readonly StoredEvent[]): Charge[] {
    return found.flatMap((event) => chargesOf(event, contextOf(event)));
  }

  return {
    since(since) {
      const end = events.end();
      const isSame = known !== null && known.since === since && known.upTo <= end;
      const start = isSame && known !== null ? known.upTo + 1 : since === null ? 1 : positionAt(since, end);
      const earlier = isSame && known !== null ? known.charges : [];
      const charges = [...earlier, ...charged(events.from(start))];
      // Callers ask for the current day again and again; all of history is not kept.
      if (since !== null) known = { since, upTo: end, charges };
      return charges;
    },
    ofCanaries: () => charged(events.ofType("CanaryJudged")),
    ofStreams: (streams) => streams.flatMap((stream) => charged(events.ofStream(stream))),
  };
}
