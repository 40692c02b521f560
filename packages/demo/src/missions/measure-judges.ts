/** Measures the demo's judges with a small audit, as a person would, and renders the result. Live judges are not measured: each planted bundle costs calls. */

import { pairLines, rateText } from "@aedev/cli/render/judges-text";
import { counted, isFault } from "@aedev/contracts";
import { auditDocumentSchema, type JudgeReport, judgeReportSchema } from "@aedev/contracts/api";
import type { DemoSetup } from "../setup/demo-setup.ts";

/** The number of planted defects: few, because the demo has little history. */
const defects = "6";
const auditTimeout = "120s";

/** `why`: why they were not measured. */
export type JudgeMeasurement = { readonly report: JudgeReport } | { readonly report: null; readonly why: string };

/** Runs after the missions: defects are planted in copies of their changes. */
export async function measureJudges({ lines, say, placeholder }: DemoSetup): Promise<JudgeMeasurement> {
  if (placeholder === null)
    return { report: null, why: "measuring live judges costs calls; to do it, run aedev judges audit" };
  say(`judges: planting ${defects} defects, harmless twins and an injection in copies of the changes`);
  try {
    const order = ["judges", "audit", "--n", defects, "--yes", "--timeout", auditTimeout];
    const { judged } = await lines.document(order, auditDocumentSchema);
    say(`judges: ${counted(judged, "planted bundle")} judged`);
    return { report: await lines.document(["judges", "show"], judgeReportSchema) };
  } catch (error) {
    if (isFault(error, "nothing-to-plant")) return { report: null, why: error.message };
    throw error;
  }
}

/** The text says that the judges are scripted: the figures are not those of a real model. */
export function measuredText(measured: JudgeMeasurement): string {
  if (measured.report === null) return `judges: not measured: ${measured.why}`;
  const { families, pairs } = measured.report;
  return [
    "judges, measured with planted bundles (scripted judges, not a real model's figures; 95 % intervals)",
    ...families.map(
      ({ family, known_bad, known_good, injection }) =>
        `  ${family}: defects caught ${rateText(known_bad)}; harmless held ${rateText(known_good)}; injections caught ${rateText(injection)}`,
    ),
    ...pairs.flatMap(pairLines).map((line) => `  ${line}`),
  ].join("\n");
}
