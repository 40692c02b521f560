/** Does a run whose coder leaves one file (a draft's or a set-up run's) through the execution plane. */
import {
  type Blob,
  type DraftMission,
  type FailedRun,
  Fault,
  type FileRunResult,
  noUsage,
  type SetUpRepository,
  type Usage,
} from "@aedev/contracts";
import type { State } from "@aedev/core";
import type { createKeyedMutex } from "@aedev/host/keyed-mutex";
import type { Blobs, Records } from "../control/parts.ts";
import { PlaneEnded } from "../planes/plane.ts";
import type { Planes } from "../planes/planes.ts";
import { failedByFault, failedRun } from "../work/run-file.ts";
import { asFault } from "./outcome.ts";
import { requireBlobs } from "./plane-work.ts";

type WithoutIdentity<T> = T extends unknown ? Omit<T, "work_id" | "nonce" | "generation"> : never;
type Order = WithoutIdentity<DraftMission | SetUpRepository>;

const interrupted = { outcome: "interrupted" } as const;

/** How the run ended. `order` null: it could not be prepared. `usage` null: unknown. */
export interface FileRunEnd<O, R> {
  readonly order: O | null;
  readonly usage: Usage | null;
  readonly journal: Blob | null;
  readonly result: R | FailedRun | typeof interrupted;
}

/** What a run needs to begin. */
export interface Beginning<Parts> {
  readonly state: State;
  readonly control: Parts;
  readonly planes: Planes;
  readonly serialized: ReturnType<typeof createKeyedMutex>;
}

/**
 * Orders the run and reads its file. It never throws, because the run costs money and must not be repeated: the answer says how the run ended, whatever
 * happened to planes and processes. `isCancelled`: nobody waits for it any more.
 */
export async function doFileRun<O extends Order, R extends object>(
  workId: string,
  {
    control,
    planes,
    prepare,
    isCancelled,
    read,
  }: {
    control: Blobs & Records;
    planes: Planes;
    prepare: () => Promise<O>;
    isCancelled: () => boolean;
    read: (report: FileRunResult, order: O) => Promise<R>;
  },
): Promise<FileRunEnd<O, R>> {
  // Before the plane has the order nothing is spent; afterwards only a report can tell how much.
  let begun: Omit<FileRunEnd<O, R>, "result"> = { order: null, usage: noUsage, journal: null };
  // If the log would not keep the result whole, it has a secret or is too long for its event.
  const ended = (result: R | FailedRun): FileRunEnd<O, R> => ({
    ...begun,
    result: control.log.keepsWhole(result)
      ? result
      : isFailed(result)
        ? { ...result, detail: null }
        : failedRun("secret", null),
  });
  try {
    const order = await prepare();
    begun = { ...begun, order };
    // The loop works before the planes have started, and a run that no plane takes would end for good.
    await planes.started;
    // Cancelled during preparation. The stop came before the order, so the plane could not obey it.
    if (isCancelled()) return { ...begun, result: failedRun("stopped", null) };
    begun = { ...begun, usage: null };
    const report = await planes.perform("execution", { ...order, work_id: workId });
    if (report.kind !== order.kind || !("run_id" in report) || report.run_id !== order.run_id)
      throw new Fault("report-mismatch", `a ${report.kind} report came back for ${order.run_id}`);
    const { usage, journal } = report.result;
    requireBlobs(control, [journal]);
    begun = { ...begun, usage, journal };
    return ended(await read(report.result, order));
  } catch (error) {
    if (error instanceof PlaneEnded)
      return { ...begun, usage: error.duringWork ? begun.usage : noUsage, result: interrupted };
    return ended(failedByFault(asFault(error)));
  }
}

function isFailed(result: object): result is FailedRun {
  return "outcome" in result && result.outcome === "failed";
}

/** The end of a run that another process began (its usage is unknown) or that never began (nothing was spent). */
export function interruptedRun(usage: typeof noUsage | null): FileRunEnd<never, never> {
  return { order: null, usage, journal: null, result: interrupted };
}
