/** Finds names of tree entries that are unsafe on some file system (SECURITY T19), and names that a file system treats as equal. Pure; it knows no policy. */
import { hasControls, hasInvisibles, withoutInvisibles } from "@aedev/contracts";

const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i;
const pathCharactersMax = 1000;
const segmentBytesMax = 255;

/** One spelling for all paths that are equal on a file system that folds case, composes letters or drops invisible characters. */
export function comparablePath(path: string): string {
  return path.split("/").map(comparableSegment).join("/");
}

function comparableSegment(segment: string): string {
  const visible = withoutInvisibles(segment.normalize("NFKC"));
  const stream = visible.indexOf(":");
  return (stream > 0 ? visible.slice(0, stream) : visible).replace(/[. ]+$/, "").toLowerCase() || segment;
}

/** Paths with the same fold are equal on file systems that ignore case and composition. */
function foldPath(path: string): string {
  return path.normalize("NFC").toLowerCase().toUpperCase().toLowerCase().normalize("NFC");
}

/** True if some file system reads a segment as `.git`: any case, ignorable characters, trailing dots, streams, the short name. */
export function hasGitSegment(path: string): boolean {
  return path.split(/[/\\]/).some((segment) => /^(\.git|git~[0-9]+)$/.test(comparableSegment(segment)));
}

/** Why a new entry can't have this name; empty if it can. */
export function nameProblems(path: string): string[] {
  const problems: string[] = [];
  const segments = path.split("/");
  if (path.length > pathCharactersMax) problems.push(`longer than ${pathCharactersMax} characters`);
  if (segments.some((segment) => segment === "" || segment === "." || segment === ".."))
    problems.push("empty, '.' or '..' segment");
  if (!path.isWellFormed() || path.includes("\ufffd")) problems.push("not UTF-8");
  if (hasControls(path)) problems.push("control character");
  if (hasInvisibles(path)) problems.push("bidirectional or invisible character");
  if (/[<>:"|?*\\]/.test(path) || segments.some((segment) => windowsDevice.test(segment)))
    problems.push("invalid on Windows");
  if (segments.some((segment) => /[. ]$/.test(segment))) problems.push("trailing dot or space");
  if (segments.some((segment) => new TextEncoder().encode(segment).length > segmentBytesMax))
    problems.push(`a name of more than ${segmentBytesMax} bytes`);
  return problems;
}

/** New paths, including their folders, that some file system confuses with another path of the candidate tree. */
export function twinsOf(added: readonly string[], others: Iterable<string>): { path: string; twin: string }[] {
  const spellings = new Map<string, Set<string>>();
  const learned = new Set<string>();
  const learn = (path: string) => {
    for (const prefix of prefixesOf(path)) {
      if (learned.has(prefix)) continue;
      learned.add(prefix);
      const fold = foldPath(prefix);
      const known = spellings.get(fold);
      if (known === undefined) spellings.set(fold, new Set([prefix]));
      else known.add(prefix);
    }
  };
  for (const path of others) learn(path);
  for (const path of added) learn(path);
  return added.flatMap((path) => {
    for (const prefix of prefixesOf(path))
      for (const spelling of spellings.get(foldPath(prefix)) ?? [])
        if (spelling !== prefix) return [{ path, twin: spelling }];
    return [];
  });
}

function prefixesOf(path: string): string[] {
  const segments = path.split("/");
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}
