/** Has the demo's judges measured as a person would, with a small audit, and tells what came of it and what it is worth. Live judges are not measured: each planted bundle costs calls. */
import type { JudgeReport } from "@aedev/core";
import { Fault } from "@aedev/core/wire";
import { z } from "zod";
import { pairLines, rateText } from "../render/judges-text.ts";
import type { Stage } from "./ground/stage.ts";

/** Planted defects: few, because the demo has one small past. */
const defects = "6";
const auditTimeout = "120s";

const auditedSchema = z.looseObject({ judged: z.int() });
const reportSchema = z.custom<JudgeReport>((value) => looseReportSchema.safeParse(value).success);
const looseReportSchema = z.looseObject({ families: z.array(z.looseObject({})), pairs: z.array(z.looseObject({})) });

/** `why`: they were not measured. */
export type Measured = { readonly report: JudgeReport } | { readonly report: null; readonly why: string };

/** After the missions: what they left is what can be planted in. */
export async function measureJudges({ lines, say, placeholder }: Stage): Promise<Measured> {
  if (placeholder === null) return { report: null, why: "live judges cost calls; to measure them: aedev judges audit" };
  say(`judges: ${defects} defects, harmless twins and an injection are planted in copies of what was done`);
  try {
    const order = ["judges", "audit", "--n", defects, "--yes", "--timeout", auditTimeout];
    const { judged } = await lines.document(order, auditedSchema);
    say(`judges: ${judged} planted bundles are judged`);
    return { report: await lines.document(["judges", "show"], reportSchema) };
  } catch (error) {
    if (error instanceof Fault && error.code === "nothing-to-plant") return { report: null, why: error.message };
    throw error;
  }
}

/** Scripted judges are said to be such: their figures are no model's. */
export function measuredText(measured: Measured): string {
  if (measured.report === null) return `judges: not measured here: ${measured.why}`;
  const { families, pairs } = measured.report;
  return [
    "judges, measured by planted bundles (scripted judges: these figures are no model's; intervals are 95 %)",
    ...families.map(
      ({ family, known_bad, known_good, injection }) =>
        `  ${family}: defects caught ${rateText(known_bad)}; harmless held ${rateText(known_good)}; injections caught ${rateText(injection)}`,
    ),
    ...pairs.flatMap(pairLines).map((line) => `  ${line}`),
  ].join("\n");
}
