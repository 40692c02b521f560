/** A draft at a terminal and without one, with a fake daemon: shown as the coder's words, edited, accepted only by a yes. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Asked, openFakeDaemon, type Reply } from "../fake-daemon.ts";
import { makeHome, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const id = "m-aaaaaaaaaaaaaaaa";
const run_id = "r-aaaaaaaaaaaaaaaa";
const target = { id: "target", text: "Where?", choices: ["src/"], default: "src/" };
const proposal = {
  title: "add() keeps the sign",
  place: "lib/add.js",
  criteria: ["add(-1, 2) returns 1, in a new test", "all existing tests pass"],
  test: "test/negative.test.js",
  size: "small",
  questions: ["Should -0 stay -0?"],
};
const running = {
  ...{ mission_id: id, run_id, status: "running", accepted: false, tokens: 1000, tokens_used: null, code: null },
  ...{ detail: null, draft: null },
};
const drafted = { ...running, status: "drafted", tokens_used: 420, draft: proposal };
const failed = { ...running, status: "failed", code: "secret", detail: "title, line 1, column 5\u001b[2J" };
const asked = { mission_id: id, status: "clarifying", questions: [target] };
const offered = { ...asked, draft_tokens: 1000 };
const clear = { mission_id: id, status: "awaiting_approval", questions: [], clarified_spec: "# the specification" };

/** Runs intake against a daemon whose draft goes through these documents. */
async function intake(
  submitted: object,
  options: { drafts?: object[]; accepted?: object; flags?: string[]; answers?: string[]; line?: string[] },
) {
  const drafts = [...(options.drafts ?? [])];
  const reply = ({ method, path }: Asked): Reply | undefined => {
    const ok = (body: object) => ({ status: 200, body });
    if (method === "GET" && path === `/api/missions/${id}/draft`)
      return ok((drafts.length > 1 ? drafts.shift() : drafts[0]) ?? {});
    if (method !== "POST") return undefined;
    if (path === `/api/missions/${id}/draft`) return ok(running);
    if (path === `/api/missions/${id}/draft/accept`) return ok({ ...clear, ...options.accepted });
    return ok(path === "/api/missions" ? submitted : clear);
  };
  await using fake = await openFakeDaemon(reply);
  home.daemonAt({ port: fake.port });
  const line = options.line ?? ["intake", "make it nice", "--repo", "tool", ...(options.flags ?? [])];
  const { answers } = options;
  const ran = await run(line, { home: home.home, ...(answers === undefined ? {} : { answers }) });
  const posts = fake.asked.filter(({ method }) => method === "POST");
  const bodyOf = (end: string) => posts.find(({ path }) => path.endsWith(end))?.body;
  return {
    ...ran,
    submitted: bodyOf("/api/missions"),
    accept: bodyOf("/accept"),
    paths: posts.map(({ path }) => path),
  };
}

it("prints a draft without a terminal, exit 4, with the command that accepts it", async () => {
  const options = { drafts: [running, drafted], flags: ["--draft"] };
  const ran = await intake({ ...asked, draft: running }, options);
  expect(ran).toMatchObject({ exit: 4, submitted: { draft: true }, accept: undefined });
  expect(ran.out).toContain(`draft ${run_id} by the coder, in its own words, not aedev's, 420 of 1,000 tokens:`);
  for (const text of [proposal.title, proposal.place, ...proposal.criteria, proposal.test, "Should -0 stay -0?"])
    expect(ran.out).toContain(text);
  expect(ran.out).toContain(`next: aedev mission answer ${id} --accept-draft ${run_id}\n`);
  const json = await intake({ ...asked, draft: running }, { ...options, flags: ["--draft", "--json"] });
  expect(json.exit).toBe(4);
  expect(JSON.parse(json.out)).toMatchObject({ mission_id: id, draft: { status: "drafted", draft: proposal } });
  const without = await intake(asked, {});
  expect(without.exit).toBe(4);
  expect(without.submitted).not.toHaveProperty("draft");
  expect(without.out).not.toContain("draft");
});

it("leaves the ordinary questions after a failed draft, and says why without escape sequences", async () => {
  const ran = await intake({ ...asked, draft: running }, { drafts: [failed], flags: ["--draft"] });
  expect(ran.exit).toBe(4);
  expect(ran.err).toContain(
    "failed: the proposal contains a secret and was not stored (title, line 1, column 5\\u{1b}[2J)",
  );
  expect(ran.out).toContain("? Where? [target]");
  expect(ran.out).toContain(`next: aedev mission answer ${id} --answer target=`);
});

