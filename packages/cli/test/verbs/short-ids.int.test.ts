/** Abbreviated ids, several missions at once, and what a person is told before deciding. */
import { Fault } from "@aedev/contracts";
import { type CommandBody, initialState, type State } from "@aedev/core";
import { clear, gated, ids, life, stateAfter, stateAfterCommands } from "@aedev/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFakeDaemon } from "../fake-daemon.ts";
import { makeHome, type RunOptions, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const then = (state: State, body: CommandBody): State => stateAfterCommands(state, [body]);
const submitted = life["submitted"] as Extract<CommandBody, { kind: "SubmitMission" }>;
const other = "m-aaaabbbbbbbbbbbb";
const unclear = "m-cccccccccccccccc";
/** Two missions to approve, and one with questions. */
const waiting = [
  { ...submitted, mission_id: other, title: "Open \u001b[31mit" },
  { ...submitted, mission_id: unclear, clarity: { ...clear, score: 90, questions: [question()] } },
].reduce<State>(then, stateAfter("submitted", initialState));

function question() {
  return { id: "target", signal: "no_target", text: "Which file?", choices: [], default: "" } as never;
}

/** Runs the command line against a daemon that approves everything. */
async function decideWith(
  line: readonly string[],
  state: State,
  answers?: readonly string[],
  daemon: RunOptions["daemon"] = {},
) {
  await using fake = await openFakeDaemon(({ method, path }) =>
    method === "POST" ? { status: 200, body: { mission_id: path.split("/")[3] } } : undefined,
  );
  home.daemonAt({ port: fake.port });
  const ran = await run(line, { home: home.home, state, daemon, ...(answers === undefined ? {} : { answers }) });
  return { ran, posts: fake.asked.filter(({ method }) => method === "POST") };
}

describe("an abbreviated id", () => {
  it("completes an abbreviation to the one id that starts with it, in arguments and options", async () => {
    const shown = await run(["mission", "show", "m-aaaab"], { home: home.home, state: waiting });
    expect(shown).toMatchObject({ exit: 0, out: expect.stringContaining(other) });
    const { posts } = await decideWith(["mission", "cancel", "m-c"], waiting);
    expect(posts.map(({ path }) => path)).toEqual([`/api/missions/${unclear}/cancel`]);
    const held = then(stateAfter("gemini", initialState), gated("hold", { hold_code: "HOLD-RISK-HIGH" }));
    expect((await run(["hold", "show", "h-a"], { home: home.home, state: held })).out).toContain(ids.hold);
    expect((await run(["task", "show", "t-"], { home: home.home, state: held })).exit).toBe(1);
    const after = await decideWith(["intake", "do it", "--repo", "repo", "--after", "m-c"], waiting);
    expect(after.posts[0]?.body).toMatchObject({ after: [unclear] });
  });

  it("refuses an abbreviation with a list if several ids start with it, and as unknown if none does", async () => {
    const { ran, posts } = await decideWith(["mission", "approve", "m-aaaa"], waiting);
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain("m-aaaa is the start of more than one mission");
    expect(ran.err).toMatch(new RegExp(`${ids.mission}[^]*${other}`));
    expect(ran.err).not.toContain("\u001b");
    expect(posts).toEqual([]);
    const none = await run(["mission", "show", "m-zz"], { home: home.home, state: waiting });
    expect(none).toMatchObject({ exit: 1, err: expect.stringContaining("there is no mission m-zz") });
  });
});

describe("mission approve --all-clear", () => {
  const line = ["mission", "approve", "--all-clear"];

  it("shows the missions of --all-clear, and approves exactly these after a yes", async () => {
    const { ran, posts } = await decideWith(line, waiting, ["y"]);
    expect(ran.err).toMatch(/Close the hole[\s\S]*a test shows it closed[\s\S]*Approve these 2 and start work\?/);
    expect(ran.err).not.toContain(unclear);
    expect(posts.map(({ path }) => path).toSorted()).toEqual(
      [ids.mission, other].map((id) => `/api/missions/${id}/approve`).toSorted(),
    );
    expect(posts.every(({ body }) => (body as { digest: string }).digest === submitted.specification.digest)).toBe(
      true,
    );
    expect(ran.exit).toBe(0);
  });

  it("approves nothing with --all-clear without a yes, and asks nothing with --yes", async () => {
    for (const answers of [["n"], [""], undefined]) {
      const { ran, posts } = await decideWith(line, waiting, answers);
      expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining("nothing was approved") });
      expect(posts).toEqual([]);
    }
    expect((await decideWith([...line, "--yes"], waiting)).posts).toHaveLength(2);
    expect((await decideWith([...line, "--yes"], initialState)).ran).toMatchObject({
      exit: 0,
      out: "no mission waits for your approval\n",
    });
  });

  it("still names the approved missions if the daemon disappears in between", async () => {
    const posts: string[] = [];
    await using fake = await openFakeDaemon(({ method, path }) => {
      if (method !== "POST") return undefined;
      posts.push(path);
      if (path !== posts[0]) return (response) => response.destroy();
      return { status: 200, body: { mission_id: path.split("/")[3] } };
    });
    home.daemonAt({ port: fake.port });
    const third = { ...submitted, mission_id: "m-dddddddddddddddd" };
    const ran = await run([...line, "--yes"], { home: home.home, state: then(waiting, third) });
    const [first = "", second = "", ...more] = [...new Set(posts)].map((path) => path.split("/")[3] ?? "");
    expect(second).not.toBe("");
    expect(more).toEqual([]);
    expect(ran).toMatchObject({ exit: 1, out: expect.stringContaining(`${first} approved`) });
    expect(ran.err).toContain(`aedev: ${second}: it is not known whether it is approved`);
    expect(ran.err).toMatch(/^aedev: m-[a-d0-9]{16}: not tried$/m);
    expect(ran.out).not.toContain(`${second} approved`);
  });

  it("refuses --all-clear with ids; several ids are approved one by one", async () => {
    expect((await decideWith([...line, other], waiting)).ran.exit).toBe(2);
    expect((await decideWith(["mission", "approve"], waiting)).ran.exit).toBe(2);
    expect((await decideWith(["mission", "approve", ids.mission, other], waiting)).posts).toHaveLength(2);
  });
});

