/** A task's life as a specification: what each command changes, which work is pending then, and what is refused. */

import { type HoldCode, noUsage, type Usage } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import {
  type CommandBody,
  decide,
  evolve,
  initialState,
  missionDocument,
  nextDueAt,
  pendingWork,
  type State,
  taskDetails,
} from "../../src/index.ts";
import { landingsMax } from "../../src/task/decide-next-run.ts";
import {
  blob,
  captured,
  gated,
  given,
  ids,
  life,
  sampleHeldReport,
  sealed,
  someInstant,
  startLanding,
  startRun,
  stateAfter,
  storyCommand,
  verdictOf,
} from "../../src/testing/index.ts";

const after = (last: string, replaced = {}): State => stateAfter(last, initialState, replaced);
const from = (state: State) => given([], state);

describe("a task whose push got no answer", () => {
  it("refuses a further run after a push without an answer until the remote was asked, but not after another hold", () => {
    const hold = (code: "HOLD-EXTERNAL-STATE-UNKNOWN" | "HOLD-REMOTE-REFUSED") =>
      from(after("landing"))
        .when(storyCommand({ kind: "HoldTask", task_id: ids.task, code, detail: null, hold_id: ids.hold }))
        .then("TaskHeld");
    const retry = storyCommand({ kind: "RetryTask", task_id: ids.task });
    const change = storyCommand({
      ...{ kind: "RequestChange", task_id: ids.task, digest: null, words: "use the helper" },
      specification: blob("6"),
    } as never);
    hold("HOLD-EXTERNAL-STATE-UNKNOWN").when(retry).thenRefused("landing");
    hold("HOLD-EXTERNAL-STATE-UNKNOWN").when(change).thenRefused("landing");
    hold("HOLD-EXTERNAL-STATE-UNKNOWN")
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased")
      .owes("LandChange");
    hold("HOLD-REMOTE-REFUSED").when(retry).then("TaskRetried");
  });

  it("probes the remote after a push without an answer, later after each failed landing, and leaves it to a person after ten times", () => {
    const began = Date.parse("2026-01-02T04:00:00.000Z");
    const at = (seconds: number) => new Date(began + seconds * 1000).toISOString();
    const apply = (state: State, body: CommandBody, seconds: number) => {
      const decision = decide(storyCommand(body, "control"), state);
      if (decision.kind === "refused") throw new Error(decision.reason);
      return decision.events.reduce((next, event) => evolve(next, { ...event, recorded_at: at(seconds) }), state);
    };
    const held = (state: State, code: HoldCode, seconds: number) =>
      apply(
        state,
        { kind: "HoldTask", task_id: ids.task, code, detail: null, hold_id: ids.hold } as CommandBody,
        seconds,
      );
    const due = (state: State, seconds: number) => pendingWork(state, at(seconds)).map(({ kind }) => kind);
    const pauses: number[] = [];
    let state = after("landing");
    for (const round of Array.from({ length: 10 }, (_, index) => index)) {
      const now = round * 10_000;
      state = held(state, "HOLD-EXTERNAL-STATE-UNKNOWN", now);
      const from = (Date.parse(nextDueAt(state, at(now)) ?? "") - began) / 1000 - now;
      pauses.push(from);
      expect([due(state, now + from - 1), due(state, now + from)]).toEqual([[], ["ProbeCause"]]);
      // While work or landings are paused, no probe lets the landing push.
      const paused = apply(state, { kind: "PauseWork" }, now + from);
      expect(due(paused, now + from)).toEqual([]);
      expect(due(apply(paused, { kind: "ResumeWork" }, now + from), now + from)).toEqual(["ProbeCause"]);
      state = apply(state, { kind: "ReleaseHold", hold_id: ids.hold }, now + from);
      // The same landing continues, looking for its own commit first.
      expect(state.tasks[ids.task]).toMatchObject({
        status: "landing",
        landing: after("landing").tasks[ids.task]?.landing,
      });
      expect(due(state, now + from)).toEqual(["LandChange"]);
    }
    expect(pauses).toEqual([15, 60, 240, 960, ...Array.from({ length: 6 }, () => 1800)]);
    const last = held(state, "HOLD-EXTERNAL-STATE-UNKNOWN", 100_000);
    expect(last.tasks[ids.task]?.hold).toMatchObject({ stays: true });
    expect([due(last, 200_000), nextDueAt(last, at(100_000))]).toEqual([[], null]);
    // A remote that refused a push is never probed.
    const refused = held(after("landing"), "HOLD-REMOTE-REFUSED", 0);
    expect([due(refused, 100_000), nextDueAt(refused, at(0))]).toEqual([[], null]);
  });
});

