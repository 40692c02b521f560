/** The live view's screen: its content, that it fits any terminal size, and that no mission's text can draw on it. */

import type { WatchRow } from "@aedev/daemon";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayWidth, fitWidth, padWidth } from "../../src/render/display-width.ts";
import { elapsed, frameLines } from "../../src/watch/frame.ts";
import { rowText } from "../../src/watch/row-text.ts";
import { openScreen } from "../../src/watch/screen.ts";

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const row: WatchRow = {
  mission_id: "m-aaaaaaaaaaaaaaaa",
  title: "Make add() right",
  repository: "tool",
  status: "running",
  task_id: "t-aaaaaaaaaaaaaaaa",
  attempt: 2,
  step: "runs node --test",
  input_tokens: 3_000,
  output_tokens: 240,
  tokens: 3_240,
  since: new Date(at - 75_000).toISOString(),
  hold_code: null,
  waits_for: [],
  help: null,
};
const plain = { columns: 100, rows: 24, colour: false, nowMs: at, notice: null };
const colours = new RegExp(`${"\u001b"}\\[\\d+m`, "g");

describe("the live view", () => {
  it("shows status, run, tokens, time and the newest step of each mission", () => {
    expect(frameLines([row], plain)).toEqual([
      "aedev watch: 1 running  (q leaves)",
      expect.stringMatching(/^running {11}tool {2}Make add\(\) right +run 2 {2}3,240 tokens {2}1:15$/),
      "    runs node --test",
    ]);
  });

  it("says what waits for a person with the command, and what a mission waits for", () => {
    const help = "aedev task approve t-aaaaaaaaaaaaaaaa";
    const asked = frameLines([{ ...row, status: "asked", step: null, help }], plain);
    expect(asked[2]).toBe(`    -> ${help}`);
    const held = frameLines([{ ...row, status: "held", hold_code: "HOLD-BUDGET", help: "aedev task retry t" }], plain);
    expect(held[2]).toBe("    HOLD-BUDGET  -> aedev task retry t");
    const waiting = frameLines([{ ...row, status: "approved", step: null, waits_for: ["2 runs under way"] }], plain);
    expect(waiting[2]).toBe("    2 runs under way");
    expect(frameLines([], { ...plain, notice: "the daemon has ended" })).toEqual([
      "aedev watch: no missions  (q leaves)",
      "the daemon has ended",
    ]);
  });

  it("uses colours only if allowed, and shows the same text without", () => {
    const coloured = frameLines([row], { ...plain, colour: true });
    expect(coloured.join("\n")).toMatch(colours);
    expect(coloured.map((line) => line.replace(colours, ""))).toEqual(frameLines([row], plain));
  });

  it("fits any terminal, whatever a mission's title is, and names what it leaves out", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.constant("把整个应用变得更好"),
      fc.constant("\u001b[2J\u202e\r\n"),
    );
    const missions = fc.array(
      fc.record({
        title: text,
        step: text,
        repository: text,
        status: fc.constantFrom<WatchRow["status"]>("running", "held", "asked"),
        help: fc.option(text),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        missions,
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (drawn, columns, rows, colour) => {
          const lines = frameLines(
            drawn.map((change) => ({ ...row, ...change })),
            { ...plain, columns, rows, colour },
          );
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const line of lines) {
            const bare = line.replace(colours, "");
            expect(bare).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
            expect(displayWidth(bare)).toBeLessThanOrEqual(columns);
          }
        },
      ),
    );
    expect(frameLines(Array(30).fill(row), { ...plain, rows: 10 }).at(-1)).toBe("+26 more: aedev mission list");
    expect(frameLines(Array(4).fill(row), { ...plain, rows: 10 })).toHaveLength(9);
  });

  it("draws a picture once, in one write, and restores the terminal once", () => {
    const written: string[] = [];
    const screen = openScreen((text) => written.push(text));
    screen.draw(["one", "two"]);
    screen.draw(["one", "two"]);
    screen.draw(["one"]);
    screen.close();
    screen.close();
    screen.draw(["three"]);
    expect(written).toEqual([
      "\u001b[?1049h\u001b[?25l",
      "\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J",
      "\u001b[Hone\u001b[K\u001b[J",
      "\u001b[?25h\u001b[?1049l",
    ]);
  });

  it("treats rows with the same text as equal", () => {
    expect(rowText({ ...row, input_tokens: 9 })).toBe(rowText(row));
    expect(rowText({ ...row, step: "other" })).not.toBe(rowText(row));
    expect(rowText({ ...row, hold_code: "HOLD-BUDGET", help: "aedev task retry t" })).toBe(
      "running; run 2; HOLD-BUDGET; runs node --test; -> aedev task retry t",
    );
  });
});

describe("times", () => {
  it("shows elapsed time", () => {
    expect([-5, 0, 59_999, 725_000, 11_229_000].map(elapsed)).toEqual(["0:00", "0:00", "0:59", "12:05", "3:07:09"]);
  });
});

describe("display width", () => {
  it("counts wide characters twice and combining marks not at all, and cuts between characters", () => {
    expect([displayWidth("add"), displayWidth("整个"), displayWidth("e\u0301"), displayWidth("🎉")]).toEqual([
      3, 4, 1, 2,
    ]);
    expect([fitWidth("整个应用", 5), fitWidth("add", 3), fitWidth("adder", 3), fitWidth("add", 0)]).toEqual([
      "整个…",
      "add",
      "ad…",
      "",
    ]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 30 }), (text, columns) => {
        expect(displayWidth(padWidth(text, columns))).toBe(columns);
      }),
    );
  });
});
