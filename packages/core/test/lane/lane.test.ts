/** The lane: changes of a kind merge by themselves until their record contradicts the bound of the profile at 95 %. */
import { type LaneKind, reasonText } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { decide, evolve, gate, initialState, openPart } from "../../src/index.ts";
import { clopperPearson } from "../../src/lane/clopper-pearson.ts";
import { laneDocuments, laneSummary } from "../../src/lane/lane.ts";
import type { CommandBody, CommandOf } from "../../src/model/command.ts";
import type { State, TaskState } from "../../src/model/state.ts";
import { pendingNotices } from "../../src/notice/notices.ts";
import {
  gated,
  ids,
  life,
  someInstant,
  stateAfter,
  stateAfterCommands,
  storyCommand,
} from "../../src/testing/index.ts";
import { honestFix } from "../gate/sample-policy.ts";

describe("the bounds of a rate", () => {
  it.each([
    { bad: 0, most: 0.05, enough: 59 },
    { bad: 1, most: 0.05, enough: 93 },
    { bad: 0, most: 0.1, enough: 29 },
    { bad: 1, most: 0.1, enough: 46 },
    { bad: 0, most: 0.03, enough: 99 },
    { bad: 1, most: 0.03, enough: 157 },
    { bad: 0, most: 0.01, enough: 299 },
    { bad: 1, most: 0.01, enough: 473 },
  ])("certify at most $most bad from $enough merges with $bad bad, and not from one fewer", ({ bad, most, enough }) => {
    expect(clopperPearson(bad, enough).upper).toBeLessThanOrEqual(most);
    expect(clopperPearson(bad, enough - 1).upper).toBeGreaterThan(most);
  });

  it("mirror each other, stay between 0 and 1, and have the value known by formula when all went wrong", () => {
    expect(clopperPearson(0, 0)).toEqual({ lower: 0, upper: 1 });
    expect(clopperPearson(3, 3).lower).toBeCloseTo(0.05 ** (1 / 3), 12);
    for (const [bad, n] of [
      [1, 2],
      [5, 40],
      [900, 1000],
    ] as const) {
      expect(clopperPearson(bad, n).lower).toBeCloseTo(1 - clopperPearson(n - bad, n).upper, 10);
      expect(clopperPearson(bad, n).lower).toBeLessThan(bad / n);
    }
  });
});

const commit = "9".repeat(40);
const landedOnce = stateAfter("landed", initialState);
const instant = (minutes: number) => new Date(Date.parse(someInstant) + minutes * 60_000).toISOString();
const shares = (factor: string) => [{ factor, points: -1, why: "w", missing: false }];
type Observation = CommandOf<"RecordOutcomes">["outcomes"][number];
const reverted: Omit<Observation, "task_id"> = {
  commit,
  outcome: "reverted",
  evidence: { kind: "commit", commit, subject: "s", says_revert: true, lines: 1, task_id: null },
};

/** A home in which changes land one after the other and leave the state. */
function home(start: State = landedOnce) {
  let state: State = { ...start, tasks: {}, missions: {}, past: { ...start.past, merged: {} } };
  const template = landedOnce.tasks[ids.task] as TaskState;
  let count = 0;
  const kept = new Map<string, TaskState>();
  const send = (body: CommandBody, known: readonly string[] = []) => {
    const tasks = Object.fromEntries(known.map((id) => [id, kept.get(id) as TaskState]));
    const at = instant(count);
    const decision = decide({ ...storyCommand(body), at }, { ...state, tasks });
    if (decision.kind === "refused") throw new Error(decision.reason);
    const after = decision.events.reduce((one, event) => evolve(one, { ...event, recorded_at: at }), {
      ...state,
      tasks,
    });
    for (const id of known) kept.set(id, after.tasks[id] as TaskState);
    state = openPart({ ...after, tasks: {} });
    return decision.events.map(({ type }) => type);
  };
  return {
    send,
    state: () => state,
    land({ repository = "repo", factor = "judges_pass", approved = false } = {}) {
      count += 1;
      const task_id = `t-${String(count).padStart(16, "0")}`;
      const gate = { ...template.gate, answer: approved ? "ask" : "merge", shares: shares(factor) };
      const approval = approved ? { by: "operator" } : null;
      const task = { ...template, task_id, repository, gate, approval, status: "landing", landed_commit: null };
      const before = { ...state, tasks: { [task_id]: task as never } };
      const data = { commit, ref: "refs/heads/main" };
      const event = { stream: `task/${task_id}`, type: "ChangeLanded", data, recorded_at: instant(count) } as never;
      const after = evolve(before, event);
      kept.set(task_id, after.tasks[task_id] as TaskState);
      state = { ...after, tasks: {} };
      return task_id;
    },
    observe: (task_id: string, one: Omit<Observation, "task_id"> = reverted, lane_bound = 100) => {
      const repository = kept.get(task_id)?.repository ?? "";
      const outcomes = [{ ...one, task_id: task_id as never }];
      return send({ kind: "RecordOutcomes", repository, outcomes, lane_bound }, [task_id]);
    },
    judge: (task_id: string, outcome: "good" | "bad") =>
      send({ kind: "JudgeOutcome", task_id, outcome, words: null, lane_bound: 100 }, [task_id]),
    count: (kind: LaneKind = "behaviour", repository = "repo") => {
      const lane = laneDocuments(state, repository).find((one) => one.kind === kind);
      return lane === undefined ? null : [lane.merged, lane.bad, lane.closed !== undefined];
    },
  };
}

