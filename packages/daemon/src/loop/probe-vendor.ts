/** Has the judgement plane find out whether a judge's vendor answers, and returns the command that lets all tasks that wait for it continue. */
import { Fault, type ProbeVendor } from "@aedev/contracts";
import type { CommandBody, ProbeVendorWork } from "@aedev/core";
import type { Control } from "../control/control.ts";
import type { Planes } from "../planes/planes.ts";

/** Time limit of the request: it has no model to wait for. */
const timeoutMsMax = 30_000;

/** Throws a Fault while the vendor does not answer: the loop then tries again after a growing pause. */
export async function probeVendor(
  { family, work_id }: Pick<ProbeVendorWork, "family" | "work_id">,
  { control, planes }: { control: Pick<Control, "configuration" | "policy">; planes: Pick<Planes, "perform"> },
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
