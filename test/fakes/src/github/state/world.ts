/** The whole state of the running fake: accounts, tokens, apps and repositories, and the numbers that it gives out. */
import { randomBytes } from "node:crypto";
import type { GitAnswer, GitCall } from "@aedev/host/git/run-git";
import { createKeyedMutex } from "@aedev/host/keyed-mutex";
import type { AccountRecord, AppRecord, RepositoryRecord, Role, TokenPermission, TokenRecord } from "./records.ts";

/** Runs git on the fake's own repositories, which no part of the product reads from inside. */
type Git = (args: readonly string[], options?: Partial<Omit<GitCall, "args" | "home">>) => Promise<GitAnswer>;

export interface World {
  readonly git: Git;
  readonly clock: () => Date;
  /** Lifetime of an installation token in milliseconds. */
  readonly installationTokenMs: number;
  /** Number of reads of a pull request after a change of head or base that answer `mergeable: null`. */
  readonly unknownMergeabilityReads: number;
  readonly accounts: Map<string, AccountRecord>;
  readonly apps: Map<number, AppRecord>;
  readonly tokens: Map<string, TokenRecord>;
  /** Repositories by full name in lower case. */
  readonly repositories: Map<string, RepositoryRecord>;
  /** Runs the jobs of one repository one after another. */
  readonly exclusively: ReturnType<typeof createKeyedMutex>;
  /** Functions by full name, called after each job on the repository. */
  readonly observers: Map<string, Set<() => Promise<void>>>;
  nextId(): number;
}

export function createWorld(
  options: Pick<World, "git" | "clock" | "installationTokenMs" | "unknownMergeabilityReads">,
): World {
  let last = 1000;
  const queue = createKeyedMutex();
  const observers: World["observers"] = new Map();
  return {
    ...options,
    accounts: new Map(),
    apps: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    observers,
    exclusively: (key, job) =>
      queue(key, async () => {
        const result = await job();
        for (const observe of observers.get(key) ?? []) await observe();
        return result;
      }),
    nextId: () => ++last,
  };
}

/** GitHub's instants: UTC without fractions of a second. */
export function instant(world: World): string {
  return world
    .clock()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
}

export function ensureAccount(world: World, login: string, type: AccountRecord["type"] = "User"): AccountRecord {
  const key = login.toLowerCase();
  const known = world.accounts.get(key);
  if (known !== undefined) return known;
  const account: AccountRecord = { id: world.nextId(), login, type, createdAt: instant(world) };
  world.accounts.set(key, account);
  return account;
}

export function findRepository(world: World, fullName: string): RepositoryRecord | undefined {
  return world.repositories.get(fullName.toLowerCase());
}

/** A new installation token, narrowed to some permissions and repositories. */
export function grantInstallationToken(
  world: World,
  app: AppRecord,
  options: { permissions?: Readonly<Record<string, TokenPermission>>; repositories?: readonly string[] } = {},
): TokenRecord & { expiresAt: Date } {
  const record = {
    token: `ghs_${randomBytes(18).toString("hex")}`,
    actor: app.bot,
    app,
    scopes: undefined,
    permissions: options.permissions ?? app.permissions,
    repositories: options.repositories ?? app.repositories,
    expiresAt: new Date(world.clock().getTime() + world.installationTokenMs),
  };
  world.tokens.set(record.token, record);
  return record;
}

/** An account's role in a repository; undefined if it has none, or only everyone's rights. */
export function roleOf(repository: RepositoryRecord, account: AccountRecord | undefined): Role | undefined {
  if (account !== undefined) {
    if (account.id === repository.owner.id) return "admin";
    const role = repository.roles.get(account.login.toLowerCase());
    if (role !== undefined) return role;
  }
  return repository.private ? undefined : "read";
}

const order: readonly Role[] = ["read", "write", "admin"];
export function hasRole(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && order.indexOf(role) >= order.indexOf(needed);
}
