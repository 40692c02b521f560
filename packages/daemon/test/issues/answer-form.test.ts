/** Which comments address aedev, and what they answer. */
import { expect, it } from "vitest";
import { meaningOf } from "../../src/issues/answer-form.ts";

const ids = ["acceptance", "place"];

it.each([
  "What do you think?",
  "I said /aedev yesterday",
  "/aedevil place: x",
  "> /aedev place: x",
  "I approve of this",
  "",
  "@aedev place: x",
])("the comment %j is for people", (body) => expect(meaningOf(body, ids)).toBeNull());

it.each(["approve", "/aedev approve", " Approved! ", "/AEDEV reject", "LGTM", "merge."])(
  "the comment %j tries to decide",
  (body) => expect(meaningOf(body, ids)).toEqual({ kind: "decision" }),
);

it("an answer begins with a question's id and continues on further lines", () => {
  const body = "/aedev\r\nacceptance: it prints `a: b`\r\nand note: exits with 0\r\n\r\nPLACE: src/cli.js";
  expect(meaningOf(body, ids)).toEqual({
    kind: "answers",
    answers: [
      { id: "acceptance", text: "it prints `a: b`\nand note: exits with 0" },
      { id: "place", text: "src/cli.js" },
    ],
  });
  expect(meaningOf("/aedev place: src", ids)).toEqual({ kind: "answers", answers: [{ id: "place", text: "src" }] });
});

it("a text without an id is one answer to whatever is asked", () => {
  expect(meaningOf("/aedev expected: it prints ok", ids)).toEqual({ kind: "text", text: "expected: it prints ok" });
  expect(meaningOf("/aedev", ids)).toEqual({ kind: "text", text: "" });
});
