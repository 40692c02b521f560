/** The sections about the request and its result: summary, product impact, rollback. */
import { branchName, deciderText, statusText, summarizeList } from "@aedev/contracts";
import type { PlanDocument, ReportReference, ReportStatement } from "@aedev/contracts/api";
import { outcomeText } from "@aedev/contracts/events";
import { decisionText } from "@aedev/core/reading";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";
import type { MissionFacts, TaskFacts } from "./facts.ts";
import { atEvent, eventsOf, evidenceProblem, lastEvent, lastOfTask, notKnown, stated, timeText } from "./statements.ts";

export function summary(facts: MissionFacts): ReportStatement[] {
  const { document, events, tasks } = facts;
  const questions = document.questions.map(({ id }) => id);
  return [
    ...eventsOf(events, "MissionSubmitted").flatMap((event) => [
      stated(`Title: ${document.title}`, atEvent(event)),
      stated(
        `Submitted for the repository ${document.repository} on ${timeText(event.recorded_at)} by ${deciderText({ by: event.data.author, way: event.data.way })}`,
        atEvent(event),
      ),
    ]),
    stated(`Status: ${statusText(document.status)}`, lastEvent(facts)),
    ...(questions.length === 0
      ? []
      : [
          stated(
            `Open questions: ${questions.join(", ")}; aedev mission show ${document.mission_id}`,
            lastEvent(facts),
          ),
        ]),
    ...decisions(events, "mission"),
    ...tasks.flatMap((task) => [...decisions(task.events, "change"), ...gateDecision(task), ...landings(task)]),
  ];
}

/** What people decided, and who. */
function decisions(events: readonly StoredEvent[], on: "mission" | "change"): ReportStatement[] {
  return events.flatMap((event) => {
    const what = decisionText(event.type);
    if (what === undefined || !("by" in event.data)) return [];
    const { by } = event.data;
    if (by === null || by === "control") return [];
    const decider = deciderText("way" in event.data ? { by, way: event.data.way } : { by });
    return [stated(`On the ${on}, ${timeText(event.recorded_at)}: ${what} by ${decider}`, atEvent(event))];
  });
}

/** The last decision about the present change. */
export function gateEvent({ task, events }: TaskFacts): Extract<StoredEvent, { type: "GateDecided" }> | undefined {
  const bundle = task.gate?.bundle_digest;
  return eventsOf(events, "GateDecided").findLast(({ data }) => data.bundle_digest === bundle);
}

function gateDecision(facts: TaskFacts): ReportStatement[] {
  const event = gateEvent(facts);
  if (event === undefined) return [notKnown("The gate has not decided about a change.", lastOfTask(facts))];
  const { answer, hold_code, profile } = event.data;
  const code = hold_code === null ? "" : ` with ${hold_code}`;
  const decided = stated(`The gate decided with the profile ${profile}: ${answer}${code}`, atEvent(event));
  const isAlone = facts.task.landed_commit !== null && facts.task.approval === null;
  return isAlone ? [decided, stated("No person approved the change before it landed.", atEvent(event))] : [decided];
}

type Landed = Extract<StoredEvent, { type: "ChangeLanded" }>;

function atCommit({ position, data: { commit } }: Landed): ReportReference {
  return { kind: "commit", commit, position };
}

function landings({ events }: TaskFacts): ReportStatement[] {
  return eventsOf(events, "ChangeLanded").map((event) =>
    stated(`Landed as commit ${event.data.commit} on ${branchName(event.data.ref)}`, atCommit(event), atEvent(event)),
  );
}

