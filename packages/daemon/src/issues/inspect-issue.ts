/** Decides about one labelled issue: it becomes a mission, its label is refused, or its comments are read. An unclear answer of GitHub decides nothing. */
import { Fault, missionTextCharactersMax, nullOn } from "@aedev/contracts";
import { gitHubLoginSchema, type IssueRefusal, type MissionOrigin } from "@aedev/contracts/events";
import { entityById, isUndecided } from "@aedev/core";
import { refuseSubmission, submissionCommand } from "../clarification/submission.ts";
import { derivedId, makeCommand } from "../control/control.ts";
import type { Blobs, Commands, Configured, Mirrors, Records, Rules, WriteRules } from "../control/parts.ts";
import type { GitHubConnection } from "../github/connection.ts";
import { type IssueEvent, issueText, readIssueEvents } from "../github/issues.ts";
import { mayWrite } from "../github/write-access.ts";
import { isTextOfLabel, labelEventOf, missionTextOf, textDigestOf, writersOfText } from "./issue-text.ts";
import { takeAnswers } from "./read-answers.ts";

const detailCharactersMax = 500;

/** A registered repository at GitHub. */
export interface IssuePlace {
  readonly repository: string;
  readonly gitHub: GitHubConnection;
}

/** The parts of control that intake from issues needs. */
export type IssueIntake = Blobs & Mirrors & Records & Commands & Rules & WriteRules & Configured<"intake">;

/** Throws as requests to GitHub do. Then nothing is decided, and the issue must be inspected again. */
export async function inspectIssue(number: number, place: IssuePlace, control: IssueIntake): Promise<void> {
  const { gitHub, repository } = place;
  const label = labelEventOf(await readIssueEvents(gitHub, number), control.configuration.intake.label);
  if (label === null) throw unclearLabel();
  const missionId = missionIdOf(label, place);
  const known = entityById(control.log.stateWith({ missions: [missionId] }).missions, missionId);
  if (known !== undefined) return isUndecided(known) ? takeAnswers(known, place, control) : undefined;
  if (control.log.state.repositories[repository]?.refused_labels?.includes(label.id) === true) return;
  await decideLabel(label, { ...place, number, missionId }, control);
}

/** The issue is in the list with its label, but its events don't show yet who set it, or the label was just set again. */
function unclearLabel(): Fault {
  return new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "GitHub does not show yet who set the label", { retry: true });
}

/** One mission for each label event, whatever name the repository is registered under. */
function missionIdOf({ id }: IssueEvent, { gitHub }: IssuePlace): string {
  return derivedId("m", `issue label ${gitHub.owner}/${gitHub.name} ${id}`.toLowerCase());
}

interface LabeledIssue extends IssuePlace {
  readonly number: number;
  readonly missionId: string;
}

async function decideLabel(label: IssueEvent, issue: LabeledIssue, control: IssueIntake): Promise<void> {
  const { gitHub, number } = issue;
  const by = gitHubLoginSchema.safeParse(label.actor?.login);
  const refuse = (why: IssueRefusal, detail: string | null = null) =>
    submitCommand(control, {
      kind: "RefuseIssue",
      repository: issue.repository,
      issue: number,
      labeled_event: label.id,
      by: by.success ? by.data : null,
      why,
      detail: detail?.slice(0, detailCharactersMax).toWellFormed() ?? null,
    });
  if (!by.success || label.actor?.type !== "User") return refuse("not-a-person");
  if (!(await mayWrite(gitHub, by.data))) return refuse("no-write-access");
  const text = await issueText(gitHub, number);
  // Read after the text, so that they include every rename of the title before it.
  const events = await readIssueEvents(gitHub, number);
  if (labelEventOf(events, control.configuration.intake.label)?.id !== label.id) throw unclearLabel();
  if (!isTextOfLabel(text, label, events)) return refuse("text-changed");
  const read = await missionTextOf(text).catch(nullOn("text-unreadable"));
  if (read === null) return refuse("too-long", "its Markdown takes too long to read");
  const { text: wanted, left_out } = read;
  if (wanted === "") return refuse("empty");
  if (wanted.length > missionTextCharactersMax) return refuse("too-long");
  const given = { text: wanted, criteria: [] };
  const refused = await refuseSubmission(control, given);
  if (refused !== null) return refuse(refused.code === "not-a-change" ? "not-a-change" : "secret", refused.reason);
  const origin: MissionOrigin = {
    github: {
      issue: number,
      url: text.url,
      labeled_event: label.id,
      labeled_at: new Date(label.created_at).toISOString(),
      by: by.data,
      text_by: writersOfText(text, events),
      text_digest: textDigestOf(text),
      ...(left_out.length === 0 ? {} : { left_out: [...left_out] }),
    },
  };
  const command = await submissionOf(control, { ...given, ...issue, origin });
  if (command === null) return refuse("too-long", "it has more acceptance criteria than a mission can have");
  const answer = await control.log.submit(makeCommand(command, { by: `github:${by.data}`, way: "github" }));
  if (answer.kind !== "refused") return;
  return refuse(answer.code === "same-request" ? "same-request" : "under-way", answer.reason);
}

/** Null: the specification would be invalid. */
async function submissionOf(
  control: Blobs & Mirrors & Records & Rules,
  given: LabeledIssue & { text: string; criteria: string[]; origin: MissionOrigin },
) {
  const { missionId: mission_id, repository, text, criteria, origin } = given;
  try {
    const priority = "normal" as const;
    const given = { mission_id, repository, text, criteria, priority, after: [], origin };
    return (await submissionCommand(control, given)).command;
  } catch (error) {
    if (error instanceof Fault && error.code === "bad-specification") return null;
    throw error;
  }
}

async function submitCommand(control: Commands, body: Parameters<typeof makeCommand>[0]): Promise<void> {
  const answer = await control.log.submit(makeCommand(body, "control"));
  if (answer.kind === "refused") throw new Fault(answer.code, answer.reason);
}