/** Later than every pause before a probe. */
const later = new Date(Date.parse(someInstant) + 3_600_000).toISOString();

describe("an undisturbed life", () => {
  it("has exactly the next step pending after each step of an undisturbed life, and nothing at its end", () => {
    from(after("submitted")).owes();
    from(after("approved")).owes("PrepareRun");
    from(after("started")).owes("RunCoder");
    from(after("captured")).owes("RunChecks");
    from(after("checked")).owes("SealEvidence");
    from(after("sealed")).owes("JudgeEvidence", "JudgeEvidence");
    from(after("openai")).owes("JudgeEvidence");
    from(after("gemini")).owes("DecideGate");
    from(after("gated")).owes("LandChange");
    from(after("landing")).owes("LandChange");
    from(after("landed")).owes();
    expect(missionDocument(after("landed"), ids.mission)).toMatchObject({
      status: "landed",
      tasks: [{ decision: "merge", landed_commit: "9".repeat(40) }],
    });
  });

  it("runs nothing before a person approved the specification's hash", () => {
    const wrong = storyCommand({ ...life["approved"], spec_digest: "0".repeat(64) } as never);
    from(after("submitted")).when(wrong).thenRefused("wrong-digest").owes();
    const right = storyCommand({ ...life["approved"], spec_digest: "5".repeat(64) } as never);
    from(after("submitted")).when(right).then("MissionApproved", "TaskPlanned").owes("PrepareRun");
  });

  it("refuses a mission without a criterion, and lets its author approve it", () => {
    from(after("registered"))
      .when(storyCommand({ ...life["submitted"], criteria: [] } as never))
      .thenRefused("no-criterion");
    const approval = life["approved"] as never;
    from(after("submitted")).when(storyCommand(approval, "operator")).then("MissionApproved", "TaskPlanned");
    from(after("submitted")).when(storyCommand(approval, "somebody-else")).then("MissionApproved", "TaskPlanned");
  });
});

