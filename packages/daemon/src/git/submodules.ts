/**
 * Keeps the commits of submodules that a person confirmed (SECURITY T18), in a repository for each address below the mirror, which gets the pinned commit
 * alone. `.gitmodules` only makes offers: aedev fetches only what a registration names, at the address that it names.
 */
import { join } from "node:path";
import {
  escapeLine,
  Fault,
  isFault,
  type PlacedSubmodule,
  type Submodule,
  submoduleSchema,
  submodulesMax,
} from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import { submoduleStore } from "@aedev/host/home-layout";
import { sha256 } from "@aedev/host/sha256";
import { ensureBareRepository, inTurn, mirrorDirectory, type RepositoryOptions } from "./bare-repository.ts";
import { fetchFault, fetchFlags, listTree } from "./mirror.ts";
import { splitNul, type TreeEntry } from "./objects.ts";
import { openRemote, parseRemote, type RemoteAccess } from "./remote.ts";

const runGit = gitAt("daemon/git/submodules");

const gitlinkMode = "160000";
const file = ".gitmodules";
const fileBytesMax = 64 * 1024;
/** Most bytes that are received for one submodule, and that its files may have together. */
const submoduleBytesMax = 1024 * 1024 * 1024;
const nameLengthMax = 200;
const { path: pathSchema, url: urlSchema } = submoduleSchema.shape;

/** `url`: the address of the repository itself. `commit`: the base. */
type OnBase = RepositoryOptions & { readonly url: string; readonly commit: string };
interface LeftOut {
  readonly path: string;
  readonly why: string;
}

/** The base's submodules that can be fetched if a person wants it, each with its whole address, and why the others can't be. */
export async function offeredSubmodules(options: OnBase): Promise<{ submodules: Submodule[]; left_out: LeftOut[] }> {
  const { offered, leftOut } = await readBase(options);
  return { submodules: offered.map(({ path, url }) => ({ path, url })), left_out: leftOut };
}

/**
 * Fetches the pinned commits of those chosen submodules that the base still has at the same path and address. Throws a Fault `HOLD-FETCH-FAILED` that names the
 * submodule. `unplaced`: chosen ones that the base has changed; their folders stay empty.
 */
export async function placeSubmodules(
  options: OnBase & { readonly chosen: readonly Submodule[]; readonly bytesMax?: number },
): Promise<{ placed: PlacedSubmodule[]; unplaced: LeftOut[] }> {
  const { chosen, bytesMax = submoduleBytesMax, ...base } = options;
  if (chosen.length === 0) return { placed: [], unplaced: [] };
  const { offered, leftOut } = await readBase(base);
  const placed: PlacedSubmodule[] = [];
  const unplaced: LeftOut[] = [];
  for (const { path, url } of chosen) {
    const found = offered.find((one) => one.path === path);
    if (found?.url === url) placed.push(await fetchPinned(found, base, bytesMax));
    else
      unplaced.push({
        path,
        why: whyNot(
          found,
          leftOut.find((one) => one.path === path),
        ),
      });
  }
  return { placed, unplaced };
}

function whyNot(found: Submodule | undefined, leftOut: LeftOut | undefined): string {
  if (found !== undefined) return `${file} has another address than the one that was confirmed`;
  return leftOut?.why ?? `${file} does not name it any more`;
}

/** `commit`: the one that the base pins. */
type Offered = Submodule & { readonly commit: string };

async function readBase(options: OnBase): Promise<{ offered: Offered[]; leftOut: LeftOut[] }> {
  const entries = await listTree({ ...options, tree: options.commit });
  const pinned = new Map(entries.flatMap(({ mode, path, id }) => (mode === gitlinkMode ? [[path, id] as const] : [])));
  const named = await readNamed(options, entries);
  const offered: Offered[] = [];
  const leftOut: LeftOut[] = [];
  for (const { path, url } of named) {
    const commit = pinned.get(path);
    const why = problemOf(path, { commit, named });
    const address = why === null ? addressOf(url, options) : { why };
    if ("why" in address) leftOut.push({ path: escapeLine(path, nameLengthMax), why: address.why });
    else if (offered.length < submodulesMax) offered.push({ path, url: address.url, commit: commit ?? "" });
    else leftOut.push({ path, why: `only ${submodulesMax} are fetched` });
  }
  return { offered, leftOut };
}

function problemOf(
  path: string,
  { commit, named }: { commit: string | undefined; named: readonly Submodule[] },
): string | null {
  // A backslash would stand for bytes that are not UTF-8.
  if (commit === undefined || !pathSchema.safeParse(path).success || path.includes("\\"))
    return "the base has no submodule at this path";
  return named.filter((one) => one.path === path).length === 1 ? null : `${file} names it more than once`;
}

