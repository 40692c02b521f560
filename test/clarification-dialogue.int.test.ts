/** The dialogue at a terminal, with a real daemon and a person's typing: questions, refused answers, the specification, approval. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";
import { leaves, talk } from "./support/talk.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const intake = (text: string, ...flags: string[]) => ["intake", text, "--again", "--repo", "small", ...flags];
const clear = ["--criterion", "add(-1, 2) returns 1, in a new test"];

describe("intake at a terminal", () => {
  it("asks one question after another, repeats a refused one with the reason, shows the specification and offers approval", async () => {
    const said = await talk(laboratory, intake("fix the login bug"), [
      "it works",
      "TBD",
      "a wrong password shows an error, in a new test",
      "the login part",
      "lib/login.js",
      "y",
    ]);
    expect(said).toMatchObject({ exit: 0, left: 0 });
    expect(said.screen).toMatch(
      /\? How will we know[\s\S]*1\. an existing test that fails now[\s\S]*"it works" says nothing[\s\S]*"TBD" says nothing[\s\S]*\? Where should the change be made\?[\s\S]*it names no place[\s\S]*# fix the login bug[\s\S]*- c1: a wrong password shows an error[\s\S]*lib\/login\.js[\s\S]*Approve and start work/,
    );
    expect(said.screen.match(/\? How will we know/g)).toHaveLength(1);
    expect(said.out).toMatch(/^m-\w+ approved, specification [0-9a-f]{64}\nnext: aedev mission wait m-\w+\n$/);
    expect((await laboratory.mission(said.missionId)).tasks).toHaveLength(1);
  });

  it("accepts Enter for the default and a number for a choice; approval requires a yes", async () => {
    const said = await talk(laboratory, intake("make it nice"), ["", "1", "", "2", ""]);
    expect(said).toMatchObject({ exit: 0, left: 0 });
    expect(said.out).toMatch(
      /awaiting your approval\nin no criterion, so nobody checks it:\n {2}\S[^\n]*\nnext: aedev mission approve/,
    );
    const shown = (await laboratory.must("mission", "show", said.missionId)).stdout;
    expect(shown).toContain("c1  a new test fails before the change and passes after it; all existing tests pass");
    expect(shown).not.toContain("aedev's own");
    expect(shown).toContain("one output or message changes, and a test compares its text");
    expect(shown).toContain("lib/ and its tests");
    expect((await laboratory.mission(said.missionId)).tasks).toHaveLength(0);
  });

  it("leaves a question open if only Enter was pressed, names the command that answers it once, and offers no approval", async () => {
    const said = await talk(laboratory, intake("make it nice"), ["", "", ""]);
    expect(said).toMatchObject({ exit: 4, left: 0 });
    expect(said.screen).toContain('For example, for "make it nice": "… shows … instead of …".');
    expect(said.screen).not.toContain("Approve and start work");
    expect(said.out).toBe(
      `${said.missionId} has questions for you\n2 questions left open: criteria, outcome\nnext: aedev mission answer ${said.missionId} --answer criteria="…" --answer outcome="…"\n`,
    );
    const { questions } = (await laboratory.must("mission", "show", said.missionId, "--json")).json<{
      questions: { id: string }[];
    }>();
    expect(questions.map(({ id }) => id)).toEqual(["criteria", "outcome"]);
    const answer = ["--answer", "criteria=the title is shown in bold, in a new test", "--answer", "outcome=2"];
    await laboratory.must("mission", "answer", said.missionId, ...answer);
    expect((await laboratory.mission(said.missionId)).status).toBe("awaiting_approval");
  });

  it("asks in Chinese about a mission in Chinese", async () => {
    const said = await talk(laboratory, intake("修复登录问题"), ["能用", "密码错误时显示提示", "", "是"]);
    expect(said).toMatchObject({ exit: 0, left: 0 });
    expect(said.screen).toMatch(/怎样才能判断[\s\S]*“能用”没有可以检查的内容[\s\S]*要改哪里[\s\S]*## 验收标准/);
  });

  it("asks only for approval of a clear mission, and nothing with --no-input or --json", async () => {
    const text = "Make add() in lib/add.js right";
    const approved = await talk(laboratory, intake(text, ...clear), ["yes"]);
    expect(approved).toMatchObject({ exit: 0, left: 0 });
    expect(approved.screen).not.toContain("?\n");
    for (const flag of ["--no-input", "--json"]) {
      expect(await talk(laboratory, intake(text, ...clear, flag), [])).toMatchObject({ exit: 0, screen: "" });
      const asked = await talk(laboratory, intake("fix the login bug", flag), []);
      expect(asked).toMatchObject({ exit: 4, screen: "" });
      expect((await laboratory.mission(asked.missionId)).status).toBe("clarifying");
    }
  });

  it("keeps the answers when the person leaves, and continues with mission answer", async () => {
    const begun = await talk(laboratory, intake("fix the login bug"), ["a wrong password shows an error", leaves]);
    expect(begun).toMatchObject({ exit: 4, left: 0 });
    expect(begun.out).toContain(`next: aedev mission answer ${begun.missionId} --answer target=`);
    const rest = await talk(laboratory, ["mission", "answer", begun.missionId], ["lib/login.js", "n"]);
    expect(rest).toMatchObject({ exit: 0, left: 0 });
    expect(rest.screen).not.toContain("? How will we know");
    const again = await talk(laboratory, ["mission", "answer", begun.missionId], []);
    expect(again).toMatchObject({ exit: 1, screen: expect.stringContaining("it has no open questions") });
    const approved = await talk(laboratory, ["intake", "fix the login bug", ...clear, "--repo", "nobody"], []);
    expect(approved).toMatchObject({ exit: 1, screen: expect.stringContaining("no repository named nobody") });
  });

  it("refuses senseless options as wrong usage", async () => {
    for (const [line, says] of [
      [["intake", "--repo", "small"], "argument"],
      [intake("fix it", "--priority", "soon"), "--priority"],
      [intake("fix it", "--file", "missions.yaml"), "--file"],
      [["intake", "--file", "missions.yaml", "--criterion", "a new test shows it"], "--file"],
      [["mission", "answer", "m-0000000000000000", "--answer", "no equals sign"], "--answer"],
    ] as const)
      expect([line, await talk(laboratory, line, [])]).toMatchObject([
        line,
        { exit: 2, screen: expect.stringContaining(says) },
      ]);
  });

  it("passes priority and predecessors to the daemon", async () => {
    const first = await talk(laboratory, intake("Fix lib/add.js", ...clear, "--no-input"), []);
    const flags = ["--priority", "high", "--after", first.missionId, "--no-input"];
    const second = await talk(laboratory, intake("Fix lib/add.js again", ...clear, ...flags), []);
    const shown = (await laboratory.must("mission", "show", second.missionId)).stdout;
    expect(shown).toMatch(/priority: +high/);
    expect(shown).toMatch(new RegExp(`after: +${first.missionId}`));
    const nobody = await talk(laboratory, intake("Fix lib/add.js", ...clear, "--after", "m-nobody"), []);
    expect(nobody).toMatchObject({ exit: 1, screen: expect.stringContaining("there is no mission m-nobody") });
  });
});
