/** Reads comments on an issue whose mission is undecided: answers by people with write access count; others that address aedev are recorded as refused. */
import { Fault, nullOn } from "@aedev/contracts";
import { type AnswerRefusal, gitHubLoginSchema } from "@aedev/contracts/events";
import { entityById, hasCommentMarker, isUndecided, type MissionState } from "@aedev/core";
import { answerCommand } from "../clarification/answer-command.ts";
import { makeCommand } from "../control/control.ts";
import type { Blobs, Commands, Records, Rules, WriteRules } from "../control/parts.ts";
import { mayWriteTo } from "../control/permitted-writes.ts";
import { refuseSecrets } from "../findings/secrets/person-text.ts";
import { type Comment, readComments } from "../github/comments.ts";
import type { GitHubConnection } from "../github/connection.ts";
import { isSameLogin, ownLogin } from "../github/person.ts";
import { mayWrite } from "../github/write-access.ts";
import { readVisible } from "../visible/read-visible.ts";
import { type CommentMeaning, meaningOf } from "./answer-form.ts";

/** How many strangers' comments are recorded for one mission, so that they can't grow the log. */
const refusalsMax = 20;
/** How many people's access is asked for in one look. */
const peopleMax = 50;
const detailCharactersMax = 1_000;

/** Throws as requests to GitHub do, and if it is too early to tell what a comment answers. Earlier decisions remain. */
export async function takeAnswers(
  { mission_id, origin }: MissionState,
  { gitHub }: { readonly gitHub: GitHubConnection },
  control: Blobs & Records & Commands & Rules & WriteRules,
): Promise<void> {
  if (origin === undefined) return;
  const { issue, labeled_at: since } = origin.github;
  const comments = await readComments(gitHub, { number: issue, since, mayEndEarly: true });
  const access = openAccess(gitHub);
  let own: string | null = null;
  for (const comment of comments) {
    const mission = entityById(control.log.state.missions, mission_id);
    if (mission === undefined || !isUndecided(mission)) return;
    if (comment.id <= (mission.issue?.read_to ?? 0)) continue;
    const meaning = await visibleMeaning(
      comment.body,
      mission.clarity.questions.map(({ id }) => id),
    );
    const by = gitHubLoginSchema.safeParse(comment.user?.login);
    if (meaning === null || !by.success) continue;
    if (hasCommentMarker(comment.body)) {
      own ??= await ownLogin(gitHub);
      if (isSameLogin(own, by.data)) continue;
    }
    const may = await access(by.data);
    if (may === null) continue;
    if (!may && (mission.issue?.refused ?? 0) >= refusalsMax) continue;
    const outcome = may
      ? await judgeAnswer(mission, { comment, meaning }, control)
      : ({ why: "no-write-access" } as const);
    if ("why" in outcome) await refuse(mission, { ...outcome, comment: comment.id, by: by.data }, control);
    else {
      const command = makeCommand({ ...outcome, comment: comment.id }, { by: `github:${by.data}`, way: "github" });
      const answer = await control.log.submit(command);
      if (answer.kind !== "refused") continue;
      // The mission has changed meanwhile, so the comment must be judged again.
      if (entityById(control.log.state.missions, mission_id) !== mission)
        throw new Fault(answer.code, answer.reason, { retry: true });
      await refuse(
        mission,
        { ...refusedAnswer("bad-answer", answer.reason), comment: comment.id, by: by.data },
        control,
      );
    }
  }
}

/** The meaning of a comment's visible text. One that can't be read in time means nothing. */
async function visibleMeaning(body: string, ids: readonly string[]): Promise<CommentMeaning | null> {
  if (meaningOf(body, ids) === null) return null;
  const [read] = (await readVisible([body]).catch(nullOn("text-unreadable"))) ?? [];
  return read === undefined ? null : meaningOf(read.text, ids);
}

/** Whether each of the first people may write; null for any further one. */
function openAccess(gitHub: GitHubConnection) {
  const known = new Map<string, boolean>();
  return async (login: string): Promise<boolean | null> => {
    const key = login.toLowerCase();
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    if (known.size >= peopleMax) return null;
    const may = await mayWrite(gitHub, login);
    known.set(key, may);
    return may;
  };
}

interface Refused {
  readonly why: AnswerRefusal;
  readonly detail?: string;
}

/** The command of a valid answer, or why it is refused. */
async function judgeAnswer(
  mission: MissionState,
  { comment, meaning }: { comment: Comment; meaning: CommentMeaning },
  control: Blobs & Records & Rules & WriteRules,
) {
  if (meaning.kind === "decision") return refusedAnswer("approval");
  if (comment.created_at !== comment.updated_at) return refusedAnswer("edited");
  const { questions, round } = mission.clarity;
  const asked = mission.issue?.comments[round === 2 ? "questions-2" : "questions-1"]?.comment ?? null;
  const isAsking = mission.stage === "clarifying" && questions.length > 0;
  // Until the comment with the questions is recorded, nobody knows which comments are newer.
  if (isAsking && asked === null && mayWriteTo(mission.repository, control))
    throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "its questions are being written", { retry: true });
  // A comment from before the questions answers none of them.
  if (!isAsking || asked === null || comment.id < asked) return refusedAnswer("no-questions");
  const [only] = questions;
  const answers =
    meaning.kind === "answers"
      ? meaning.answers
      : questions.length === 1 && only !== undefined
        ? [{ id: only.id, text: meaning.text }]
        : null;
  if (answers === null)
    return refusedAnswer(
      "bad-answer",
      `begin each answer with its question: ${questions.map(({ id }) => `${id}:`).join(" ")}`,
    );
  const secret = await refuseSecrets(answers.map(({ id, text }) => ({ name: id, text })));
  if (secret !== null) return refusedAnswer("secret");
  const command = answerCommand(control, { mission_id: mission.mission_id, answers });
  if (command.kind === "AnswerMission") return command;
  return refusedAnswer("bad-answer", command.kind === "refused" ? command.reason : undefined);
}

function refusedAnswer(why: AnswerRefusal, detail?: string): Refused {
  return { why, ...(detail === undefined ? {} : { detail: detail.slice(0, detailCharactersMax).toWellFormed() }) };
}

async function refuse(
  { mission_id }: MissionState,
  refusal: Refused & { comment: number; by: string },
  control: Commands,
): Promise<void> {
  await control.log.submit(makeCommand({ kind: "RefuseIssueAnswer", mission_id, ...refusal }, "control"));
}
