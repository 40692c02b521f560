/** Has a plane find out whether a vendor answers again, a judge's or the coder's, and returns the command that lets all waiting tasks continue. */
import { Fault } from "@aedev/contracts";
import type { CommandBody, ProbeCoderVendorWork, ProbeVendorWork } from "@aedev/core";
import type { Judges } from "../control/parts.ts";
import { askPlane } from "../planes/ask-plane.ts";
import type { Planes } from "../planes/planes.ts";

/** Time limit of the request, which waits for no model. */
const timeoutMsMax = 30_000;

/** Throws a Fault while the vendor does not answer, so that the loop probes again after a growing pause. */
export async function probeVendor(
  { family, work_id }: Pick<ProbeVendorWork, "family" | "work_id">,
  { control, planes }: { control: Omit<Judges, "judgePromptDigest">; planes: Pick<Planes, "perform"> },
): Promise<CommandBody> {
  const { models, addresses } = control.configuration;
  // A judge that is no longer configured needs no probe; the judgement then reports that it is missing.
  if (models[family] !== null) {
    const { ok, detail } = await askPlane<"ProbeVendor">(planes, "judgement", {
      kind: "ProbeVendor",
      work_id,
      family,
      base_url: addresses[family],
      timeout_ms: Math.min(timeoutMsMax, control.policy().judges.timeout_ms),
    });
    if (!ok) throw unreachableVendor(`the vendor of the judge ${family}`, detail);
  }
  return { kind: "RecordVendorProbe", family };
}

/** Probes the vendor of the coder's model in the same way. */
export async function probeCoderVendor(
  { work_id }: Pick<ProbeCoderVendorWork, "work_id">,
  planes: Pick<Planes, "perform">,
): Promise<CommandBody> {
  const order = { kind: "ProbeCoderVendor", work_id, timeout_ms: timeoutMsMax } as const;
  const { ok, detail } = await askPlane<"ProbeCoderVendor">(planes, "execution", order);
  if (!ok) throw unreachableVendor("the coder's model vendor", detail);
  return { kind: "RecordCoderVendorProbe" };
}

function unreachableVendor(who: string, detail: string | null): Fault {
  return new Fault("vendor-unreachable", `${who} does not answer: ${detail ?? ""}`, { retry: true });
}