/** Path and address, as written, of each section that has both. A file that is irregular, too large or not in git's format names none. */
async function readNamed({ commit, ...options }: OnBase, entries: readonly TreeEntry[]): Promise<Submodule[]> {
  const entry = entries.find(({ path }) => path === file);
  if (entry?.mode.startsWith("100") !== true) return [];
  const call = { gitDir: mirrorDirectory(options), timeoutMs: options.timeoutMs };
  const { text: size } = await runGit({ ...call, args: ["cat-file", "-s", entry.id] });
  if (Number(size) > fileBytesMax) return [];
  const args = ["config", "--no-includes", "--blob", entry.id, "-z", "--list"];
  const { exitCode, stdout } = await runGit({ ...call, args, exitCodes: "any" });
  if (exitCode !== 0) return [];
  const sections = new Map<string, { path?: string; url?: string }>();
  for (const record of splitNul(stdout)) {
    const [, name = "", key = "", value = ""] =
      /^submodule\.([^\n]*)\.(path|url)\n([\s\S]*)$/u.exec(record.toString("utf8")) ?? [];
    if (key !== "") sections.set(name, { ...sections.get(name), [key]: value });
  }
  return [...sections.values()].flatMap(({ path, url }) => (path && url ? [{ path, url }] : []));
}

/** The address to fetch from, or why there is none. It never repeats a refused address, which may hold a password. */
function addressOf(text: string, { url: own, remotes }: OnBase): { url: string } | { why: string } {
  try {
    const { url, kind } = parseRemote(/^\.\.?\//u.test(text) ? resolvedAddress(text, own) : text, { remotes });
    const from = parseRemote(own, { remotes });
    if (kind === "file" && from.kind !== "file")
      return { why: "it is a folder of this machine, and the repository is not" };
    if (kind === "ssh" && hostOf(url) !== hostOf(from.url))
      return { why: "its ssh address is on another host than the repository, and would be reached with your keys" };
    return !urlSchema.safeParse(url).success ? { why: "its address is too long" } : { url };
  } catch (error) {
    if (!isFault(error, "remote-refused")) throw error;
    return { why: error.message };
  }
}

/** Resolves a relative address as git does, but never above the path of the repository's host. */
function resolvedAddress(text: string, own: string): string {
  const [, host = "", path = ""] = /^([a-z][a-z0-9+.-]*:\/\/[^/]*\/|[^/:]+:(?!\/\/)|\/)(.*)$/iu.exec(own) ?? [];
  const parts = path.split("/").filter((part) => part !== "");
  const names = text.split("/").filter((name) => name !== "." && name !== "");
  const up = names.findIndex((name) => name !== "..");
  const rest = up === -1 ? [] : names.slice(up);
  const why = rest.includes("..") ? "its relative address has .. within" : "its relative address is above its host";
  if (rest.length === 0 || rest.includes("..") || up > parts.length)
    throw new Fault("remote-refused", `this remote can't be used: ${why}`);
  return `${host}${[...parts.slice(0, parts.length - up), ...rest].join("/")}`;
}

/** Empty for a path. */
function hostOf(url: string): string {
  const scp = /^(?:[^@:/]*@)?([^:/]+|\[[0-9a-f:.]+\]):(?!\/\/)/iu.exec(url)?.[1];
  return (scp ?? URL.parse(url)?.hostname ?? "").toLowerCase();
}

/** Gives a remote the repository's credentials only if it is on the repository's own host. */
function accessFor(url: string, { url: own, remotes }: OnBase): RemoteAccess | undefined {
  if (remotes === undefined || hostOf(url) === hostOf(own)) return remotes;
  return { ...remotes, credentialFor: async () => null };
}

async function fetchPinned(
  { path, url, commit }: Offered,
  options: OnBase,
  bytesMax: number,
): Promise<PlacedSubmodule> {
  const { repository, timeoutMs } = options;
  const store = sha256(url);
  const gitDir = submoduleStore(mirrorDirectory(options), store);
  const what = `submodule ${escapeLine(path, nameLengthMax)} of ${repository}`;
  await inTurn(gitDir, async () => {
    try {
      await ensureBareRepository({ dir: gitDir, likeId: commit, timeoutMs });
      if (!(await hasCommit(commit, { gitDir, timeoutMs }))) {
        const remote = await openRemote(url, { timeoutMs, remotes: accessFor(url, options) });
        // Fetched without history and without a ref, as one pack, so that its size can be seen.
        const args = ["-c", "fetch.unpackLimit=1", ...fetchFlags, "--depth=1", "--", remote.url, commit];
        await remote.run(args, { gitDir, received: { folder: join(gitDir, "objects", "pack"), bytesMax } });
      }
      await requireSmall({ gitDir, commit, timeoutMs, bytesMax });
    } catch (error) {
      throw fetchFault(error, { repository, what });
    }
  });
  return { path, commit, store };
}

async function hasCommit(commit: string, call: { gitDir: string; timeoutMs: number }): Promise<boolean> {
  const { exitCode } = await runGit({
    ...call,
    args: ["cat-file", "-e", `${commit}^{commit}`],
    exitCodes: [0, 1, 128],
  });
  return exitCode === 0;
}

/** A small pack can hold large files. */
async function requireSmall(options: {
  gitDir: string;
  commit: string;
  timeoutMs: number;
  bytesMax: number;
}): Promise<void> {
  const { commit, bytesMax, ...call } = options;
  const { stdout } = await runGit({ ...call, args: ["ls-tree", "-r", "-l", "-z", "--full-tree", commit] });
  let bytes = 0;
  for (const record of splitNul(stdout))
    bytes += Number(/^\d+ blob [0-9a-f]+ +(\d+)\t/u.exec(record.toString("latin1"))?.[1] ?? 0);
  if (bytes > bytesMax) throw new Fault("git-output", `its files are larger than ${bytesMax} bytes together`);
}
