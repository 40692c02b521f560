/** Decides which remotes are allowed (SECURITY T18), by our own parser, not git's. It contacts none and never repeats an address that may hold a credential. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { escapeLine, Fault, hasControls, hasInvisibles, isFault, shellWord } from "@aedev/contracts";
import { gitAt } from "@aedev/host/git/git-at";
import type { GitCredential } from "@aedev/host/git/git-credential";
import { type OwnRepository, ownRepositoryAt } from "@aedev/host/git/own-repository";
import type { GitCall } from "@aedev/host/git/run-git";

const askRemote = gitAt("daemon/git/remote#ask");
const exchange = gitAt("daemon/git/remote#exchange");
const readOrigin = gitAt("daemon/git/remote#origin");

interface Remote {
  /** The address for git: an https or ssh URL, the scp form, or an absolute path. */
  readonly url: string;
  readonly kind: "https" | "http" | "ssh" | "file";
}

/** What calls to remotes may use. Without it a remote is reached only without a credential, and never by plain http. */
export interface RemoteAccess {
  /** The loopback origin that may be reached by plain `http`, because the configuration names it; null: none. */
  readonly plainHttpOrigin: string | null;
  /** Gets the credential for this remote, before each call; null: there is none. Throws a Fault `github-refused` or `github-unreachable`. */
  credentialFor(url: string): Promise<GitCredential | null>;
  /** What to do if this remote wants a credential, or refused the one it got. */
  helpFor(url: string): string;
}

interface RemoteOptions {
  readonly relativeTo?: string;
  readonly remotes?: RemoteAccess | undefined;
}

const lengthMax = 2_000;

/** Parses a remote that a person or a configuration wrote. A relative path needs `relativeTo`. Throws a Fault `remote-refused` with the reason. */
export function parseRemote(text: string, options: RemoteOptions = {}): Remote {
  if (text === "" || text.length > lengthMax) throw refusedRemote("it is empty or too long");
  if (hasControls(text) || hasInvisibles(text)) throw refusedRemote("it has control or invisible characters");
  if (text.startsWith("-")) throw refusedRemote("it starts with '-' and would be read as an option");
  if (/^[a-z0-9+.-]*::/i.test(text)) throw refusedRemote("remote helpers (such as ext::) run commands");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return parseUrl(text, scheme, options.remotes?.plainHttpOrigin ?? null);
  const colon = text.indexOf(":");
  if (colon >= 0 && !text.slice(0, colon).includes("/")) return parseScpForm(text);
  if (!text.startsWith("/") && options.relativeTo === undefined)
    throw refusedRemote("a relative path can't be resolved here");
  return { url: resolve(options.relativeTo ?? "/", text), kind: "file" };
}

function parseUrl(text: string, scheme: string, plainHttpOrigin: string | null): Remote {
  const url = URL.parse(text);
  const isNamed = scheme === "http" && url !== null && url.origin === plainHttpOrigin;
  if (scheme !== "https" && scheme !== "ssh" && scheme !== "file" && !isNamed)
    throw refusedRemote(`${scheme}:// is not one of https, ssh, file`);
  if (url === null) throw refusedRemote("it is not a valid URL");
  if (url.password !== "") throw refusedRemote("it contains a password");
  if (url.search !== "" || url.hash !== "") throw refusedRemote("it has a query or a fragment");
  if (scheme === "file") return { url: pathOf(url), kind: "file" };
  if (url.hostname === "" || url.hostname.startsWith("-")) throw refusedRemote("its host is not a host name");
  checkPath(url.pathname);
  // A user name in an https URL is usually a token.
  if (/^https?:\/\/[^/]*@/i.test(text)) throw refusedRemote("it contains a user name or a token");
  if (scheme === "ssh" && !isPlainUser(url.username)) throw refusedRemote("its user is not a plain name");
  return { url: url.href, kind: isNamed ? "http" : scheme };
}

/** `[user@]host:path`, the usual form of ssh remotes. */
function parseScpForm(text: string): Remote {
  const match = /^(?:([^@:/]*)@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]):(.+)$/i.exec(text);
  if (match === null) throw refusedRemote("it is neither a URL, nor host:path, nor a path");
  const [, user, , path = ""] = match;
  if (user !== undefined && (user === "" || !isPlainUser(user))) throw refusedRemote("its user is not a plain name");
  if (/^[^/]*@[^/]*:/.test(path)) throw refusedRemote("it looks like user:password@host");
  checkPath(path);
  return { url: text, kind: "ssh" };
}

function isPlainUser(user: string): boolean {
  return user === "" || /^[a-z0-9_][a-z0-9._-]{0,63}$/i.test(user);
}