it("edits a draft part by part and accepts it by a yes; then the specification is offered for approval", async () => {
  const typed = ["", "lib/sum.js", "add(-2, 2) returns 0, in a new test", "-", "", "add(null) throws", "", "y", "n"];
  const ran = await intake(
    { ...asked, draft: running },
    { drafts: [running, drafted], flags: ["--draft"], answers: typed },
  );
  expect(ran.accept).toEqual({
    run_id,
    title: proposal.title,
    place: "lib/sum.js",
    criteria: ["add(-2, 2) returns 0, in a new test", "add(null) throws"],
    test: proposal.test,
  });
  expect(ran).toMatchObject({ exit: 0, err: expect.stringContaining("Approve and start work?") });
});

it("does not accept a draft by Enter alone, and asks the ordinary questions instead", async () => {
  const ran = await intake({ ...asked, draft: running }, { drafts: [drafted], flags: ["--draft"], answers: [] });
  expect(ran.accept).toBeUndefined();
  expect(ran.err).toMatch(/Accept this draft as yours\?[\s\S]*\? Where\?/);
  expect(ran.paths.at(-1)).toBe(`/api/missions/${id}/answer`);
});

it("offers a draft beside a question only if one is possible, and starts it by `d`", async () => {
  const ran = await intake(offered, { drafts: [drafted], answers: ["d", "", "", "", "", "", "", "yes"] });
  expect(ran.err).toContain("d. let the coder read the repository and propose answers (at most 1,000 tokens)");
  expect(ran).toMatchObject({ accept: { run_id, ...proposalParts } });
  expect(ran.submitted).not.toHaveProperty("draft");
  const none = await intake(asked, { answers: ["d"] });
  expect(none.err).not.toContain("d. let the coder");
  expect(none.paths).toEqual(["/api/missions", `/api/missions/${id}/answer`]);
});
const { size: _size, questions: _questions, ...proposalParts } = proposal;

it("says which parts of a draft do not count", async () => {
  const not_taken = [{ of: "place", text: "the login", why: "it names no place" }];
  const line = ["mission", "answer", id, "--accept-draft", run_id];
  const ran = await intake(asked, { drafts: [drafted], accepted: { ...asked, not_taken }, line });
  expect(ran).toMatchObject({ exit: 4, accept: { run_id } });
  expect(ran.err).toContain("aedev: not taken from the draft: place: the login: it names no place");
  const whole = await intake(asked, { drafts: [drafted], line });
  expect(whole).toMatchObject({ exit: 0, err: "" });
});

it("prints a proposed plan with the commands that accept it, and submits it as a file would", async () => {
  const parts = [
    {
      ...{
        name: "half",
        text: "Add half() to lib/add.js",
        criteria: ["half(4) returns 2\u001b[2J"],
        files: ["lib/add.js"],
      },
      ...{ creates: [], after: [], size: "large" },
    },
  ];
  const planned = { ...drafted, draft: null, plan: { parts } };
  const ran = await intake({ ...asked, draft: running }, { drafts: [running, planned], flags: ["--plan"] });
  expect(ran).toMatchObject({ exit: 4, submitted: { draft: "plan" }, accept: undefined });
  expect(ran.out).toContain(
    `plan ${run_id} proposed by the coder, in its own words, not aedev's, 420 of 1,000 tokens:`,
  );
  expect(ran.out).toContain("half: Add half() to lib/add.js");
  expect(ran.out).toContain("half(4) returns 2\\u{1b}[2J");
  expect(ran.out).toContain("large: it must be cut into smaller parts");
  expect(ran.out).toContain(`next: aedev mission answer ${id} --accept-draft ${run_id}\n`);
  expect(ran.out).toContain(`aedev mission show ${id} --yaml > plan.yaml`);
  const failing = await intake({ ...asked, draft: running }, { drafts: [failed], flags: ["--plan"] });
  expect(failing.out).toContain("? Where? [target]");
});

it("refuses a plan as wrong usage beside a draft, and of two repositories", async () => {
  const line = ["intake", "do it", "--repo", "tool", "--plan"];
  expect(await intake(asked, { line: [...line, "--draft"] })).toMatchObject({ exit: 2, paths: [] });
  const two = await intake(asked, { line: [...line, "--repo", "other"] });
  expect(two).toMatchObject({ exit: 2, paths: [], err: expect.stringContaining("aedev intake --file plan.yaml") });
  expect(await intake({ ...asked, draft: running }, { drafts: [failed], line })).toMatchObject({
    submitted: { repo: "tool" },
  });
});

it("refuses a draft as wrong usage with a file of missions, and beside an answer", async () => {
  const file = await intake(asked, { line: ["intake", "--file", "missions.yaml", "--draft"] });
  expect(file).toMatchObject({ exit: 2, paths: [] });
  const both = ["mission", "answer", id, "--accept-draft", run_id, "--answer", "target=lib/add.js"];
  expect(await intake(asked, { line: both })).toMatchObject({ exit: 2, paths: [] });
});
