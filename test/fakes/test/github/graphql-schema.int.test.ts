/** aedev's GraphQL requests are valid by GitHub's published schema, and so are the fake's answers. */
import { schema as published } from "@octokit/graphql-schema";
import { buildSchema, execute, parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGitHub } from "../../../../packages/daemon/src/github/client.ts";
import { enqueueMutation, mergeQueueQuery } from "../../../../packages/daemon/src/github/merge-queue.ts";
import { readyForReviewMutation } from "../../../../packages/daemon/src/github/ready-for-review.ts";
import { type Laboratory, openLaboratory, place, tokens } from "./support/laboratory.ts";

const schema = buildSchema(published.idl, { assumeValid: true });
const documents = { mergeQueueQuery, enqueueMutation, readyForReviewMutation };

let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
});
afterAll(() => lab[Symbol.asyncDispose]());

it.each(Object.entries(documents))("%s is valid, but not with a field that GitHub lacks", (_, document) => {
  expect(validate(schema, parse(document))).toEqual([]);
  expect(validate(schema, parse(document.replace(/\b(?:id|isDraft)\b(?= *\})/, "unheardOf"))).join()).toContain(
    "unheardOf",
  );
});

describe("the fake's GraphQL API", () => {
  it("answers each request according to the schema", async () => {
    const shop = lab.github.repository("acme/shop");
    const ann = shop.as("ann");
    const head = await ann.push({ branch: "queued", files: { "q.txt": "q" } });
    const number = await ann.openPull({ title: "Queue it", head: "queued" });
    shop.protect("main", { source: "ruleset", mergeQueue: true });
    const { request } = await openGitHub({
      apiUrl: lab.github.apiUrl,
      credential: { token: tokens.ann },
      timeoutMs: 10_000,
    });
    const ask = async (query: string, variables: Record<string, unknown>) => {
      const answer = await request("POST /graphql", { query, variables });
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      const { data } = answer.data as { data: never };
      // Executed with the answer as the root, the schema returns the answer again: every field is there and of its type.
      const again = await execute({ schema, document: parse(query), rootValue: data, variableValues: variables });
      expect(again.errors).toBeUndefined();
      expect(JSON.parse(JSON.stringify(again.data))).toEqual(data);
      return data;
    };
    const read = () => ask(mergeQueueQuery, { owner: place.owner, name: place.repo, number });
    const before = await read();
    const { id } = (before as { repository: { pullRequest: { id: string } } }).repository.pullRequest;
    await ann.setDraft(number, true);
    await ask(readyForReviewMutation, { id });
    await ask(enqueueMutation, { id, head });
    expect(await read()).toMatchObject({
      repository: {
        pullRequest: { mergeQueueEntry: {}, timelineItems: { nodes: [{ __typename: "AddedToMergeQueueEvent" }] } },
      },
    });
    await ann.putOut(number, { reason: "FAILED_CHECKS" });
    expect(await read()).toMatchObject({ repository: { pullRequest: { mergeQueueEntry: null } } });
    const twice = await request("POST /graphql", { query: enqueueMutation, variables: { id, head: "0".repeat(40) } });
    expect(twice).toMatchObject({ status: 200, data: { errors: [{ type: "UNPROCESSABLE" }] } });
    shop.unprotect("main");
  });
});
