/** Lands a change on a simulated remote. */
import { Fault } from "@aedev/contracts";
import type { CommandBody } from "@aedev/core";
import { startLanding } from "@aedev/core/testing";
import { makeCommand, newId } from "../../packages/daemon/src/control/control.ts";
import type { EventLog } from "../../packages/daemon/src/log/event-log.ts";
import type { Perform } from "../../packages/daemon/src/loop/loop.ts";
import { type Chance, drawnDigest } from "../../packages/demo/src/board/chance.ts";
import type { FaultKind, World } from "./world.ts";

/** Changes by a planted bug. */
export interface LandingBugs {
  /** Pushes without checking whether the push has arrived. */
  readonly pushesBlindly?: boolean;
  /** Pushes without comparing the branch with the judged base. */
  readonly pushesByForce?: boolean;
  /** Treats a push as done that was never made. */
  readonly neverPushes?: boolean;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Lands by a push as the real performer does: the log has the intent; then look, act, and look again. */
export async function landChange(
  taskId: string,
  {
    world,
    log,
    chance,
    may,
    isDown,
    sleptMs,
    bugs,
  }: {
    world: World;
    log: Pick<EventLog, "submit" | "state">;
    chance: Chance;
    may: (fault: FaultKind) => boolean;
    isDown: () => boolean;
    /** How long the machine has slept, which no connection outlives. */
    sleptMs: () => number;
    bugs: LandingBugs;
  },
): ReturnType<Perform> {
  const known = log.state.tasks[taskId];
  const remote = world.remotes.get(known?.repository ?? "");
  if (known === undefined || remote === undefined || known.base_commit === null || known.tree === null)
    throw new Error(`${taskId} can't land`);
  const { base_commit, tree } = known;
  const commitOf = (landings: number) => drawnDigest(40, "commit", taskId, base_commit, tree, landings);
  const commit =
    known.landing?.base_commit === base_commit && known.landing.tree === tree
      ? known.landing.commit
      : commitOf(known.landings + 1);
  if (known.landing?.commit !== commit) {
    const head = remote.commits.at(-1)?.id;
    if (head !== base_commit && bugs.pushesByForce !== true)
      return { kind: "RecordBaseMoved", task_id: taskId, to: head ?? "", hold_id: newId("h") };
    const intent = {
      ...startLanding,
      task_id: taskId,
      base_commit,
      tree,
      commit,
      committed_at: new Date().toISOString(),
    } as CommandBody;
    const answer = await log.submit(makeCommand(intent, "control"));
    if (answer.kind === "refused") return null;
    await sleep(chance.below(3000));
  }
  if (isDown()) throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "the remote does not answer", { retry: true });
  const isThere = bugs.pushesBlindly !== true && remote.commits.some(({ id }) => id === commit);
  if (!isThere) {
    if (remote.commits.at(-1)?.id !== base_commit && bugs.pushesBlindly !== true) {
      if (bugs.pushesByForce !== true)
        return { kind: "RecordBaseMoved", task_id: taskId, to: remote.commits.at(-1)?.id ?? "", hold_id: newId("h") };
      remote.commits.splice(remote.commits.findIndex(({ id }) => id === base_commit) + 1);
    }
    if (bugs.neverPushes !== true) remote.commits.push({ id: commit, task: taskId });
    const sleptBefore = sleptMs();
    await sleep(chance.below(3000));
    if (sleptMs() !== sleptBefore || (may("lost-answer") && chance.happens(0.1)))
      throw new Fault("HOLD-EXTERNAL-STATE-UNKNOWN", "the answer got lost", { retry: true });
  }
  return { kind: "RecordLanded", task_id: taskId, commit, ref: "refs/heads/main" };
}
