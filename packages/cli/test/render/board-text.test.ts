/** The status board as text, Markdown and a text message, whatever its texts and however many rows it has. */
import { initialState } from "@aedev/core";
import { gated, given, stateAfter, storyCommand } from "@aedev/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boardOf, logged } from "../../../daemon/test/board/sample-board.ts";
import { boardMarkdown, boardPlain, boardText } from "../../src/render/board-text.ts";
import { plainLengthMax } from "../../src/render/plain-status.ts";

const held = given([], stateAfter("gemini", initialState))
  .when(storyCommand(gated("hold", { hold_code: "HOLD-CHECKS-FAILED", hold_detail: "test/a.js" })))
  .then("GateDecided", "TaskHeld").state;
const board = boardOf(held);

/** The board with these titles in every list. */
function titled(titles: readonly string[]) {
  const fill = <T extends object>(row: T) => ({ rows: titles.map((title) => ({ ...row, title })), more: 3 });
  const [hold] = board.holds.rows;
  const item = { mission_id: "m-1", task_id: "t-1", status: "asked" as const, help: "aedev task approve t-1" };
  if (hold === undefined) throw new Error("the story has a hold");
  return { ...board, holds: fill(hold) as typeof board.holds, queue: { ...board.queue, waiting: fill(item) as never } };
}

describe("the board at the terminal", () => {
  it("fits one text message with any titles, and counts what does not fit", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 160 }), { maxLength: 50 }), (titles) => {
        expect(boardPlain(titled(titles)).length).toBeLessThanOrEqual(plainLengthMax);
      }),
    );
    expect(boardPlain(titled(Array.from({ length: 50 }, () => "t")))).toMatch(/\n\+\d+ more$/u);
    expect(boardPlain(board)).toMatch(/^aedev running: 1 held; money not measured\nHOLD-CHECKS-FAILED t-/u);
  });

  it("lists holds with their command on a line of its own, and says what is not measured", () => {
    const text = boardText(board);
    expect(text).toMatch(/^aedev running, all is well\n/u);
    expect(text).toMatch(/\nheld:\n {2}HOLD-CHECKS-FAILED \(test\/a\.js\) {2}t-\S+ {2}.+\n {6}aedev task retry t-/u);
    expect(text).toContain("soak:\n  not measured: the log has no start of the daemon");
    expect(boardText(titled(Array.from({ length: 30 }, () => "t")))).toContain("  +13 more");
  });

  it("does not say that all is well above a no-go, and calls a daemon that somebody stopped stopped", () => {
    const noGo = boardOf(held, { gates: { ...board.ga_gates, recommendation: "no-go" } });
    expect(boardText(noGo)).toMatch(/^aedev running, nothing needs attention, the release is a no-go\n/u);
    const log = [logged("DaemonStarted", "2026-01-02T03:00:00.000Z", { after_death: false })];
    const stopped = boardOf(held, { daemon: { status: "stopped" }, log });
    expect(boardPlain(stopped)).toMatch(/^aedev stopped: .*\nsoak stopped, /u);
    expect(boardPlain(boardOf(held, { daemon: { status: "died" }, log }))).toContain("soak interrupted, ");
  });

  it("calls a judge that was never asked not asked yet", () => {
    const setup = {
      models: { openai: "gpt", gemini: "pro" },
      promptDigest: "p",
      bar: { min_canaries: 10, min_catch_permille: 900 },
    };
    const judges = { count: () => ({ planted: 0, caught: 0 }), setup };
    expect(boardText(boardOf(held, { signals: { judges, unread: [] } }))).toContain("gemini (pro): well");
    expect(boardText(boardOf(initialState, { signals: { judges, unread: [] } }))).toContain(
      "gemini (pro): not asked yet",
    );
  });

  it("lets no title be Markdown", () => {
    const text = boardMarkdown(titled(["<img src=x> [a](http://evil) **b** `c`"]));
    expect(text).toContain("\\<img src=x\\> \\[a\\](http://evil) \\*\\*b\\*\\* \\`c\\`");
    expect(text).toMatch(/^# aedev running, all is well, 4 wait for you\n/u);
  });
});
