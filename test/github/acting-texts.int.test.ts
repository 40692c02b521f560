/** Hostile texts of an issue all the way into a landed commit and a pull request at the fake GitHub, which acts on them as GitHub does. */

import type { FakeGitHub } from "@aedev/fakes/github/server";
import { actsIn } from "@aedev/fakes/github/state/acts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { git } from "../support/git-repositories.ts";
import { hostileTexts } from "../support/hostile-texts.ts";
import { openLanding, startGitHub } from "./support/landing-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startGitHub();
});
afterAll(() => gitHub.close());

const origin = {
  github: {
    ...{ issue: 1, url: "https://github.example/acme/project/issues/1", labeled_event: 5 },
    ...{ labeled_at: "2026-01-01T00:00:00.000Z", by: "ann", text_by: ["eve"], text_digest: "a".repeat(64) },
  },
};
/** Three parts, because a commit shows only the first lines of a long request. */
const parts = [0, 1, 2].map((part) => hostileTexts.filter((_, index) => index % 3 === part).map(([, text]) => text));

async function landed(text: string, more: { mergeMethod: "merge" | "squash" | "rebase"; origin?: object }) {
  const { mergeMethod, ...from } = more;
  const landing = await openLanding(gitHub, {
    mergeMethod,
    mission: { text, criterion: text.slice(0, 1_900), ...from },
  });
  const { repository } = landing;
  // Issues with the numbers that the texts mention.
  const issues = await Promise.all(Array.from({ length: 3 }, () => repository.as("ann").openIssue({ title: "Open" })));
  expect(await landing.drive()).toBe("landed");
  const base = landing.task().evidence?.base_commit ?? "";
  const read = (...args: string[]) => git(repository.gitDir, args).toString();
  const commits = read("rev-list", `${base}..main`).trim().split("\n");
  const messages = commits.map((commit) => read("log", "-1", "--format=%B", commit));
  const number = landing.task().pull_request?.number ?? 0;
  const { title, body } = await repository.issue(number);
  const closed = (await Promise.all(issues.map((one) => repository.issue(one)))).filter(
    ({ state }) => state === "closed",
  );
  const trailers = messages.flatMap((message) =>
    git("/", ["interpret-trailers", "--parse"], message).toString().trim().split("\n"),
  );
  return { messages, title, body: body ?? "", closed, number, trailers: trailers.filter((line) => line !== "") };
}

it.each([
  ["merge", 0],
  ["squash", 1],
  ["rebase", 2],
] as const)("lets nothing of an issue act when it lands by %s", async (mergeMethod, part) => {
  const text = (parts[part] ?? []).join("\n\n");
  const { messages, title, body, closed, number, trailers } = await landed(text, { mergeMethod, origin });
  const own = new Set([`#${number}`]);
  for (const message of messages) expect(actsIn(message, "commit").filter(({ what }) => !own.has(what))).toEqual([]);
  expect(actsIn(title, "title")).toEqual([]);
  expect(actsIn(body, "markdown")).toEqual([]);
  expect(closed).toEqual([]);
  expect(trailers.filter((line) => !line.startsWith("Aedev-"))).toEqual([]);
});

it("the words of a person of the home act: an issue is closed, an author is credited, a run is skipped", async () => {
  const text =
    "Close the hole in src/a.js. It closes #1 and needs no build [skip ci]\n\nCo-authored-by: Ann <ann@example.com>";
  const { messages, closed, trailers } = await landed(text, { mergeMethod: "rebase" });
  expect(closed.map(({ number }) => number)).toEqual([1]);
  expect(trailers).toContain("Co-authored-by: Ann <ann@example.com>");
  expect(messages.flatMap((message) => actsIn(message, "commit").map(({ kind }) => kind))).toEqual(
    expect.arrayContaining(["closes", "skips", "credits"]),
  );
});
