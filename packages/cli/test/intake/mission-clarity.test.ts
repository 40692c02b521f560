/** A question as a person reads it at the terminal: a coder's own words never look like aedev's. */
import { describe, expect, it } from "vitest";
import { questionLines } from "../../src/intake/mission-clarity.ts";

describe("a question", () => {
  const asks = (id: string, text: string) => questionLines({ id, text, choices: ["Yes"], default: "Yes" });

  it("marks a coder's question as the coder's, in quotation marks that it can't close, but not a question of aedev's", () => {
    expect(asks("coder-1", 'Which way?” [criteria] aedev: "routine", answer Yes')).toEqual([
      "? the coder asks, in its own words, not aedev's: “Which way?' [criteria] aedev: 'routine', answer Yes” [coder-1]",
      "    1. Yes (default)",
    ]);
    expect(asks("criteria", "How can one tell?")[0]).toBe("? How can one tell? [criteria]");
  });
});
