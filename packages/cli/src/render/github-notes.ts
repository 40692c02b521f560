/** Sentences about missing or excessive permissions of aedev's credential on a GitHub repository; none if all is well. */
import type { GitHubAccessDocument } from "@aedev/contracts/api";

/** The first sentences name missing permissions. */
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
