/** The requests to a judge as a person reads them. */
import { expect, it } from "vitest";
import { judgeTriesLines } from "../../src/render/judges-text.ts";

const verdict = { family: "gemini", model: "m", verdict: "pass", detail: null, views: [], reused_from: null } as const;

it("lists each request of a view that was asked more than once, and none of other views", () => {
  const tries = [
    { view: "plain", result: "http_503", wait_ms: 1240 },
    { view: "plain", result: "invalid_json", wait_ms: 0 },
    { view: "plain", result: "pass", wait_ms: null },
    { view: "blanked", result: "pass", wait_ms: null },
  ] as const;
  expect(judgeTriesLines({ ...verdict, views: [], tries: [...tries] })).toEqual([
    "    gemini plain, asked 3 times: http_503, waited 1.2 s; invalid_json, waited 0.0 s; pass",
  ]);
  expect(judgeTriesLines({ ...verdict, views: [] })).toEqual([]);
});
