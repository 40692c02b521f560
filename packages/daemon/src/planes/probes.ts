/**
 * Questions to the other planes that no task owes: do these settings work, does the coder's credential, does a judge's key. The server is
 * there before the planes are; until then every question is refused. It writes no event.
 */
import {
  type Family,
  Fault,
  type PlaneReport,
  type PlaneWork,
  type RepositorySettings,
  type RunId,
  repositoryNameSchema,
  runIdSchema,
  type TryRepositoryReport,
} from "@aedev/core/wire";
import { type Control, newId } from "../loop/control.ts";
import { PlaneEnded, type PlaneName } from "./plane.ts";
import type { Planes } from "./planes.ts";

/** What a probe came back with. `detail`: why it is not ok, or what answered; never a credential. */
export interface ProbeAnswer {
  readonly ok: boolean;
  readonly detail: string | null;
}
export interface TrialOrder {
  /** The name whose mirror has the base. */
  readonly repository: string;
  readonly baseCommit: string;
  readonly settings: RepositorySettings;
}
/** Each throws a Fault `PLANE-NOT-READY` where the plane is not there (yet). */
export interface Probes {
  /** Prepares the base and runs its verify commands. `signal`: nobody waits any more; its containers are stopped. */
  tryRepository(order: TrialOrder, signal?: AbortSignal): Promise<TryRepositoryReport["result"]>;
  /** One tiny call of the real coder CLI through the gateway. */
  probeCoder(): Promise<ProbeAnswer>;
  /** One tiny call to a judge's model. */
  probeJudge(family: Family): Promise<ProbeAnswer>;
}

type Ordered<T> = T extends unknown ? Omit<T, "nonce" | "generation"> : never;
type Order<K extends PlaneWork["kind"]> = Ordered<Extract<PlaneWork, { kind: K }>>;

/** `planes` answers null until they are open. */
export function createProbes(options: { control: Control; planes: () => Planes | null }): Probes {
  const { control } = options;
  const { configuration } = control;
  const limits = configuration.runLimits;

  async function ask<K extends PlaneWork["kind"]>(
    plane: PlaneName,
    order: Order<K> & { kind: K; work_id: string },
  ): Promise<Extract<PlaneReport, { kind: K }>> {
    const planes = options.planes();
    if (planes === null) throw notReady("the daemon is starting");
    const report = await planes.perform(plane, order).catch((error: unknown) => {
      throw error instanceof PlaneEnded ? notReady(error.message, error) : error;
    });
    if (report.kind !== order.kind)
      throw new Fault("REPORT-MISMATCH", `a ${report.kind} report came back for ${order.kind}`);
    return report as Extract<PlaneReport, { kind: K }>;
  }

  /** A call that costs money is under way once at a time: who asks meanwhile gets the same answer. */
  const underWay = new Map<string, Promise<ProbeAnswer>>();
  function once(what: string, probe: () => Promise<ProbeAnswer>): Promise<ProbeAnswer> {
    const known = underWay.get(what);
    if (known !== undefined) return known;
    const answer = probe().finally(() => underWay.delete(what));
    underWay.set(what, answer);
    return answer;
  }

  return {
    async tryRepository(order, signal) {
      if (signal?.aborted) throw new Fault("GIVEN-UP", "nobody waits for this try any more");
      const identity = freshIdentity("TryRepository");
      const stop = () => options.planes()?.stopRun(identity.run_id);
      signal?.addEventListener("abort", stop, { once: true });
      try {
        const { result } = await ask<"TryRepository">("execution", {
          kind: "TryRepository",
          ...identity,
          repository: repositoryNameSchema.parse(order.repository),
          base_commit: order.baseCommit,
          settings: order.settings,
          limits,
        });
        return result;
      } finally {
        signal?.removeEventListener("abort", stop);
      }
    },
    async probeCoder() {
      const gateway = configuration.gatewayLimits;
      return once("coder", () =>
        ask<"ProbeCoder">("execution", { kind: "ProbeCoder", ...freshIdentity("ProbeCoder"), limits, gateway }),
      );
    },
    async probeJudge(family) {
      return once(family, () =>
        ask<"ProbeJudge">("judgement", {
          kind: "ProbeJudge",
          work_id: freshIdentity("ProbeJudge").work_id,
          family,
          model: configuration.models[family] ?? "",
          base_url: configuration.addresses[family],
          timeout_ms: control.policy().judges.timeout_ms,
        }),
      );
    },
  };
}

/** Nothing in the log owes this work: its ids are of this one question. */
function freshIdentity(kind: string): { work_id: string; run_id: RunId } {
  const run_id = runIdSchema.parse(newId("r"));
  return { work_id: `${kind}/${run_id}`, run_id };
}

function notReady(why: string, cause?: unknown): Fault {
  return new Fault("PLANE-NOT-READY", `nothing can be tried right now: ${why}`, {
    hint: "try it again; aedev doctor says what is there",
    retry: true,
    cause,
  });
}
