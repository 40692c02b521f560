/** Fills a new fake GitHub with the accounts, apps and repositories that a test names. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RepositoryRecord, Role, TokenPermission } from "./state/records.ts";
import { ensureAccount, instant, type World } from "./state/world.ts";

export interface FakeRepositoryOptions {
  /** `owner/name`. */
  readonly fullName: string;
  /** A git repository whose branches and tags it starts with; by default one commit with a README. */
  readonly from?: string;
  /** Default: that of `from`, else `main`. */
  readonly defaultBranch?: string;
  readonly private?: boolean;
}
export interface FakeAccountOptions {
  /** A user's login, or an app's slug: its bot is `slug[bot]`. */
  readonly login: string;
  /** A user's personal access token, or an installation token of the app that does not expire. */
  readonly token: string;
  readonly kind: "user" | "app";
  /** Roles by full name of the repository; for an app these are also the repositories of its installation. */
  readonly permissions: Readonly<Record<string, Role>>;
  /** Makes the token a classic one with these scopes. */
  readonly scopes?: readonly string[];
  /** Permissions of a fine-grained token or of the app; by default everything that the account may do. */
  readonly tokenPermissions?: Readonly<Record<string, TokenPermission>>;
  /** PEM: the app may sign tokens with the matching private key. */
  readonly publicKey?: string;
}

const everyPermission = [
  "actions",
  "checks",
  "contents",
  "issues",
  "pull_requests",
  "statuses",
  "vulnerability_alerts",
  "workflows",
];

export function addAccount(world: World, options: FakeAccountOptions): void {
  const { login, token, permissions, scopes, tokenPermissions } = options;
  const covered = Object.keys(permissions);
  const isApp = options.kind === "app";
  const actor = ensureAccount(world, isApp ? `${login}[bot]` : login, isApp ? "Bot" : "User");
  for (const [fullName, role] of Object.entries(permissions)) {
    const repository = world.repositories.get(fullName.toLowerCase());
    if (repository === undefined) throw new Error(`the account ${login} names an unknown repository: ${fullName}`);
    repository.roles.set(actor.login.toLowerCase(), role);
  }
  if (!isApp) {
    const record = { token, actor, app: undefined, scopes, permissions: tokenPermissions, repositories: undefined };
    world.tokens.set(token, { ...record, expiresAt: undefined });
    return;
  }
  const app = {
    id: world.nextId(),
    slug: login,
    owner: ensureAccount(world, (covered[0] ?? "apps/").split("/")[0] ?? "apps", "Organization"),
    bot: actor,
    publicKey: options.publicKey,
    permissions: tokenPermissions ?? Object.fromEntries(everyPermission.map((name) => [name, "write" as const])),
    installationId: world.nextId(),
    repositories: covered,
    createdAt: instant(world),
  };
  world.apps.set(app.id, app);
  const record = { token, actor, app, scopes: undefined, permissions: app.permissions, repositories: covered };
  world.tokens.set(token, { ...record, expiresAt: undefined });
}

/** Makes the bare repository below `folder`. */
export async function createRepository(
  world: World,
  folder: string,
  options: FakeRepositoryOptions,
): Promise<RepositoryRecord> {
  const { fullName, from } = options;
  const [, login, name] = /^([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)$/.exec(fullName) ?? [];
  if (login === undefined || name === undefined) throw new Error(`not a repository's full name: ${fullName}`);
  const gitDir = join(folder, "repositories", `${fullName}.git`);
  mkdirSync(dirname(gitDir), { recursive: true });
  const asked = options.defaultBranch === undefined ? [] : [`--initial-branch=${options.defaultBranch}`];
  if (from === undefined) {
    await world.git(["init", "--quiet", "--bare", ...(asked.length === 0 ? ["--initial-branch=main"] : asked), gitDir]);
    await firstCommit(world, gitDir, options.defaultBranch ?? "main", name);
  } else {
    await world.git(["clone", "--quiet", "--bare", "--no-hardlinks", "--", from, gitDir]);
    await world.git(["remote", "remove", "origin"], { gitDir, exitCodes: [0, 2] });
    if (options.defaultBranch !== undefined)
      await world.git(["symbolic-ref", "HEAD", `refs/heads/${options.defaultBranch}`], { gitDir });
  }
  const { text: head } = await world.git(["symbolic-ref", "--short", "HEAD"], { gitDir });
  const owner = ensureAccount(world, login, "Organization");
  const now = instant(world);
  const repository: RepositoryRecord = {
    id: world.nextId(),
    owner,
    name,
    fullName,
    gitDir,
    private: options.private ?? false,
    createdAt: now,
    settings: {
      allowMergeCommit: true,
      allowSquashMerge: true,
      allowRebaseMerge: true,
      allowAutoMerge: false,
      deleteBranchOnMerge: false,
    },
    roles: new Map(),
    teams: new Map(),
    protections: new Map(),
    issues: new Map(),
    labels: new Map(),
    statuses: [],
    checkRuns: [],
    openSuites: new Set(),
    alerts: new Map(),
    defaultBranch: head,
    pushedAt: now,
    readTo: null,
    lastPusher: owner,
  };
  world.repositories.set(fullName.toLowerCase(), repository);
  return repository;
}

async function firstCommit(world: World, gitDir: string, branch: string, name: string): Promise<void> {
  const seconds = Math.floor(world.clock().getTime() / 1000);
  const content = `# ${name}\n`;
  const stream = [
    `commit refs/heads/${branch}`,
    `committer GitHub <noreply@github.com> ${seconds} +0000`,
    "data 14\nInitial commit",
    "M 100644 inline README.md",
    `data ${Buffer.byteLength(content)}\n${content}`,
  ].join("\n");
  await world.git(["fast-import", "--quiet"], { gitDir, input: stream });
}
