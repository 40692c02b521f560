/** Asks people and teams to review a pull request. Nothing waits for it: a failure becomes a note. */
import { foreignName, isFault } from "@aedev/contracts";
import { z } from "zod";
import { type GitHubConnection, readOne, sendChange } from "./connection.ts";
import { noteIfRefused } from "./note-if-refused.ts";
import { isSameLogin, ownLogin } from "./person.ts";
import { readReviews } from "./reviews.ts";

/** GitHub's limit for one pull request. */
const reviewersMax = 15;
const namesMax = 5;

const askedSchema = z.object({
  requested_reviewers: z.array(z.object({ login: z.string() })).nullish(),
  requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
});
const pullSchema = askedSchema.extend({ user: z.object({ login: z.string() }).nullable() });

/** `users` by login; `teams` of the repository's own organization as `organization/slug`. */
interface Wanted {
  readonly number: number;
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

/**
 * Requests the missing reviews, but not from the author, aedev's own account or anybody who has reviewed already. `requested`: who is asked now, according to
 * GitHub. Throws `RateLimited`.
 */
export async function requestReviewers(
  gitHub: GitHubConnection,
  { number, users, teams }: Wanted,
): Promise<{ requested: string[]; notes: string[] }> {
  const isOurs = (team: string) => isSameLogin(team.slice(0, team.indexOf("/")), gitHub.owner);
  const others = teams.filter((team) => !isOurs(team));
  const notes = others.length === 0 ? [] : [`${listOf(others)}: a team of another organization can't review`];
  const wanted = [...users, ...teams.filter(isOurs)];
  if (wanted.length === 0) return { requested: [], notes };
  const pull: PullOfRequest = { gitHub, number, own: null };
  const together = await ask(pull, wanted);
  // If one of them is no collaborator, GitHub refuses them all.
  const { requested, notes: more } = together.isRefused && wanted.length > 1 ? await askEach(pull, wanted) : together;
  return { requested, notes: [...notes, ...more] };
}

interface PullOfRequest {
  readonly gitHub: GitHubConnection;
  readonly number: number;
  /** The login of aedev's own account, once known. */
  own: string | null;
}

async function ask(
  pull: PullOfRequest,
  wanted: readonly string[],
): Promise<{ requested: string[]; notes: string[]; isRefused: boolean }> {
  let isRefused = false;
  let [requested, left]: string[][] = [[], []];
  const notes = await noteIfRefused(`no review was requested from ${listOf(wanted)}`, async () => {
    const { asked, isOut } = await readAsked(pull);
    const missing = wanted.filter((name) => !asked.has(name.toLowerCase()) && !isOut(name));
    const room = missing.slice(0, Math.max(0, reviewersMax - asked.size));
    const after =
      room.length === 0
        ? asked
        : await requestReviews(pull, room).catch((error: unknown) => {
            isRefused = isFault(error, "HOLD-REMOTE-REFUSED") && !error.retry;
            throw error;
          });
    requested = wanted.filter((name) => after.has(name.toLowerCase()));
    left = missing.filter((name) => !after.has(name.toLowerCase()));
  });
  const ignored = left === undefined || left.length === 0 ? [] : [`GitHub did not ask ${listOf(left)} for a review`];
  return { requested: requested ?? [], notes: [...notes, ...ignored], isRefused };
}

async function askEach(
  pull: PullOfRequest,
  wanted: readonly string[],
): Promise<{ requested: string[]; notes: string[] }> {
  const requested: string[] = [];
  const refused: { name: string; note: string }[] = [];
  for (const name of wanted) {
    const one = await ask(pull, [name]);
    requested.push(...one.requested);
    const [note] = one.notes;
    if (note !== undefined) refused.push({ name, note });
  }
  const [first, ...rest] = refused;
  if (first === undefined) return { requested, notes: [] };
  const also = rest.length === 0 ? [] : [`nor from ${listOf(rest.map(({ name }) => name))}`];
  return { requested, notes: [first.note, ...also] };
}

/** `asked`: who is asked already, in lower case. */
async function readAsked(
  pull: PullOfRequest,
): Promise<{ asked: ReadonlySet<string>; isOut: (name: string) => boolean }> {
  const { gitHub, number } = pull;
  const found = await readOne(gitHub, {
    route: `GET ${route}`,
    parameters: { pull_number: number },
    schema: pullSchema,
  });
  pull.own ??= await ownLogin(gitHub);
  const reviews = await readReviews(gitHub, number);
  const out = [pull.own, ...(found?.user == null ? [] : [found.user.login]), ...reviews.map(({ user }) => user.login)];
  return {
    asked: namesOf(gitHub, found ?? {}),
    isOut: (name) => out.some((login) => isSameLogin(login, name)),
  };
}
const route = "/repos/{owner}/{repo}/pulls/{pull_number}";

/** Returns who is asked after the request, according to GitHub. */
async function requestReviews(
  { gitHub, number }: PullOfRequest,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const reviewers = names.filter((name) => !name.includes("/"));
  const teams = names.filter((name) => name.includes("/")).map((name) => name.slice(name.indexOf("/") + 1));
  const answer = await sendChange(gitHub, {
    effect: "update",
    route: `POST ${route}/requested_reviewers`,
    parameters: {
      pull_number: number,
      ...(reviewers.length === 0 ? {} : { reviewers }),
      ...(teams.length === 0 ? {} : { team_reviewers: teams }),
    },
    schema: askedSchema,
  });
  return namesOf(gitHub, answer);
}

function namesOf(
  { owner }: GitHubConnection,
  { requested_reviewers: users, requested_teams: teams }: z.infer<typeof askedSchema>,
): ReadonlySet<string> {
  const names = [...(users ?? []).map(({ login }) => login), ...(teams ?? []).map(({ slug }) => `${owner}/${slug}`)];
  return new Set(names.map((name) => name.toLowerCase()));
}

function listOf(names: readonly string[]): string {
  const listed = names.slice(0, namesMax).map(foreignName).join(", ");
  return names.length > namesMax ? `${listed} and ${names.length - namesMax} more` : listed;
}
