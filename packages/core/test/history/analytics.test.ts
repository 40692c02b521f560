/** Figures of a period: what they count, and that they agree with the report of usage. */
import type { DomainEvent, GateDecision } from "@aedev/contracts/events";
import { describe, expect, it } from "vitest";
import { analyticsDocument, createWorkHistory } from "../../src/index.ts";
import type { FoldedEvent } from "../../src/model/event.ts";

const at = (day: number, hour = 0) =>
  `2026-01-${String(day).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00.000Z`;
const until = at(31);
const used = { model: "m", billing: "api", input_tokens: 100, output_tokens: 10, requests: 1 } as const;
const noTokens = { cache_read_tokens: 0, cache_write_tokens: 0 };
const usage = {
  ...{ input_tokens: 100, output_tokens: 10, requests: 1, ...noTokens },
  models: [{ ...used, ...noTokens, cache_write_hour_tokens: 0, unfinished_requests: 0, unfinished_tokens: 0 }],
};
const prices = {
  m: {
    price: { input: 1_000_000, output: 2_000_000, cache_read: 0, cache_write: 0, cache_write_hour: 0 },
    source: "s",
    date: "d",
  },
} as never;

/** Only the fields that the fold reads. */
function event(type: DomainEvent["type"], recorded_at: string, stream: string, data: object): FoldedEvent {
  return { type, stream, recorded_at, data } as FoldedEvent;
}

/** A mission that is submitted, run and gated; further events follow. */
function mission(
  number: number,
  day: number,
  answer: GateDecision,
  more: readonly [DomainEvent["type"], string, object?][],
) {
  const [m, t, run_id] = [`m-${number}`, `t-${number}`, `r-${number}`];
  const repository = number % 2 === 0 ? "even" : "odd";
  const shares = [
    { factor: "start", points: 5 },
    { factor: "untested_ways", points: 300 },
  ];
  return [
    event("MissionSubmitted", at(day), `mission/${m}`, { mission_id: m, repository, title: m, criteria: [] }),
    event("TaskPlanned", at(day), `task/${t}`, { task_id: t, mission_id: m, repository }),
    event("RunStarted", at(day), `task/${t}`, { run_id }),
    event("ChangeCaptured", at(day, 1), `task/${t}`, { run_id, usage }),
    event("GateDecided", at(day, 2), `task/${t}`, { answer, reasons: [], shares }),
    ...more.map(([type, when, data = { way: "terminal" }]) => event(type, when, `task/${t}`, data)),
  ];
}

function documentOf(
  events: readonly FoldedEvent[],
  { since = null, repository = null }: { since?: string | null; repository?: string | null } = {},
) {
  const history = createWorkHistory();
  for (const one of events) history.add(one);
  const dayOf = (instant: string) => instant.slice(0, 10);
  return analyticsDocument(history, { position: 9, at: until, since, repository, prices, dayOf });
}

const night = [
  ...mission(1, 2, "merge", [["ChangeLanded", at(2, 4)]]),
  ...mission(2, 3, "ask", [
    ["LandingApproved", at(3, 5)],
    ["ChangeLanded", at(3, 6)],
  ]),
  ...mission(3, 3, "ask", [["TaskRejected", at(3, 4)]]),
  ...mission(4, 4, "ask", []),
  ...mission(5, 4, "hold", [["TaskCancelled", at(5)]]),
];

describe("figures of a period", () => {
  it("count what landed, with and without an approval, and how long it took", () => {
    const { submitted, landed, lead_time, answer_time } = documentOf(night);
    expect({ submitted, landed }).toEqual({ submitted: 5, landed: { all: 2, alone: 1 } });
    expect(lead_time).toEqual({ n: 2, median_ms: 6 * 3_600_000, p90_ms: 6 * 3_600_000 });
    expect(answer_time).toEqual({ n: 2, median_ms: 3 * 3_600_000, p90_ms: 3 * 3_600_000 });
  });

  it("count the gate's answers, and what became of each reason's questions", () => {
    const { decisions, reasons } = documentOf(night);
    expect([decisions.merge.hits, decisions.ask.hits, decisions.hold.hits, decisions.ask.n]).toEqual([1, 3, 1, 5]);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatchObject({ reason: "untested_ways", asked: 3, rejected: 1, sent_back: 0, undecided: 1 });
    expect(reasons[0]?.approved).toMatchObject({ hits: 1, n: 2 });
  });

  it("count a question as decided only by a person, and only once", () => {
    const again = [
      ...mission(6, 3, "ask", [
        ["TaskRetried", at(4)],
        ["LandingApproved", at(5)],
      ]),
      ...mission(7, 3, "ask", [
        ["LandingApproved", at(4)],
        ["TaskRejected", at(5)],
      ]),
    ];
    expect(documentOf(again).reasons[0]).toMatchObject({
      asked: 2,
      undecided: 1,
      rejected: 0,
      approved: { hits: 1, n: 1 },
    });
  });

  it("count a hold that timed out, and an approval of an earlier answer, as nobody's decision", () => {
    const timedOut = mission(8, 3, "ask", [["TaskRejected", at(4), {}]]);
    expect(documentOf(timedOut).reasons[0]).toMatchObject({ rejected: 0, undecided: 1 });
    const merged = { answer: "merge", reasons: [], shares: [] };
    const renewed = mission(9, 3, "ask", [
      ["LandingApproved", at(4)],
      ["GateDecided", at(5), merged],
      ["ChangeLanded", at(6)],
    ]);
    expect(documentOf(renewed).landed).toEqual({ all: 1, alone: 1 });
    const approved = mission(9, 3, "ask", [
      ["LandingApproved", at(4)],
      ["ChangeLanded", at(6)],
    ]);
    expect(documentOf(approved).landed).toEqual({ all: 1, alone: 0 });
  });

  it("divide all use by what landed, and say nothing if a price is unknown", () => {
    const { used: sum, per_landed, by_role } = documentOf(night);
    expect(sum).toMatchObject({
      tokens: 550,
      nano_usd: 5 * (100 * 1000 + 10 * 2000),
      unknown: [],
      runs: 5,
      run_ms: 5 * 3_600_000,
    });
    expect(per_landed).toEqual({ tokens: 275, nano_usd: (5 * 120_000) / 2 });
    expect(by_role.map(({ key, tokens }) => [key, tokens])).toEqual([["run", 550]]);
    const unpriced = documentOf([event("DraftEnded", at(9), "mission/m-1", { run_id: "r-9", usage: null }), ...night]);
    expect(unpriced.per_landed.nano_usd).toBeNull();
  });

  it("leave out what was before the period or in another repository", () => {
    expect(documentOf(night, { since: at(3) })).toMatchObject({ submitted: 4, landed: { all: 1 } });
    expect(documentOf(night, { repository: "odd" })).toMatchObject({ submitted: 3, repositories: ["even", "odd"] });
    expect(documentOf([])).toMatchObject({
      submitted: 0,
      points: [{ from: "2026-01-31", landed: 0 }],
      per_landed: { tokens: null },
    });
  });

  it("count by day, week or month, without gaps", () => {
    const points = (since: string | null, events = night) => {
      const { grain, points: all } = documentOf(events, { since });
      return [grain, all.length, all[0]?.from, all.reduce((sum, { submitted }) => sum + submitted, 0)];
    };
    expect(points(null)).toEqual(["day", 30, "2026-01-02", 5]);
    expect(points("2025-09-03T00:00:00.000Z")).toEqual(["week", 22, "2025-09-01", 5]);
    expect(points("2023-11-30T00:00:00.000Z")).toEqual(["month", 27, "2023-11-01", 5]);
  });
});
