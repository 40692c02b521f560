/** How an accepted change gets into a repository, as its registration says. */
import { z } from "zod";

/** `push`: to the default branch. `pull-request`: through a pull request there. `branch`: to a branch `aedev/<task>` and no further. */
export const landingWaySchema = z.enum(["push", "pull-request", "branch"]);
export type LandingWay = z.infer<typeof landingWaySchema>;

/** The way of a repository; registrations of older versions name none. */
export function landingWayOf(repository: {
  readonly landing?: LandingWay | undefined;
  readonly target: "default-branch" | "task-branch";
}): LandingWay {
  return repository.landing ?? (repository.target === "task-branch" ? "branch" : "push");
}
