/** When a run's silence is too long, on the test's own clock. */
import { stuckSchema, stuckText } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { createActivity } from "../../../src/gateway/progress/activity.ts";
import { anthropicMessages } from "../../../src/gateway/wire/anthropic-messages/anthropic-messages.ts";

const limits = { model: "large", no_traffic_ms: 1_000, exit_grace_ms: 200, repeated_calls: 2 };
const answer = (model: string, content: object[], stopReason: string) => ({
  model,
  ...anthropicMessages.read(
    "application/json",
    Buffer.from(JSON.stringify({ type: "message", content, stop_reason: stopReason })),
  ),
});
const call = { type: "tool_use", id: "t1", name: "Bash", input: { command: "npm test" } };
const final = answer("large", [{ type: "text", text: "done" }], "end_turn");

function activity() {
  let ms = 0;
  const made = createActivity(limits, () => ms);
  const after = (more: number, isBusy = false) => {
    ms += more;
    return made.seen(isBusy);
  };
  return { ...made, after };
}

describe("a run's silence", () => {
  it("is reported once it exceeds the limit, counted from the last request", () => {
    const run = activity();
    expect(run.after(900)).toBeNull();
    expect(run.after(5_000, true)).toBeNull();
    expect(run.after(1_000)).toBeNull();
    expect(run.after(1)).toEqual({ kind: "no-traffic", for_ms: 1_001 });
  });

  it("is reported with the calls that have no result so far", () => {
    const run = activity();
    const other = { ...call, id: "t2", input: { command: "npm init" } };
    run.answer(answer("large", [call, other], "tool_use"));
    run.answer(answer("small", [{ type: "text", text: "a title" }], "end_turn"));
    run.results([{ id: "t1", isError: false, content: "ok" }]);
    const seen = run.after(1_001);
    expect(seen).toEqual({ kind: "no-traffic", for_ms: 1_001, calls: ["runs npm init"] });
    expect(seen === null ? "" : stuckText(seen)).toBe("no request to the model for 1 second while it runs npm init");
    run.results([{ id: "t2", isError: false, content: "ok" }]);
    expect(run.after(1)).toEqual({ kind: "no-traffic", for_ms: 1_002 });
  });

  it("is reported with so few characters of each call that a hold's detail has room", () => {
    const run = activity();
    const many = Array.from({ length: 9 }, (_, index) => ({
      ...{ type: "tool_use", id: `t${index}`, name: "Bash" },
      input: { command: "x".repeat(5_000) },
    }));
    run.answer(answer("large", many, "tool_use"));
    const seen = run.after(1_001);
    expect(stuckSchema.safeParse(seen).success).toBe(true);
    expect(seen === null ? "" : stuckText(seen)).toMatch(/^.{400,500}$/);
  });

  it("is bounded more tightly after the final answer, but not after an answer with a call or a side request of the CLI", () => {
    const calling = activity();
    calling.answer(answer("large", [call], "tool_use"));
    calling.answer(answer("small", [{ type: "text", text: "a title" }], "end_turn"));
    expect(calling.after(900)).toBeNull();
    const cut = activity();
    cut.answer(answer("large", [{ type: "text", text: '"stop_reason":"end_turn"' }], "max_tokens"));
    expect(cut.after(900)).toBeNull();
    const done = activity();
    done.answer(final);
    expect(done.after(200)).toBeNull();
    expect(done.after(1)).toEqual({ kind: "no-exit", for_ms: 201 });
  });
});

it("activity reports calls that repeat, in one answer or over several", () => {
  const run = activity();
  expect(run.answer(answer("large", [call], "tool_use"))).toBeNull();
  expect(run.answer(answer("large", [call], "tool_use"))).toMatchObject({ kind: "repeated-call", times: 2 });
});

it("activity reports alternating calls by the results in the coder's next requests", () => {
  const turn = (text: (round: number) => string) => {
    const run = activity();
    for (let round = 0; round < 6; round += 1)
      for (const command of ["cat a.txt", "npm test"]) {
        const id = `${command} ${round}`;
        const seen = run.answer(answer("large", [{ ...call, id, input: { command } }], "tool_use"));
        if (seen !== null) return seen;
        const content = [{ type: "text", text: text(round) }];
        const results = [{ type: "tool_result", tool_use_id: id, content, cache_control: { type: "ephemeral" } }];
        run.results(anthropicMessages.newResults(JSON.stringify({ messages: [{ role: "user", content: results }] })));
      }
    return null;
  };
  expect(turn(() => "the same")).toEqual({ kind: "call-cycle", calls: ["runs cat a.txt", "runs npm test"], times: 3 });
  expect(turn((round) => `${round} tests pass`)).toBeNull();
});
