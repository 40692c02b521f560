/** Sources of proposals on a real repository and log: each finds its planted causes and not their look-alikes, keeps to the number of a day, and pauses itself if people reject it. */
import { openProposals } from "@aedev/core";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { proposalRoutes } from "../packages/daemon/src/http/routes/proposal-routes.ts";
import { findProposals } from "../packages/daemon/src/proposals/find-proposals.ts";
import { issueFolder, openIssueHome } from "./github/support/issues-at-github.ts";

let gitHub: FakeGitHub;
beforeAll(async () => {
  gitHub = await startFakeGitHub({ folder: issueFolder() });
});
afterAll(() => gitHub.close());

async function opened(sources: string, options: { perDay?: number } = {}) {
  const home = await openIssueHome(gitHub, { sources, ...options });
  const routes = proposalRoutes(home.control);
  const caller = { by: "operator", way: "terminal" } as never;
  const open = () => openProposals(home.control.log.state).map(({ proposal }) => proposal);
  return {
    ...home,
    open,
    /** The proposals' quoted lines. */
    quotes: () => open().map(({ text }) => text.split("\n").flatMap((line) => /^ {4}(.*)$/.exec(line)?.[1] ?? [])),
    find: () => findProposals("shop", home.control),
    push: (files: Record<string, string | null>) => home.repository.as("ann").push({ branch: "main", files }),
    list: async () => routes.listProposals(),
    accept: (id: string) => routes.acceptProposal({ params: { id }, body: {}, caller } as never),
    reject: (id: string) => routes.rejectProposal({ params: { id }, body: {}, caller } as never),
    resume: (source: string) =>
      routes.resumeProposalSource({ params: { name: "shop" }, body: { source }, caller } as never),
    [Symbol.asyncDispose]: () => home.close(),
  };
}

it("a TODO counts where it is the repository's own and a word of its own", async () => {
  await using home = await opened("todo");
  await home.push({
    "lib/a.js": "// TODO(aedev): first\nconst x = 1; //TODO(aedev): second\n",
    "lib/b.py": "# xTODO(aedev): a part of a word\n# TODO(aedev): third\n",
    "node_modules/p/index.js": "// TODO(aedev): of a package\n",
    "web/vendor/q.js": "// TODO(aedev): of a vendored file\n",
  });
  await home.find();
  expect(
    home
      .quotes()
      .map(([, said]) => said)
      .sort(),
  ).toEqual(["first", "second", "third"]);
});

const guide = `# Guide
See [the setup](setup.md#first) and [gone](missing.md "title").
![picture](../img/none.png)

[ref]: ./old/page.md
[page]: https://example.org/none
- an item

      [in code](code-in-item.md)

    [code](indented.md)

\`\`\`md
[fenced](fenced.md)
\`\`\`
\`[span](span.md)\` and <!-- [comment](comment.md) --> and \\[not](escaped.md)
[anchor](#none) [url](https://example.org/x) [mail](mailto:a@example.org) [root](/docs/none.md) [folder](../lib/)
[outside](../../../issues) [template]({{ site.url }}/x.md) [encoded](a%20b.md) [page](setup) [query](setup.md?plain=1)
`;

it("a relative link to nothing in a document is proposed until it is mended, and not its look-alikes", async () => {
  await using home = await opened("dead-link");
  await home.push({
    ...{ "docs/guide.md": guide, "docs/setup.md": "# Setup\n", "docs/a b.md": "x\n", "lib/add.js": "1;\n" },
    "vendor/lib/README.md": "[gone](gone.md)\n",
    "notes.txt": "[gone](gone.md)\n",
  });
  await home.find();
  await home.find();
  expect(
    home
      .quotes()
      .map(([file, target]) => `${file} ${target}`)
      .sort(),
  ).toEqual(["docs/guide.md ../img/none.png", "docs/guide.md ./old/page.md", "docs/guide.md missing.md"]);
  expect(home.open().find(({ key }) => key.endsWith("missing.md"))?.text).toContain("in line 2 of this file");
  await home.push({ "docs/missing.md": "here\n" });
  await home.find();
  expect(home.open().map(({ key }) => key)).toEqual([
    "dead-link docs/guide.md: ../img/none.png",
    "dead-link docs/guide.md: ./old/page.md",
  ]);
  // A document that can't be read ends nothing; one that is gone ends its links.
  await home.push({ "docs/guide.md": "\u0000" });
  await home.find();
  expect(home.open()).toHaveLength(2);
  await home.push({ "docs/guide.md": null });
  await home.find();
  expect(home.open()).toEqual([]);
});

