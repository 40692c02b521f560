/** Which runs may start: by priority, then fairly over repositories, then by age; never more at once than there are places. */

import type { Priority } from "@aedev/contracts";
import { noUsage } from "@aedev/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandBody, Work } from "../../src/index.ts";
import { type RunCapacity, startOrder, tasksWithPlace } from "../../src/schedule/fair-order.ts";
import { type SimulatedMission, Simulation } from "./simulation.ts";

/** The order in which these missions start, submitted one after the other before anything runs. */
function order(concurrentRuns: number, missions: readonly SimulatedMission[]): string[] {
  const simulation = new Simulation(concurrentRuns);
  for (const mission of missions) simulation.submit(mission);
  simulation.finish();
  expect(Object.values(simulation.state.tasks).map(({ status }) => status)).toEqual(missions.map(() => "landed"));
  return simulation.startOrder();
}
const coders = (simulation: Simulation): string[] =>
  [...simulation.inFlight.values()].filter(({ kind }) => kind === "RunCoder").map(({ task_id }) => task_id ?? "");
const release = (simulation: Simulation, taskId: string) =>
  simulation.send({ kind: "ReleaseHold", hold_id: simulation.state.tasks[taskId]?.hold?.hold_id ?? "" });
const workOf = (simulation: Simulation, taskId: string): Work => {
  const found = [...simulation.inFlight.values()].find(({ task_id }) => task_id === taskId);
  if (found === undefined) throw new Error(`nothing is in flight for ${taskId}`);
  return found;
};
/** Hands out and ends control's own work until only coders and checks are in flight. */
function settle(simulation: Simulation): void {
  for (;;) {
    simulation.handOut();
    const work = [...simulation.inFlight.values()].find(({ plane }) => plane === "control");
    if (work === undefined) return;
    simulation.end(work);
  }
}

