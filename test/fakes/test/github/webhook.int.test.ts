/** The webhook of the fake GitHub delivers every event of a repository, signed and once, whoever caused it. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Laboratory, openLaboratory, place, tokens } from "./support/laboratory.ts";

const secret = "a secret of forty characters for testing";
const received: { headers: IncomingHttpHeaders; body: string }[] = [];
const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    received.push({ headers: request.headers, body });
    response.writeHead(202).end();
  });
});
let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  receiver.close();
  await lab[Symbol.asyncDispose]();
});

it("a webhook delivers the actions of people, requests and pushes; an altered delivery has a wrong signature", async () => {
  const shop = lab.github.repository("acme/shop");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const hook = await shop.addHook({ url, secret });
  const issue = await shop.as("ann").openIssue({ title: "Broken" });
  await lab.octokit(tokens.bob).rest.issues.createComment({ ...place, issue_number: issue, body: "me too" });
  await lab.octokit(tokens.bob).rest.issues.get({ ...place, issue_number: issue });
  const headSha = await shop.as("bob").push({ branch: "topic", files: { "a.txt": "a\n" } });
  await shop.checkRun({ app: "aedev", headSha, name: "test", conclusion: "failure" });
  await shop.as("ann").label(issue, "aedev");
  await hook.settled();
  const events = received.map(({ headers, body }) => [
    headers["x-github-event"],
    (JSON.parse(body) as { action?: string }).action,
  ]);
  expect(events.toSorted()).toEqual([
    ["check_run", "completed"],
    ["issue_comment", "created"],
    ["issues", "labeled"],
    ["issues", "opened"],
    ["ping", undefined],
    ["push", undefined],
  ]);
  expect(new Set(received.map(({ headers }) => headers["x-github-delivery"])).size).toBe(received.length);
  const isSigned = ({ headers, body }: (typeof received)[number]) =>
    headers["x-hub-signature-256"] === `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  expect(received.every(isSigned)).toBe(true);
  expect(received.every(({ body }) => body.includes('"full_name":"acme/shop"'))).toBe(true);
  expect(hook.deliveries.map(({ status }) => status)).toEqual(received.map(() => 202));

  const [first] = hook.deliveries;
  if (first === undefined) throw new Error("nothing was delivered");
  await hook.redeliver(first);
  expect(received.at(-1)).toMatchObject({ body: first.body, headers: { "x-github-delivery": first.id } });
  expect(isSigned(received.at(-1) as never)).toBe(true);
  await hook.redeliver(first, { body: `${first.body} ` });
  expect(isSigned(received.at(-1) as never)).toBe(false);
  await hook.send({ body: "{}", secret: "another" });
  expect(isSigned(received.at(-1) as never)).toBe(false);
  const before = received.length;
  hook.remove();
  await shop.as("ann").comment(issue, "quiet");
  await hook.settled();
  expect(received.length).toBe(before);
});
