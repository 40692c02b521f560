/**
 * Probes outside any task: whether settings work, whether the coder's credential works, whether a judge's key works. The HTTP server starts before the planes,
 * and every probe is refused until they are ready. It writes no event.
 */
import {
  type Family,
  Fault,
  isFault,
  type PlaneReport,
  type PlaneWork,
  type RepositorySettings,
  type RunId,
  repositoryNameSchema,
  runIdSchema,
  type TryRepository,
  type TryRepositoryReport,
} from "@aedev/contracts";
import type { ProbeDocument } from "@aedev/contracts/api";
import { type Refusal, refuse } from "@aedev/core";
import { type Control, newId } from "../control/control.ts";
import { askPlane, type Order } from "./ask-plane.ts";
import { PlaneEnded, type PlaneName } from "./plane.ts";
import type { Planes } from "./planes.ts";

export interface TrialOrder {
  /** The repository whose mirror has the base. */
  readonly repository: string;
  readonly baseCommit: string;
  readonly settings: RepositorySettings;
  readonly submodules?: TryRepository["submodules"];
}
/** Each throws a Fault `plane-not-ready` if its plane is not ready. */
export interface Probes {
  /**
   * Prepares the base and runs its verify commands. `signal` aborts when the caller no longer waits; its containers are then stopped. `begun` gets the id for
   * the trial's progress log.
   */
  tryRepository(
    order: TrialOrder,
    signal?: AbortSignal,
    begun?: (run: RunId) => void,
  ): Promise<TryRepositoryReport["result"]>;
  /** One tiny call of the real coder CLI through the gateway. */
  probeCoder(): Promise<ProbeDocument>;
  /** Whether the coder has a credential; it is not tried out. */
  hasCredential(): Promise<boolean>;
  /** One tiny call to a judge's model. */
  probeJudge(family: Family): Promise<ProbeDocument>;
}

/** The probe that is needed before a coder's run outside any task. */
export type CoderProbes = Pick<Probes, "hasCredential">;

/** `planes` returns null until they are open. */
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
    return askPlane<K>(planes, plane, order).catch((error: unknown) => {
      throw error instanceof PlaneEnded ? notReady(error.message, error) : error;
    });
  }

  /** A call that costs money runs only once at a time: concurrent callers share its answer. */
  const underWay = new Map<string, Promise<ProbeDocument>>();
  function once(what: string, probe: () => Promise<ProbeDocument>): Promise<ProbeDocument> {
    const known = underWay.get(what);
    if (known !== undefined) return known;
    const answer = probe().finally(() => underWay.delete(what));
    underWay.set(what, answer);
    return answer;
  }

  return {
    async tryRepository(order, signal, begun) {
      if (signal?.aborted) throw new Fault("given-up", "this trial was cancelled");
      const identity = freshIdentity("TryRepository");
      begun?.(identity.run_id);
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
          ...(order.submodules === undefined ? {} : { submodules: order.submodules }),
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
    async hasCredential() {
      const { work_id } = freshIdentity("ProbeCredential");
      return (await ask<"ProbeCredential">("execution", { kind: "ProbeCredential", work_id })).present;
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

/** Whether a run of the coder can be offered; false while its plane is away. */
export async function canRunCoder(probes: CoderProbes): Promise<boolean> {
  try {
    return await probes.hasCredential();
  } catch (error) {
    if (isFault(error, "plane-not-ready")) return false;
    throw error;
  }
}

/** What a run that a person asks for may use now; a refusal if `tokensNow` refuses or the coder has no credential. */
export async function grantedTokens(
  probes: CoderProbes,
  { run, tokensNow }: { run: "a draft" | "a set-up run"; tokensNow: () => number | Refusal },
): Promise<number | Refusal> {
  const isPossible = await probes.hasCredential();
  // Asked after the wait, since another run may have taken tokens meanwhile.
  const tokens = tokensNow();
  if (typeof tokens !== "number" || isPossible) return tokens;
  return refuse(
    "no-credentials",
    `${run} is a run of the coder, and the coder has no usable credential`,
    "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN   (which credential is there: aedev doctor)",
  );
}

/** No event in the log requests this work, so its ids are for this probe only. */
function freshIdentity(kind: string): { work_id: string; run_id: RunId } {
  const run_id = runIdSchema.parse(newId("r"));
  return { work_id: `${kind}/${run_id}`, run_id };
}

function notReady(why: string, cause?: unknown): Fault {
  return new Fault("plane-not-ready", `nothing can be tried right now: ${why}`, {
    hint: "try again; what is missing: aedev doctor",
    retry: true,
    cause,
  });
}
