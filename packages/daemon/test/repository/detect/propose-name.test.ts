import { repositoryNameSchema } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { proposeName } from "../../../src/repository/detect/propose-name.ts";

describe("a proposed name", () => {
  it.each([
    ["https://example.org/acme/Tool.git", "tool"],
    ["git@example.org:acme/shop", "shop"],
    ["git@example.org:shop.git", "shop"],
    ["/srv/work/my project/", "my-project"],
    ["/srv/tool/.git", "tool"],
    ["/", "repository"],
    ["/srv/購物", "repository"],
    [`/srv/${"x".repeat(200)}`, "x".repeat(59)],
    ["/srv/..", "repository"],
  ])("the proposed name of %s is %s", (url, name) => {
    expect(proposeName(url, [])).toBe(name);
    expect(repositoryNameSchema.safeParse(proposeName(url, [])).success).toBe(true);
  });

  it("the proposed name is not another repository's, ignoring case", () => {
    expect(proposeName("/a/tool", ["Tool"])).toBe("tool-2");
    expect(proposeName("/a/tool", ["tool", "TOOL-2"])).toBe("tool-3");
    expect(proposeName("/a/tool", ["other"])).toBe("tool");
  });
});
