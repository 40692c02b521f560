/** Issues of the fake GitHub, and pull requests as far as they are issues: comments, labels, events, filters. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Laboratory, openLaboratory, place, tokens } from "./support/laboratory.ts";
import { refusal } from "./support/refusal.ts";

let lab: Laboratory;
let now = new Date("2026-01-01T00:00:00Z");
beforeAll(async () => {
  lab = await openLaboratory({ clock: () => now });
});
afterAll(() => lab[Symbol.asyncDispose]());

const shop = () => lab.github.repository("acme/shop");
const issues = (token: string = tokens.bob) => lab.octokit(token).rest.issues;

describe("comments of the fake", () => {
  it("can be written, and changed by their author or someone with write access only", async () => {
    const issue_number = await shop().as("ann").openIssue({ title: "Broken", body: "it is" });
    const { data } = await issues(tokens.eve).createComment({ ...place, issue_number, body: "me too" });
    expect(data).toMatchObject({ body: "me too", user: { login: "eve" } });
    const change = (token: string, body: string) =>
      issues(token).updateComment({ ...place, comment_id: data.id, body });
    expect((await change(tokens.eve, "me too!")).data.body).toBe("me too!");
    expect((await change(tokens.bob, "calmer")).data.body).toBe("calmer");
    const own = await shop().as("bob").comment(issue_number, "mine");
    expect(await refusal(issues(tokens.eve).updateComment({ ...place, comment_id: own, body: "x" }))).toMatchObject({
      status: 403,
    });
    expect(await refusal(issues().updateComment({ ...place, comment_id: 1, body: "x" }))).toMatchObject({
      status: 404,
    });
    const listed = await issues().listComments({ ...place, issue_number });
    expect(listed.data.map(({ body }) => body)).toEqual(["calmer", "mine"]);
    expect((await issues().get({ ...place, issue_number })).data).toMatchObject({
      comments: 2,
      title: "Broken",
      body: "it is",
    });
  });
});

describe("labels and events of the fake", () => {
  it("a label is added, removed and remembered; an absent one can't be removed", async () => {
    const issue_number = await shop().as("ann").openIssue({ title: "Labelled" });
    await issues().addLabels({ ...place, issue_number, labels: ["Bug", "bug", "later on"] });
    const { data } = await issues().get({ ...place, issue_number });
    expect(data.labels.map((label) => (typeof label === "string" ? label : label.name))).toEqual(["Bug", "later on"]);
    await issues().removeLabel({ ...place, issue_number, name: "later on" });
    expect(await refusal(issues().removeLabel({ ...place, issue_number, name: "later on" }))).toMatchObject({
      status: 404,
      message: "Label does not exist",
    });
    await shop().as("ann").edit(issue_number, { title: "Renamed" });
    await shop().as("ann").close(issue_number);
    await shop().as("bob").reopen(issue_number);
    const events = await issues().listEvents({ ...place, issue_number });
    expect(events.data.map(({ event, actor }) => `${actor?.login} ${event}`)).toEqual([
      ...["bob labeled", "bob labeled", "bob unlabeled", "ann renamed", "ann closed", "bob reopened"],
    ]);
    expect(await refusal(issues(tokens.eve).addLabels({ ...place, issue_number, labels: ["x"] }))).toMatchObject({
      status: 403,
    });
  });
});

describe("lists of issues", () => {
  it("filter by label, state and last change, and include pull requests", async () => {
    const person = shop().as("bob");
    const old = await person.openIssue({ title: "old", labels: ["work"] });
    now = new Date("2026-01-02T00:00:00Z");
    await person.push({ branch: "listed", files: { "l.txt": "l" } });
    const pull = await person.openPull({ title: "pull", head: "listed" });
    await person.label(pull, "work");
    const since = "2026-01-01T12:00:00Z";
    const list = async (filter: object) =>
      (await issues().listForRepo({ ...place, ...filter })).data.map(({ number }) => number);
    expect(await list({ labels: "work" })).toEqual([pull, old]);
    expect(await list({ labels: "work", since })).toEqual([pull]);
    await person.comment(old, "still there");
    expect(await list({ labels: "work", since })).toEqual([pull, old]);
    await person.close(old);
    expect(await list({ labels: "work" })).toEqual([pull]);
    expect(await list({ labels: "work", state: "closed" })).toEqual([old]);
    expect(await list({ labels: "work,none" })).toEqual([]);
    const { data } = await issues().get({ ...place, issue_number: pull });
    expect(data.pull_request?.url).toBe(`${lab.github.apiUrl}/repos/acme/shop/pulls/${pull}`);
    expect(await refusal(lab.octokit(tokens.bob).rest.pulls.get({ ...place, pull_number: old }))).toMatchObject({
      status: 404,
    });
  });
});

describe("GraphQL queries", () => {
  const query =
    "query ($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) { issue(number: $number) { url title body lastEditedAt } } }";
  const ask = async (number: number, token: string = tokens.bob) =>
    lab
      .octokit(token)
      .graphql<{ repository: { issue: unknown } }>(query, { owner: "acme", name: "shop", number })
      .then(({ repository }) => repository.issue);

  it("return when an issue's text was last edited, which a new title is not, and change nothing", async () => {
    now = new Date("2026-01-03T00:00:00Z");
    const number = await shop().as("eve").openIssue({ title: "First", body: "one" });
    now = new Date("2026-01-03T00:00:10Z");
    await shop().as("eve").edit(number, { title: "Second" });
    expect(await ask(number)).toMatchObject({ title: "Second", body: "one", lastEditedAt: null });
    await shop().as("eve").edit(number, { body: "two" });
    expect(await ask(number)).toMatchObject({ body: "two", lastEditedAt: "2026-01-03T00:00:10Z" });
    await expect(ask(999)).rejects.toThrow(/Could not resolve/);
    expect(lab.github.journal.entries.filter(({ path, mutates }) => path.endsWith("/graphql") && mutates)).toEqual([]);
  });

  it("name the account of a token, and the bot of an app", async () => {
    const viewer = async (token: string) =>
      (await lab.octokit(token).graphql<{ viewer: { login: string } }>("query { viewer { login } }")).viewer.login;
    expect([await viewer(tokens.eve), await viewer(tokens.bot)]).toEqual(["eve", "aedev[bot]"]);
  });
});