describe("reports", () => {
  it("accepts a report once: a repeated result is stale", () => {
    from(after("started"))
      .when(storyCommand(captured))
      .then("ChangeCaptured")
      .when(storyCommand(captured))
      .thenRefused("stale");
  });

  it("counts a cancelled run's tokens once, and records nothing else of it", () => {
    const cut = from(after("started"))
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .then("TaskCancelled");
    const usage = { ...noUsage, requests: 2, input_tokens: 700 };
    const late = (spent: Usage) =>
      storyCommand({ ...captured, result: sampleHeldReport("HOLD-CODER-FAILED", { usage: spent }) } as never);
    cut.when(late(noUsage)).thenRefused("stale");
    const told = cut.when(late(usage)).then("RunEnded").owes();
    expect(told.state.tasks[ids.task]).toMatchObject({ status: "cancelled", hold: null, runs: [{ usage }] });
    told.when(late(usage)).thenRefused("stale");
  });

  it("keeps the work of a run that nobody waits for any more, once, with or without its report", () => {
    const cut = from(after("started"))
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .then("TaskCancelled");
    const salvage = storyCommand({
      kind: "RecordSalvage",
      task_id: ids.task,
      run_id: ids.run,
      patch: blob("5"),
      journal: null,
      usage: noUsage,
    });
    const kept = cut.when(salvage).then("RunEnded").owes();
    expect(kept.state.tasks[ids.task]).toMatchObject({ status: "cancelled", runs: [{ patch: blob("5") }] });
    kept.when(salvage).then();
    const report = sampleHeldReport("HOLD-CODER-FAILED", { patch: blob("5"), usage: { ...noUsage, requests: 1 } });
    const told = cut.when(storyCommand({ ...captured, result: report } as never)).then("RunEnded");
    expect(told.state.tasks[ids.task]?.runs[0]).toMatchObject({ patch: blob("5"), usage: { requests: 1 } });
    told.when(salvage).then();
    // Facts missing from a report are added, and facts in it are not counted again.
    const used = { ...noUsage, requests: 1, input_tokens: 700 };
    const fuller = storyCommand({ ...salvage, usage: used } as never);
    const bare = sampleHeldReport("HOLD-DISK-LOW", { usage: used });
    const ended = from(after("started")).when(storyCommand({ ...captured, result: bare } as never));
    const added = ended.then("RunEnded", "TaskHeld").when(fuller);
    expect(added.events).toMatchObject([{ data: { again: true, usage: noUsage, patch: blob("5") } }]);
    expect(added.then("RunEnded").state.tasks[ids.task]?.runs[0]).toMatchObject({ patch: blob("5"), usage: used });
    const lost = sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true, usage: used });
    const retried = from(after("started"))
      .when(storyCommand({ ...captured, result: lost } as never))
      .then("TaskHeld")
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried")
      .when(storyCommand({ ...salvage, usage: used, patch: null } as never));
    expect(retried.then("RunEnded").state.tasks[ids.task]?.runs[0]).toMatchObject({ usage: used });
    // A run under way reports for itself.
    from(after("started")).when(salvage).then();
  });

  it("refuses the report of another run", () => {
    from(after("started"))
      .when(storyCommand({ ...captured, run_id: "r-bbbbbbbbbbbbbbbb" } as never))
      .thenRefused("stale");
  });

  it("refuses a verdict on another bundle, and a second verdict of the same family", () => {
    const other = { ...verdictOf("openai", "pass"), bundle_digest: "0".repeat(64) };
    from(after("sealed"))
      .when(storyCommand({ kind: "RecordVerdict", task_id: ids.task, verdict: other }))
      .thenRefused("stale");
    from(after("openai"))
      .when(storyCommand({ kind: "RecordVerdict", task_id: ids.task, verdict: verdictOf("openai", "fail") }))
      .thenRefused("stale");
  });

  it("asks no judge about evidence that may not be shown", () => {
    from(after("checked"))
      .when(storyCommand(sealed({ judgeable: false })))
      .then("EvidenceSealed")
      .owes("DecideGate");
  });
});