describe("the order of runs", () => {
  it("orders runs by priority first, and by age if everything else is equal", () => {
    const inOne = (id: string, priority: Priority) => ({ id, repository: "one", priority });
    expect(order(1, [inOne("a", "low"), inOne("b", "normal"), inOne("c", "high"), inOne("d", "normal")])).toEqual([
      "c",
      "b",
      "d",
      "a",
    ]);
    expect(
      order(
        1,
        ["a", "b", "c"].map((id) => inOne(id, "normal")),
      ),
    ).toEqual(["a", "b", "c"]);
  });

  it("puts the missions of a person's order before all others, until the next order", () => {
    const started = (orders: readonly (readonly string[])[]) => {
      const simulation = new Simulation(1);
      for (const [id, priority] of [
        ["a", "high"],
        ["b", "normal"],
        ["c", "normal"],
        ["d", "low"],
      ] as const)
        simulation.submit({ id, repository: "one", priority });
      const missions = Object.values(simulation.state.missions).map(({ mission_id }) => mission_id);
      for (const order of orders)
        simulation.send({ kind: "OrderMissions", missions: order.map((id) => missions["abcd".indexOf(id)] ?? "") });
      simulation.finish();
      return simulation.startOrder().join("");
    };
    expect(started([])).toBe("abcd");
    expect(started([["d", "c"]])).toBe("dcab");
    expect(started([["d", "c"], ["b"]])).toBe("bacd");
    expect(started([["d", "c"], []])).toBe("abcd");
  });

  it("is said beforehand as the places are then given", () => {
    const mission = fc.record({
      repository: fc.constantFrom("a", "b", "c"),
      priority: fc.constantFrom<Priority>("urgent", "high", "normal", "low"),
    });
    fc.assert(
      fc.property(fc.array(mission, { minLength: 1, maxLength: 12 }), fc.nat(3), (missions, firsts) => {
        const simulation = new Simulation(1);
        for (const [at, each] of missions.entries()) simulation.submit({ id: `m${at}`, ...each });
        const ids = Object.values(simulation.state.missions).map(({ mission_id }) => mission_id);
        simulation.send({ kind: "OrderMissions", missions: ids.slice(-firsts - 1) });
        const { state } = simulation;
        const missionOf = (taskId: string) => state.tasks[taskId]?.mission_id;
        expect(startOrder(state, missions.length)).toHaveLength(missions.length);
        for (let places = 1; places <= missions.length; places += 1) {
          const chosen = [...tasksWithPlace(state, { concurrentRuns: places })].map(missionOf);
          expect(startOrder(state, places)).toEqual(chosen);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("takes turns among repositories: the one with fewer runs under way, then the one served longest ago", () => {
    const crowd = ["a1", "a2", "a3", "a4"].map((id) => ({ id, repository: "a" }));
    const late = [
      { id: "b1", repository: "b" },
      { id: "b2", repository: "b" },
      { id: "c1", repository: "c" },
    ];
    expect(order(1, [...crowd, ...late])).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", "a4"]);
    expect(order(2, [...crowd, ...late])).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", "a4"]);
    const inherited = ["a1", "a2"].map((id) => ({ id, repository: "constructor" }));
    expect(order(1, [...inherited, ...late])).toEqual(["a1", "b1", "c1", "a2", "b2"]);
    // Positive control: priority outranks another repository's turn.
    const urgent = crowd.map((mission) => ({ ...mission, priority: "high" as const }));
    expect(order(1, [...urgent, ...late]).slice(0, 4)).toEqual(["a1", "a2", "a3", "a4"]);
  });

  it("leaves a run its place after a restart, although an earlier run of its task reported late", () => {
    const simulation = new Simulation(2);
    const loseImage = (id: string) => {
      const lost = workOf(simulation, id);
      simulation.end(lost, simulation.losesEngine(lost, "HOLD-CLAUDE-DOCKER-IMAGE"));
    };
    for (const id of ["a", "b"]) simulation.submit({ id, repository: id });
    settle(simulation);
    loseImage("t-b");
    simulation.send({ kind: "RetryTask", task_id: "t-b" });
    settle(simulation);
    // The place of a task that waits for a person goes to a third.
    loseImage("t-a");
    simulation.submit({ id: "c", repository: "c" });
    settle(simulation);
    release(simulation, "t-a");
    simulation.handOut();
    const left = { usage: { ...noUsage, requests: 1 }, journal: null, patch: null };
    const late = { kind: "RecordSalvage", task_id: "t-b", run_id: "r-t-b-1", ...left } as const;
    expect([simulation.send(late), simulation.events.at(-1)?.type]).toEqual([true, "RunEnded"]);
    simulation.restart();
    simulation.handOut();
    expect(coders(simulation).toSorted()).toEqual(["t-b", "t-c"]);
    expect([...simulation.containers].toSorted()).toEqual(["t-b", "t-c"]);
    // Once there is a place, the first continues.
    simulation.end(workOf(simulation, "t-b"), { kind: "CancelTask", task_id: "t-b" });
    simulation.handOut();
    expect(coders(simulation).toSorted()).toEqual(["t-a", "t-c"]);
  });

  it("starts no more runs in one repository than allowed, and leaves the other places to others", () => {
    const simulation = new Simulation(8);
    for (const id of ["a1", "a2", "a3"]) simulation.submit({ id, repository: "a", priority: "high" });
    simulation.submit({ id: "b1", repository: "b" });
    const starting = (capacity: RunCapacity) => [...tasksWithPlace(simulation.state, capacity)].toSorted();
    expect(starting({ concurrentRuns: 3 })).toEqual(["t-a1", "t-a2", "t-a3"]);
    expect(starting({ concurrentRuns: 3, repositoryRuns: 2 })).toEqual(["t-a1", "t-a2", "t-b1"]);
    expect(starting({ concurrentRuns: 3, repositoryRuns: 1 })).toEqual(["t-a1", "t-b1"]);
    // A run that is being prepared has its place there.
    const busy = new Set(["t-a3"]);
    expect(starting({ concurrentRuns: 3, repositoryRuns: 1, busy })).toEqual(["t-a3", "t-b1"]);
  });

  it("starts no run before its predecessor has landed, nor in a paused repository", () => {
    const simulation = new Simulation(3);
    simulation.submit({ id: "first", repository: "a" });
    simulation.submit({ id: "second", repository: "b", after: ["first"], priority: "high" });
    simulation.submit({ id: "third", repository: "c" });
    simulation.send({ kind: "PauseRepository", repository: "c" });
    settle(simulation);
    expect(coders(simulation)).toEqual(["t-first"]);
    simulation.finish();
    expect(simulation.startOrder()).toEqual(["first", "second"]);
    simulation.send({ kind: "ResumeRepository", repository: "c" });
    simulation.finish();
    expect(simulation.startOrder()).toEqual(["first", "second", "third"]);
  });
});

describe("places for runs", () => {
  it("keeps the place of a run that is being prepared when a more urgent one comes", () => {
    const simulation = new Simulation(2);
    simulation.submit({ id: "a", repository: "a" });
    simulation.submit({ id: "b", repository: "b" });
    simulation.handOut();
    expect([...simulation.inFlight.values()].map(({ kind }) => kind)).toEqual(["PrepareRun", "PrepareRun"]);
    simulation.submit({ id: "urgent", repository: "c", priority: "high" });
    settle(simulation);
    expect(coders(simulation).toSorted()).toEqual(["t-a", "t-b"]);
    // Without runs in flight, the urgent run would take a place, as after a restart.
    simulation.end(workOf(simulation, "t-a"));
    settle(simulation);
    simulation.end(workOf(simulation, "t-a"));
    settle(simulation);
    expect(coders(simulation)).toContain("t-urgent");
  });

  it("gives no run's place to a run that a released hold brings back, even over a restart and with refusals meanwhile", () => {
    const simulation = new Simulation(2);
    simulation.submit({ id: "a", repository: "a" });
    simulation.submit({ id: "b", repository: "b" });
    simulation.submit({ id: "c", repository: "c" });
    settle(simulation);
    const lost = workOf(simulation, "t-a");
    simulation.end(lost, simulation.losesEngine(lost, "HOLD-CLAUDE-DOCKER-IMAGE"));
    settle(simulation);
    expect(coders(simulation).toSorted()).toEqual(["t-b", "t-c"]);
    release(simulation, "t-a");
    expect(simulation.state.tasks["t-a"]?.status).toBe("running");
    const run_id = simulation.state.tasks["t-b"]?.runs[0]?.run_id ?? "";
    simulation.send({ kind: "RecordRefusal", task_id: "t-b", run_id, what: "GET /" });
    simulation.restart();
    settle(simulation);
    expect([...simulation.containers].toSorted()).toEqual(["t-b", "t-c"]);
    simulation.finish();
    expect(Object.values(simulation.state.tasks).map(({ status }) => status)).toEqual(["landed", "landed", "landed"]);
  });

  it("keeps the place of a run whose engine does not answer, because its container may still exist", () => {
    const simulation = new Simulation(2);
    for (const id of ["a", "b", "c"]) simulation.submit({ id, repository: id });
    settle(simulation);
    const lost = workOf(simulation, "t-a");
    simulation.end(lost, simulation.losesEngine(lost));
    settle(simulation);
    expect(coders(simulation)).toEqual(["t-b"]);
    // Once a probe reaches the engine, the run continues.
    simulation.end(workOf(simulation, "t-a"));
    settle(simulation);
    expect(coders(simulation).toSorted()).toEqual(["t-a", "t-b"]);
    simulation.finish();
    expect(Object.values(simulation.state.tasks).map(({ status }) => status)).toEqual(["landed", "landed", "landed"]);
  });

  it.each(["before", "after"] as const)(
    "keeps a run's place although another run returned and has waited for one since %s that",
    (when) => {
      const simulation = new Simulation(2);
      const back = () => {
        release(simulation, "t-b");
        settle(simulation);
      };
      for (const id of ["a", "b", "c"]) simulation.submit({ id, repository: id });
      settle(simulation);
      // The place of the second goes to the third; when the second comes back, it waits.
      const image = workOf(simulation, "t-b");
      simulation.end(image, simulation.losesEngine(image, "HOLD-CLAUDE-DOCKER-IMAGE"));
      settle(simulation);
      if (when === "before") back();
      const lost = workOf(simulation, "t-a");
      simulation.end(lost, simulation.losesEngine(lost));
      settle(simulation);
      if (when === "after") back();
      expect(coders(simulation)).toEqual(["t-c"]);
      simulation.end(workOf(simulation, "t-a"));
      simulation.restart();
      settle(simulation);
      expect(coders(simulation).toSorted()).toEqual(["t-a", "t-c"]);
      simulation.finish();
      expect(Object.values(simulation.state.tasks).map(({ status }) => status)).toEqual(["landed", "landed", "landed"]);
    },
  );

  it("lets checks that a moved base asks for again wait for a place", () => {
    const simulation = new Simulation(1);
    simulation.submit({ id: "a", repository: "a" });
    settle(simulation);
    for (const kind of ["RunCoder", "RunChecks"]) {
      expect([...simulation.inFlight.values()].map((work) => work.kind)).toEqual([kind]);
      simulation.end(workOf(simulation, "t-a"));
      if (kind === "RunCoder") settle(simulation);
    }
    simulation.submit({ id: "b", repository: "b" });
    for (let work: Work | undefined; simulation.state.tasks["t-a"]?.status !== "landing"; ) {
      simulation.handOut();
      work = [...simulation.inFlight.values()].find(({ task_id }) => task_id === "t-a");
      if (work !== undefined) simulation.end(work);
    }
    settle(simulation);
    expect(coders(simulation)).toEqual(["t-b"]);
    simulation.send({ kind: "RecordBaseMoved", task_id: "t-a", to: "7".repeat(40), hold_id: "h-a" });
    settle(simulation);
    expect(
      [...simulation.inFlight.values()].filter(({ plane }) => plane === "execution").map(({ task_id }) => task_id),
    ).toEqual(["t-b"]);
    simulation.finish();
    expect(simulation.state.tasks["t-a"]?.status).toBe("landed");
  });
});

describe("a pause", () => {
  it("lets no run or landing that was being prepared start during a pause; a landing in progress continues", () => {
    const simulation = new Simulation(1);
    simulation.submit({ id: "a", repository: "a" });
    simulation.handOut();
    simulation.send({ kind: "PauseRepository", repository: "a" });
    const prepared = workOf(simulation, "t-a");
    simulation.end(prepared);
    expect(simulation.state.tasks["t-a"]?.status).toBe("planned");
    expect(simulation.owed()).toEqual([]);
    simulation.send({ kind: "ResumeRepository", repository: "a" });
    while (simulation.state.tasks["t-a"]?.status !== "landing") {
      simulation.handOut();
      simulation.end(workOf(simulation, "t-a"));
    }
    simulation.send({ kind: "PauseRepository", repository: "a" });
    simulation.startLanding("t-a");
    expect(simulation.state.tasks["t-a"]?.landing).toBe(null);
    expect(simulation.owed()).toEqual([]);
    simulation.send({ kind: "ResumeRepository", repository: "a" });
    simulation.startLanding("t-a");
    simulation.send({ kind: "PauseRepository", repository: "a" });
    expect(simulation.owed().map(({ kind }) => kind)).toEqual(["LandChange"]);
    simulation.finish();
    expect(simulation.state.tasks["t-a"]?.status).toBe("landed");
  });
});

const repositories = ["a", "b", "c"];
const mission = fc.record({
  repository: fc.constantFrom(...repositories),
  priority: fc.constantFrom<Priority>("urgent", "high", "normal", "low"),
  /** How many missions before it its predecessor is; 0: it has none. */
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) }),
});
const missions = fc.array(mission, { minLength: 1, maxLength: 12 });
type Step = { kind: "end" | "engine" | "moved" | "release" | "restart" | "refusal" | "pause" | "resume"; at: number };
const step = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step["kind"]>("end") },
    {
      weight: 5,
      arbitrary: fc.constantFrom<Step["kind"]>("engine", "moved", "release", "restart", "refusal", "pause", "resume"),
    },
  ),
  at: fc.nat(1000),
});

