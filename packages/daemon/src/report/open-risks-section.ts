/** The section about what is left: a hold, the risk, criteria that are not met, and what was not measured. */
import {
  captureNoteLines,
  type EvidenceName,
  evidenceNames,
  historyText,
  largestShares,
  reasonText,
  riskText,
  signalText,
  summarizeList,
} from "@aedev/contracts";
import type { ReportStatement } from "@aedev/contracts/api";
import { reasonsToAsk } from "@aedev/core/reading";
import type { MissionFacts, TaskFacts } from "./facts.ts";
import { gateEvent, verdictEvents } from "./request-sections.ts";
import {
  atEntry,
  atEvent,
  eventsOf,
  evidenceProblem,
  firstOf,
  fromEntry,
  lastEvent,
  lastOfTask,
  notKnown,
  stated,
  unchanged,
} from "./statements.ts";
import { notRunLines } from "./verification-section.ts";

export function openRisks(facts: MissionFacts): ReportStatement[] {
  const log = (facts.untrusted?.reasons ?? []).map((why) => stated(`The log is not trusted: ${why}`, lastEvent(facts)));
  const risks = [...log, ...facts.tasks.flatMap((task) => risksOfTask(task, facts))];
  return risks.length > 0 ? risks : [notKnown("No change was made, so no risk was measured.", lastEvent(facts))];
}

function risksOfTask(facts: TaskFacts, { mission, document }: MissionFacts): ReportStatement[] {
  const { hold, judged, events } = facts;
  const held = eventsOf(events, "TaskHeld").findLast(({ data }) => data.hold_id === hold?.hold_id);
  const unmet = judged
    .filter(({ result }) => result !== "met")
    .map(({ id, result, family }) => {
      const criterion = { kind: "criterion", id, specification: document.spec_digest } as const;
      return stated(
        `${id} is ${result.replace("_", " ")} according to ${family}.`,
        criterion,
        ...verdictEvents(facts).map(atEvent),
      );
    });
  const unjudged = mission.criteria.filter(({ id }) => !judged.some((one) => one.id === id)).map(({ id }) => id);
  return [
    ...(hold === null || held === undefined
      ? []
      : [stated(`Held now with ${hold.code}; what helps: ${hold.help}`, atEvent(held))]),
    ...gateRisks(facts),
    ...unmet,
    ...(unjudged.length === 0
      ? []
      : [notKnown(`No judge's answer is kept about ${unjudged.join(", ")}.`, lastOfTask(facts))]),
    ...evidenceProblem(facts),
    ...fromEntry(facts, "history", (history) => [historyText(history)], { isOptional: true }),
    ...fromEntry(facts, "test-matrix", notRunLines),
    ...fromEntry(facts, "path-report", ({ files, capture_notes }) => [
      ...firstOf(files.flatMap(({ path, binary }) => (binary ? [`Nobody can review its bytes: ${path}`] : []))),
      ...captureNoteLines(capture_notes, unchanged),
    ]),
    ...lackingEntries(facts),
  ];
}

/** The score, what raises it, and the gate's reasons. */
function gateRisks(facts: TaskFacts): ReportStatement[] {
  const event = gateEvent(facts);
  if (event === undefined) return [notKnown("The gate has not decided, so no risk was measured.", lastOfTask(facts))];
  const { harm } = largestShares(event.data.shares, Number.POSITIVE_INFINITY);
  const risk = riskText(event.data);
  return [
    risk === null
      ? notKnown("The gate decided without a measure of the risk.", atEvent(event))
      : stated(`Risk: ${risk}`, atEvent(event)),
    ...harm.map(({ factor, why, missing }) =>
      stated(
        `Raises the risk${missing ? ", because its input is missing" : ""}: ${signalText(factor)}: ${why}`,
        atEvent(event),
      ),
    ),
    ...reasonsToAsk(facts.task).map((reason) => stated(`The gate's reason: ${reasonText(reason)}`, atEvent(event))),
  ];
}

/** What no run or finding of this change measured. */
function lackingEntries(facts: TaskFacts): ReportStatement[] {
  const { evidence } = facts;
  if (evidence.kind !== "verified") return [];
  const ifNeeded: readonly EvidenceName[] = ["independent-sources", "reverted", "dependency-records"];
  const lacking = evidenceNames.filter(
    (name) => evidence.manifest.entries[name] === undefined && !ifNeeded.includes(name),
  );
  if (lacking.length === 0) return [];
  return [notKnown(`Not measured: ${summarizeList(lacking, 400)}`, atEntry(facts, null))];
}
