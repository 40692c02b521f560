/** Cues are fine kinds of words, found as whole words or stems, or anywhere in scripts without spaces. */
import { describe, expect, it } from "vitest";
import { growsWithLength } from "../../../test/support/growth.ts";
import { findCues } from "../src/cues/find-cues.ts";
import type { TextLanguage } from "../src/lexicon/lexicon.ts";
import { wordsOf } from "../src/reading/words.ts";

const cuesIn = (language: TextLanguage, text: string) => findCues(language, wordsOf(text).text);

describe("cues of a sentence", () => {
  it.each([
    ["english", "Set the timeout to a suitable value"],
    ["german", "Das Zeitlimit auf einen passenden Wert setzen"],
    ["french", "Mettre le délai à une valeur adaptée"],
    ["spanish", "Poner el plazo en un valor adecuado"],
    ["portuguese", "Colocar o prazo num valor adequado"],
    ["japanese", "タイムアウトを適切な値にしてください"],
    ["chinese", "把超时改成合适的值"],
    ["korean", "타임아웃을 적절한 값으로 바꿔 주세요"],
  ] as const)("finds the same cues for the same sentence in %s", (language, text) => {
    expect(cuesIn(language, text).get("suitable")).toBe(1);
  });

  it("finds cues as whole words or stems, not as parts of a word, and counts each word once", () => {
    expect(cuesIn("english", "too long").get("too")).toBe(1);
    expect(cuesIn("english", "tooltip").get("too")).toBeUndefined();
    expect(cuesIn("german", "passend, unpassend").get("suitable")).toBe(1);
    expect(cuesIn("english", "several rows, several columns, a few tables").get("several")).toBe(2);
  });

  it("finds cues in time that grows with the length of the text", () => {
    const made = (length: number) => wordsOf("some suitable ".repeat(length / 14)).text;
    expect(growsWithLength(20_000, (length) => () => findCues("english", made(length)))).toBe(true);
  });
});