describe("the record of merges without an approval", () => {
  it("counts a landing by its kind, and leaves out what a person approved", () => {
    const one = home();
    one.land();
    one.land({ factor: "same_behaviour" });
    one.land({ factor: "same_results" });
    one.land({ factor: "added_tests_notice" });
    one.land({ approved: true });
    expect([one.count(), one.count("same-behaviour"), one.count("tests")]).toEqual([
      [1, 0, false],
      [2, 0, false],
      [1, 0, false],
    ]);
  });

  it("counts a landing of the whole story once, and none that was approved or is on a branch of its own", () => {
    expect(laneDocuments(landedOnce, "repo")).toMatchObject([{ kind: "behaviour", merged: 1, bad: 0 }]);
    const onItsBranch = stateAfter("landed", initialState, {
      landing: { ...life["landing"], ref: `refs/heads/aedev/${ids.task}` } as CommandBody,
    });
    expect(laneDocuments(onItsBranch, "repo")).toEqual([]);
    const asked = stateAfter("gated", initialState, { gated: gated("ask") });
    const approve: CommandBody = { kind: "ApproveLanding", task_id: ids.task, digest: null };
    const steps = [approve, life["landing"] as CommandBody, life["landed"] as CommandBody];
    const approved = stateAfterCommands(asked, steps);
    expect([approved.tasks[ids.task]?.status, laneDocuments(approved, "repo")]).toEqual(["landed", []]);
  });

  it("counts a landing as bad once, however many outcomes come after it left the state", () => {
    const one = home();
    const [task] = [one.land(), one.land()];
    one.observe(task);
    one.observe(task, { commit, outcome: "red", evidence: { kind: "check", name: "ci", url: null, before: "passed" } });
    expect(one.count()).toEqual([2, 1, false]);
  });

  it("follows a person's newest word, in both directions", () => {
    const one = home();
    const task = one.land();
    one.observe(task);
    one.judge(task, "good");
    expect(one.count()?.[1]).toBe(0);
    one.judge(task, "bad");
    expect(one.count()?.[1]).toBe(1);
  });

  it.each([
    ["a fix of the same lines", "Fix the empty report", 1],
    ["a hotfix of the same lines", "hotfix: empty report", 1],
    ["other work on the same lines", "Add a prefix to the report", 0],
  ])("counts %s as it should", (_name, subject, bad) => {
    const one = home();
    const evidence = { kind: "commit", commit, subject, says_revert: false, lines: 3, task_id: null } as const;
    one.observe(one.land(), { commit, outcome: "changed-again", evidence });
    expect(one.count()?.[1]).toBe(bad);
  });

  it("does not blame a landing for a check that had not passed before", () => {
    const one = home();
    one.observe(one.land(), {
      commit,
      outcome: "red",
      evidence: { kind: "check", name: "ci", url: null, before: "absent" },
    });
    expect(one.count()?.[1]).toBe(0);
  });

  it("is summed over 30 days for the status, with both bounds, and says nothing without merges", () => {
    const one = home();
    for (let landed = 0; landed < 41; landed += 1) one.land();
    const { merged_alone } = laneSummary(one.state(), instant(60));
    expect(merged_alone).toEqual({ merged: 41, bad: 0, bad_from: 0, bad_to: clopperPearson(0, 41).upper });
    expect(laneSummary(one.state(), instant(40 * 24 * 60))).toEqual({});
  });
});

/** Numbers from 0 to 1 that depend on the seed alone. */
function seeded(seed: number): () => number {
  let at = seed;
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}