const roadmap = (first: string, second = "[ ]") => `# Roadmap
- [x] done
\`\`\`
- [ ] an example in a fence
\`\`\`
- plain
  - [ ] nested below a plain item
- ${first} Sort the list @ann
  - [ ] names come first
  - [x] tested
  more text
- ${second} Show a date
- [ ] Say hello
`;

it("the roadmap's next open item is proposed with its criteria, and another one only once its mission has ended", async () => {
  await using home = await opened("roadmap");
  await home.find();
  expect(home.open()).toEqual([]);
  await home.push({ ".agent/roadmap.md": roadmap("[ ]") });
  await home.find();
  await home.find();
  expect(home.quotes()).toEqual([["Sort the list @ann", "names come first"]]);
  expect(home.open()[0]?.text).toContain("line 8 of .agent/roadmap.md");
  await home.accept(home.open()[0]?.proposal_id ?? "");
  await home.find();
  const [mission] = home.missions();
  expect([home.open(), await home.events("MissionApproved")]).toEqual([[], []]);
  await home.submit({ kind: "CancelMission", mission_id: mission?.mission_id ?? "" } as never);
  await home.find();
  expect(home.quotes()).toEqual([["Show a date"]]);
  // Ticked elsewhere, it ends, and the next one follows.
  await home.push({ ".agent/roadmap.md": roadmap("[ ]", "[X]") });
  await home.find();
  await home.find();
  expect(home.quotes()).toEqual([["Say hello"]]);
  await home.reject(home.open()[0]?.proposal_id ?? "");
  for (let look = 0; look < 50; look += 1) await home.find();
  expect(home.open()).toEqual([]);
});

it("no more are proposed within a day than configured, and what was rejected stays away over fifty looks", async () => {
  await using home = await opened("todo, dead-link", { perDay: 3 });
  const wishes = Array.from({ length: 9 }, (_, index) => `// TODO(aedev): wish ${index}`).join("\n");
  await home.push({ "lib/add.js": `${wishes}\n`, "README.md": "[gone](gone.md)\n" });
  await home.find();
  expect(
    home
      .open()
      .map(({ source }) => source)
      .sort(),
  ).toEqual(["dead-link", "todo", "todo"]);
  for (const { proposal_id } of home.open()) await home.reject(proposal_id);
  for (let look = 0; look < 50; look += 1) await home.find();
  expect([home.open(), (await home.events("MissionProposed")).length]).toEqual([[], 3]);
});

it("a source with 3 of 20 accepted pauses itself until it is resumed, and one with 5 of 20 does not", async () => {
  await using home = await opened("todo, dead-link");
  const lines = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, i) => line(i));
  const decide = async (source: string, accepted: number) => {
    for (let decided = 0; decided < 20; decided += 1) {
      if (home.open().every((one) => one.source !== source)) await home.find();
      const id = home.open().find((one) => one.source === source)?.proposal_id ?? "";
      await (decided < accepted ? home.accept(id) : home.reject(id));
    }
  };
  await home.push({ "lib/add.js": lines(25, (index) => `// TODO(aedev): wish ${index} in this file`).join("\n") });
  await decide("todo", 3);
  for (const { proposal_id } of home.open()) await home.reject(proposal_id);
  await home.push({ "README.md": lines(25, (index) => `[gone](gone-${index}.md)`).join("\n") });
  await decide("dead-link", 5);
  await home.find();
  const open = home.open().map(({ source }) => source);
  expect([open.includes("todo"), open.includes("dead-link")]).toEqual([false, true]);
  expect((await home.list()).sources).toMatchObject([
    { source: "dead-link", on: true, accepted: 5, decided: 20, paused: false },
    { source: "todo", on: true, decided: 20, paused: true },
  ]);
  await home.push({ "lib/more.js": "// TODO(aedev): a new wish\n" });
  await home.find();
  expect(home.open().some(({ source }) => source === "todo")).toBe(false);
  await home.resume("todo");
  for (const { proposal_id } of home.open()) await home.reject(proposal_id);
  await home.find();
  expect(home.open().map(({ title }) => title)).toContain("Do what a TODO in lib/more.js asks for");
});
