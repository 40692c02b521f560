/** Decides what is recorded about GitHub issues, each once: a label that made no mission, a comment that does not count, the content of aedev's own comments. */
import { type CommandOf, refuse } from "../model/command.ts";
import { type Decision, events } from "../model/decision.ts";
import { entityById, type State } from "../model/state.ts";

type IssueCommand = CommandOf<"RefuseIssue" | "RecordIssueComment" | "RefuseIssueAnswer">;

export function decideIssue(command: IssueCommand, state: State): Decision {
  if (command.kind === "RefuseIssue") {
    const repository = entityById(state.repositories, command.repository);
    if (repository === undefined)
      return refuse("unknown-repository", `there is no repository named ${command.repository}`, "aedev repo list");
    const { issue, labeled_event, by, why, detail } = command;
    if (repository.refused_labels?.includes(labeled_event) === true) return events();
    const data = { issue, labeled_event, by, why, detail };
    return events({ stream: `repository/${repository.name}`, type: "IssueRefused", data });
  }
  const mission = entityById(state.missions, command.mission_id);
  if (mission?.origin === undefined)
    return refuse("unknown-mission", `there is no mission ${command.mission_id} from an issue`, "aedev mission list");
  const stream = `mission/${mission.mission_id}`;
  if (command.kind === "RecordIssueComment") {
    const { slot, key, comment, final } = command;
    const known = mission.issue?.comments[slot];
    if (known?.key === key && known.comment === comment && mission.issue?.closed === final) return events();
    return events({ stream, type: "IssueCommented", data: { slot, key, comment, final } });
  }
  const { comment, by, why, detail } = command;
  if (comment <= (mission.issue?.read_to ?? 0)) return events();
  const data = { comment, by, why, ...(detail === undefined ? {} : { detail }) };
  return events({ stream, type: "IssueAnswerRefused", data });
}
