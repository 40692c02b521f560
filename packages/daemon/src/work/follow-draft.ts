/** Watches the draft pull request while a person decides: a reviewer's request sends the change back, and a merge by somebody records it as landed. */
import { branchName } from "@aedev/contracts";
import { type CommandBody, isOpenAsDraft } from "@aedev/core";
import { requiredTask } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import { connectTo } from "../github/connect.ts";
import { RateLimited } from "../github/connection.ts";
import { pollPauseMs } from "../github/poll-pause.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import type { PullParts } from "./landing-commit.ts";
import { mergedCommand } from "./merged-pull-request.ts";
import { takeReviews } from "./take-reviews.ts";
import { withWatch } from "./watch-landings.ts";

/** Null: the change is no longer shown as a draft. `Deferred`: nobody asks for anything new. */
export async function followDraft(taskId: string, control: PullParts): Promise<CommandBody | Deferred | null> {
  const task = requiredTask(control.log.stateWith({ tasks: [taskId] }), taskId);
  const { landing, pull_request: known } = task;
  const url = control.log.state.repositories[task.repository]?.url;
  if (!isOpenAsDraft(task) || landing === null || known?.head == null || url === undefined) return null;
  const { pollMs } = control.configuration.github;
  const waitedMs = Date.now() - Date.parse(known.head.at);
  const atMs = Date.now() + pollPauseMs({ waitedMs, pollMs });
  const atNextPoll = { kind: "Deferred", atMs, untilNewsOf: task.repository } as const;
  try {
    const gitHub = await connectTo(url, control);
    if (gitHub === null) return atNextPoll;
    const branch = branchName(known.head_ref);
    const pull = await findPullRequest(gitHub, { number: known.number, branch, closed: known.closed ?? [] });
    if (pull === null || pull.number !== known.number) return atNextPoll;
    if (pull.merged) {
      const landed = await mergedCommand(task, { url, branch, ref: landing.ref, pull }, control);
      return landed === null ? atNextPoll : withWatch(landed, control);
    }
    const isOurs = pull.state === "open" && pull.head.sha === landing.commit;
    if (!isOurs || !control.configuration.github.reviewInstructions) return atNextPoll;
    return (await takeReviews(task, { gitHub, number: pull.number }, control)) ?? atNextPoll;
  } catch (error) {
    if (error instanceof RateLimited) return { kind: "Deferred", atMs: error.atMs };
    throw error;
  }
}
