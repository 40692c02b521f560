/** Requests for reviews: looked for, made once, and never a reason to stop. The server is a table of answers. */
import { describe, expect, it } from "vitest";
import type { GitHubAnswer } from "../../src/github/client.ts";
import { type GitHubConnection, RateLimited } from "../../src/github/connection.ts";
import { requestReviewers } from "../../src/github/reviewers.ts";

const number = 7;
const ok = (data: unknown): GitHubAnswer => ({ status: 200, headers: {}, data });
const failure = (status: number, headers = {}): GitHubAnswer => ({ status, headers, data: { message: "Words" } });
type Answer = GitHubAnswer | "lost";

/** A pull request of `aedev[bot]` in a repository of `Acme`. `refuses`: people whom GitHub does not ask. `posts`: answers that requests get instead. */
function pullRequest({
  asked = [],
  reviewed = [],
  refuses = [],
  posts = [],
}: {
  asked?: string[];
  reviewed?: readonly string[];
  refuses?: readonly string[];
  posts?: Answer[];
} = {}) {
  const requests: string[][] = [];
  const document = () => ({
    user: { login: "aedev[bot]" },
    requested_reviewers: asked.filter((name) => !name.includes("/")).map((login) => ({ login })),
    requested_teams: asked.flatMap((name) => (name.includes("/") ? [{ slug: name.split("/")[1] }] : [])),
  });
  const gitHub: GitHubConnection = {
    owner: "Acme",
    name: "r",
    identity: "app",
    request: async (route, { reviewers = [], team_reviewers: teams = [] } = {}) => {
      if (route.includes("graphql")) return ok({ data: { viewer: { login: "aedev" } } });
      if (route.endsWith("/reviews"))
        return ok(
          reviewed.map((login, index) => ({
            id: index + 1,
            state: "COMMENTED",
            body: null,
            user: { login, type: "User" },
            author_association: "NONE",
          })),
        );
      if (route.startsWith("GET")) return ok(document());
      const names = [...(reviewers as string[]), ...(teams as string[]).map((slug) => `acme/${slug}`)];
      requests.push(names);
      const answer = posts.shift();
      if (answer !== undefined && answer !== "lost") return answer;
      if (names.some((name) => refuses.includes(name))) return failure(422);
      asked.push(...names);
      return answer === "lost" ? { status: null, cause: "ECONNRESET" } : ok(document());
    },
  };
  return { gitHub, asked, requests };
}
const ask = (pull: { gitHub: GitHubConnection }, users: readonly string[], teams: readonly string[] = []) =>
  requestReviewers(pull.gitHub, { number, users, teams });

describe("requesting reviews", () => {
  it("requesting reviews asks users and teams once, ignoring case, and says who is asked", async () => {
    const pull = pullRequest({ asked: ["Ann"] });
    const requested = ["ann", "bob", "acme/core"];
    expect(await ask(pull, ["ann", "bob"], ["acme/core"])).toEqual({ requested, notes: [] });
    expect(pull.requests).toEqual([["bob", "acme/core"]]);
    expect(await ask(pull, ["ann", "bob"], ["acme/core"])).toEqual({ requested, notes: [] });
    expect(pull.requests).toHaveLength(1);
    expect(await ask(pullRequest(), [])).toEqual({ requested: [], notes: [] });
  });

  it("requesting reviews leaves out the author, aedev itself, past reviewers, and others' teams", async () => {
    const pull = pullRequest({ reviewed: ["Carl"] });
    expect(await ask(pull, ["aedev", "AEDEV[bot]", "carl", "ann"], ["other/core"])).toEqual({
      requested: ["ann"],
      notes: ["other/core: a team of another organization can't review"],
    });
    expect(pull.requests).toEqual([["ann"]]);
    const only = pullRequest();
    expect((await ask(only, ["aedev"])).requested).toEqual([]);
    expect(only.requests).toEqual([]);
  });

  it("requesting reviews asks no more people than GitHub takes, and names who is left", async () => {
    const pull = pullRequest({ asked: ["x", "y"] });
    const users = Array.from({ length: 14 }, (_, index) => `user-${index}`);
    const { requested, notes } = await ask(pull, users);
    expect(pull.requests[0]).toHaveLength(13);
    expect([requested.length, notes]).toEqual([13, ["GitHub did not ask user-13 for a review"]]);
  });

  it("requesting reviews looks before it asks again: a lost answer asks nobody twice", async () => {
    const lost = pullRequest({ posts: ["lost"] });
    expect(await ask(lost, ["ann"])).toEqual({ requested: ["ann"], notes: [] });
    expect(lost.requests).toHaveLength(1);
    const failed = pullRequest({ posts: [failure(502)] });
    expect(await ask(failed, ["ann"])).toEqual({ requested: ["ann"], notes: [] });
    expect(failed.requests).toHaveLength(2);
  });

  it("requesting reviews asks each alone if GitHub refuses them together, and notes whom it refuses", async () => {
    const pull = pullRequest({ refuses: ["eve", "dan"] });
    const { requested, notes } = await ask(pull, ["ann", "eve", "dan", "bob"]);
    expect(requested).toEqual(["ann", "bob"]);
    expect(notes).toEqual([expect.stringMatching(/^no review was requested from eve: .*: 422 Words$/), "nor from dan"]);
    expect(pull.requests).toHaveLength(5);
  });

  it("requesting reviews notes a refusal or an outage and throws neither", async () => {
    const refused = pullRequest({ posts: [failure(403)] });
    expect((await ask(refused, ["ann"])).notes).toEqual([expect.stringContaining("403 Words")]);
    expect(refused.requests).toHaveLength(1);
    const down = pullRequest({ posts: Array(9).fill(failure(502)) });
    expect((await ask(down, ["ann", "bob"])).notes).toHaveLength(1);
    expect(down.requests).toHaveLength(3);
  });

  it("requesting reviews waits at a rate limit", async () => {
    const limited = pullRequest({ posts: [failure(403, { "retry-after": "5" })] });
    await expect(ask(limited, ["ann"])).rejects.toBeInstanceOf(RateLimited);
  });
});
