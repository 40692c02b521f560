/** The classifier itself: it finds a mark that one kind carries, and nothing if the kinds differ by chance alone. */
import { expect, it } from "vitest";
import { areaUnderCurve, crossValidated, logistic, naiveBayes, type Sample, sizeAlone } from "./classifier.ts";
import { inventChange, seeded } from "./invented-code.ts";

/** Thirty changes, each asked about twice unchanged and twenty times with one word changed. */
function samples(mark: string): Sample[] {
  const random = seeded(3);
  return Array.from({ length: 30 }, (_, group) => {
    const text = Object.values(inventChange(group, random).after).join("\n");
    const words = text.split(" ");
    const varied = () => words.with(Math.floor(random() * words.length), words[0] ?? "").join(" ");
    return Array.from({ length: 22 }, (_each, number): Sample => {
      const isPlanted = number >= 2;
      return { group, isPlanted, bytes: Buffer.from(isPlanted ? `${varied()}${mark}` : varied()) };
    });
  }).flat();
}

it("the classifier gives 0.5 for chance, 1 for the right order and 0 for the wrong order", () => {
  const scored = [1, 2, 3, 4].map((score) => ({ score, isPlanted: score > 2 }));
  expect(areaUnderCurve(scored)).toBe(1);
  expect(areaUnderCurve(scored.map(({ score, isPlanted }) => ({ score: -score, isPlanted })))).toBe(0);
  expect(areaUnderCurve(scored.map(({ isPlanted }) => ({ score: 0, isPlanted })))).toBe(0.5);
});

it("the classifier finds a mark of ten bytes, and nothing if there is no mark", () => {
  for (const train of [naiveBayes, logistic]) {
    expect(crossValidated(samples(" // canary"), train, { deals: 1 }), train.name).toBeGreaterThan(0.9);
    expect(Math.abs(crossValidated(samples(""), train) - 0.5), train.name).toBeLessThan(0.1);
  }
  expect(sizeAlone(samples(""))).toBeLessThan(0.6);
  expect(sizeAlone(samples(" ".repeat(2000)))).toBeGreaterThan(0.9);
});
