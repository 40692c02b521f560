/** The control plane's GitHub credential: a stored token, or installation tokens of a GitHub App. It is used only for the configured GitHub. */
import { Fault } from "@aedev/contracts";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { RemoteAccess } from "../git/remote.ts";
import { type GitHubRepository, gitHubRepository } from "./address.ts";
import { parseAppKey } from "./app-key.ts";
import { type AppAt, type InstallationToken, mintInstallationToken, readAppPermissions } from "./app-token.ts";

const gitHubTokenName = "AEDEV_GITHUB_TOKEN";
const gitHubAppKeyName = "AEDEV_GITHUB_APP_KEY";

/** A token this close to its end is renewed, because one landing may make many requests with it. */
const renewBeforeMs = 10 * 60_000;
/** The user name that GitHub accepts with every kind of token. */
const gitUserName = "x-access-token";

/** The credential for requests about one repository. */
export interface GitHubCredential {
  readonly kind: "token" | "app";
  readonly token: string;
}

/** Control's functions for GitHub's credential; only `credential` and `remotes` hand out secrets. */
export interface GitHubAccess {
  /** The kind of the stored credential. A token wins over an app. */
  kind(): "token" | "app" | null;
  /** Null if none is stored. Throws a Fault `secret-malformed` for a broken key, `github-refused` or `github-unreachable` if an app gets no token. */
  credential(repository: GitHubRepository): Promise<GitHubCredential | null>;
  /** The permissions of the stored app on the repository. Throws as `credential`; without an app the call is a bug. */
  appPermissions(repository: GitHubRepository): Promise<Readonly<Record<string, string>>>;
  /** What git calls on remotes may use. */
  readonly remotes: RemoteAccess;
}

/** `secrets`: the control plane's current secrets; an empty value means none. `now`: milliseconds since 1970. */
export function openGitHubAccess(options: {
  github: Configuration["github"];
  secrets: () => Readonly<Record<string, string>>;
  /** Whether missions come from issues; default false. */
  issues?: boolean;
  /** Whether missions are proposed from Dependabot alerts; default false. */
  alerts?: boolean;
  now?: () => number;
}): GitHubAccess {
  const { github, secrets, issues = false, alerts = false, now = Date.now } = options;
  const minted = new Map<string, { key: string; token: Promise<InstallationToken> }>();

  function kind() {
    const stored = secrets();
    if (stored[gitHubTokenName]) return "token";
    return stored[gitHubAppKeyName] && github.appId !== null ? "app" : null;
  }

  async function credential(repository: GitHubRepository): Promise<GitHubCredential | null> {
    const stored = secrets();
    const token = stored[gitHubTokenName];
    if (token) return { kind: "token", token };
    const key = stored[gitHubAppKeyName];
    if (!key || github.appId === null) return null;
    return { kind: "app", token: await installationToken(repository, { key, appId: github.appId }) };
  }

  async function installationToken(repository: GitHubRepository, app: { key: string; appId: number }) {
    const name = `${repository.owner}/${repository.name}`.toLowerCase();
    const kept = minted.get(name);
    if (kept !== undefined && kept.key === app.key) {
      const { token, expiresAt } = await kept.token;
      if (expiresAt - now() > renewBeforeMs) return token;
    }
    const token = mintInstallationToken(appAt(repository, app));
    minted.set(name, { key: app.key, token });
    // A failure is not kept, so the next call asks again.
    token.catch(() => minted.delete(name));
    return (await token).token;
  }

  function appAt(repository: GitHubRepository, { key, appId }: { key: string; appId: number }): AppAt {
    const privateKey = parseAppKey(key);
    if (privateKey !== null) return { ...github, appId, privateKey, repository, issues, alerts };
    throw new Fault("secret-malformed", `${gitHubAppKeyName} is not the private key of a GitHub App`, {
      hint: `aedev secrets set ${gitHubAppKeyName} < KEY.pem`,
    });
  }

  async function appPermissions(repository: GitHubRepository) {
    const key = secrets()[gitHubAppKeyName];
    if (!key || github.appId === null) throw new Error("no app is stored");
    return readAppPermissions(appAt(repository, { key, appId: github.appId }));
  }

  /** The repository of an https address at the configured GitHub (or http on loopback); null for ssh, which has its own keys. */
  function repositoryByHttp(url: string): GitHubRepository | null {
    return URL.parse(url)?.origin === github.url ? gitHubRepository(url, github) : null;
  }

  return {
    kind,
    credential,
    appPermissions,
    remotes: {
      plainHttpOrigin: github.url.startsWith("http:") ? github.url : null,
      async credentialFor(url) {
        const repository = repositoryByHttp(url);
        const found = repository === null ? null : await credential(repository);
        return found === null ? null : { origin: github.url, username: gitUserName, password: found.token };
      },
      helpFor(url) {
        if (repositoryByHttp(url) === null)
          return `aedev has a credential for ${github.url} only (docs/GITHUB.md): register the repository's ssh address`;
        if (kind() === null) return `store a token that may read and write it: aedev secrets set ${gitHubTokenName}`;
        return kind() === "app"
          ? "the app must be installed on that repository (docs/GITHUB.md): aedev doctor"
          : `the stored token is wrong, expired or not for that repository: aedev secrets set ${gitHubTokenName}`;
      },
    },
  };
}
