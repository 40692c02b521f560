/** Conditional requests: what is asked with an ETag, what a 304 gives, and what is never kept. */
import { expect, it } from "vitest";
import type { GitHubAnswer } from "../../src/github/client.ts";
import { conditionalRequest, type KnownAnswers } from "../../src/github/known-answers.ts";

/** A server with one version of everything. `asked`: the ETag of each request. */
function server(known: KnownAnswers = new Map()) {
  const asked: unknown[] = [];
  const state = { etag: 'W/"1"' as string | undefined, data: { n: 1 } as unknown };
  const request = conditionalRequest(async (_route, parameters = {}): Promise<GitHubAnswer> => {
    const { headers } = parameters as { headers?: Record<string, string> };
    const etag = headers?.["if-none-match"];
    asked.push(etag);
    if (etag !== undefined && etag === state.etag) return { status: 304, headers: {}, data: "" };
    return { status: 200, headers: { etag: state.etag }, data: state.data };
  }, known);
  const get = async (route = "GET /repos/{owner}/{repo}/pulls", parameters = {}) => {
    const answer = await request(route, parameters);
    return answer.status === null ? null : [answer.status, answer.data];
  };
  return { asked, state, get, known };
}

it("GitHub is asked whether a known answer still holds, and gives that answer or a new one", async () => {
  const { asked, state, get } = server();
  expect(await get()).toEqual([200, { n: 1 }]);
  expect(await get()).toEqual([200, { n: 1 }]);
  Object.assign(state, { etag: 'W/"2"', data: { n: 2 } });
  expect(await get()).toEqual([200, { n: 2 }]);
  expect(await get()).toEqual([200, { n: 2 }]);
  expect(asked).toEqual([undefined, 'W/"1"', 'W/"1"', 'W/"2"']);
});

it("no answer is kept for other parameters, a writing request, a pull request itself, or if large or without an ETag", async () => {
  const { asked, state, get } = server();
  await get();
  await get(undefined, { page: 2 });
  for (const route of ["POST /repos/{owner}/{repo}/pulls", "GET /repos/{owner}/{repo}/pulls/{pull_number}"])
    for (let twice = 0; twice < 2; twice += 1) await get(route);
  for (const change of [{ data: "x".repeat(200_000) }, { data: 1, etag: undefined }, { etag: "x".repeat(301) }]) {
    Object.assign(state, { etag: 'W/"1"', ...change });
    for (let twice = 0; twice < 2; twice += 1)
      await get("GET /user", change.data === undefined ? {} : { of: change.data });
  }
  expect(asked.filter((etag) => etag !== undefined)).toEqual([]);
});

it("a request that is conditional already is left to its caller", async () => {
  const { asked, get, known } = server();
  for (const etag of ['W/"0"', 'W/"1"']) await get(undefined, { headers: { "if-none-match": etag } });
  await get(undefined, { headers: {} });
  expect(asked).toEqual(['W/"0"', 'W/"1"', undefined]);
  expect(known.size).toBe(0);
});

it("the 200 answers used last are kept", async () => {
  const { get, known } = server();
  for (let page = 0; page < 250; page += 1) {
    await get(undefined, { page });
    await get(undefined, { page: 0 });
  }
  expect(known.size).toBe(200);
  expect([...known.keys()].at(-1)).toContain('"page":0');
});
