/** What helps about a hold: a sentence for a person, then whole commands. */
import { expect, it } from "vitest";
import { adviceIn, holdMeanings, reasonMeanings } from "../src/index.ts";

it("puts a sentence before its commands", () => {
  expect(adviceIn("`aedev resume`")).toEqual({ text: "", commands: ["aedev resume"] });
  expect(adviceIn("`aedev task diff t-1`, then `aedev task retry t-1`")).toEqual({
    text: "In this order:",
    commands: ["aedev task diff t-1", "aedev task retry t-1"],
  });
  expect(adviceIn("make room in `limits.pids`, then `aedev hold release h-1`")).toEqual({
    text: "Make room in limits.pids, then “hold release”.",
    commands: ["aedev hold release h-1"],
  });
});

it("leaves no backtick in a sentence and no command out, whatever is held and why", () => {
  for (const { helps } of [...Object.values(holdMeanings), ...Object.values(reasonMeanings)]) {
    const { text, commands } = adviceIn(helps);
    expect(text).not.toContain("`");
    expect(new Set(commands)).toEqual(new Set(helps.match(/(?<=`)(?:aedev|git|\.\/scripts\/)[^`]*(?=`)/g) ?? []));
  }
});
