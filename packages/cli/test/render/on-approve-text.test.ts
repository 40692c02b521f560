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