describe("the gate on a repository with a closed lane", () => {
  const closed = { kind: "behaviour", merged: 20, bad: 6, bound: 100, over: "repository" } as const;

  it("asks about a change of that kind and says how many went wrong", () => {
    expect(gate(honestFix()).answer).toBe("merge");
    const answer = gate(honestFix({ closedLanes: { repository: "shop", lanes: [closed] } }));
    expect([answer.answer, answer.missing_tests]).toEqual(["ask", null]);
    expect(answer.reasons.map((reason) => reasonText(reason))).toEqual([
      "changes of behaviour in shop are asked about, because 6 of 20 that merged by themselves went wrong",
    ]);
  });

  it("merges changes of other kinds, and all kinds once no lane is closed", () => {
    const lanes = [{ ...closed, kind: "same-behaviour" } as const];
    expect(gate(honestFix({ closedLanes: { repository: "shop", lanes } })).answer).toBe("merge");
    expect(gate(honestFix({ closedLanes: { repository: "shop", lanes: [] } })).answer).toBe("merge");
  });
});

describe("a lane", () => {
  it("closes in a repository whose rate jumps from 1 % to 30 %, as soon as the bound says so", () => {
    const one = home();
    const random = seeded(7);
    for (let landed = 0; landed < 60; landed += 1) {
      const task = one.land();
      if (random() < 0.01) one.observe(task);
    }
    expect(one.count()?.[2]).toBe(false);
    let more = 0;
    while (one.count()?.[2] === false && more < 1000) {
      more += 1;
      const [merged = 0, bad = 0] = one.count() as number[];
      const task = one.land();
      if (random() >= 0.3) continue;
      const types = one.observe(task);
      expect(types.includes("LaneClosed")).toBe(clopperPearson(bad + 1, merged + 1).lower > 0.1);
    }
    // 13 of 73 bad contradict 10 %: at 30 %, about 43 more merges.
    expect(one.count()?.[2]).toBe(true);
    expect(more).toBeLessThan(80);
  });

  it.each([{ seed: 1 }, { seed: 2 }, { seed: 3 }])(
    "never closes in 1,000 merges of which one in a hundred goes wrong (seed $seed)",
    ({ seed }) => {
      const one = home();
      const random = seeded(seed);
      for (let landed = 0; landed < 1000; landed += 1) {
        const task = one.land();
        if (random() < 0.01) expect(one.observe(task)).not.toContain("LaneClosed");
      }
      expect(one.count()?.[2]).toBe(false);
    },
  );

  it("closes for its kind alone, tells a person once, and opens with a new record by a person with a reason", () => {
    const one = home({ ...landedOnce, system: { ...landedOnce.system, notifier: { digest: "d", since: "2026" } } });
    one.land({ factor: "same_behaviour" });
    const [first, second] = [one.land(), one.land()];
    expect(one.observe(first)).not.toContain("LaneClosed");
    expect(one.observe(second)).toContain("LaneClosed");
    expect([one.count(), one.count("same-behaviour")]).toEqual([
      [2, 2, true],
      [1, 0, false],
    ]);
    const due = () => pendingNotices(one.state(), instant(99)).filter(({ about }) => about.kind === "lane");
    const [notice] = due();
    expect(notice).toMatchObject({ priority: 4, stream: "repository/repo" });
    const { stream = "", notice_id = "", key = "" } = notice ?? {};
    one.send({ kind: "RecordPush", stream, notice_id, key, folded: false });
    expect(due()).toEqual([]);
    const reopen = { kind: "ReopenLane", repository: "repo", reason: "the check was flaky" } as const;
    expect(one.send({ ...reopen, lane: "same-behaviour" })).toEqual([]);
    expect(one.send({ ...reopen, lane: null })).toEqual(["LaneReopened"]);
    expect(one.count()).toEqual([0, 0, false]);
    one.land();
    expect(one.count()).toEqual([1, 0, false]);
  });

  it("closes by the record of all repositories together, and without a bound not at all", () => {
    const one = home({ ...landedOnce, repositories: { ...landedOnce.repositories, ...other("shop") } });
    one.observe(one.land({ repository: "shop" }));
    const [unbounded] = [one.land()];
    expect(
      one.send(
        { kind: "RecordOutcomes", repository: "repo", outcomes: [{ ...reverted, task_id: unbounded as never }] },
        [unbounded],
      ),
    ).not.toContain("LaneClosed");
    const types = one.observe(one.land());
    expect(types).toContain("LaneClosed");
    expect(laneSummary(one.state(), instant(99)).closed_lanes).toMatchObject([
      { repository: "repo", merged: 3, bad: 3, over: "all-repositories" },
    ]);
  });
});

function other(name: string): State["repositories"] {
  const repository = landedOnce.repositories["repo"];
  if (repository === undefined) throw new Error("the story has no repository");
  return { [name]: { ...repository, name: name as never } };
}
