/** A mission as a person reads it in the terminal. */
import { escapeLine, type MissionDocument, type MissionState, type State, statusSummary } from "@aedev/core";
import { pairs } from "./columns.ts";
import { taskLine } from "./task-text.ts";

export function missionText(state: State, mission: MissionState, document: MissionDocument): string {
  const head = pairs([
    ["mission", document.mission_id],
    ["title", document.title],
    ["repository", mission.repository],
    ["status", document.status],
    ["specification", document.spec_digest],
    ["submitted", mission.submitted_at],
  ]);
  const criteria = mission.criteria.map(({ id, text }) => `  ${id}  ${escapeLine(text, 2000)}`);
  const tasks = document.tasks.map((task) => `  ${taskLine(task)}`);
  const help = missionHelp(state, document.mission_id).map((command) => `  ${command}`);
  return [head, section("criteria", criteria), section("tasks", tasks), section("what helps", help)]
    .filter((part) => part !== "")
    .join("\n");
}

/** Commands that help where the mission waits for a person. */
export function missionHelp(state: State, missionId: string): string[] {
  const summary = statusSummary(state, new Date().toISOString());
  return [...summary.waiting, ...summary.holds]
    .filter((item) => item.mission_id === missionId)
    .map((item) => item.help);
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}:\n${lines.join("\n")}`;
}
