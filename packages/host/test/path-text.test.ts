/** Paths that are not UTF-8, as text and back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gitPathBytes, gitPathText, isOtherBytes, pathAsRead, placeOfPath } from "../src/git/path-text.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
/** Bytes with frequent escapes. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .array(fc.constantFrom("\\", "\\x", "\\xfc", "\\x5c", "fc", "\xfc", "/", "a"), { maxLength: 12 })
    .map((parts) => latin1(parts.join(""))),
);

describe("a path of git", () => {
  it("converts a path of any bytes to well-formed text and back", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const text = gitPathText(given);
        expect(gitPathBytes(text)).toEqual(Buffer.from(given));
        expect(text.isWellFormed()).toBe(true);
      }),
    );
  });

  it("gives a path the joined texts of its parts", () => {
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

  it("leaves a UTF-8 path as it is, and shows every other byte", () => {
    expect(gitPathText(Buffer.from("bücher/😀"))).toBe("bücher/😀");
    expect(gitPathText(Buffer.from("a\\b"))).toBe("a\\b");
    expect(gitPathText(latin1("b\xfccher/\xe9"))).toBe("b\\xfccher/\\xe9");
    expect(gitPathText(Buffer.concat([Buffer.from("é/b"), latin1("\xfccher")]))).toBe("é/b\\xfccher");
    expect(gitPathText(latin1("b\xfccher"))).not.toBe(gitPathText(latin1("b\xf6cher")));
    expect(gitPathText(Buffer.from("b\\xfccher"))).toBe("b\\x5cxfccher");
  });

  it("tells whether a path's bytes are UTF-8, and how a system reads the path", () => {
    expect(["b\\xfccher", "b\\x5cxfccher", "bücher"].map(isOtherBytes)).toEqual([true, false, false]);
    expect(pathAsRead("b\\x5c.git/x")).toBe("b\\.git/x");
    expect(pathAsRead("b\\xfccher")).toBe("b_cher");
    expect(placeOfPath("/a", "b/c")).toBe("/a/b/c");
    expect(placeOfPath("/a", "b\\xfc")).toEqual(latin1("/a/b\xfc"));
  });
});
