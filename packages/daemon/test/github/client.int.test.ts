/** Requests to GitHub's API: every status is an answer, nothing is sent twice, and no error has the token. */
import { describe, expect, it } from "vitest";
import { serveApi } from "../../../../test/support/answering-server.ts";
import { openGitHub, refusalText } from "../../src/github/client.ts";

const token = "ghp_of_this_test_and_no_other_0123456789";

describe("a request to GitHub", () => {
  it("a request to GitHub is sent with the token, and its answer has status, headers and data", async () => {
    await using server = await serveApi(() => ({
      status: 200,
      data: { merged: true },
      headers: { "x-oauth-scopes": "repo" },
    }));
    const client = await openGitHub({ ...server, credential: { token }, timeoutMs: 5_000 });
    const answer = await client.request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge", {
      owner: "octo",
      repo: "hello",
      pull_number: 7,
      sha: "0".repeat(40),
    });
    expect(answer).toMatchObject({ status: 200, data: { merged: true }, headers: { "x-oauth-scopes": "repo" } });
    expect(server.asked).toEqual([
      {
        line: "PUT /repos/octo/hello/pulls/7/merge",
        authorization: `token ${token}`,
        body: JSON.stringify({ sha: "0".repeat(40) }),
      },
    ]);
  });

  it("a refusal is returned as an answer, once, and no redirect is followed", async () => {
    for (const status of [301, 401, 403, 404, 409, 422, 429, 500, 502]) {
      await using elsewhere = await serveApi(() => ({ status: 200, data: {} }));
      await using server = await serveApi(() => ({
        status,
        data: { message: "no\u001b[2J" },
        headers: { location: `${elsewhere.apiUrl}/x` },
      }));
      const client = await openGitHub({ ...server, credential: { token }, timeoutMs: 5_000 });
      const answer = await client.request("GET /repos/{owner}/{repo}", { owner: "octo", repo: "hello" });
      expect(answer).toMatchObject({ status, data: { message: "no\u001b[2J" } });
      expect(refusalText(answer)).toMatch(new RegExp(`^status ${status}: no[^\u001b]+$`));
      expect([server.asked.length, elsewhere.asked.length]).toEqual([1, 0]);
    }
  });

  it("a request has no status if no answer, a late one or a large one comes, and the cause has no token", async () => {
    const ask = async (apiUrl: string, timeoutMs = 5_000) => {
      const client = await openGitHub({ apiUrl, credential: { token }, timeoutMs });
      return client.request("GET /user");
    };
    expect(await ask("http://127.0.0.1:1")).toEqual({
      status: null,
      cause: expect.stringMatching(/ECONNREFUSED|bad port/),
    });
    await using slow = await serveApi(() => ({ status: 200, data: {}, afterMs: 2_000 }));
    expect(await ask(slow.apiUrl, 100)).toEqual({ status: null, cause: "no answer in time" });
    await using large = await serveApi(() => ({ status: 200, data: "x".repeat(17 * 1024 * 1024) }));
    expect(await ask(large.apiUrl)).toEqual({ status: null, cause: "the answer is too large" });
    await using broken = await serveApi(() => ({ status: 200, data: `{"a": ${token}` }));
    const answer = await ask(broken.apiUrl);
    expect(JSON.stringify(answer.status === null ? answer : { status: answer.status })).not.toContain(token);
    await using fine = await serveApi(() => ({ status: 204 }));
    expect(await ask(fine.apiUrl)).toMatchObject({ status: 204 });
  });
});
