/** The effect of an approval, in words, before a person gives it. */
import { expect, it } from "vitest";
import { onApproveText } from "../../src/render/on-approve-text.ts";
import { plannedCommit as commit } from "../outside.ts";

it("says that a change lands through a pull request, if it does", () => {
  expect(onApproveText("t-1", { ...commit, way: "pull-request" })).toContain("main of /r, through a pull request");
  expect(onApproveText("t-1", commit)).not.toContain("pull request");
});

it("says that nothing may be pushed yet, if so", () => {
  expect(onApproveText("t-1", { ...commit, may_push: false })).toContain("aedev may not push there yet");
  expect(onApproveText("t-1", commit)).not.toContain("may not push");
});

it("puts each command that takes a change in on its own line", () => {
  const text = onApproveText("t-1", { ...commit, take_in: "git fetch 'a && git merge' b && git merge FETCH_HEAD" });
  expect(text.split("\n").map((line) => line.trim())).toEqual(
    expect.arrayContaining(["git fetch 'a && git merge' b", "git merge FETCH_HEAD"]),
  );
});