describe("holds", () => {
  const heldBy = (code: Parameters<typeof sampleHeldReport>[0], change = {}) =>
    from(after("started")).when(storyCommand({ ...captured, result: sampleHeldReport(code, change) } as never));

  it("keeps a held run that used no tokens, and probes the engine until it is back", () => {
    const held = heldBy("HOLD-DOCKER-UNAVAILABLE", { retry_free: true }).then("TaskHeld").owes("ProbeEngine");
    held
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }, "control"))
      .then("HoldReleased")
      .owes("RunCoder");
  });

  it("accepts a report of a hold once, even after the run continues; a further end of the same run holds it again", () => {
    const gone = (hold_id: string) => {
      const result = sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true });
      return storyCommand({ ...captured, result, hold_id } as never);
    };
    const [first, second] = ["h-1111111111111111", "h-2222222222222222"];
    const release = (hold_id: string) => storyCommand({ kind: "ReleaseHold", hold_id }, "control");
    const goesOn = from(after("started")).when(gone(first)).then("TaskHeld").when(release(first)).then("HoldReleased");
    goesOn.when(gone(first)).thenRefused("stale");
    const again = goesOn.when(gone(second)).then("TaskHeld").when(release(second)).then("HoldReleased");
    for (const known of [first, second]) again.when(gone(known)).thenRefused("stale");
    again.when(storyCommand(captured)).then("ChangeCaptured").owes("RunChecks");
    const away = (hold_id: string) => {
      const result = sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true });
      return storyCommand({ ...life["checked"], result, hold_id } as never);
    };
    const checks = from(after("captured")).when(away(first)).then("TaskHeld").when(release(first)).then("HoldReleased");
    checks.when(away(first)).thenRefused("stale");
    const held = checks.when(away(second)).then("TaskHeld").owes();
    expect(pendingWork(held.state, later)).toMatchObject([{ kind: "ProbeEngine" }]);
  });

  it("remembers no released hold in a log that did not record that the run continued", () => {
    const result = sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true });
    const held = from(after("started"))
      .when(storyCommand({ ...captured, result } as never))
      .then("TaskHeld");
    const data = { hold_id: ids.hold as never, by: "control" };
    const folded = (more: object) =>
      given([{ stream: `task/${ids.task}`, type: "HoldReleased", data: { ...data, ...more } }], held.state);
    const [before, now] = [folded({}), folded({ continues: true })];
    expect(before.state.tasks[ids.task]?.runs[0]).not.toHaveProperty("continued_after");
    expect(now.state.tasks[ids.task]?.runs[0]?.continued_after).toEqual([ids.hold]);
  });

  it("probes the disk or the remote, and leaves the task to a person after ten failures in a row", () => {
    let holds = 0;
    const ended = (code: HoldCode) => {
      holds += 1;
      const hold_id = `h-${String(holds).padStart(16, "0")}`;
      return storyCommand({ ...captured, hold_id, result: sampleHeldReport(code, { retry_free: true }) } as never);
    };
    const full = () => ended("HOLD-DISK-LOW");
    const lifted = (story: ReturnType<typeof given>, actor: "control" | "operator" = "control") => {
      const hold_id = story.state.tasks[ids.task]?.hold?.hold_id ?? "";
      return story.when(storyCommand({ kind: "ReleaseHold", hold_id }, actor)).then("HoldReleased");
    };
    const probed = (one: ReturnType<typeof given>) => pendingWork(one.state, later).map(({ kind }) => kind);
    let story = from(after("started")).when(full()).then("TaskHeld").owes("ProbeCause");
    for (let times = 0; times < 9; times += 1) {
      story = lifted(story).when(full()).then("TaskHeld").owes();
      expect(probed(story)).toEqual(["ProbeCause"]);
    }
    // Whatever the codes, and whichever other decisions of control come in between.
    const turns = lifted(story).when(ended("HOLD-DOCKER-UNAVAILABLE")).then("TaskHeld").owes();
    expect(probed(turns)).toEqual([]);
    expect(turns.state.tasks[ids.task]?.hold?.stays).toBe(true);
    const last = lifted(story).when(full()).then("TaskHeld").owes();
    expect(probed(last)).toEqual([]);
    expect(last.state.tasks[ids.task]?.hold?.stays).toBe(true);
    lifted(last, "operator").when(full()).then("TaskHeld").owes("ProbeCause");
    const retried = last.when(storyCommand({ kind: "RetryTask", task_id: ids.task })).then("TaskRetried");
    expect(retried.state.tasks[ids.task]?.lifted).toBeUndefined();
    const changed = lifted(story).when(storyCommand(captured)).then("ChangeCaptured");
    expect(changed.state.tasks[ids.task]?.lifted).toBeUndefined();
    const unreachable = { kind: "HoldTask", task_id: ids.task, code: "HOLD-FETCH-FAILED", detail: "away" } as const;
    const away = from(after("approved")).when(storyCommand({ ...unreachable, hold_id: ids.hold } as never, "control"));
    lifted(away.then("TaskHeld").owes("ProbeCause")).owes("PrepareRun");
  });

  it("probes an engine that answered and failed again later each time, so that a stopping engine costs few probes", () => {
    const gone = (index: number) => {
      const result = sampleHeldReport("HOLD-DOCKER-UNAVAILABLE", { retry_free: true });
      return storyCommand({ ...captured, result, hold_id: `h-${String(index).repeat(16)}` } as never);
    };
    let story = from(after("started")).when(gone(0)).then("TaskHeld").owes("ProbeEngine");
    const pauses: (number | null)[] = [];
    for (let index = 0; index < 6; index += 1) {
      const due = nextDueAt(story.state, someInstant);
      pauses.push(due === null ? null : (Date.parse(due) - Date.parse(someInstant)) / 1000);
      const hold_id = story.state.tasks[ids.task]?.hold?.hold_id ?? "";
      const release = storyCommand({ kind: "ReleaseHold", hold_id }, "control");
      story = story
        .when(release)
        .then("HoldReleased")
        .when(gone(index + 1))
        .then("TaskHeld");
    }
    // Null: at once.
    expect(pauses).toEqual([null, 15, 60, 240, 960, 1800]);
  });

  it("starts a fresh run after a failed coder", () => {
    const held = heldBy("HOLD-CODER-FAILED").then("RunEnded", "TaskHeld").owes();
    held
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased")
      .owes("PrepareRun");
  });

  it("releases a usage limit automatically at its instant, and not before", () => {
    heldBy("HOLD-USAGE-LIMIT", { resumes_at: "2026-01-01T00:00:00.000Z" })
      .then("RunEnded", "TaskHeld")
      .owes("ResumeHold");
    heldBy("HOLD-USAGE-LIMIT", { resumes_at: "2999-01-01T00:00:00.000Z" }).then("RunEnded", "TaskHeld").owes();
  });

  it("never releases a hard gate; a retry starts a new run", () => {
    const hard = from(after("gemini"))
      .when(storyCommand(gated("hold", { hold_code: "HOLD-CHECKS-FAILED" })))
      .then("GateDecided", "TaskHeld");
    hard.when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold })).thenRefused("hard-gate");
    hard
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried")
      .owes("PrepareRun");
  });

  it("gates the same bundle again after a hold for remote writes", () => {
    const held = from(after("gemini"))
      .when(storyCommand(gated("hold", { hold_code: "HOLD-REMOTE-WRITES-OFF" })))
      .then("GateDecided", "TaskHeld");
    held
      .when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold }))
      .then("HoldReleased")
      .owes("DecideGate");
  });

  it("asks only the judge that could not answer again, and keeps the other's pass", () => {
    const unsure = {
      gemini: { kind: "RecordVerdict", task_id: ids.task, verdict: verdictOf("gemini", "inconclusive", "http_500") },
    };
    const held = from(after("gemini", unsure))
      .when(storyCommand(gated("hold", { hold_code: "HOLD-VALIDATOR-INCONCLUSIVE" })))
      .then("GateDecided", "TaskHeld");
    const released = held.when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold })).then("HoldReleased");
    expect(released.state.tasks[ids.task]?.verdicts.map((verdict) => verdict.family)).toEqual(["openai"]);
    released.owes("JudgeEvidence");
  });

  it("keeps no old verdict, gate or approval when a new run starts", () => {
    const retried = from(after("gemini"))
      .when(storyCommand(gated("ask")))
      .then("GateDecided")
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .then("TaskRetried");
    const again = retried.when(storyCommand({ ...startRun, run_id: "r-bbbbbbbbbbbbbbbb" } as never)).then("RunStarted");
    expect(again.state.tasks[ids.task]).toMatchObject({
      verdicts: [],
      gate: null,
      approval: null,
      evidence: null,
      patch: null,
    });
  });
});

