/** Labels of a pull request: looked for, set once, and never a reason to stop. */
import { describe, expect, it } from "vitest";
import type { GitHubAnswer } from "../../src/github/client.ts";
import { type GitHubConnection, RateLimited } from "../../src/github/connection.ts";
import { setLabels } from "../../src/github/labels.ts";

const ok = (data: unknown): GitHubAnswer => ({ status: 200, headers: {}, data });

/** A pull request with labels. `posts`: answers to requests that add some, which are then not carried out. */
function pullRequest(has: string[], posts: (GitHubAnswer | "lost")[] = []) {
  const asked: unknown[] = [];
  const gitHub: GitHubConnection = {
    owner: "o",
    name: "r",
    identity: "token",
    request: async (route, { labels = [] } = {}) => {
      if (route.startsWith("GET")) return ok({ labels: has.map((name) => ({ name })) });
      asked.push(labels);
      const answer = posts.shift();
      if (answer !== undefined && answer !== "lost") return answer;
      has.push(...(labels as string[]));
      return answer === "lost" ? { status: null, cause: "ECONNRESET" } : ok(has.map((name) => ({ name })));
    },
  };
  return { gitHub, has, asked };
}
const number = 7;
const failure = (status: number, headers = {}): GitHubAnswer => ({ status, headers, data: { message: "Words" } });

describe("setting labels", () => {
  it("setting labels sends no request if none are configured, and adds only missing labels, ignoring case", async () => {
    const none = { ...pullRequest([]).gitHub, request: async () => Promise.reject(new Error("asked")) };
    expect(await setLabels(none, { number, labels: [] })).toEqual([]);
    const pull = pullRequest(["AEDEV"]);
    expect(await setLabels(pull.gitHub, { number, labels: ["aedev", "bot"] })).toEqual([]);
    expect(pull.asked).toEqual([["bot"]]);
    expect(await setLabels(pull.gitHub, { number, labels: ["aedev", "bot"] })).toEqual([]);
    expect(pull.asked).toEqual([["bot"]]);
  });

  it("setting labels looks before it asks again: a lost answer adds nothing twice, a failed try is repeated", async () => {
    const lost = pullRequest([], ["lost"]);
    expect(await setLabels(lost.gitHub, { number, labels: ["aedev"] })).toEqual([]);
    expect(lost.asked).toEqual([["aedev"]]);
    const failed = pullRequest([], [failure(502)]);
    expect(await setLabels(failed.gitHub, { number, labels: ["aedev"] })).toEqual([]);
    expect(failed.asked).toEqual([["aedev"], ["aedev"]]);
  });

  it("setting labels leaves a note if GitHub refuses or fails again and again, and throws nothing", async () => {
    const refused = pullRequest([], [failure(403)]);
    expect(await setLabels(refused.gitHub, { number, labels: ["aedev"] })).toEqual([
      expect.stringMatching(/^the labels aedev were not set: GitHub refused POST .*: 403 Words$/),
    ]);
    expect(refused.asked).toHaveLength(1);
    const down = pullRequest([], Array(9).fill(failure(502)));
    expect(await setLabels(down.gitHub, { number, labels: ["aedev"] })).toHaveLength(1);
    expect(down.asked).toHaveLength(3);
  });

  it("setting labels waits at a rate limit", async () => {
    const limited = pullRequest([], [failure(403, { "retry-after": "5" })]);
    await expect(setLabels(limited.gitHub, { number, labels: ["aedev"] })).rejects.toBeInstanceOf(RateLimited);
  });
});
