/** Has a plane find out whether the vendor of a judge or of the coder's model answers, and returns the command that lets all tasks that wait for it continue. */
import { Fault, type ProbeCoderVendor, type ProbeVendor } from "@aedev/contracts";
import type { CommandBody, ProbeCoderVendorWork, ProbeVendorWork } from "@aedev/core";
import type { Judges } from "../control/parts.ts";
import type { Planes } from "../planes/planes.ts";

/** Time limit of the request: it has no model to wait for. */
const timeoutMsMax = 30_000;

/** Throws a Fault while the vendor does not answer: the loop then tries again after a growing pause. */
export async function probeVendor(
  { family, work_id }: Pick<ProbeVendorWork, "family" | "work_id">,
  { control, planes }: { control: Omit<Judges, "judgePromptDigest">; planes: Pick<Planes, "perform"> },
): Promise<CommandBody> {
  const { models, addresses } = control.configuration;
  // A judge that is no longer configured is waited for no longer; the judgement then says that it is missing.
  if (models[family] !== null) {
    const order: Omit<ProbeVendor, "nonce" | "generation"> = {
      kind: "ProbeVendor",
      work_id,
      family,
      base_url: addresses[family],
      timeout_ms: Math.min(timeoutMsMax, control.policy().judges.timeout_ms),
    };
    const report = await planes.perform("judgement", order);
    if (report.kind !== "ProbeVendor")
      throw new Fault("report-mismatch", `a ${report.kind} report came back for ProbeVendor`);
    if (!report.ok)
      throw new Fault(
        "vendor-unreachable",
        `the vendor of the judge ${family} does not answer: ${report.detail ?? ""}`,
        {
          retry: true,
        },
      );
  }
  return { kind: "RecordVendorProbe", family };
}

/** The same for the vendor of the coder's model. */
export async function probeCoderVendor(
  { work_id }: Pick<ProbeCoderVendorWork, "work_id">,
  planes: Pick<Planes, "perform">,
): Promise<CommandBody> {
  const kind = "ProbeCoderVendor";
  const order: Omit<ProbeCoderVendor, "nonce" | "generation"> = { kind, work_id, timeout_ms: timeoutMsMax };
  const report = await planes.perform("execution", order);
  if (report.kind !== "ProbeCoderVendor")
    throw new Fault("report-mismatch", `a ${report.kind} report came back for ProbeCoderVendor`);
  if (!report.ok)
    throw new Fault("vendor-unreachable", `the coder's model vendor does not answer: ${report.detail ?? ""}`, {
      retry: true,
    });
  return { kind: "RecordCoderVendorProbe" };
}
