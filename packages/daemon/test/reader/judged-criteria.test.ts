/** A judge's stored answer whose bytes are gone gives no criteria; an error of another kind is not hidden. */
import { Fault } from "@aedev/contracts";
import { blob } from "@aedev/core/testing";
import { expect, it } from "vitest";
import { judgedCriteria } from "../../src/reader/judged-criteria.ts";

const verdict = { family: "openai", answer: blob("7") } as const;
const failing = (error: Error) => ({
  get: () => {
    throw error;
  },
});

it.each(["blob-missing", "blob-corrupt", "blob-expired"] as const)("%s: no criteria", (code) => {
  expect(judgedCriteria(verdict, failing(new Fault(code, "gone")))).toEqual([]);
});

it("another error is thrown", () => {
  expect(() => judgedCriteria(verdict, failing(new Error("no such device")))).toThrow("no such device");
});
