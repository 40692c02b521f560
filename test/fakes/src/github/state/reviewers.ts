/** Requests for reviews of a pull request, by GitHub's rules on who can be asked. */
import { type Actor, recordEvent } from "./issues.ts";
import type { PullIssue } from "./pulls.ts";
import type { AccountRecord, RepositoryRecord, TeamRecord } from "./records.ts";
import { GitHubRefusal } from "./refusal.ts";
import { ensureAccount, type World } from "./world.ts";

/** Names of users and slugs of teams. GitHub refuses all if one of them can't be asked. */
export function requestReviews(
  world: World,
  repository: RepositoryRecord,
  {
    issue,
    actor,
    users,
    teams,
  }: { issue: PullIssue; actor: Actor; users: readonly string[]; teams: readonly string[] },
): void {
  const notCollaborator = new GitHubRefusal(
    422,
    `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${repository.fullName} repository.`,
  );
  const people = users.map((login) => {
    const account = repository.roles.has(login.toLowerCase()) ? ensureAccount(world, login) : undefined;
    if (account === undefined) throw notCollaborator;
    if (account.id === issue.author.id)
      throw new GitHubRefusal(422, "Review cannot be requested from pull request author.");
    return account;
  });
  const groups = teams.map((slug) => {
    const team = repository.teams.get(slug.toLowerCase());
    if (team === undefined) throw notCollaborator;
    return team;
  });
  const { pull } = issue;
  for (const person of people) add(world, issue, { actor, list: pull.requestedReviewers, one: person });
  for (const team of groups) add(world, issue, { actor, list: pull.requestedTeams, one: team });
}

function add<One extends AccountRecord | TeamRecord>(
  world: World,
  issue: PullIssue,
  { actor, list, one }: { actor: Actor; list: One[]; one: One },
): void {
  if (list.some(({ id }) => id === one.id)) return;
  list.push(one);
  recordEvent(world, issue, { actor, event: "review_requested" });
}
