/** Which sequences of tool calls are circles, each beside an honest one that is not. */
import { describe, expect, it } from "vitest";
import { createLoopDetector } from "../../../src/gateway/progress/loop-detector.ts";

type Call = readonly [name: string, input: Readonly<Record<string, unknown>>];
const bash = (command: string): Call => ["Bash", { command }];
const edit = (path: string, from: string, to: string): Call => [
  "Edit",
  { file_path: `/workspace/repo/${path}`, old_string: from, new_string: to },
];
const write = (path: string, content: string): Call => ["Write", { file_path: path, content }];
const limits = { repeated_calls: 4, edit_cycles: 3 };

/** What is seen, and with which call. */
function seenIn(calls: readonly Call[], bounds: Parameters<typeof createLoopDetector>[0] = limits) {
  const detect = createLoopDetector(bounds);
  for (const [index, [name, input]] of calls.entries()) {
    const seen = detect(name, input);
    if (seen !== null) return { at: index + 1, seen };
  }
  return null;
}
const times = (count: number, calls: readonly Call[]) => Array.from({ length: count }, () => calls).flat();

describe("the same call in a row", () => {
  it("is seen with the call that reaches the limit", () => {
    expect(seenIn(times(9, [bash("cat log.txt")]))).toEqual({
      at: 4,
      seen: { kind: "repeated-call", call: "runs cat log.txt", times: 4 },
    });
  });

  it("is not seen where something else comes between, or one argument differs", () => {
    expect(seenIn([...times(3, [bash("npm test")]), bash("ls"), ...times(3, [bash("npm test")])])).toBeNull();
    expect(seenIn([1, 2, 3, 4, 5, 6].map((line) => bash(`sed -n ${line}p a.txt`)))).toBeNull();
    expect(seenIn([1, 2, 3, 4, 5].flatMap((n) => [edit("a.js", `${n}`, `${n + 1}`), bash("npm test")]))).toBeNull();
  });

  it("is never seen without a limit", () => {
    expect(seenIn(times(500, [bash("true"), edit("a", "1", "2"), edit("a", "2", "1")]), {})).toBeNull();
    expect(seenIn(times(500, [bash("true")]), {})).toBeNull();
  });
});

describe("edits that undo each other", () => {
  const there = edit("lib/a.js", "1", "2");
  const back = edit("lib/a.js", "2", "1");

  it("are seen in one file, with tests between them and edits of other files", () => {
    expect(seenIn(times(9, [there, bash("npm test"), back, bash("npm test")]))).toEqual({
      at: 11,
      seen: { kind: "edit-cycle", path: "lib/a.js", times: 3 },
    });
    const others = [1, 2, 3, 4, 5, 6].flatMap((n) => [n % 2 === 0 ? back : there, edit("b.js", `${n}`, `${n + 1}`)]);
    expect(seenIn(others)).toMatchObject({ at: 11, seen: { path: "lib/a.js" } });
    const whole = times(3, [write("/tmp/x", "one"), write("/tmp/x", "two")]);
    expect(seenIn(whole)).toMatchObject({ at: 6, seen: { path: "/tmp/x", times: 3 } });
  });

  it("are not seen in an honest run: a test shown red by undoing the fix, then other edits of the file", () => {
    const shownRed = [there, bash("npm test"), back, bash("npm test"), there, bash("npm test")];
    expect(seenIn([...shownRed, edit("lib/a.js", "2", "3"), ...shownRed])).toBeNull();
  });

  it("are not seen where the same edit is made in many files", () => {
    expect(seenIn([..."abcdefgh"].map((name) => edit(`${name}.js`, "1", "2")))).toBeNull();
  });
});

it("takes inputs of any shape", () => {
  for (const input of [null, undefined, 1.5, "text", [], { file_path: 7 }])
    expect(createLoopDetector(limits)("Edit", input)).toBeNull();
});
