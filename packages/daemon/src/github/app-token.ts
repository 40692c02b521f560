/** Installation tokens of a GitHub App, each for one repository and with as few permissions as aedev needs (SECURITY T11). Nothing is stored. */
import { Fault } from "@aedev/contracts";
import { z } from "zod";
import type { GitHubRepository } from "./address.ts";
import { type GitHubAnswer, openGitHub, refusalText } from "./client.ts";

/**
 * Permissions that a token is requested with, if the installation has them: never workflows or administration. `issues` only for intake from issues,
 * `vulnerability_alerts` only for proposals from alerts.
 */
const wantedPermissions = {
  metadata: "read",
  contents: "write",
  pull_requests: "write",
  checks: "write",
  statuses: "write",
  issues: "write",
  vulnerability_alerts: "read",
} as const satisfies Record<string, "read" | "write">;

const installationSchema = z.object({ id: z.int().positive(), permissions: z.record(z.string(), z.string()) });
const tokenSchema = z.object({ token: z.string().min(1).max(4_000), expires_at: z.iso.datetime({ offset: true }) });

/** An app, and the repository that it should be installed on. */
export interface AppAt {
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly appId: number;
  readonly privateKey: string;
  readonly repository: GitHubRepository;
  /** Whether missions come from issues. */
  readonly issues: boolean;
  /** Whether missions are proposed from Dependabot alerts. */
  readonly alerts: boolean;
}

/** `expiresAt`: milliseconds since 1970. */
export interface InstallationToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** The permissions of the app's installation on this repository, by GitHub's names, such as `contents: write`. Throws as `mintInstallationToken`. */
export async function readAppPermissions(app: AppAt): Promise<Readonly<Record<string, string>>> {
  return (await installationOf(app)).installation.permissions;
}

/** Asks for a token for this repository. Throws a Fault `github-refused` (the app is not installed there, a wrong key) or `github-unreachable`. */
export async function mintInstallationToken(options: AppAt): Promise<InstallationToken> {
  const { owner, name } = options.repository;
  const { client, installation } = await installationOf(options);
  const permissions = Object.fromEntries(
    Object.entries(wantedPermissions).flatMap(([permission, most]) => {
      const given = installation.permissions[permission];
      if (permission === "issues" && !options.issues) return [];
      if (permission === "vulnerability_alerts" && !options.alerts) return [];
      return given === undefined ? [] : [[permission, given === "read" ? "read" : most]];
    }),
  );
  const made = await client.request("POST /app/installations/{installation_id}/access_tokens", {
    installation_id: installation.id,
    repositories: [name],
    permissions,
  });
  const { token, expires_at } = acceptedDocument(made, tokenSchema, `GitHub makes no token for ${owner}/${name}`);
  return { token, expiresAt: Date.parse(expires_at) };
}

async function installationOf(options: AppAt) {
  const { owner, name } = options.repository;
  const client = await openGitHub({ ...options, credential: { token: await appJwt(options) } });
  const found = await client.request("GET /repos/{owner}/{repo}/installation", { owner, repo: name });
  const installation = acceptedDocument(
    found,
    installationSchema,
    `the GitHub App ${options.appId} has no access to ${owner}/${name}`,
  );
  return { client, installation };
}

/** The app's own token, signed here and valid at GitHub for ten minutes. */
async function appJwt({ appId, privateKey }: { appId: number; privateKey: string }): Promise<string> {
  const { createAppAuth } = await import("@octokit/auth-app");
  const { token } = await createAppAuth({ appId, privateKey })({ type: "app" });
  return token;
}

function acceptedDocument<T>(answer: GitHubAnswer, schema: z.ZodType<T>, what: string): T {
  if (answer.status === null || answer.status >= 500)
    throw new Fault("github-unreachable", `GitHub gives no answer (${refusalText(answer)})`, { retry: true });
  const parsed = answer.status < 300 ? schema.safeParse(answer.data) : null;
  if (parsed?.success === true) return parsed.data;
  const why = parsed === null ? refusalText(answer) : "the answer is not what GitHub documents";
  throw new Fault("github-refused", `${what}: ${why}`, {
    hint: "check github.app_id, the app's key and where it is installed (docs/GITHUB.md): aedev doctor",
  });
}
