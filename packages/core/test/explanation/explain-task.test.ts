/** What `task explain` says in each phase: what it waits for, what comes next, and the commands that change that; every command begins with `aedev`. */
import { describe, expect, it } from "vitest";
import { explainTask } from "../../src/explanation/explain-task.ts";
import { initialState } from "../../src/index.ts";
import type { HoldBounds } from "../../src/task/pending-holds.ts";
import { given, ids, type life, someInstant, startLanding, stateAfter, storyCommand } from "../../src/testing/index.ts";

const from = (last: keyof typeof life) => given([], stateAfter(last, initialState));
const explain = (
  { state }: { state: Parameters<typeof explainTask>[0] },
  opensAt: string | null = null,
  holds?: HoldBounds,
) => {
  const task = state.tasks[ids.task];
  if (task === undefined) throw new Error("the story has no task");
  return explainTask(state, task, { now: someInstant, schedule: { concurrentRuns: 1, opensAt }, holds });
};

describe("an explained task", () => {
  it("tells its runs, verdicts and the gate's reasons, and that a landing comes next", () => {
    const told = explain(from("gated"));
    expect(told).toMatchObject({ phase: "landing", waits_for: [], next_at: null });
    const texts = told.story.map(({ text }) => text);
    expect(texts[0]).toBe("planned, from a specification that was approved");
    for (const part of [
      "run 1 started",
      "evidence sealed, checks green",
      "judge openai: pass",
      "the gate answered merge",
    ])
      expect(texts).toContain(part);
    expect(told.next).toContain("the change lands");
    expect(told.commands).toEqual([`aedev task cancel ${ids.task}`]);
  });

  it("names the checks that its pull request waits for, and a pause with the command that ends it", () => {
    const head_ref = `refs/heads/aedev/${ids.mission}/${ids.task}`;
    if (startLanding.kind !== "StartLanding") throw new Error("the story starts no landing");
    const { commit: head } = startLanding;
    const waits = from("gated")
      .when(storyCommand({ ...startLanding, head_ref }))
      .then("LandingStarted")
      .when(
        storyCommand({
          kind: "RecordPullRequest",
          task_id: ids.task,
          number: 7,
          url: "https://github.com/o/r/pull/7",
          head,
        }),
      )
      .then("PullRequestOpened")
      .when(
        storyCommand({
          kind: "RecordPullRequestWaits",
          task_id: ids.task,
          number: 7,
          waits_for: [{ kind: "check-missing", name: "test" }],
        }),
      )
      .then("PullRequestWaits");
    expect(explain(waits).waits_for).toEqual([
      "pull request #7 waits for the required check test, which has not reported",
    ]);
  });

  it("that is held names the code, since when, and who ends it", () => {
    const hold = (code: "HOLD-DOCKER-UNAVAILABLE" | "HOLD-CODER-FAILED") =>
      from("started")
        .when(storyCommand({ kind: "HoldTask", task_id: ids.task, code, detail: "why", hold_id: "h-aaaaaaaaaaaaaaaa" }))
        .then("TaskHeld");
    const automatic = explain(hold("HOLD-DOCKER-UNAVAILABLE"));
    expect(automatic).toMatchObject({ waits_for: ["the end of HOLD-DOCKER-UNAVAILABLE"], since: someInstant });
    expect(automatic.next).toBe("the task continues automatically, once a probe succeeds");
    const person = explain(hold("HOLD-CODER-FAILED"));
    expect(person.next).toBe("nothing, until a person acts");
    expect(person.commands).toEqual([`aedev task retry ${ids.task}`]);
    const ttlMs = 60_000;
    const at = new Date(Date.parse(someInstant) + ttlMs).toISOString();
    const limited = (onTimeout: "keep" | "reject" | "ask") =>
      explain(hold("HOLD-CODER-FAILED"), null, { ttlMs, onTimeout });
    expect(limited("reject")).toMatchObject({ next: "unless a person acts, the change is given up", next_at: at });
    expect(limited("ask")).toMatchObject({ next: "unless a person acts, one more message asks about it", next_at: at });
    expect(limited("keep")).toMatchObject({ next: "nothing, until a person acts", next_at: null });
    expect(person.story.at(-1)?.text).toBe("held: HOLD-CODER-FAILED, why");
  });

  it("that waits for its turn names the hour; one that has landed waits for nothing", () => {
    expect(explain(from("approved"), "22:00").waits_for).toEqual(["outside run_window until 22:00"]);
    const landed = explain(from("landed"));
    expect(landed).toMatchObject({ phase: "landed", waits_for: [] });
    expect(landed.commands).toEqual([`aedev task outcome ${ids.task} good|bad`]);
  });
});