describe("runs", () => {
  it("shows an interrupted run as ended once the next one starts, and the new one as running", () => {
    const held = from(after("started"))
      .when(
        storyCommand({
          kind: "HoldTask",
          task_id: ids.task,
          code: "HOLD-PREPARE-FAILED",
          detail: null,
          hold_id: ids.hold,
        }),
      )
      .then("TaskHeld");
    const retried = held.when(storyCommand({ kind: "RetryTask", task_id: ids.task })).then("TaskRetried");
    const again = retried.when(storyCommand({ ...startRun, run_id: "r-bbbbbbbbbbbbbbbb" } as never)).then("RunStarted");
    expect(again.state.tasks[ids.task]?.runs.map((run) => run.status)).toEqual(["ended", "running"]);
  });
});

describe("landing", () => {
  it("lands a change that needs approval only after its digest is approved", () => {
    const asked = from(after("gemini"))
      .when(storyCommand(gated("ask")))
      .then("GateDecided")
      .owes();
    asked.when(storyCommand(startLanding)).thenRefused("stale");
    asked
      .when(storyCommand({ kind: "ApproveLanding", task_id: ids.task, digest: "0".repeat(64) }))
      .thenRefused("wrong-digest");
    const approved = asked
      .when(storyCommand({ kind: "ApproveLanding", task_id: ids.task, digest: "d".repeat(64) }))
      .then("LandingApproved");
    approved.owes("LandChange").when(storyCommand(startLanding)).then("LandingStarted");
  });

  it("approves no landing that was not asked about", () => {
    for (const step of ["started", "sealed", "gated", "landed"]) {
      from(after(step))
        .when(storyCommand({ kind: "ApproveLanding", task_id: ids.task, digest: null }))
        .thenRefused("not-asked");
    }
  });

  it("refuses to land a tree other than the evidence's", () => {
    from(after("gated"))
      .when(storyCommand({ ...startLanding, tree: "0".repeat(40) } as never))
      .thenRefused("stale");
  });

  it("runs the checks again when the base moved, and inherits the verdicts only if the bundle says so", () => {
    const moved = from(after("landing"))
      .when(storyCommand({ kind: "RecordBaseMoved", task_id: ids.task, to: "7".repeat(40), hold_id: ids.hold }))
      .then("BaseMoved")
      .owes("RunChecks");
    const rechecked = moved
      .when(storyCommand({ ...life["checked"], base_commit: "7".repeat(40) } as never))
      .then("ChecksRan");
    rechecked
      .when(storyCommand(sealed({ inherits: true, parent: "e".repeat(64) })))
      .then("EvidenceSealed")
      .owes("LandChange");
    rechecked
      .when(storyCommand(sealed({ inherits: false, parent: "e".repeat(64) })))
      .then("EvidenceSealed")
      .owes("JudgeEvidence", "JudgeEvidence");
  });

  it("gives up on a branch that moves under every landing, and counts again for the next run's change", () => {
    const moving = storyCommand({ kind: "RecordBaseMoved", task_id: ids.task, to: "7".repeat(40), hold_id: ids.hold });
    const again = [
      ["ChecksRan", { ...life["checked"], base_commit: "7".repeat(40) }],
      ["EvidenceSealed", sealed({ inherits: true, base_commit: "7".repeat(40) })],
      ["LandingStarted", { ...startLanding, base_commit: "7".repeat(40) }],
    ] as const;
    let { state } = from(after("landing"));
    for (let landings = 1; landings < landingsMax; landings += 1) {
      state = from(state).when(moving).then("BaseMoved").state;
      for (const [type, body] of again)
        state = from(state)
          .when(storyCommand(body as never))
          .then(type).state;
    }
    const held = from(state).when(moving).then("TaskHeld");
    expect(held.state.tasks[ids.task]?.hold).toMatchObject({
      code: "HOLD-BASE-MOVED",
      detail: `the branch moved under each of ${landingsMax} landings`,
    });
    const released = held.when(storyCommand({ kind: "ReleaseHold", hold_id: ids.hold })).then("HoldReleased");
    expect(released.state.tasks[ids.task]).toMatchObject({ status: "planned", gate: null, landing: null });
    const started = released
      .when(storyCommand({ ...startRun, run_id: "r-bbbbbbbbbbbbbbbb" } as never))
      .then("RunStarted");
    expect(started.state.tasks[ids.task]?.landings).toBe(0);
  });

  it("refuses to cancel a task once a push may be under way", () => {
    from(after("landing"))
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .thenRefused("landing");
    from(after("gated"))
      .when(storyCommand({ kind: "CancelTask", task_id: ids.task }))
      .then("TaskCancelled");
    from(after("landing"))
      .when(storyCommand({ kind: "CancelMission", mission_id: ids.mission }))
      .thenRefused("landing");
  });

  it("shows a run that a cancellation interrupted as ended, and a run under way as running", () => {
    const statusOf = (state: State) => {
      const task = state.tasks[ids.task];
      return task === undefined ? null : taskDetails(state, task).run_details.map(({ status }) => status);
    };
    const running = from(after("started"));
    expect(statusOf(running.state)).toEqual(["running"]);
    const cancelled = running.when(storyCommand({ kind: "CancelTask", task_id: ids.task })).then("TaskCancelled");
    expect(statusOf(cancelled.state)).toEqual(["ended"]);
  });

  it("starts no new run of a rejected task once its mission is cancelled", () => {
    const rejected = from(after("gemini"))
      .when(storyCommand(gated("ask")))
      .then("GateDecided")
      .when(storyCommand({ kind: "RejectTask", task_id: ids.task, reason: null }))
      .then("TaskRejected");
    rejected.when(storyCommand({ kind: "RetryTask", task_id: ids.task })).then("TaskRetried");
    rejected
      .when(storyCommand({ kind: "CancelMission", mission_id: ids.mission }))
      .then("MissionCancelled")
      .when(storyCommand({ kind: "RetryTask", task_id: ids.task }))
      .thenRefused("cancelled");
  });
});
