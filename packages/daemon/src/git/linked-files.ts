/** Reads files of a commit in the mirror through the links of its tree. A link within the tree leads to its file; one that leaves the tree is reported. */
import { resolveInTree } from "@aedev/host/link-targets";
import { mirrorDirectory, type RepositoryOptions } from "./bare-repository.ts";
import { readObjects, type TreeEntry } from "./objects.ts";

const linkMode = "120000";
const filesInFolderMax = 20;
/** Most bytes of all link targets together. More is a fault, because a skipped link would look like a missing file. */
const linkBytesMax = 16 * 1024 * 1024;

/** `bytes`: the file that a path leads to, or null. `problem`: why a link at this path can't be followed. */
export interface LinkedFile {
  readonly bytes: Uint8Array | null;
  readonly problem: string | null;
}

/** The targets of all links in the tree, by path. Throws a Fault if together they are too long. */
export async function readLinks(
  entries: readonly TreeEntry[],
  call: { gitDir: string; timeoutMs: number },
): Promise<Map<string, string>> {
  const links = entries.filter(({ mode }) => mode === linkMode);
  const ids = [...new Set(links.map(({ id }) => id))];
  const objects = await readObjects({ ...call, ids, outputBytesMax: linkBytesMax });
  return new Map(links.map(({ path, id }) => [path, (objects.get(id) ?? Buffer.alloc(0)).toString("utf8")]));
}

/** What each path leads to. If a path is a link to a folder, the files in that folder are included. */
export async function readThroughLinks(
  options: RepositoryOptions & { entries: readonly TreeEntry[]; paths: readonly string[] },
): Promise<Map<string, LinkedFile>> {
  const { entries, timeoutMs } = options;
  const call = { gitDir: mirrorDirectory(options), timeoutMs };
  const links = await readLinks(entries, call);
  const files = new Map(entries.flatMap(({ mode, path, id }) => (mode.startsWith("100") ? [[path, id] as const] : [])));
  const paths = options.paths.flatMap((path) => [path, ...pathsBelow(path, { links, files })]);
  const led = paths.map((path) => ({ path, ...leadsTo(path, { links, files }) }));
  const ids = led.flatMap(({ target }) => files.get(target ?? "") ?? []);
  const objects = await readObjects({ ...call, ids: [...new Set(ids)] });
  return new Map(
    led.map(({ path, target, problem }) => [
      path,
      { bytes: objects.get(files.get(target ?? "") ?? "") ?? null, problem },
    ]),
  );
}

/** The regular file that a path leads to, or why a link on the way can't be followed. */
export function leadsTo(
  path: string,
  { links, files }: { links: ReadonlyMap<string, string>; files: ReadonlyMap<string, string> },
): { target: string | null; problem: string | null } {
  const resolved = resolveInTree(path, links);
  if ("problem" in resolved) return { target: null, problem: resolved.problem };
  if (files.has(resolved.path)) return { target: resolved.path, problem: null };
  const isFolder = resolved.path === path || [files, links].some((all) => filesIn(resolved.path, all).length > 0);
  return { target: null, problem: isFolder ? null : "link to nothing in the repository" };
}

/** The paths that a checkout would show below the link. */
function pathsBelow(
  path: string,
  { links, files }: { links: ReadonlyMap<string, string>; files: ReadonlyMap<string, string> },
): string[] {
  if (!links.has(path)) return [];
  const resolved = resolveInTree(path, links);
  if ("problem" in resolved || files.has(resolved.path)) return [];
  const below = [...filesIn(resolved.path, files), ...filesIn(resolved.path, links)];
  return below.map((file) => path + file.slice(resolved.path.length));
}

function filesIn(folder: string, files: ReadonlyMap<string, string>): string[] {
  return [...files.keys()].filter((file) => file.startsWith(`${folder}/`)).slice(0, filesInFolderMax);
}
