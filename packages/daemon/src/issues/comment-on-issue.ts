/**
 * Brings one of aedev's comments on an issue up to date and returns its record. It first looks for the comment by number, or by its marker among aedev's own
 * comments. So it may be interrupted anywhere and called again, and there is never a second comment.
 */
import { isFault } from "@aedev/contracts";
import {
  type CommandBody,
  type DueComment,
  dueComments,
  entityById,
  type IssueWork,
  issueCommentMarker,
  issueCommentText,
  type MissionState,
} from "@aedev/core";
import type { Deferred } from "../control/deferred.ts";
import type { Configured, GitHubs, Records, WriteRules } from "../control/parts.ts";
import { mayWriteTo } from "../control/permitted-writes.ts";
import { type Comment, changeComment, createComment, readComment, readComments } from "../github/comments.ts";
import { connectTo } from "../github/connect.ts";
import { type GitHubConnection, RateLimited } from "../github/connection.ts";
import { isSameLogin, ownLogin } from "../github/person.ts";

type Commenting = Records & WriteRules & GitHubs & Configured<"intake">;

/** How often the log (not GitHub) is asked again whether aedev may write. */
const pauseMs = 60_000;
/** When to ask again after GitHub refused finally. */
const refusedPauseMs = 3_600_000;

type RecordComment = Extract<CommandBody, { kind: "RecordIssueComment" }>;

/** Null if there is nothing left to say. Throws a Fault if GitHub gave no clear answer. */
export async function commentOnIssue(work: IssueWork, control: Commenting): Promise<RecordComment | Deferred | null> {
  const state = control.log.stateWith({ missions: [work.mission_id] });
  const mission = entityById(state.missions, work.mission_id);
  const due = mission === undefined ? undefined : dueComments(state, mission).find(({ slot }) => slot === work.slot);
  if (mission === undefined || due === undefined) return null;
  try {
    const gitHub = await connectionFor(mission, control);
    if (gitHub === null) return leftOut(mission, due, pauseMs);
    return recordOf(mission, due, (await writeComment(gitHub, { mission, due })).id);
  } catch (error) {
    if (error instanceof RateLimited) return { kind: "Deferred", atMs: error.atMs };
    if (isFault(error, "HOLD-REMOTE-REFUSED") && !error.retry) return leftOut(mission, due, refusedPauseMs);
    throw error;
  }
}

/** Null: aedev may not write there, or not now. */
async function connectionFor(
  { repository: name }: MissionState,
  control: Commenting,
): Promise<GitHubConnection | null> {
  const repository = entityById(control.log.state.repositories, name);
  if (!control.configuration.intake.enabled || repository === undefined || !mayWriteTo(name, control)) return null;
  return connectTo(repository.url, control);
}

/** Skips a mission's last comment if it can't be written now. Waiting for it would keep the mission in the state. */
function leftOut(mission: MissionState, due: DueComment, ms: number): RecordComment | Deferred {
  return due.final ? recordOf(mission, due, null) : { kind: "Deferred", atMs: Date.now() + ms };
}

function recordOf(
  { mission_id }: MissionState,
  { slot, key, final }: DueComment,
  comment: number | null,
): RecordComment {
  return { kind: "RecordIssueComment", mission_id, slot, key, comment, final };
}

async function writeComment(
  gitHub: GitHubConnection,
  { mission, due }: { mission: MissionState; due: DueComment },
): Promise<Comment> {
  const body = issueCommentText(mission.mission_id, due);
  const there = await findOwnComment(gitHub, { mission, due });
  if (there === null) return createComment(gitHub, { number: issueOf(mission), body });
  return there.body === body ? there : changeComment(gitHub, { comment: there.id, body });
}

async function findOwnComment(
  gitHub: GitHubConnection,
  { mission, due }: { mission: MissionState; due: DueComment },
): Promise<Comment | null> {
  const known = mission.issue?.comments[due.slot]?.comment ?? null;
  const there = known === null ? null : await readComment(gitHub, known);
  if (there !== null) return there;
  const own = await ownLogin(gitHub);
  const marker = issueCommentMarker(mission.mission_id, due.slot);
  const since = mission.origin?.github.labeled_at ?? mission.submitted_at;
  const comments = await readComments(gitHub, { number: issueOf(mission), since, mayEndEarly: true });
  return (
    comments.find(({ user, body }) => user !== null && isSameLogin(user.login, own) && body.startsWith(marker)) ?? null
  );
}

function issueOf({ mission_id, origin }: MissionState): number {
  if (origin === undefined) throw new Error(`mission ${mission_id} is from no issue`);
  return origin.github.issue;
}
