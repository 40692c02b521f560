/** Reads the reviews of a pull request by one schema, for all code that decides by them. */
import { z } from "zod";
import { type GitHubConnection, readAll } from "./connection.ts";
import { personSchema } from "./person.ts";

/** Pages of 100 reviews that are read. */
const pagesMax = 10;

const reviewsSchema = z.array(
  z.object({
    id: z.int().positive(),
    state: z.string(),
    body: z.string().nullable(),
    user: personSchema.nullable(),
    author_association: z.string(),
  }),
);

/** A review of an account that still exists. */
export interface Review {
  readonly id: number;
  /** GitHub's word, such as `APPROVED`. */
  readonly state: string;
  readonly body: string;
  readonly user: z.infer<typeof personSchema>;
  /** GitHub's name for the person here, such as `OWNER`. */
  readonly association: string;
}

/** All reviews, oldest first. Throws as `readAll` does. */
export async function readReviews(gitHub: GitHubConnection, number: number): Promise<Review[]> {
  const pages = await readAll(gitHub, {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    parameters: { pull_number: number },
    schema: reviewsSchema,
    pagesMax,
  });
  return (pages ?? [])
    .flat()
    .flatMap(({ id, state, body, user, author_association: association }) =>
      user === null ? [] : [{ id, state, body: body ?? "", user, association }],
    );
}

const decisive: ReadonlySet<string> = new Set(["APPROVED", "CHANGES_REQUESTED", "DISMISSED"]);

/** Each person's newest decisive review: a comment decides nothing, a dismissal cancels a review. */
export async function readNewestReviews(gitHub: GitHubConnection, number: number): Promise<Review[]> {
  const latest = new Map<string, Review>();
  for (const review of await readReviews(gitHub, number))
    if (decisive.has(review.state)) latest.set(review.user.login, review);
  return [...latest.values()];
}