export function productImpact(facts: MissionFacts): ReportStatement[] {
  const { mission, document, events, tasks } = facts;
  if (document.plan !== undefined)
    return [...document.plan.parts.map((part) => partStatement(part, facts)), ...tasks.flatMap(evidenceProblem)];
  const clarified = events.findLast(({ data }) => "clarity" in data);
  const criteria = mission.criteria.map(({ id, text, default: isDefault }) => {
    const criterion = { kind: "criterion", id, specification: document.spec_digest } as const;
    const own = isDefault === true ? " (aedev's own, because none was given)" : "";
    const judged = tasks.flatMap((task) => task.judged.filter((one) => one.id === id));
    const verdicts = tasks.flatMap((task) => verdictEvents(task));
    if (judged.length === 0) return notKnown(`${id}, about which no judge's answer is kept${own}: ${text}`, criterion);
    const results = judged.map(({ family, result, cited }) => {
      const proof = cited.length === 0 ? "" : ` (${summarizeList(cited, 200)})`;
      return `${result.replace("_", " ")} according to ${family}${proof}`;
    });
    return stated(`${id}, ${results.join(", ")}${own}: ${text}`, criterion, ...verdicts.map(atEvent));
  });
  const unchecked = (mission.clarity.not_checked ?? []).flatMap((text) =>
    clarified === undefined ? [] : [stated(`In no criterion, so nobody checks it: ${text}`, atEvent(clarified))],
  );
  return [...criteria, ...unchecked, ...tasks.flatMap(evidenceProblem)];
}

/** A part's own report says what its change does. */
function partStatement(
  { name, mission_id, title, repository, status }: PlanDocument["parts"][number],
  facts: MissionFacts,
): ReportStatement {
  const task = facts.tasks.find(({ task: { mission_id: of } }) => of === mission_id);
  return stated(
    `Part ${name} in ${repository}, ${statusText(status)}: ${title}; aedev mission report ${mission_id}`,
    task === undefined ? lastEvent(facts) : lastOfTask(task),
  );
}

/** The events of the verdicts that count for the present change. */
export function verdictEvents({ task, events }: TaskFacts): Extract<StoredEvent, { type: "VerdictRecorded" }>[] {
  const recorded = eventsOf(events, "VerdictRecorded");
  return task.verdicts.flatMap(
    ({ family, bundle_digest }) =>
      recorded.findLast(({ data }) => data.family === family && data.bundle_digest === bundle_digest) ?? [],
  );
}

export function rollback(facts: MissionFacts): ReportStatement[] {
  const { mission, events, tasks } = facts;
  const takenBack = eventsOf(events, "MissionSubmitted").flatMap((event) =>
    mission.reverts === undefined
      ? []
      : [
          stated(
            `This mission takes back commit ${mission.reverts.commit} of task ${mission.reverts.task_id}: ${mission.reverts.subject}`,
            atEvent(event),
          ),
        ],
  );
  const isLanded = tasks.some(({ task }) => task.landed_commit !== null);
  const isLanding = tasks.some(({ task }) => task.landing !== null);
  if (!isLanded && isLanding)
    return [...takenBack, notKnown("A landing has begun; its result is not known yet.", lastEvent(facts))];
  if (!isLanded)
    return [...takenBack, stated("Nothing has landed, so there is nothing to take back.", lastEvent(facts))];
  return [...takenBack, ...tasks.flatMap(rollbackOfTask)];
}

function rollbackOfTask({ task, events }: TaskFacts): ReportStatement[] {
  const requested = eventsOf(events, "RevertRequested");
  const command = requested.length === 0 ? `To take it back: aedev task revert ${task.task_id}` : "";
  return [
    ...eventsOf(events, "ChangeLanded").flatMap((event) => [
      stated(`What landed is commit ${event.data.commit} on ${branchName(event.data.ref)}.`, atCommit(event)),
      ...(command === "" ? [] : [stated(command, atEvent(event))]),
    ]),
    ...eventsOf(events, "LandedTreeDiffers").map((event) =>
      stated("What was merged is not the tree that was judged.", atEvent(event)),
    ),
    ...requested.map((event) => {
      const { task_id, mission_id, cause } = event.data;
      const why =
        cause === "asked" ? `asked for by ${deciderText(event.data)}` : "what was merged is not what was judged";
      return stated(`Task ${task_id} of mission ${mission_id} is to take it back: ${why}`, atEvent(event));
    }),
    ...eventsOf(events, "OutcomeObserved")
      .filter(({ data }) => data.outcome === "reverted" || data.outcome === "gone")
      .map((event) => stated(`After it landed: ${outcomeText(event.data)}`, atEvent(event))),
  ];
}
