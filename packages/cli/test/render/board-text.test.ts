/** The status board as text, Markdown and a text message, whatever its texts and however many rows it has. */
import { initialState } from "@aedev/core";
import { gated, given, stateAfter, storyCommand } from "@aedev/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boardOf } from "../../../daemon/test/board/sample-board.ts";
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

  it("lets no title be Markdown", () => {
    const text = boardMarkdown(titled(["<img src=x> [a](http://evil) **b** `c`"]));
    expect(text).toContain("\\<img src=x\\> \\[a\\](http://evil) \\*\\*b\\*\\* \\`c\\`");
    expect(text).toMatch(/^# aedev running, all is well, 4 wait for you\n/u);
  });
});
