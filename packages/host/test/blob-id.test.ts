/** Ids of blobs, compared with those that git gives. */
import { expect, it } from "vitest";
import { blobId } from "../src/git/blob-id.ts";

it("computes the id that git gives the same bytes, in either hash", () => {
  const parts = [Buffer.from("hel"), Buffer.from("lo\n")];
  expect(blobId(parts, 40)).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
  expect(blobId([], 40)).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  expect(blobId(parts, 64)).toBe("2cf8d83d9ee29543b34a87727421fdecb7e3f3a183d337639025de576db9ebb4");
});
