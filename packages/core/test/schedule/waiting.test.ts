/** What a mission waits for, with the command that helps. A mission in progress, or one that waits for a person, waits for nothing. */
import { describe, expect, it } from "vitest";
import { type Schedule, waitingOf } from "../../src/index.ts";
import { Simulation } from "./simulation.ts";

const always: Schedule = { concurrentRuns: 1, opensAt: null };

function waiting(simulation: Simulation, id: string, schedule: Schedule = always): string[] {
  const mission = simulation.state.missions[id];
  if (mission === undefined) throw new Error(`there is no mission ${id}`);
  return waitingOf(simulation.state, mission, schedule).map(({ text, help }) =>
    help === null ? text : `${text} -> ${help}`,
  );
}
function endOne(simulation: Simulation, kind: string): void {
  simulation.handOut();
  const work = [...simulation.inFlight.values()].find((candidate) => candidate.kind === kind);
  if (work === undefined) throw new Error(`no ${kind} is in flight`);
  simulation.end(work);
}

describe("what a mission waits for", () => {
  it("reports that a mission waits for a free place, while as many runs are under way as allowed", () => {
    const simulation = new Simulation(1);
    simulation.submit({ id: "m-a", repository: "a" });
    simulation.submit({ id: "m-b", repository: "b" });
    expect(waiting(simulation, "m-a")).toEqual([]);
    endOne(simulation, "PrepareRun");
    expect(waiting(simulation, "m-a")).toEqual([]);
    expect(waiting(simulation, "m-b")).toEqual(["1 run under way"]);
    expect(waiting(simulation, "m-b", { ...always, concurrentRuns: 2 })).toEqual([]);
    simulation.submit({ id: "m-c", repository: "a" });
    expect(waiting(simulation, "m-c", { ...always, concurrentRuns: 3 })).toEqual([]);
    const one = { ...always, concurrentRuns: 3, repositoryRuns: 1 };
    expect([waiting(simulation, "m-c", one), waiting(simulation, "m-b", one)]).toEqual([["1 run under way in a"], []]);
    simulation.finish();
    expect(waiting(simulation, "m-b")).toEqual([]);
  });

  it("reports that a mission waits for the hour at which runs start, unless its run is in progress", () => {
    const simulation = new Simulation(1);
    simulation.submit({ id: "m-a", repository: "a" });
    const night = { ...always, opensAt: "22:00" };
    expect(waiting(simulation, "m-a", night)).toEqual(["outside run_window until 22:00"]);
    endOne(simulation, "PrepareRun");
    expect(waiting(simulation, "m-a", night)).toEqual([]);
  });

  it("reports that a mission waits for a paused repository, both for a run and for a landing that has not started", () => {
    const simulation = new Simulation(1);
    simulation.submit({ id: "m-a", repository: "a" });
    simulation.send({ kind: "PauseRepository", repository: "a" });
    const said = ["repository paused: a -> aedev repo resume a"];
    expect(waiting(simulation, "m-a")).toEqual(said);
    simulation.send({ kind: "ResumeRepository", repository: "a" });
    while (simulation.state.tasks["t-m-a"]?.status !== "landing") {
      simulation.handOut();
      const [work] = simulation.inFlight.values();
      if (work !== undefined) simulation.end(work);
    }
    expect(waiting(simulation, "m-a")).toEqual([]);
    simulation.send({ kind: "PauseRepository", repository: "a" });
    expect(waiting(simulation, "m-a")).toEqual(said);
    simulation.send({ kind: "ResumeRepository", repository: "a" });
    simulation.startLanding("t-m-a");
    simulation.send({ kind: "PauseRepository", repository: "a" });
    expect(waiting(simulation, "m-a")).toEqual([]);
  });

  it("reports that a mission waits for its predecessor, with a way out if that never lands", () => {
    const simulation = new Simulation(3);
    simulation.submit({ id: "m-a", repository: "a" });
    simulation.submit({ id: "m-b", repository: "b" });
    simulation.submit({ id: "m-c", repository: "c" });
    simulation.submit({ id: "m-d", repository: "d", after: ["m-a", "m-b", "m-c"] });
    expect(waiting(simulation, "m-d")).toEqual(["waits for m-a", "waits for m-b", "waits for m-c"]);
    simulation.send({ kind: "CancelMission", mission_id: "m-a" });
    simulation.send({ kind: "HoldTask", task_id: "t-m-b", code: "HOLD-FETCH-FAILED", detail: null, hold_id: "h" });
    simulation.send({ kind: "RejectTask", task_id: "t-m-b", reason: null });
    simulation.finish();
    expect(waiting(simulation, "m-d")).toEqual([
      "waits for m-a, which is cancelled and will never land -> aedev mission cancel m-d",
      "waits for m-b, whose change was rejected -> aedev task retry t-m-b (or aedev mission cancel m-d)",
    ]);
    // The way out works: afterwards the mission waits for nothing.
    simulation.send({ kind: "CancelMission", mission_id: "m-d" });
    expect(waiting(simulation, "m-d")).toEqual([]);
  });

  it("reports no wait before a person has approved the mission", () => {
    const simulation = new Simulation(1);
    simulation.submit({ id: "m-a", repository: "a" });
    simulation.send({ kind: "PauseRepository", repository: "a" });
    const mission = simulation.state.missions["m-a"];
    if (mission === undefined) throw new Error("there is no mission");
    expect(waitingOf(simulation.state, mission, always)).toHaveLength(1);
    expect(waitingOf(simulation.state, { ...mission, stage: "awaiting_approval", task_ids: [] }, always)).toEqual([]);
  });
});
