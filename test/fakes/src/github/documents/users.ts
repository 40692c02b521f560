/** Accounts and apps in the form of GitHub's documents. */
import type { AccountRecord, AppRecord, RepositoryRecord, Role, TeamRecord, TokenRecord } from "../state/records.ts";
import { type GitHubSite, nodeId } from "./site.ts";

export function simpleUser({ origin, api }: GitHubSite, { id, login, type }: AccountRecord) {
  const url = `${api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type === "Bot" ? "BOT" : type === "Organization" ? "O" : "U", id),
    avatar_url: `${origin}/avatars/u/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: type === "Bot" ? `${origin}/apps/${login.replace(/\[bot\]$/, "")}` : `${origin}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function teamDocument({ origin, api }: GitHubSite, { owner }: RepositoryRecord, { id, slug }: TeamRecord) {
  const url = `${api}/organizations/${owner.id}/team/${id}`;
  return {
    id,
    node_id: nodeId("T", id),
    url,
    html_url: `${origin}/orgs/${owner.login}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "push",
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    organization_id: owner.id,
    parent: null,
  };
}

/** `GET /user` for a token's own account. */
export function privateUser(
  site: GitHubSite,
  account: AccountRecord,
  counts: { publicRepos: number; privateRepos: number },
) {
  return {
    ...simpleUser(site, account),
    user_view_type: "private",
    name: account.login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    notification_email: null,
    public_repos: counts.publicRepos,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
    private_gists: 0,
    total_private_repos: counts.privateRepos,
    owned_private_repos: counts.privateRepos,
    disk_usage: 0,
    collaborators: 0,
    two_factor_authentication: true,
  };
}

export function permissionDocument(site: GitHubSite, account: AccountRecord, role: Role | undefined) {
  const permissions = permissionsOf(role);
  const name = role ?? "none";
  return {
    permission: name,
    role_name: name,
    user: { ...simpleUser(site, account), permissions, role_name: name },
  };
}

export function permissionsOf(role: Role | undefined) {
  const admin = role === "admin";
  const push = admin || role === "write";
  return { admin, maintain: admin, push, triage: push, pull: role !== undefined };
}

export function appDocument(site: GitHubSite, app: AppRecord) {
  const { origin } = site;
  return {
    id: app.id,
    client_id: `Iv23li${app.id}`,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    owner: simpleUser(site, app.owner),
    name: app.slug,
    description: "",
    external_url: `${origin}/apps/${app.slug}/home`,
    html_url: `${origin}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: { metadata: "read", ...app.permissions },
    events: ["check_run", "pull_request"],
  };
}

export function installationDocument(site: GitHubSite, app: AppRecord, account: AccountRecord) {
  const url = `${site.api}/app/installations/${app.installationId}`;
  return {
    id: app.installationId,
    client_id: `Iv23li${app.id}`,
    account: simpleUser(site, account),
    repository_selection: "selected",
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${site.api}/installation/repositories`,
    html_url: `${site.origin}/settings/installations/${app.installationId}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { metadata: "read", ...app.permissions },
    events: ["check_run", "pull_request"],
    created_at: app.createdAt,
    updated_at: app.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}

export function installationTokenDocument({ token, permissions, expiresAt }: TokenRecord & { expiresAt: Date }) {
  return {
    token,
    expires_at: expiresAt.toISOString().replace(/\.\d+Z$/, "Z"),
    permissions: { metadata: "read", ...permissions },
    repository_selection: "selected",
  };
}
