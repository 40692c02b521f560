/** The sections about the course of the work: reliability and observability. */
import { counted, deciderText, holdMeanings, tokensOf, tokensText } from "@aedev/contracts";
import type { ReportStatement } from "@aedev/contracts/api";
import { outcomeText } from "@aedev/contracts/events";
import type { StoredEvent } from "../log/sqlite/stored-event.ts";
import type { ReportEntries, TaskFacts } from "./facts.ts";
import {
  atEvent,
  eventsOf,
  evidenceProblem,
  fromEntry,
  hasSingleTests,
  lastOfTask,
  linesOr,
  notKnown,
  stated,
  type UnknownLine,
} from "./statements.ts";

export function reliability(facts: TaskFacts): ReportStatement[] {
  const course = facts.events.flatMap((event) => courseText(event).map((text) => stated(text, atEvent(event))));
  return [
    ...(course.length === 0 ? [stated("No hold and no repair.", lastOfTask(facts))] : course),
    ...evidenceProblem(facts),
    ...fromEntry(facts, "checks", flakyLines),
  ];
}

function flakyLines(checks: ReportEntries["checks"]): readonly (string | UnknownLine)[] {
  if (!hasSingleTests(checks)) return [{ unknown: "Whether tests are flaky was not measured." }];
  return linesOr(
    [
      ...checks.flaky.map((test) => `Flaky before the change too: ${test}`),
      ...checks.newly_flaky.map((test) => `Flaky, or flaky more often, with the change: ${test}`),
    ],
    "No test was found to be flaky.",
  );
}

/** The sentence about an event that delayed, repeated or ended work; empty for every other event. */
function courseText(event: StoredEvent): string[] {
  const cause = (code: string | null, detail: string | null) =>
    code === null && detail === null ? "" : ` (${[code ?? [], detail ?? []].flat().join(": ")})`;
  switch (event.type) {
    case "TaskHeld": {
      const { code, detail } = event.data;
      // The detail of a question is the coder's own text.
      const told = code === "HOLD-QUESTION" ? null : detail;
      return [`Held with ${code}${cause(null, told)}. ${holdMeanings[code].means}`];
    }
    case "HoldReleased":
      return [`Hold released ${event.data.by === "control" ? "automatically" : `by ${deciderText(event.data)}`}`];
    case "RepairStarted":
      return [`Repaired by a next run, cause: ${event.data.cause}${cause(event.data.code, event.data.detail)}`];
    case "TestsRequested":
      return [`A next run was to add tests: ${event.data.detail}`];
    case "ChangeRestored":
      return [`The run for tests did not help, so the change before it counts again${cause(event.data.code, null)}`];
    case "BaseConflicted":
      return [`The branch moved and the change no longer applied: ${event.data.why}`];
    case "BaseMoved":
      return [`The branch moved from ${event.data.from} to ${event.data.to}`];
    case "TaskRetried":
      return [`A new run was asked for by ${deciderText(event.data)}`];
    case "RunEnded":
      return event.data.again === true ? [] : [`Run ${event.data.run_id} ended without a change to check.`];
    default:
      return [];
  }
}

export function observability(facts: TaskFacts): ReportStatement[] {
  const { task, events } = facts;
  const outcomes = eventsOf(events, "OutcomeObserved").map((event) =>
    stated(`After it landed, ${event.data.outcome}: ${outcomeText(event.data)}`, atEvent(event)),
  );
  const none =
    task.landed_commit === null
      ? "It has not landed, so nothing could be observed after it."
      : "Nothing has been observed since it landed.";
  return [
    ...eventsOf(events, "ChangeCaptured").map((event) =>
      stated(
        `Run ${event.data.run_id} was recorded: a journal of ${counted(event.data.journal.size_bytes, "byte")}; aedev task logs ${task.task_id}`,
        atEvent(event),
      ),
    ),
    ...evidenceProblem(facts),
    ...fromEntry(facts, "environment", ({ image, image_id, engine_version, coder_version, model }) => [
      `Sandbox image ${image} (${image_id}), engine ${engine_version}`,
      `Coder ${coder_version}, model ${model}`,
    ]),
    ...fromEntry(facts, "usage", (usage) => [
      `${counted(usage.requests, "request")} to the coder's model, ${tokensText(tokensOf(usage))}`,
    ]),
    ...(outcomes.length === 0 ? [notKnown(none, lastOfTask(facts))] : outcomes),
  ];
}