function submitAll(
  simulation: Simulation,
  drawn: readonly { repository: string; priority: Priority; back: number }[],
): void {
  for (const [index, { repository, priority, back }] of drawn.entries()) {
    const after = back > 0 && index >= back ? [`m${index - back}`] : [];
    simulation.submit({ id: `m${index}`, repository, priority, after });
  }
}

/** Applies one random event; `at` chooses its task. */
function play(simulation: Simulation, { kind, at }: Step): void {
  const tasks = Object.values(simulation.state.tasks);
  const task = tasks[at % Math.max(1, tasks.length)];
  const repository = repositories[at % repositories.length] ?? "";
  const flying = [...simulation.inFlight.values()];
  const work = flying[at % Math.max(1, flying.length)];
  const commands: Partial<Record<Step["kind"], CommandBody>> = {
    moved: { kind: "RecordBaseMoved", task_id: task?.task_id ?? "", to: "7".repeat(40), hold_id: "h-a" },
    release: { kind: "ReleaseHold", hold_id: task?.hold?.hold_id ?? "" },
    refusal: {
      kind: "RecordRefusal",
      task_id: task?.task_id ?? "",
      run_id: task?.runs.at(-1)?.run_id ?? "",
      what: "GET /",
    },
    pause: { kind: "PauseRepository", repository },
    resume: { kind: "ResumeRepository", repository },
  };
  const body = commands[kind];
  if (body !== undefined) simulation.send(body);
  else if (kind === "restart") simulation.restart();
  else if (work !== undefined)
    simulation.end(work, kind === "engine" && work.kind === "RunCoder" ? simulation.losesEngine(work) : undefined);
}

