/** Reports a mission of a home in the format that is asked for, with the daemon up or down. */
import type { MissionReport } from "@aedev/contracts/api";
import { renderMissionReport } from "@aedev/dashboard";
import { readFacts } from "./facts.ts";
import { reportMarkdown } from "./markdown.ts";
import { missionReport } from "./mission-report.ts";

/** Throws a Fault `unknown-mission`. */
export async function reportMission({
  format,
  ...named
}: {
  home: string;
  missionId: string;
  format: "md" | "html";
}): Promise<{ report: MissionReport; text: string }> {
  const report = missionReport(await readFacts(named));
  return { report, text: format === "html" ? renderMissionReport(report) : reportMarkdown(report) };
}
