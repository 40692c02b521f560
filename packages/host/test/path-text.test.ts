/** Paths that are not UTF-8, as text and back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gitPathBytes, gitPathText, isOtherBytes, pathAsRead, placeOfPath } from "../src/git/path-text.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
/** Bytes among which escapes are frequent. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom("\\", "\\x", "\\xfc", "\\x5c", "fc", "\xfc", "/", "a"), { maxLength: 12 })
    .map((parts) => latin1(parts.join(""))),
);

describe("a path of git", () => {
  it("comes back from its text, whatever its bytes, and the text is well-formed", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const text = gitPathText(given);
        expect(gitPathBytes(text)).toEqual(Buffer.from(given));
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });

  it("has the text of its parts, joined", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const parts = Buffer.from(given)
          .toString("latin1")
          .split("/")
          .map((part) => gitPathText(latin1(part)));
        expect(gitPathText(given)).toBe(parts.join("/"));
      }),
    );
  });

  it("is ordinary text if it is UTF-8, and shows every other byte", () => {
    expect(gitPathText(Buffer.from("bücher/😀"))).toBe("bücher/😀");
    expect(gitPathText(Buffer.from("a\\b"))).toBe("a\\b");
    expect(gitPathText(latin1("b\xfccher/\xe9"))).toBe("b\\xfccher/\\xe9");
    expect(gitPathText(Buffer.concat([Buffer.from("é/b"), latin1("\xfccher")]))).toBe("é/b\\xfccher");
    expect(gitPathText(latin1("b\xfccher"))).not.toBe(gitPathText(latin1("b\xf6cher")));
    expect(gitPathText(Buffer.from("b\\xfccher"))).toBe("b\\x5cxfccher");
  });

  it("says whether its bytes are UTF-8, and how a system reads it", () => {
    expect(["b\\xfccher", "b\\x5cxfccher", "bücher"].map(isOtherBytes)).toEqual([true, false, false]);
    expect(pathAsRead("b\\x5c.git/x")).toBe("b\\.git/x");
    expect(pathAsRead("b\\xfccher")).toBe("b_cher");
    expect(placeOfPath("/a", "b/c")).toBe("/a/b/c");
    expect(placeOfPath("/a", "b\\xfc")).toEqual(latin1("/a/b\xfc"));
  });
});
