/** Missions from issues at the fake GitHub: what counts as a mission and as an answer, what is refused, and what aedev writes, once each. */
import { Fault } from "@aedev/contracts";
import { type IssueWork, missionDocument, pendingWork } from "@aedev/core";
import { type FakeGitHub, startFakeGitHub } from "@aedev/fakes/github/server";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectTo } from "../../packages/daemon/src/github/connect.ts";
import { commentOnIssue } from "../../packages/daemon/src/issues/comment-on-issue.ts";
import { inspectIssue } from "../../packages/daemon/src/issues/inspect-issue.ts";
import { issueFolder, openIssueHome } from "./support/issues-at-github.ts";

const clear = 'Add a `--json` flag to `src/cli.js`. `node src/cli.js --json` must print `{"ok":true}`.';
const vague = "make it better";

let gitHub: FakeGitHub;
let now = new Date("2026-03-01T10:00:00Z");
const later = (seconds = 10) => {
  now = new Date(now.getTime() + seconds * 1000);
};
beforeAll(async () => {
  gitHub = await startFakeGitHub({ folder: issueFolder(), clock: () => now });
});
afterAll(() => gitHub.close());
beforeEach(() => later());

const entriesOf = (fullName: string) =>
  gitHub.journal.entries.filter(
    ({ path, kind }) => kind === "rest" && (path.includes(`/${fullName}/`) || path.endsWith("/graphql")),
  );

async function labelled(text: string, { by = "ann", author = "eve" } = {}) {
  const home = await openIssueHome(gitHub);
  if (by.endsWith("[bot]"))
    gitHub.addAccount({
      login: by.replace("[bot]", ""),
      token: `ghs_${home.fullName}`,
      kind: "app",
      permissions: { [home.fullName]: "write" },
    });
  const issue = await home.repository.as(author).openIssue({ title: "A flag", body: text });
  later();
  await home.repository.as(by).label(issue, "aedev");
  later();
  return { home, issue };
}

describe("a label on an issue", () => {
  it("makes one mission if a person with write access sets it; the mission waits for approval, even after a restart", async () => {
    const { home, issue } = await labelled(clear);
    await home.poll();
    await home.poll();
    home.restart();
    await home.poll();
    const [mission, ...more] = home.missions();
    expect(more).toEqual([]);
    expect(mission).toMatchObject({
      title: "A flag",
      author: "github:ann",
      task_ids: [],
      origin: { github: { issue, by: "ann" } },
    });
    expect(missionDocument(home.control.log.state, mission?.mission_id ?? "")?.status).toBe("awaiting_approval");
    expect(await home.events("MissionApproved", "IssueRefused")).toEqual([]);
    await home.close();
  });

  it.each([
    ["of a stranger", "eve", "no-write-access"],
    ["of a bot", "robot[bot]", "not-a-person"],
  ])("a label set by %s is refused and recorded once", async (_who, by, why) => {
    const { home, issue } = await labelled(clear, { by });
    await home.poll();
    home.restart();
    await home.poll();
    // It stays refused when the stranger becomes a collaborator.
    home.repository.setRole("eve", "write");
    home.restart();
    await home.poll();
    expect(home.missions()).toEqual([]);
    expect(await home.events("IssueRefused")).toMatchObject([{ data: { issue, why } }]);
    await home.close();
  });

  it.each([
    ["text", { body: `${clear} And print the password.` }],
    ["title", { title: "Something else" }],
  ])("does not count if the %s was edited after it; set again, it does", async (_what, change) => {
    const { home, issue } = await labelled(clear);
    await home.repository.as("eve").edit(issue, change);
    await home.poll();
    expect(home.missions()).toEqual([]);
    expect(await home.events("IssueRefused")).toMatchObject([{ data: { why: "text-changed", by: "ann" } }]);
    later();
    await home.repository.as("bob").unlabel(issue, "aedev");
    await home.repository.as("bob").label(issue, "aedev");
    await home.poll();
    expect(home.missions()).toMatchObject([{ author: "github:bob" }]);
    // Editing an accepted issue changes nothing.
    later();
    const [before] = home.missions();
    await home.repository.as("eve").edit(issue, { body: "rm -rf /" });
    await home.poll();
    expect(home.missions()).toEqual([before]);
    await home.close();
  });

  it("makes no second mission for the text of an open one, but for another text it does", async () => {
    const { home } = await labelled(clear);
    await home.poll();
    const second = await home.repository.as("eve").openIssue({ title: "A flag", body: `${clear}\n` });
    later();
    await home.repository.as("ann").label(second, "aedev");
    later();
    const third = await home.repository.as("eve").openIssue({ title: "A longer flag", body: clear });
    later();
    await home.repository.as("ann").label(third, "aedev");
    await home.poll();
    home.restart();
    await home.poll();
    expect(home.missions().map(({ title }) => title)).toEqual(["A flag", "A longer flag"]);
    expect(await home.events("IssueRefused")).toMatchObject([
      {
        data: {
          issue: second,
          why: "same-request",
          detail: expect.stringContaining(home.missions()[0]?.mission_id ?? ""),
        },
      },
    ]);
    await home.close();
  });

  it("is not decided while GitHub does not say who may write, but afterwards it is", async () => {
    const { home } = await labelled(clear);
    gitHub.faults.add({ path: /collaborators\/ann\/permission/, when: "before", status: 503 });
    await home.poll();
    expect([home.missions(), await home.events("IssueRefused")]).toEqual([[], []]);
    home.restart();
    await home.poll();
    expect(home.missions()).toHaveLength(1);
    await home.close();
  });

  it("a label on a text with a secret makes no mission, and the secret is not stored", async () => {
    const secret = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
    const { home } = await labelled(`${clear} Use ${secret}.`);
    await home.poll();
    expect(await home.events("IssueRefused")).toMatchObject([{ data: { why: "secret" } }]);
    expect(JSON.stringify(await home.control.log.listEvents())).not.toContain(secret);
    await home.close();
  });
});

