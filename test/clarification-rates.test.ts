/** The clarification gate's error rates on the labelled requests that it was built on, and the strict reading of request files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { estimate } from "../packages/clarify/src/understanding/estimate.ts";
import { fitted } from "../packages/clarify/src/understanding/weights.ts";
import { judgeRequests, ratesOf, readRequests } from "./support/clarification-rates.ts";
import { digestOf, readExamples, train } from "./support/clarification-training.ts";

const folder = mkdtempSync(join(tmpdir(), "requests-"));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (text: string) => {
  const path = join(folder, "requests");
  writeFileSync(path, text);
  return path;
};

describe("the clarification gate on labelled requests", () => {
  const examples = readExamples();
  const judged = judgeRequests(readRequests(resolve(import.meta.dirname, "requests/requests.jsonl")));
  const second = judgeRequests(readRequests(resolve(import.meta.dirname, "requests/second-half.jsonl")));
  const short = judgeRequests(readRequests(resolve(import.meta.dirname, "requests/fresh-a.jsonl")));

  it("misjudges at most one in twenty of the requests that it was trained on", () => {
    for (const some of [judged, second, short]) {
      const { clear, falseBlocks, unclear, falsePasses } = ratesOf(some);
      expect([falseBlocks / clear < 0.05, falsePasses / unclear < 0.05]).toEqual([true, true]);
    }
  });

  it("has weights made from these requests and rules: else `npx -y pnpm@12.21.0 clarify:train --write`", () => {
    expect(examples.length).toBeGreaterThan(2500);
    expect(digestOf(examples)).toBe(fitted.trainedOn);
    expect(digestOf(examples.slice(1))).not.toBe(fitted.trainedOn);
  });

  it("trained on a few requests, distinguishes them, with the same weights each time", () => {
    const few = examples.filter((_, index) => index % 80 === 0);
    const weights = train(few);
    expect(train(few)).toEqual(weights);
    const right = few.filter(
      ({ features, request }) => estimate(features, weights) > 0 === (request.label === "clear"),
    );
    expect(right.length / few.length).toBeGreaterThan(0.9);
  });

  it("reports what counted for and against each request", () => {
    expect(judged.find(({ request }) => request.text.includes("Bitte setzen Sie das um"))?.observed).toMatch(
      /^name \+1/,
    );
  });

  it.each(["en", "de", "fr", "es", "pt", "ja", "zh", "ko"])("keeps both rates for %s below a quarter", (language) => {
    const rates = ratesOf(judged.filter(({ request }) => request.language === language));
    expect(rates.clear).toBeGreaterThan(10);
    expect(rates.falseBlocks / rates.clear).toBeLessThan(0.25);
    expect(rates.falsePasses / rates.unclear).toBeLessThan(0.25);
  });
});

describe("a file of labelled requests", () => {
  it("is JSON Lines or a list in YAML, and a wrong label counts on its side", () => {
    const lines = '{"text": "bump axios to 1.7.4", "label": "clear"}\n{"text": "make it nice", "label": "clear"}\n';
    expect(ratesOf(judgeRequests(readRequests(written(lines))))).toEqual({
      clear: 2,
      falseBlocks: 1,
      unclear: 0,
      falsePasses: 0,
    });
    const yaml = "- title: bump axios to 1.7.4\n  class: upgrade\n  label: unclear\n";
    const [request] = readRequests(written(yaml));
    expect(request).toMatchObject({ text: "bump axios to 1.7.4", kind: "upgrade" });
    expect(ratesOf(judgeRequests(readRequests(written(yaml))))).toMatchObject({ unclear: 1, falsePasses: 1 });
  });

  it.each([
    ['{"text": "x", "label": "maybe"}', /request 1: label/],
    ['{"label": "clear"}', /request 1: .*a text/],
  ])("is refused, naming the place: %s", (text, why) => {
    expect(() => readRequests(written(text))).toThrow(why);
  });
});
