/** The lines of a failed step's output that people need. */
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorExcerpt } from "../../src/prepare/error-excerpt.ts";

describe("the excerpt of a failed step's output", () => {
  it("has the first lines that mention an error, whole and in order", () => {
    const output =
      "fetching a\nnpm error code E404\nnpm error 404 Not Found\nA complete log of this run is in /tmp/x\n";
    expect(errorExcerpt(output, 300)).toBe("npm error code E404\nnpm error 404 Not Found");
    expect(errorExcerpt(output, 25)).toBe("npm error code E404");
  });

  it("has the lines after an error that explain it", () => {
    const cargo =
      "error: failed to parse manifest at `Cargo.toml`\n\nCaused by:\n  can't find `parse` bench at `benches/parse.rs`\n";
    expect(errorExcerpt(cargo, 300)).toBe(cargo.trim().replace("\n\n", "\n"));
    const pnpm =
      "Error: POLICY\n  × installing\n  ╰─▶ 1 lockfile entry failed:\n        a@1.0.0 is too young\ndone\n  in 3 s\n";
    expect(errorExcerpt(pnpm, 300)).toBe(pnpm.split("\ndone")[0]);
    expect(errorExcerpt(`error\n${" more\n".repeat(9)}`, 300)).toBe(`error${"\n more".repeat(4)}`);
  });

  it("recognizes Poetry's message, which mentions no error", () => {
    const poetry =
      "  | Unable to find installation candidates for click (8.1.8)\n  |\n  | Solutions:\n  | 2. poetry update click\n";
    expect(errorExcerpt(poetry, 300)).toMatch(/^ {2}\| Unable to find installation candidates for click/u);
  });

  it("keeps the cause at the end, after the first line that names the failure", () => {
    const frames = Array.from({ length: 20 }, (_, at) => `  File "/usr/lib/setup_${at}.py", line ${at}: failed`);
    const pip = [
      "  error: subprocess-exited-with-error",
      ...frames,
      "      ModuleNotFoundError: No module named 'flit_core'",
      "      [end of output]",
      "  note: This error originates from a subprocess, and is likely not a problem with pip.",
    ];
    const told = errorExcerpt(pip.join("\n"), 300).split("\n");
    expect(told[0]).toBe(pip[0]);
    expect(told).toContain("…");
    expect(told.slice(-2)).toEqual([pip.at(-3), pip.at(-2)]);
    // The last line does not fit, so the first ones get all the room.
    expect(errorExcerpt(`error: one\nerror: two\nerror: ${"x".repeat(40)}`, 30)).toBe("error: one\nerror: two");
  });

  it("recognizes errors by an exception's name and by a shell's messages", () => {
    const found = ["TypeError: x is not a function", "sh: 1: husky: not found", "cp: cannot find a"];
    for (const line of found) expect(errorExcerpt(`${line}\nat the end\n`, 300)).toBe(line);
    expect(errorExcerpt("found\nat the end\n", 300)).toBe("found\nat the end");
  });

  it("has no escape sequences of a terminal", () => {
    expect(errorExcerpt("\u001b[31mnpm error\u001b[39m code \u001b[1mE404\u001b[22m\n", 300)).toBe(
      "npm error code E404",
    );
    expect(errorExcerpt("npm error code [31m\n", 300)).toBe("npm error code [31m");
  });

  it("has the last lines if none mentions an error", () => {
    expect(errorExcerpt("one\ntwo\n\nthree\n", 9)).toBe("two\nthree");
    expect(errorExcerpt("", 9)).toBe("");
  });

  it("never exceeds its room, and is never empty if there is output", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), fc.integer({ min: 1, max: 400 }), (lines, room) => {
        const told = errorExcerpt(lines.join("\n"), room);
        expect(told.length).toBeLessThanOrEqual(room);
        expect(told === "").toBe(stripVTControlCharacters(lines.join("\n")).trim() === "");
      }),
    );
  });
});