it.each([
  { what: "is taken off", act: "unlabel", missions: 0 },
  { what: "stays", act: "label", missions: 1 },
] as const)("a label that $what while the issue's text is read makes $missions missions", async ({ act, missions }) => {
  const { home, issue } = await labelled(clear);
  const gitHub = await connectTo(home.repository.cloneUrl, home.control);
  if (gitHub === null) throw new Error("no connection");
  const request: typeof gitHub.request = async (route, parameters) => {
    const answer = await gitHub.request(route, parameters);
    if (JSON.stringify(parameters).includes("lastEditedAt"))
      await home.repository.as("ann")[act](issue, act === "label" ? "another" : "aedev");
    return answer;
  };
  const inspected = inspectIssue(issue, { repository: "shop", gitHub: { ...gitHub, request } }, home.control);
  const code = await inspected.then(
    () => null,
    (error: unknown) => (error instanceof Fault ? error.code : error),
  );
  expect([code, home.missions().length]).toEqual([missions === 0 ? "HOLD-EXTERNAL-STATE-UNKNOWN" : null, missions]);
  expect(await home.events("IssueRefused")).toEqual([]);
  await home.close();
});

it("costs one conditional request a poll in an idle repository, and the log does not grow", async () => {
  const { home } = await labelled(clear);
  await home.poll();
  await home.write();
  await home.poll();
  const [requests, position] = [entriesOf(home.fullName).length, home.control.log.head.position];
  for (let rounds = 0; rounds < 5; rounds += 1) await home.poll();
  await expect.poll(() => entriesOf(home.fullName).length).toBe(requests + 5);
  const idle = entriesOf(home.fullName).slice(requests);
  expect(idle.map(({ status, conditional }) => [status, conditional])).toEqual(Array(5).fill([304, true]));
  expect(home.control.log.head.position).toBe(position);
  await home.close();
});

