/** Paths that are not UTF-8, as text and back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gitPathBytes, gitPathText, readablePath } from "../src/git/path-text.ts";

describe("a path of git", () => {
  it("comes back from its text, whatever its bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => gitPathBytes(gitPathText(bytes)).equals(bytes)));
  });

  it("is ordinary text if it is UTF-8, and keeps every other byte", () => {
    expect(gitPathText(Buffer.from("bücher/😀"))).toBe("bücher/😀");
    expect(gitPathText(Buffer.from("b\xfccher/é", "latin1"))).toBe("b\udcfccher/\udce9");
    expect(gitPathText(Buffer.from("b\xfccher", "latin1"))).not.toBe(gitPathText(Buffer.from("b\xf6cher", "latin1")));
    expect(readablePath(Buffer.concat([Buffer.from("é/b"), Buffer.from([0xfc]), Buffer.from("cher")]))).toBe(
      "é/b\\xfccher",
    );
  });
});
