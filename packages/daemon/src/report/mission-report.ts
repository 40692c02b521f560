/**
 * The report about a mission, a pure function of what the log and verified evidence say. It composes no prose: what is not known is said to be unknown.
 * Folder: reports about missions.
 */
import {
  type MissionReport,
  type ReportSectionName,
  type ReportStatement,
  reportSectionNames,
  reportSectionTitles,
} from "@aedev/contracts/api";
import { architecture, implementation, security } from "./change-sections.ts";
import { observability, reliability } from "./course-sections.ts";
import type { MissionFacts, TaskFacts } from "./facts.ts";
import { openRisks } from "./open-risks-section.ts";
import { productImpact, rollback, summary } from "./request-sections.ts";
import { lastEvent, notKnown } from "./statements.ts";
import { verification } from "./verification-section.ts";

type Section = (facts: MissionFacts) => ReportStatement[];

const ofEachTask =
  (section: (task: TaskFacts) => ReportStatement[]): Section =>
  ({ tasks }) =>
    tasks.flatMap(section);

const sections: Readonly<Record<ReportSectionName, Section>> = {
  summary,
  product_impact: productImpact,
  architecture: ofEachTask(architecture),
  implementation: ofEachTask(implementation),
  verification: ofEachTask(verification),
  security: ofEachTask(security),
  reliability: ofEachTask(reliability),
  observability: ofEachTask(observability),
  rollback,
  open_risks: openRisks,
};

export function missionReport(facts: MissionFacts): MissionReport {
  const { mission_id, title, repository, status } = facts.document;
  return {
    schema: 1,
    ...{ mission_id, title, repository, status, position: facts.position },
    sections: reportSectionNames.map((name) => {
      const statements = sections[name](facts);
      const none = notKnown("Nothing was found out about this: no work has started.", lastEvent(facts));
      return { name, title: reportSectionTitles[name], statements: statements.length === 0 ? [none] : statements };
    }),
  };
}
