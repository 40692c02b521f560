/**
 * A digest of a patch without line numbers and file ids. Like git's patch id, it is the same for the same change on another base; unlike git's, white
 * space counts. The log stores it, so it must not depend on git's version.
 */
import { createHash } from "node:crypto";

/** The ids of both files, which depend on their other content. Lines of content begin with another character. */
const placeLine = /^index [0-9a-f]+\.\.[0-9a-f]+/u;
/** Line numbers, and the text from above that git repeats after them. */
const hunkLine = /^@@ -[0-9,]+ \+[0-9,]+ @@/u;

/** `patch`: in the form that git writes, with its files in git's order. */
export function patchDigest(patch: Uint8Array): string {
  const hash = createHash("sha256");
  for (const line of Buffer.from(patch).toString("latin1").split("\n")) {
    if (placeLine.test(line)) continue;
    hash.update(hunkLine.test(line) ? "@@" : line, "latin1");
    hash.update("\n");
  }
  return hash.digest("hex");
}