describe("mission approve", () => {
  it("says that a mission is approved even if its criteria can't be read then", async () => {
    const line = ["mission", "approve", ids.mission];
    const shown = await decideWith(line, waiting);
    expect(shown.ran).toMatchObject({ exit: 0, out: expect.stringContaining("a test shows it closed") });
    const openHome = async () => {
      throw new Fault("log-unreadable", "its stream can't be read: it has no event");
    };
    const { ran, posts } = await decideWith(line, waiting, undefined, { openHome });
    expect(posts).toHaveLength(1);
    expect(ran).toMatchObject({ exit: 0, err: "" });
    expect(ran.out).toMatch(
      new RegExp(`^${ids.mission} approved[^]*its criteria can't be shown: its stream can't be read[^]*next: aedev`),
    );
  });
});

describe("before a decision", () => {
  const asked = then(stateAfter("gemini", initialState), gated("ask"));

  it("`task show` says what approving, sending back and rejecting do, with their commands", async () => {
    const { out } = await run(["task", "show", ids.task], { home: home.home, state: asked });
    expect(out).toContain("exactly this change becomes one commit, “Close the hole”, on main of /r");
    for (const verb of ["approve", "send-back", "reject"]) expect(out).toContain(`aedev task ${verb} ${ids.task}`);
    const landed = await run(["task", "show", ids.task], {
      home: home.home,
      state: stateAfter("landed", initialState),
    });
    expect(landed.out).not.toContain("what will happen");
  });

  it("shows states as words, which lists accept as filters too", async () => {
    const list = await run(["mission", "list"], { home: home.home, state: waiting });
    expect(list.out).toMatch(/awaiting your approval[\s\S]*has questions for you/);
    expect(list.out).not.toContain("awaiting_approval");
    const narrowed = await run(["mission", "list", "--status", "awaiting your approval"], {
      home: home.home,
      state: waiting,
    });
    expect(narrowed.exit).toBe(0);
    expect((await run(["mission", "list", "--status", "sleeping"], { home: home.home })).exit).toBe(2);
  });
});
