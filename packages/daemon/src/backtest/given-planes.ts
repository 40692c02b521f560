/** Planes for changes that are given: their coder brings one, their judges pass everything, and only the checks are real. */
import { type Blob, noUsage, type PlaneReport, type PlaneWork } from "@aedev/contracts";
import { type Control, newNonce } from "../control/control.ts";
import type { Planes } from "../planes/planes.ts";

/** The change of one run of the coder. */
export interface CoderChange {
  readonly tree: string;
  readonly patch: Blob;
}
type WorkOf<K extends PlaneWork["kind"]> = Extract<PlaneWork, { kind: K }>;
type ReportOf<K extends PlaneReport["kind"]> = Extract<PlaneReport, { kind: K }>;

/** `runCoder`: the report on a run; `runChecks` runs the checks in containers. Other work is a bug here. */
export function givenPlanes(given: {
  runCoder(work: WorkOf<"RunCoder">): ReportOf<"RunCoder">["result"];
  runChecks(work: WorkOf<"RunChecks">): Promise<ReportOf<"RunChecks">["result"]>;
}): Planes {
  return {
    started: Promise.resolve(),
    async perform(_name, ordered): Promise<PlaneReport> {
      const work = { ...ordered, nonce: newNonce(), generation: 1 } as PlaneWork;
      const { work_id, nonce, generation } = work;
      const envelope = { work_id, nonce, generation };
      switch (work.kind) {
        case "RunCoder":
          return { kind: "RunCoder", ...envelope, run_id: work.run_id, result: given.runCoder(work) };
        case "RunChecks":
          return { kind: "RunChecks", ...envelope, run_id: work.run_id, result: await given.runChecks(work) };
        case "JudgeEvidence":
          return { kind: "JudgeEvidence", ...envelope, verdict: passOf(work), answer: null };
        default:
          throw new Error(`nobody does ${work.kind} here`);
      }
    },
    forgetRun: () => undefined,
    stopRun: () => undefined,
    tellRun: () => undefined,
    runsUnderWay: () => [],
    processIds: () => ({ execution: null, judgement: null }),
    stop: async () => undefined,
  };
}

function passOf({
  family,
  model,
  prompt_digest,
  bundle,
}: WorkOf<"JudgeEvidence">): ReportOf<"JudgeEvidence">["verdict"] {
  const views = (["plain", "blanked"] as const).map((view) => ({ view, verdict: "pass" as const, detail: null }));
  const usage = { input_tokens: 0, output_tokens: 0 };
  return { family, model, prompt_digest, bundle_digest: bundle.digest, verdict: "pass", detail: null, usage, views };
}

/** The report of a coder's run that ended with this change. */
export function capturedChange(
  change: CoderChange,
  { work, control }: { work: WorkOf<"RunCoder">; control: Pick<Control, "blobs" | "configuration"> },
): ReportOf<"RunCoder">["result"] {
  const environment = {
    ...{ image: control.configuration.system.runner_image, image_id: "", engine_version: "", coder_version: "" },
    ...{ prepare_cache_key: null, model: work.gateway.model },
  };
  const journal = control.blobs.put("{}", "application/json");
  const rest = { usage: noUsage, environment, journal, transcript: null, exit_code: 0 };
  return { outcome: "captured", ...change, ...rest };
}
