/** Records refused deliveries in the log, within bounds: for each reason the first one at once, then a single number for the hour that follows. */
import type { EventData, WebhookRefusal } from "@aedev/contracts/events";

/** A flood of all ten reasons makes at most 240 events a day. */
const periodMs = 3_600_000;

export interface RefusalRecord {
  /** `delivery`: its id, if its signature was right. */
  add(why: WebhookRefusal, delivery?: string): void;
  /** Records what was only counted so far. */
  close(): Promise<void>;
}

interface Counted {
  count: number;
  delivery: string | undefined;
  readonly timer: NodeJS.Timeout;
}

/** `record` never throws; what it can't record is lost. */
export function createRefusalRecord(record: (data: EventData<"WebhookRefused">) => Promise<void>): RefusalRecord {
  /** Reasons with an event in the last hour. */
  const counted = new Map<WebhookRefusal, Counted>();

  function begin(why: WebhookRefusal): void {
    const timer = setTimeout(() => {
      const before = counted.get(why);
      counted.delete(why);
      if (before === undefined || before.count === 0) return;
      begin(why);
      void record(dataOf(why, before));
    }, periodMs);
    timer.unref();
    counted.set(why, { count: 0, delivery: undefined, timer });
  }

  return {
    add(why, delivery) {
      const known = counted.get(why);
      if (known !== undefined) {
        Object.assign(known, { count: known.count + 1, delivery });
        return;
      }
      begin(why);
      void record(dataOf(why, { count: 1, delivery }));
    },
    async close() {
      const left = [...counted];
      counted.clear();
      for (const [why, entry] of left) {
        clearTimeout(entry.timer);
        if (entry.count > 0) await record(dataOf(why, entry));
      }
    },
  };
}

function dataOf(why: WebhookRefusal, { count, delivery }: Pick<Counted, "count" | "delivery">) {
  return { why, count, ...(delivery === undefined ? {} : { delivery }) };
}
