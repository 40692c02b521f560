/** Sequences of tool calls that go in circles, each next to an honest one that does not. */
import { describe, expect, it } from "vitest";
import { createLoopDetector } from "../../../src/gateway/progress/loop-detector.ts";
import { toolResultKey } from "../../../src/gateway/progress/tool-result-key.ts";

type Call = readonly [name: string, input: Readonly<Record<string, unknown>>];
const bash = (command: string): Call => ["Bash", { command }];
const edit = (path: string, from: string, to: string): Call => [
  "Edit",
  { file_path: `/workspace/repo/${path}`, old_string: from, new_string: to },
];
const write = (path: string, content: string): Call => ["Write", { file_path: path, content }];
const limits = { repeated_calls: 4, edit_cycles: 3 };

/** The finding, and the number of the call that caused it. `resultOf`: the result of each call, by default unknown. */
function seenIn(
  calls: readonly Call[],
  bounds: Parameters<typeof createLoopDetector>[0] = limits,
  resultOf?: (index: number, call: Call) => unknown,
) {
  const loops = createLoopDetector(bounds);
  for (const [index, call] of calls.entries()) {
    const seen = loops.call(`toolu_${index}`, ...call);
    if (seen !== null) return { at: index + 1, seen };
    if (resultOf !== undefined)
      loops.result(`toolu_${index}`, toolResultKey({ isError: false, content: resultOf(index, call) }));
  }
  return null;
}
const times = (count: number, calls: readonly Call[]) => Array.from({ length: count }, () => calls).flat();

describe("the same call several times in a row", () => {
  it("is a loop from the call that reaches the limit", () => {
    expect(seenIn(times(9, [bash("cat log.txt")]))).toEqual({
      at: 4,
      seen: { kind: "repeated-call", call: "runs cat log.txt", times: 4 },
    });
  });

  it("is no loop if another call comes between, or one argument differs", () => {
    expect(seenIn([...times(3, [bash("npm test")]), bash("ls"), ...times(3, [bash("npm test")])])).toBeNull();
    expect(seenIn([1, 2, 3, 4, 5, 6].map((line) => bash(`sed -n ${line}p a.txt`)))).toBeNull();
    expect(seenIn([1, 2, 3, 4, 5].flatMap((n) => [edit("a.js", `${n}`, `${n + 1}`), bash("npm test")]))).toBeNull();
  });

  it("is a loop if the results are equal apart from times, but not if they change", () => {
    const calls = times(9, [bash("npm test")]);
    expect(seenIn(calls, limits, (index) => `1 failed\nDuration ${index}.25 s, at 10:0${index}:00`)).toMatchObject({
      at: 4,
    });
    expect(seenIn(calls, limits, (index) => `${index} of 9 are ready`)).toBeNull();
    expect(seenIn(calls, limits, (index) => (index === 2 ? "ready" : "not yet"))).toMatchObject({ at: 7 });
  });

  it("is never a loop without a limit", () => {
    expect(seenIn(times(500, [bash("true"), edit("a", "1", "2"), edit("a", "2", "1")]), {})).toBeNull();
    expect(seenIn(times(500, [bash("true")]), {})).toBeNull();
  });
});

describe("a few calls that alternate", () => {
  const read = (path: string): Call => ["Read", { file_path: `/workspace/repo/${path}` }];
  const same = (_index: number, [, input]: Call) => `result of ${JSON.stringify(input)}`;

  it.each([
    [2, 6],
    [3, 9],
    [4, 12],
  ])("are a loop if %i of them repeat with equal results three times, at call %i", (period, at) => {
    const row = [read("a.js"), bash("npm test"), read("b.js"), bash("ls")].slice(0, period);
    const calls = ["reads a.js", "runs npm test", "reads b.js", "runs ls"].slice(0, period);
    expect(seenIn(times(9, row), limits, same)).toEqual({ at, seen: { kind: "call-cycle", calls, times: 3 } });
    expect(seenIn([bash("pwd"), ...times(9, row)], limits, same)?.at).toBe(at + 1);
    // A higher limit of equal calls in a row holds for them as well.
    expect(seenIn(times(20, row), { repeated_calls: 24 }, same)?.at).toBe(24);
  });

  it("are no loop if a result changes: the coder waits for something, or tries a fix", () => {
    const polling = times(20, [bash("sleep 5"), bash("curl -s localhost/jobs/7")]);
    expect(seenIn(polling, limits, (index) => (index % 2 === 0 ? "" : `${index} of 40 done`))).toBeNull();
    const fixing = Array.from({ length: 20 }, (_, n) => [edit("a.js", `${n}`, `${n + 1}`), bash("npm test")]).flat();
    expect(seenIn(fixing, limits, () => "1 failed")).toBeNull();
  });

  it("are no loop if one of them waits, although the other's result stays the same", () => {
    const row = (wait: string) => times(20, [bash(wait), bash("tail -n 3 build.log")]);
    expect(seenIn(row("sleep 60"), limits, same)).toBeNull();
    expect(seenIn(row("ls build"), limits, same)?.seen.kind).toBe("call-cycle");
  });

  it("are no loop if the cycle is longer, occurs twice, or only another kind of limit is set", () => {
    const five = ["a", "b", "c", "d", "e"].map(read);
    expect(seenIn(times(20, five), limits, same)).toBeNull();
    expect(seenIn([...times(2, [read("a.js"), bash("npm test")]), read("c.js")], limits, same)).toBeNull();
    expect(seenIn(times(100, [read("a.js"), bash("npm test")]), { edit_cycles: 3 }, same)).toBeNull();
  });
});

describe("edits that undo each other", () => {
  const there = edit("lib/a.js", "1", "2");
  const back = edit("lib/a.js", "2", "1");

  it("are a loop in one file, with tests between them and edits of other files", () => {
    expect(seenIn(times(9, [there, bash("npm test"), back, bash("npm test")]))).toEqual({
      at: 11,
      seen: { kind: "edit-cycle", path: "lib/a.js", times: 3 },
    });
    const others = [1, 2, 3, 4, 5, 6].flatMap((n) => [n % 2 === 0 ? back : there, edit("b.js", `${n}`, `${n + 1}`)]);
    expect(seenIn(others)).toMatchObject({ at: 11, seen: { path: "lib/a.js" } });
    const whole = times(3, [write("/tmp/x", "one"), write("/tmp/x", "two")]);
    expect(seenIn(whole)).toMatchObject({ at: 6, seen: { path: "/tmp/x", times: 3 } });
  });

  it("are no loop in an honest run that undoes a fix to see a test fail, then edits the file further", () => {
    const shownRed = [there, bash("npm test"), back, bash("npm test"), there, bash("npm test")];
    expect(seenIn([...shownRed, edit("lib/a.js", "2", "3"), ...shownRed])).toBeNull();
  });

  it("are no loop if the same edit is made in many files", () => {
    expect(seenIn([..."abcdefgh"].map((name) => edit(`${name}.js`, "1", "2")))).toBeNull();
  });
});

it("may have inputs of any shape", () => {
  for (const input of [null, undefined, 1.5, "text", [], { file_path: 7 }])
    expect(createLoopDetector(limits).call("1", "Edit", input)).toBeNull();
});
