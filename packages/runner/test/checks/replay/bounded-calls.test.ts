/** What a bound leaves out of the recorded calls, and where a process stopped. */
import { describe, expect, it } from "vitest";
import { bareRuns, drawSurroundings, readOutcomes } from "../../../src/checks/replay/bare-runs.ts";
import { mergeCalls, readCalls } from "../../../src/checks/replay/recorded-calls.ts";

const path = "lib/a.js";
const line = (name: string, at: number) => JSON.stringify(["1", path, name, `["a",[${at}]]`, "v1", false]);
const lines = (count: number, nameAt: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => `${line(nameAt(at), at)}\n`).join("");
const read = (records: string) => readCalls(records, new Set([path]));

describe("calls beyond a bound", () => {
  it.each([
    ["none of a few", lines(199, () => "a"), 0],
    ["a function's calls beyond those that the recorder writes", lines(200, () => "a"), 1],
    ["the 201st function", lines(201, (at) => `f${at}`), 1],
    ["calls beyond a thousand", lines(1003, (at) => `f${at % 200}`), 3],
    ["a line that is too long", `${line("a", 1)}\n${JSON.stringify(["1", path, "a".repeat(201)])}\n`, 1],
  ])("counts %s", (_what, records, expected) => {
    const found = read(records);
    expect(found.unlisted).toBe(expected);
    expect(mergeCalls([found, found]).unlisted).toBe(2 * expected);
  });
});

describe("a process that ended early", () => {
  const runs = bareRuns("candidate", {
    roots: { usual: "/a", elsewhere: "/b", tested: "/a" },
    programs: new Map([["javascript", "/p.cjs"]]),
    recorded: read(lines(3, () => "a")),
    others: { varied: [0, 1].map((at) => ({ path, name: "a", input: `["a",[${at}]]` })), explored: [] },
    hashSeed: "1",
    drawn: drawSurroundings(),
    isEverywhere: true,
  });
  const stopped = (where: string, ...texts: string[]) => {
    const run = runs.find((one) => one.where === where);
    const output = texts.map((text) => `${run?.name} ${run?.job.word} ${text}\n`).join("");
    return [...(readOutcomes(output, runs).candidate.stopped.values().next().value ?? [])];
  };

  it.each([
    ["after its first call", "usual", ['0 1 "v1"', "over"], [1]],
    ["at its first call", "usual", ["over"], [0]],
    ["at its end", "usual", ['0 1 "v1"', '1 1 "v1"', '2 1 "v1"', "over"], []],
    ["not early", "usual", ['0 1 "v1"', "end", "over"], []],
    ["with the container", "usual", ['0 1 "v1"'], []],
    ["after the first of other calls", "varied", ['0 1 "v1"', "over"], [1]],
    // Loading the code may have taken all of the time.
    ["before any other call", "varied", ["over"], []],
  ])("stopped %s", (_what, where, texts, expected) => {
    expect(stopped(where, ...texts)).toEqual(expected);
  });
});
