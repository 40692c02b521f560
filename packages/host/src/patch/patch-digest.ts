/**
 * A digest of a patch without line numbers and file ids. Like git's patch id it is the same for the same change on another base; unlike it, white space
 * counts. It is stored in the log, so it must not depend on git's version.
 */
import { createHash } from "node:crypto";

/** The ids of both files, which depend on the rest of them. Lines of content begin with another character. */
const placeLine = /^index [0-9a-f]+\.\.[0-9a-f]+/u;
/** Line numbers, and what git shows behind them of the text above. */
const hunkLine = /^@@ -[0-9,]+ \+[0-9,]+ @@/u;

/** `patch`: of the form that git writes, with its files in git's order. */
export function patchDigest(patch: Uint8Array): string {
  const hash = createHash("sha256");
  for (const line of Buffer.from(patch).toString("latin1").split("\n")) {
    if (placeLine.test(line)) continue;
    hash.update(hunkLine.test(line) ? "@@" : line, "latin1");
    hash.update("\n");
  }
  return hash.digest("hex");
}
