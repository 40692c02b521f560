/** Checks a caller's rights in a repository: 404 for one that it may not see, 403 in GitHub's words for a forbidden action. */

import type { RepositoryRecord, Role, TokenRecord } from "../state/records.ts";
import { GitHubRefusal, notFoundRefusal } from "../state/refusal.ts";
import { findRepository, hasRole, roleOf, type World } from "../state/world.ts";
import type { Caller, RouteAccess } from "./call.ts";

/** The repository, with the caller's role in it. */
export function authorize(
  world: World,
  caller: Caller,
  { fullName, access }: { fullName: string; access: RouteAccess },
): { repository: RepositoryRecord; role: Role | undefined } {
  const repository = findRepository(world, fullName);
  if (caller.kind === "app") throw new GitHubRefusal(401, "Bad credentials");
  if (caller.kind === "anonymous") {
    if (repository === undefined || repository.private) throw notFoundRefusal();
    if (access.level === "write" || access.role !== undefined) throw new GitHubRefusal(401, "Requires authentication");
    return { repository, role: undefined };
  }
  const { token } = caller;
  if (repository === undefined || !maySee(repository, token)) throw notFoundRefusal();
  const role = roleOf(repository, token.actor);
  if (!hasPermission(repository, token, access)) throw notAccessible(token);
  if (!hasRole(role, access.role ?? access.level))
    throw token.scopes === undefined ? notAccessible(token) : notFoundRefusal();
  return { repository, role };
}

/** True if the token may see that the repository exists. */
export function maySee(repository: RepositoryRecord, token: TokenRecord): boolean {
  if (!repository.private) return true;
  if (token.scopes !== undefined && !token.scopes.includes("repo")) return false;
  return covers(repository, token) && roleOf(repository, token.actor) !== undefined;
}

/** True if the token itself, apart from its account's role, has a permission in the repository. */
export function hasPermission(
  repository: RepositoryRecord,
  token: TokenRecord,
  { permission, or, level }: RouteAccess,
): boolean {
  if (token.scopes !== undefined) {
    const needed = repository.private || level === "write" ? ["repo"] : [];
    const scopes = repository.private
      ? token.scopes
      : [...token.scopes, ...(token.scopes.includes("public_repo") ? ["repo"] : [])];
    return needed.every((scope) => scopes.includes(scope));
  }
  if (level === "read" && !repository.private) return true;
  if (!covers(repository, token)) return false;
  if (permission === "metadata" || token.permissions === undefined) return true;
  const granted = [token.permissions[permission], or === undefined ? undefined : token.permissions[or]];
  return granted.includes("write") || granted.includes(level);
}

function covers({ fullName }: RepositoryRecord, { repositories }: TokenRecord): boolean {
  return repositories === undefined || repositories.some((name) => name.toLowerCase() === fullName.toLowerCase());
}

function notAccessible(token: TokenRecord): GitHubRefusal {
  const bearer = token.app === undefined ? "personal access token" : "integration";
  return new GitHubRefusal(403, `Resource not accessible by ${bearer}`);
}
