/** What aedev's credential may do on a repository of GitHub, as sentences; none if all is as it should be. */
import type { GitHubAccessDocument } from "@aedev/contracts/api";

/** The first sentences say what is missing. */
export function gitHubNotes(access: GitHubAccessDocument): string[] {
  const named = `${access.repository} on GitHub`;
  return [
    ...(access.problem === null ? [] : [`${named}: ${access.problem}`]),
    ...access.missing.map(({ permission, why }) => `${named}: the ${access.credential} lacks ${permission} (${why})`),
    ...access.excessive.map(
      ({ permission, why }) =>
        `${named}: the ${access.credential} has ${permission}, which aedev does not need (${why})`,
    ),
    ...(access.note === null ? [] : [`${named}: ${access.note}`]),
  ];
}
