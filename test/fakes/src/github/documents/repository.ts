/** A repository in the form of GitHub's documents: one document with every field of the full, the minimal and the embedded form. */
import type { RepositoryRecord, Role } from "../state/records.ts";
import { type GitHubSite, nodeId } from "./site.ts";
import { permissionsOf, simpleUser } from "./users.ts";

/** `role`: the caller's role. As on GitHub, the settings of merging are only shown with push access. */
export function repositoryDocument(site: GitHubSite, repository: RepositoryRecord, role: Role | undefined) {
  const { fullName, name, id, settings } = repository;
  const url = `${site.api}/repos/${fullName}`;
  const html = `${site.origin}/${fullName}`;
  const host = new URL(site.origin).host;
  const open = [...repository.issues.values()].filter(({ state }) => state === "open").length;
  return {
    id,
    node_id: nodeId("R", id),
    name,
    full_name: fullName,
    private: repository.private,
    owner: simpleUser(site, repository.owner),
    html_url: html,
    description: null,
    fork: false,
    url,
    ...repositoryAddresses(url),
    git_url: `git://${host}/${fullName}.git`,
    ssh_url: `git@${host}:${fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    mirror_url: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
    // A caller without an account has no role.
    ...(role === undefined ? {} : { permissions: permissionsOf(role) }),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    ...(role === "write" || role === "admin"
      ? {
          allow_squash_merge: settings.allowSquashMerge,
          allow_merge_commit: settings.allowMergeCommit,
          allow_rebase_merge: settings.allowRebaseMerge,
          allow_auto_merge: settings.allowAutoMerge,
          delete_branch_on_merge: settings.deleteBranchOnMerge,
          allow_update_branch: false,
          use_squash_pr_title_as_default: false,
          squash_merge_commit_message: "COMMIT_MESSAGES",
          squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
          merge_commit_message: "PR_TITLE",
          merge_commit_title: "MERGE_MESSAGE",
        }
      : {}),
  };
}

/** The fields that only `GET /repos/{owner}/{repo}` has beyond the embedded form. */
export function fullRepositoryDocument(site: GitHubSite, repository: RepositoryRecord, role: Role | undefined) {
  return {
    ...repositoryDocument(site, repository, role),
    temp_clone_token: null,
    network_count: 0,
    subscribers_count: 0,
  };
}

function repositoryAddresses(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
