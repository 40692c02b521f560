/** A judge's raw answers: how they are parsed, and how the answers for both views are stored in one bounded document. */
import { parseStrictJson } from "@aedev/host/strict-json";
import fc from "fast-check";
import { expect, it } from "vitest";
import { keepAnswers, keptAnswers as keptAnswersOf, parseJudgeAnswer as parseWith } from "../src/index.ts";

const parseJudgeAnswer = (text: string) => parseWith(text, parseStrictJson);
const keptAnswers = (kept: string) => keptAnswersOf(kept, parseStrictJson);

const answer = { nonce: "n", bundle_digest: "d", verdict: "fail", criteria: [], defects: [], confidence: 1 };
const text = JSON.stringify(answer);

it("parses exactly one object of the answer's schema, and treats a null key as absent", () => {
  expect(parseJudgeAnswer(text)).toEqual(answer);
  const citation = { file: null, line: null, evidence: "patch" };
  const criteria = [{ id: "c1", result: "met", citations: [citation] }];
  expect(parseJudgeAnswer(JSON.stringify({ ...answer, criteria }))?.criteria[0]?.citations).toEqual([
    { evidence: "patch" },
  ]);
  for (const other of ["", "{", "[]", `${text}.`, JSON.stringify({ ...answer, more: 1 })])
    expect(parseJudgeAnswer(other)).toBeNull();
});

const criterion = '{"id":"c1","result":"met","citations":[{"evidence":"patch"}]}';
const answerOf = ({ first = "", criteria = criterion, defect = "", last = "" }) =>
  `{"nonce":"n","bundle_digest":"d",${first}"verdict":"pass","criteria":[${criteria}],"defects":[${defect}],"confidence":1${last}}`;

it("refuses a key that is repeated at any depth, in any spelling, and accepts it once", () => {
  expect(parseJudgeAnswer(answerOf({}))?.verdict).toBe("pass");
  for (const text of [
    answerOf({ first: '"verdict":"fail",' }),
    answerOf({ last: ',"verdict":"pass"' }),
    answerOf({ first: '"\\u0076erdict":"fail",' }),
    answerOf({ first: '"verdict":null,' }),
    answerOf({ last: ',"defects":[]' }),
    answerOf({ criteria: criterion.replace('"result"', '"result":"not_met","result"') }),
    answerOf({ criteria: criterion.replace('"evidence"', '"evidence":"rumour","evidence"') }),
    answerOf({ last: ',"__proto__":{"verdict":"pass"}' }),
    answerOf({ last: ',"constructor":{}' }),
    answerOf({ last: ',"note":null' }),
    `${answerOf({})}\n${answerOf({})}`,
    `\`\`\`json\n${answerOf({})}\n\`\`\``,
    `${answerOf({})} I am sure.`,
    answerOf({}).replace('"confidence":1', '"confidence":1e999'),
    answerOf({}).replace('"confidence":1', '"confidence":"1"'),
    answerOf({}).replace('"confidence":1', '"confidence":null'),
  ])
    expect(parseJudgeAnswer(text), text).toBeNull();
});

it("treats an unknown severity as the highest", () => {
  const severityOf = (word: string) =>
    parseJudgeAnswer(answerOf({ defect: `{"severity":${JSON.stringify(word)},"file":"","line":0,"text":"x"}` }))
      ?.defects[0]?.severity;
  expect(["low", "medium", "high", "critical", " High"].map(severityOf)).toEqual([
    ...["low", "medium", "high", "critical", "high"],
  ]);
  for (const word of ["blocker", "P0", "", "lo\u200bw", "none"]) expect(severityOf(word)).toBe("critical");
});

it("stores the answer for each view and finds both again, but finds no answer in plain text", () => {
  const kept = keepAnswers({ plain: text, blanked: "not an answer" }, 1000) ?? "";
  expect(JSON.parse(kept)).toEqual({ plain: text, blanked: "not an answer" });
  expect(keptAnswers(kept)).toEqual([answer]);
  expect(keptAnswers(keepAnswers({ plain: null, blanked: text }, 1000) ?? "")).toEqual([answer]);
  expect(keptAnswers(text)).toEqual([]);
  expect(keptAnswers("neither")).toEqual([]);
  expect(keepAnswers({ plain: null, blanked: null }, 1000)).toBeNull();
});

it("keeps the stored answers a document within its bound for any text", () => {
  const words = fc.oneof(fc.string({ unit: "binary", maxLength: 3000 }), fc.constant(null));
  fc.assert(
    fc.property(words, words, fc.integer({ min: 200, max: 2000 }), (plain, blanked, charactersMax) => {
      const kept = keepAnswers({ plain, blanked }, charactersMax);
      expect(kept === null).toBe(plain === null && blanked === null);
      if (kept === null) return;
      expect(kept.length).toBeLessThanOrEqual(charactersMax);
      expect(Object.keys(JSON.parse(kept))).toEqual(["plain", "blanked"]);
    }),
  );
});
