/** Checks whether the cause of a hold is gone: whether the remote answers, whether the disk has room for a run. It neither fetches nor pushes. */
import { branchName, Fault } from "@aedev/contracts";
import type { State, TaskState, TaskWork } from "@aedev/core";
import { diskFreeBytes } from "@aedev/host/disk-free";
import { requiredTask } from "../control/control.ts";
import type { Configured, GitHubs, Home, Mirrors } from "../control/parts.ts";
import { readRemoteBranch } from "../git/push.ts";
import { connectTo } from "../github/connect.ts";
import { RateLimited } from "../github/connection.ts";
import { findPullRequest } from "../github/pull-requests.ts";

type CauseWork = Extract<TaskWork, { kind: "ProbeCause" }>;

/** Throws a Fault with `retry` while the cause remains. The loop then probes again after a growing pause. */
export async function requireCauseGone(
  { code, task_id }: Pick<CauseWork, "code" | "task_id">,
  { state, control }: { state: State; control: Home & Mirrors & GitHubs & Configured<"runLimits"> },
): Promise<void> {
  if (code === "HOLD-DISK-LOW") {
    const { disk_free_bytes } = control.configuration.runLimits;
    if (diskFreeBytes(control.home) < disk_free_bytes) throw remainingFault(code, "the disk is still almost full");
    return;
  }
  const task = requiredTask(state, task_id);
  await requireRemote(code, task.repository, { state, control });
  if (code === "HOLD-EXTERNAL-STATE-UNKNOWN") await requirePullRequests(task, { state, control });
}

async function requireRemote(
  code: CauseWork["code"],
  name: string,
  { state, control }: { state: State; control: Mirrors },
): Promise<void> {
  const url = state.repositories[name]?.url ?? "";
  const { timeoutMs, remotes } = control.mirror(name);
  const { commit } = await readRemoteBranch({ url, ref: "HEAD", timeoutMs, remotes }).catch((error: unknown) => {
    throw error instanceof Fault ? remainingFault(code, error.message, error) : error;
  });
  if (commit === null) throw remainingFault(code, "the remote has no commit that its HEAD names");
}

/** A landing by pull request first looks for its pull request. If GitHub refuses, the cause is gone: the landing will report the refusal. */
async function requirePullRequests(
  { landing, pull_request, repository }: TaskState,
  { state, control }: { state: State; control: GitHubs },
): Promise<void> {
  if (landing?.head_ref == null) return;
  const branch = branchName(landing.head_ref);
  try {
    const gitHub = await connectTo(state.repositories[repository]?.url ?? "", control);
    if (gitHub === null) return;
    const { number, closed = [] } = pull_request ?? {};
    await findPullRequest(gitHub, { number: number ?? null, branch, closed });
  } catch (error) {
    if (error instanceof RateLimited) throw remainingFault("HOLD-EXTERNAL-STATE-UNKNOWN", error.message);
    if (!(error instanceof Fault)) throw error;
    if (error.retry) throw remainingFault("HOLD-EXTERNAL-STATE-UNKNOWN", error.message, error);
  }
}

function remainingFault(code: CauseWork["code"], message: string, cause?: Fault): Fault {
  return new Fault(code, message, { retry: true, ...(cause === undefined ? {} : { cause }) });
}