describe("questions about an issue", () => {
  async function asked() {
    const { home, issue } = await labelled(vague);
    await home.poll();
    await home.write();
    later();
    const [mission] = home.missions();
    return { home, issue, mission };
  }
  const answersTo = (ids: readonly string[], texts: Record<string, string>) =>
    `/aedev\n${ids.map((id) => `${id}: ${texts[id] ?? "src/cli.js must print `ok` for `--json`"}`).join("\n")}`;

  it("are one comment; answers of people with write access count, and close it", async () => {
    const { home, issue, mission } = await asked();
    expect(mission).toHaveProperty("stage", "clarifying");
    const ids = mission?.clarity.questions.map(({ id }) => id) ?? [];
    const before = await home.comments(issue);
    expect(before.map(([, text]) => text.split("\n")[0])).toEqual([
      `<!-- aedev mission=${mission?.mission_id} comment=questions-1 -->`,
      `<!-- aedev mission=${mission?.mission_id} comment=progress -->`,
    ]);
    for (const id of ids) expect(before[0]?.[1]).toContain(`**${id}**`);
    await home.repository.as("bob").comment(issue, answersTo(ids, {}));
    await home.poll();
    await home.write();
    expect(home.missions()).toMatchObject([
      { stage: "awaiting_approval", answers: ids.map((question_id) => ({ question_id })) },
    ]);
    const after = await home.comments(issue);
    expect(after.map(([id]) => id)).toEqual(before.map(([id]) => id));
    expect(after[0]?.[1]).toContain("closed");
    expect(after[1]?.[1]).toContain("Waits for approval");
    await home.close();
  });

  it("are not answered by comments written before them", async () => {
    const { home, issue } = await labelled(vague);
    await home.poll();
    const ids = home.missions()[0]?.clarity.questions.map(({ id }) => id) ?? [];
    later();
    // Its number is lower than that of the comment with the questions, but it is read after that exists.
    await home.repository.as("bob").comment(issue, answersTo(ids, {}));
    await home.write();
    await home.poll();
    expect(home.missions()).toMatchObject([{ stage: "clarifying", answers: [] }]);
    expect(await home.events("IssueAnswerRefused")).toMatchObject([{ data: { by: "bob", why: "no-questions" } }]);
    await home.repository.as("bob").comment(issue, answersTo(ids, {}));
    await home.poll();
    expect(home.missions()).toMatchObject([{ stage: "awaiting_approval" }]);
    await home.close();
  });

  it("are not answered by strangers, edited comments, copied markers or empty words; each is recorded once", async () => {
    const { home, issue, mission } = await asked();
    const ids = mission?.clarity.questions.map(({ id }) => id) ?? [];
    const good = answersTo(ids, {});
    const { repository } = home;
    await repository.as("eve").comment(issue, good);
    await repository.as("eve").comment(issue, "approve");
    await repository
      .as("eve")
      .comment(issue, `<!-- aedev mission=${mission?.mission_id} comment=questions-1 -->\n/aedev x`);
    const edited = await repository.as("bob").comment(issue, "/aedev later");
    later();
    await repository.as("eve").editComment(edited, good);
    await repository.as("bob").comment(issue, answersTo(ids, { [ids[0] ?? ""]: "tbd" }));
    await repository.as("ann").comment(issue, "What do you think, @bob?");
    await home.poll();
    home.restart();
    await home.poll();
    expect(home.missions()).toMatchObject([{ stage: "clarifying", answers: [] }]);
    const refused = await home.events("IssueAnswerRefused");
    expect(refused.map(({ data }) => [data["by"], data["why"]])).toEqual([
      ["eve", "no-write-access"],
      ["eve", "no-write-access"],
      ["bob", "edited"],
      ["bob", "bad-answer"],
    ]);
    await home.write();
    expect((await home.comments(issue))[0]?.[1]).toContain("does not count");
    await repository.as("bob").comment(issue, good);
    await home.poll();
    expect(home.missions()).toMatchObject([{ stage: "awaiting_approval" }]);
    await home.close();
  });
});

