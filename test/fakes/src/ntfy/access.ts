/** Access rules of the fake ntfy server: accounts with a bearer token or password, rules per topic, and rules for everyone else. */

export type Access = "read-write" | "read-only" | "write-only" | "deny";

export interface Account {
  readonly name: string;
  readonly password?: string;
  readonly token?: string;
  /** Rules by topic; `*` means every topic. */
  readonly access: Readonly<Record<string, Access>>;
}
export interface AccessRules {
  readonly accounts: readonly Account[];
  /** Access without an account, by topic. */
  readonly everyone: Readonly<Record<string, Access>>;
  /** Access if no rule names the topic: `auth-default-access` in ntfy's configuration. */
  readonly fallback: Access;
}

/** 401: unknown credentials. 403: no access. */
export type Judgement = "allowed" | 401 | 403;

export function judgeAccess(
  rules: AccessRules,
  asked: { authorization: string | undefined; topic: string; permission: "read" | "write" },
): Judgement {
  const { authorization, topic, permission } = asked;
  const account = authorization === undefined ? null : accountOf(rules.accounts, authorization);
  if (account === undefined) return 401;
  const access = ruleFor(account?.access, topic) ?? ruleFor(rules.everyone, topic) ?? rules.fallback;
  return access === "read-write" || access === `${permission}-only` ? "allowed" : 403;
}

function ruleFor(rules: Readonly<Record<string, Access>> | undefined, topic: string): Access | undefined {
  if (rules === undefined) return undefined;
  return Object.hasOwn(rules, topic) ? rules[topic] : rules["*"];
}

function accountOf(accounts: readonly Account[], authorization: string): Account | undefined {
  const [scheme = "", value = ""] = authorization.split(/\s+/, 2);
  if (scheme.toLowerCase() === "bearer") return accounts.find(({ token }) => token !== undefined && token === value);
  if (scheme.toLowerCase() !== "basic") return undefined;
  const [name = "", ...rest] = Buffer.from(value, "base64").toString("utf8").split(":");
  const secret = rest.join(":");
  // ntfy also accepts an access token as the password of an empty user name.
  if (name === "") return accounts.find(({ token }) => token !== undefined && token === secret);
  return accounts.find((account) => account.name === name && account.password === secret);
}
