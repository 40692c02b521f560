/** Recognizes the remotes that are repositories of the configured GitHub, and builds their addresses. It contacts nothing. */
import type { Configuration } from "../configuration/configuration-schema.ts";

/** A repository by owner and name. */
export interface GitHubRepository {
  readonly owner: string;
  readonly name: string;
}

/** Only the configured origin is GitHub: `url` without a trailing slash. */
type GitHubOrigin = Pick<Configuration["github"], "url">;

/** The host under which github.com takes ssh over port 443. */
const sshOverHttps = { "github.com": "ssh.github.com" } as const satisfies Record<string, string>;

/** The repository of a remote's address: https, `ssh://` or `git@host:owner/name`. Null if it is elsewhere or not a repository's address. */
export function gitHubRepository(url: string, github: GitHubOrigin): GitHubRepository | null {
  const path = pathOn(url, github);
  return path === null ? null : repositoryAt(path.replace(/\/$/, "").replace(/\.git$/, ""));
}

/** `owner/name` as a person types it; null if the text is anything else. */
export function parseRepositoryName(text: string): GitHubRepository | null {
  return repositoryAt(text.replace(/\.git$/, ""));
}

/** The https address of a repository. */
export function gitHubUrl({ owner, name }: GitHubRepository, github: GitHubOrigin): string {
  return `${github.url}/${owner}/${name}.git`;
}

/** Whether both addresses mean one repository: they are equal, or name the same repository of the configured GitHub, by https or ssh. */
export function isSameRemote(one: string, other: string, github: GitHubOrigin): boolean {
  if (one === other) return true;
  const [first, second] = [one, other].map((url) => gitHubRepository(url, github));
  if (first == null || second == null) return false;
  return gitHubUrl(first, github).toLowerCase() === gitHubUrl(second, github).toLowerCase();
}

/** The part after the host; null if the host is not the configured one. */
function pathOn(text: string, github: GitHubOrigin): string | null {
  const { hostname, origin } = new URL(github.url);
  const scp = /^git@([^:/]+):\/?(.+)$/i.exec(text);
  if (scp !== null) return isSshHost(scp[1], "", hostname) ? (scp[2] ?? null) : null;
  const url = URL.parse(text);
  if (url === null || url.search !== "" || url.hash !== "" || url.password !== "") return null;
  if (url.protocol === "ssh:")
    return url.username === "git" && isSshHost(url.hostname, url.port, hostname) ? url.pathname.slice(1) : null;
  return url.origin === origin && url.username === "" ? url.pathname.slice(1) : null;
}

function isSshHost(host: string | undefined, port: string, configured: string): boolean {
  const given = host?.toLowerCase();
  if (given === configured) return port === "" || port === "22";
  return port === "443" && new Map<string, string>(Object.entries(sshOverHttps)).get(configured) === given;
}

/** Checks names by GitHub's rules: letters, digits and hyphens, for managed users underscores, for repositories also dots. */
function repositoryAt(path: string): GitHubRepository | null {
  const [, owner, name] = /^([a-z0-9][a-z0-9_-]{0,38})\/([a-z0-9._-]{1,100})$/i.exec(path) ?? [];
  if (owner === undefined || name === undefined || /^\.\.?$/.test(name) || /\.(git|wiki)$/i.test(name)) return null;
  return { owner, name };
}