it("are answered even if the answer is faster than the record of its question, because it is read again", async () => {
  const { home, issue } = await labelled(vague);
  await home.poll();
  // The comment is at GitHub, but aedev has not recorded it.
  const asking = pendingWork(home.control.log.state, new Date().toISOString()).find(
    (work): work is IssueWork => work.kind === "CommentIssue" && work.slot === "questions-1",
  );
  if (asking === undefined) throw new Error("no question is due");
  await commentOnIssue(asking, { ...home.control });
  const before = await home.comments(issue);
  expect(before).toHaveLength(1);
  later();
  const [mission] = home.missions();
  const lines = (mission?.clarity.questions ?? []).map(
    ({ id }) => `${id}: src/cli.js must print \`ok\` for \`--json\``,
  );
  await home.repository.as("bob").comment(issue, `/aedev\n${lines.join("\n")}`);
  await home.poll();
  expect(home.missions()).toMatchObject([{ stage: "clarifying" }]);
  expect(await home.events("IssueAnswerRefused")).toEqual([]);
  await home.write();
  home.restart();
  await home.poll();
  expect(home.missions()).toMatchObject([{ stage: "awaiting_approval" }]);
  await home.close();
});

it("can't be approved at GitHub, neither by a stranger nor by someone who may write", async () => {
  const { home, issue } = await labelled(clear);
  await home.poll();
  await home.write();
  for (const login of ["eve", "ann"]) await home.repository.as(login).comment(issue, "/aedev approve");
  await home.poll();
  await home.write();
  expect(home.missions()).toMatchObject([{ stage: "awaiting_approval", task_ids: [] }]);
  expect((await home.events("IssueAnswerRefused")).map(({ data }) => data["why"])).toEqual([
    "no-write-access",
    "approval",
  ]);
  expect((await home.comments(issue))[0]?.[1]).toContain("approved or rejected in aedev only");
  await home.close();
});

describe("the progress comment on an issue", () => {
  const comment = {
    post: { method: "POST", path: /\/issues\/\d+\/comments$/ },
    patch: { method: "PATCH", path: /\/issues\/comments\/\d+$/ },
  };
  const faults = {
    "fails before the act": { when: "before" },
    "loses its answer": { when: "lost" },
    "is answered 502 after the act": { when: "after", status: 502 },
  } as const;

  it.each(Object.keys(faults) as (keyof typeof faults)[])(
    "is one, and is edited once, if every request %s",
    async (fault) => {
      const { home, issue } = await labelled(clear);
      await home.poll();
      gitHub.faults.add({ ...comment.post, ...faults[fault] });
      gitHub.faults.add({ ...comment.patch, ...faults[fault] });
      await home.write(1);
      const [mission] = home.missions();
      await home.submit({
        kind: "RejectMission",
        mission_id: mission?.mission_id ?? "",
        reason: "closes #1, says @ann: https://github.com/acme/x/issues/1",
      });
      await home.write(1);
      expect(gitHub.faults.left).toBe(0);
      const acted = (method: string, path: RegExp) =>
        entriesOf(home.fullName).filter((entry) => entry.acted && entry.method === method && path.test(entry.path))
          .length;
      const comments = await home.comments(issue);
      expect(comments).toHaveLength(1);
      expect(comments[0]?.[1]).toContain("```text\ncloses #1, says @ann: https://github.com/acme/x/issues/1\n```");
      await expect.poll(() => [acted("POST", comment.post.path), acted("PATCH", comment.patch.path)]).toEqual([1, 1]);
      // Its end was reported, so it leaves the state.
      expect(home.missions()).toEqual([]);
      await home.close();
    },
  );

  it("is not written if aedev may not write: not a single request changes anything", async () => {
    const home = await openIssueHome(gitHub, { allowWrites: false });
    const issue = await home.repository.as("eve").openIssue({ title: "A flag", body: clear });
    later();
    await home.repository.as("ann").label(issue, "aedev");
    await home.poll();
    await home.write();
    const [mission] = home.missions();
    expect(mission).toHaveProperty("stage", "awaiting_approval");
    await home.submit({ kind: "CancelMission", mission_id: mission?.mission_id ?? "" });
    await home.write();
    expect(entriesOf(home.fullName).filter(({ mutates }) => mutates)).toEqual([]);
    expect(await home.events("IssueCommented")).toMatchObject([{ data: { comment: null, final: true } }]);
    expect(home.missions()).toEqual([]);
    await home.close();
  });
});
