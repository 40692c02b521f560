/** Reads the code files of clones, and finds those that our parsers misread, and those that no longer parse with coverage probes. No container runs. */
import { extname } from "node:path/posix";
import { counted } from "@aedev/contracts";
import { measuredLanguage, readablePath } from "../../packages/languages/src/index.ts";
import { readersOf } from "../../packages/languages/src/readers.ts";
import { TooManyPlaces } from "../../packages/languages/src/shared/probing.ts";
import { UnreadableText } from "../../packages/languages/src/tree/syntax-node.ts";
import { readSyntax } from "../../packages/languages/src/tree/syntax-tree.ts";
import { type Clone, pathsOf, textAt } from "./history.ts";

const isSource = (path: string) =>
  /\.(?:[cm]?[jt]sx?|py|go|rs)$/u.test(path) && !/\.d\.[cm]?ts$|(?:^|\/)(?:node_modules|vendor|dist)\//u.test(path);
const textBytesMax = 256 * 1024;

export interface SourceCounts {
  files: number;
  /** Files over 256 KiB and files that are not text, which are not among `files`. */
  unread: number;
  /** Files with probes. */
  probed: number;
  /** Files in which our parser finds errors, each as `clone:path`. */
  misread: string[];
  /** Files in which it finds more errors with the probes. */
  spoiled: string[];
}
type Probe = (text: string, path: string) => string | null;

/** Counts by extension. Adds to `counts`. */
export async function readSources(
  clone: Clone,
  counts: Map<string, SourceCounts>,
  probe: Probe = withProbes,
): Promise<void> {
  for (const path of (await pathsOf(clone, "HEAD")).filter(isSource)) {
    const text = await textAt(clone, { commit: "HEAD", path, bytesMax: textBytesMax });
    const own = counts.get(extname(path)) ?? { files: 0, unread: 0, probed: 0, misread: [], spoiled: [] };
    counts.set(extname(path), own);
    if (text === null) {
      own.unread += 1;
      continue;
    }
    own.files += 1;
    const errors = errorsIn(text, path);
    if (errors > 0) own.misread.push(`${clone.name}:${path}`);
    const probed = probe(text, path);
    if (probed !== null) own.probed += 1;
    if (probed !== null && errorsIn(probed, path) > errors) own.spoiled.push(`${clone.name}:${path}`);
  }
}

function errorsIn(text: string, path: string): number {
  try {
    return readSyntax(text, path).errors.length;
  } catch (error) {
    if (error instanceof RangeError || error instanceof UnreadableText) return 1;
    throw error;
  }
}

/** Null if no probe can be inserted. */
function withProbes(text: string, path: string): string | null {
  const language = measuredLanguage(path, text);
  const readable = language === "none" ? null : readablePath(path, language);
  const probe = readable === null ? undefined : readersOf(readable)?.probe;
  if (readable === null || probe === undefined) return null;
  let tokens = 0;
  const newToken = () => {
    tokens += 1;
    return `t${tokens}`;
  };
  const options = {
    ...{ path: readable, channel: "/channel", name: "report", newToken },
    lines: [{ first: 1, last: Number.MAX_SAFE_INTEGER }],
  };
  try {
    return probe(text, options).text;
  } catch (error) {
    // A text nested too deep for the stack can't be read either.
    if (error instanceof RangeError || error instanceof TooManyPlaces || error instanceof UnreadableText) return null;
    throw error;
  }
}

/** For each extension a line such as `.ts: 20 files, 1 misread, 0 of 18 spoiled, 2 unread`, followed by the paths. */
export function sourcesText(counts: ReadonlyMap<string, SourceCounts>): string {
  const lines = [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return lines
    .flatMap(([extension, { files, unread, probed, misread, spoiled }]) => [
      `${extension}: ${counted(files, "file")}, ${misread.length} misread, ${spoiled.length} of ${probed} spoiled, ${unread} unread`,
      ...misread.map((path) => `  misread ${path}`),
      ...spoiled.map((path) => `  spoiled ${path}`),
    ])
    .join("\n");
}