function checkPath(path: string): void {
  if (/%(0[0-9a-f]|1[0-9a-f]|7f)/i.test(path)) throw refusedRemote("its path has encoded control characters");
  if (/^\/*-/.test(path)) throw refusedRemote("its path starts with '-'");
}

function pathOf(url: URL): string {
  if (url.hostname !== "" && url.hostname !== "localhost") throw refusedRemote("a file:// URL has no host");
  checkPath(url.pathname);
  return resolve("/", fileURLToPath(new URL(`file://${url.pathname}`)));
}

/**
 * Opens a remote: its address, and the git that reaches it. Throws as `parseRemote` and `RemoteAccess.credentialFor` do; `run` throws as `gitAt`, and a fault
 * `git-credential` has the help in its detail too, because holds keep only that. Throws `git-owner` if the remote is a folder of another account, whose
 * configuration and hooks git would run.
 */
export async function openRemote(
  text: string,
  { remotes, timeoutMs }: { remotes?: RemoteAccess | undefined; timeoutMs: number },
) {
  const { url, kind } = parseRemote(text, { remotes });
  const credential = /^https?$/.test(kind) ? ((await remotes?.credentialFor(url)) ?? null) : null;
  const call = { timeoutMs, remote: true, plainHttp: kind === "http", ...(credential === null ? {} : { credential }) };
  async function run(
    args: readonly string[],
    { gitDir, ...options }: Pick<GitCall, "gitDir" | "exitCodes" | "outputBytesMax" | "received"> = {},
  ) {
    try {
      if (kind === "file") assertOwnRemote(url);
      const asked = { ...call, ...options, args };
      return await (gitDir === undefined ? askRemote(asked) : exchange({ ...asked, gitDir }));
    } catch (error) {
      if (!isFault(error, "git-credential") || remotes === undefined) throw error;
      const hint = remotes.helpFor(url);
      throw new Fault("git-credential", error.message, { detail: `${hint} (${error.detail})`, hint, cause: error });
    }
  }
  return { url, run };
}

/** What a person gives to `repo add`, and where results go. `task-branch`: to a branch `<prefix>/<task>` there; the checkout itself is never touched. */
export interface Source {
  readonly url: string;
  readonly target: "default-branch" | "task-branch";
  /** The branch checked out in the working copy; absent if its head is detached. */
  readonly checkout?: string | undefined;
}

/** Inspects a URL, a bare repository or a working copy (then its `origin`, if it has one). Throws a Fault `remote-refused` or `not-a-repository`. */
export async function inspectSource(
  pathOrUrl: string,
  options: RemoteOptions & { timeoutMs: number },
): Promise<Source> {
  const { remotes } = options;
  const remote = parseRemote(pathOrUrl, { relativeTo: options.relativeTo ?? process.cwd(), remotes });
  if (remote.kind !== "file") return { url: remote.url, target: "default-branch" };
  const folder = remote.url;
  const found = ownRepositoryAt(folder);
  if (found === null)
    throw new Fault("not-a-repository", `${folder} is not a git repository`, {
      hint: "give the top folder of a working copy, a bare repository or a URL; in a folder, git init makes one",
    });
  if (found.gitDir === found.folder) return { url: folder, target: "default-branch" };
  const origin = await originIn(found, options.timeoutMs);
  if (origin === undefined) return { url: folder, target: "task-branch" };
  const clean = withoutUser(origin);
  if (clean !== null) throw credentialInOrigin({ folder, clean, remotes });
  const { url } = parseRemote(origin, { relativeTo: folder, remotes });
  return { url, target: "default-branch", checkout: checkedOut(found) };
}

/** The address without user and password; null if it is no http(s) address that has them. */
function withoutUser(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\/[^/?#]*@/i.test(text)) return null;
  return escapeLine(`${url.origin}${url.pathname}`, lengthMax);
}

/** The message keeps everything but the credential, so that people find the address in their working copy. */
function credentialInOrigin({ folder, clean, remotes }: { folder: string; clean: string } & RemoteOptions): Fault {
  const help = remotes?.helpFor(clean) ?? "docs/GITHUB.md";
  return new Fault(
    "remote-refused",
    `the origin of ${folder} has a user name or a token in its address, which aedev does not take over: ${clean} is the address without it`,
    {
      hint: `git -C ${shellWord(folder)} remote set-url origin ${shellWord(clean)}; then ${help}`,
    },
  );
}

/** If the folder has no repository, git also looks for `folder.git`, which was not checked. */
function assertOwnRemote(folder: string): void {
  if (ownRepositoryAt(folder) !== null) return;
  const detail = `fatal: '${folder}' does not appear to be a git repository`;
  throw new Fault("git-failed", `git failed: ${escapeLine(detail, lengthMax)}`, { detail, retry: true });
}

const branchLengthMax = 250;

/** Reads the branch from the file, so that nothing of the folder's configuration runs; undefined for a detached head. */
function checkedOut({ gitDir }: OwnRepository): string | undefined {
  const head = join(gitDir, "HEAD");
  if (!existsSync(head)) return undefined;
  const name = /^ref: refs\/heads\/([^\n]+)$/m.exec(readFileSync(head, "utf8"))?.[1];
  return name === undefined ? undefined : escapeLine(name, branchLengthMax);
}

/** With `--file`, git follows no includes and reads nothing else. Exit code 1 means that the key is not set. */
async function originIn({ commonDir }: OwnRepository, timeoutMs: number): Promise<string | undefined> {
  const args = ["config", "--file", join(commonDir, "config"), "-z", "--get-all", "remote.origin.url"];
  const { exitCode, text } = await readOrigin({ args, timeoutMs, exitCodes: [0, 1] });
  return exitCode === 0 ? text.split("\0")[0] : undefined;
}

function refusedRemote(why: string): Fault {
  return new Fault("remote-refused", `this remote can't be used: ${why}`, {
    hint: "use https://host/path, ssh://user@host/path, user@host:path or a path, without credentials",
  });
}
