/** Turns "revert this landed change" into a command, for any client or control itself. The specification is aedev's own words about two commits. */
import { escapeLine, missionIdSchema, type Specification } from "@aedev/contracts";
import { noQuestions } from "@aedev/contracts/events";
import type { RevertTask, TaskState } from "@aedev/core";
import { newId } from "../control/control.ts";
import type { Blobs, Records } from "../control/parts.ts";
import { writeSpecification } from "./specification.ts";

const titleCharactersMax = 120;
const subjectCharactersMax = 200;
const shortIdCharacters = 12;

/** `commit`: the landed one. It asks git nothing, so it works wherever a landing is known. */
export function revertCommand(
  task: Pick<TaskState, "task_id" | "mission_id" | "repository" | "landing">,
  commit: string,
  control: Blobs & Records,
): RevertTask {
  const subject = landedSubject(task, control);
  const mission_id = newId("m");
  const specification: Specification = {
    schema: 1,
    mission_id: missionIdSchema.parse(mission_id),
    repository: task.repository,
    title: escapeLine(`Revert "${subject}"`, titleCharactersMax),
    text: `Revert "${subject}"

This reverts commit ${commit}, which task ${task.task_id} landed. aedev computes the change from the two commits, and no coder writes it. What later commits changed stays. Tests that the commit brought or changed go back with it.`,
    criteria: [
      {
        id: "c1",
        text: `Every file that commit ${commit.slice(0, shortIdCharacters)} changed is again as it was before it, apart from what later commits changed there.`,
      },
      { id: "c2", text: "The tests pass in the form that they had before that commit." },
    ],
  };
  return {
    kind: "RevertTask",
    task_id: task.task_id,
    commit,
    subject,
    mission_id,
    revert_task_id: newId("t"),
    title: specification.title,
    criteria: specification.criteria,
    ...writeSpecification(control.blobs, specification, noQuestions),
  };
}

/** The first line of the landed commit's message; for a landing by an earlier version, the mission's title. */
function landedSubject(
  { task_id, mission_id, landing }: Pick<TaskState, "task_id" | "mission_id" | "landing">,
  control: Blobs & Records,
): string {
  const message =
    landing?.message === undefined
      ? control.log.stateWith({ tasks: [task_id] }).missions[mission_id]?.title
      : new TextDecoder().decode(control.blobs.get(landing.message.digest));
  return escapeLine(message?.split("\n")[0] ?? "", subjectCharactersMax) || "a landed change";
}