/** At most as many missions as there are places, so that each starts at once. */
const crowded = Array.from({ length: 4 }, () => ({ repository: "a", priority: "normal" as const, back: 0 }));

describe("any sequence of events", () => {
  it("never runs more coders or checks than there are places, and finishes everything once nothing is paused", () => {
    let met = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        missions,
        fc.array(step, { maxLength: 120 }),
        (places, drawn, steps) => {
          const simulation = new Simulation(places);
          submitAll(simulation, drawn);
          for (const happening of steps) {
            simulation.handOut();
            expect(simulation.containers.size).toBeLessThanOrEqual(places);
            if (places > 1 && simulation.containers.size === places) met += 1;
            play(simulation, happening);
          }
          for (const repository of repositories) simulation.send({ kind: "ResumeRepository", repository });
          simulation.finish();
          expect(Object.values(simulation.state.tasks).every(({ status }) => status === "landed")).toBe(true);
        },
      ),
      { numRuns: 400, examples: [[4, crowded, Array<Step>(4).fill({ kind: "end", at: 0 })]] },
    );
    // The bound is reached, not avoided.
    expect(met).toBeGreaterThan(0);
  });

  it("gives the same places again once some of the chosen runs have started", () => {
    const begun = { some: 0 };
    fc.assert(
      fc.property(
        fc.record({ concurrentRuns: fc.integer({ min: 1, max: 4 }), repositoryRuns: fc.integer({ min: 1, max: 4 }) }),
        missions,
        fc.array(step, { maxLength: 60 }),
        (capacity, drawn, steps) => {
          const simulation = new Simulation(capacity.concurrentRuns);
          submitAll(simulation, drawn);
          for (const happening of steps) {
            const withPlace = (busy: readonly string[]) =>
              [...tasksWithPlace(simulation.state, { ...capacity, busy: new Set(busy) })].toSorted();
            const chosen = withPlace([]);
            const some = chosen.filter((_id, index) => (happening.at >> index) % 2 === 0);
            begun.some += some.length;
            expect(withPlace(some)).toEqual(chosen);
            simulation.handOut();
            play(simulation, happening);
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(begun.some).toBeGreaterThan(0);
  });

  it("never has more runs between start and checks in the log than places, if no hold or moved base brings one back", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        missions,
        fc.array(step, { maxLength: 120 }),
        (places, drawn, steps) => {
          const simulation = new Simulation(places);
          submitAll(simulation, drawn);
          for (const happening of steps) {
            simulation.handOut();
            if (!["engine", "moved", "release"].includes(happening.kind)) play(simulation, happening);
          }
          let underWay = 0;
          for (const { type } of simulation.events) {
            if (type === "RunStarted") underWay += 1;
            if (type === "ChecksRan") underWay -= 1;
            expect(underWay).toBeLessThanOrEqual(places);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("starves no repository: while it waits without a run, no other starts twice at that priority", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.constantFrom(...repositories), { minLength: 3, maxLength: 12 }),
        fc.array(fc.nat(1000), { maxLength: 200 }),
        (places, drawn, turns) => {
          const simulation = new Simulation(places);
          for (const [index, repository] of drawn.entries()) simulation.submit({ id: `m${index}`, repository });
          const begunSince = new Map<string, Map<string, number>>();
          for (const at of turns) {
            simulation.handOut();
            // A run that is being prepared starts at once, so that the log has the order in which places were given.
            for (const work of [...simulation.inFlight.values()].filter(({ kind }) => kind === "PrepareRun")) {
              simulation.end(work);
              const begun = simulation.state.tasks[work.task_id ?? ""]?.repository ?? "";
              for (const waiting of repositories) {
                const tasks = Object.values(simulation.state.tasks).filter(({ repository }) => repository === waiting);
                const isWaiting =
                  tasks.some(({ status }) => status === "planned") &&
                  !tasks.some(({ status }) => status === "running" || status === "captured");
                const counts = isWaiting
                  ? (begunSince.get(waiting) ?? new Map<string, number>())
                  : new Map<string, number>();
                if (isWaiting && begun !== waiting) counts.set(begun, (counts.get(begun) ?? 0) + 1);
                begunSince.set(waiting, counts);
                expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(1);
                if (counts.size > 0) compared += 1;
              }
            }
            const flying = [...simulation.inFlight.values()];
            const work = flying[at % Math.max(1, flying.length)];
            if (work !== undefined) simulation.end(work);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(100);
  });
});
