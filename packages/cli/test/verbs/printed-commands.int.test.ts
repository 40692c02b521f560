/** Every command that a hold, question or approval prints can be pasted: each is run, and none is wrong usage. */
import { type HoldCode, holdCodes } from "@aedev/contracts";
import { type CommandBody, initialState, type State } from "@aedev/core";
import { captured, gated, ids, sampleHeldReport, stateAfter, stateAfterCommands } from "@aedev/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandsIn } from "../../../../test/support/printed-commands.ts";
import { openFakeDaemon } from "../fake-daemon.ts";
import { makeHome, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const then = (state: State, body: CommandBody): State => stateAfterCommands(state, [body]);

/** A state in which the task is held with this code: by its run if the code comes from a run, otherwise by the gate. */
function heldWith(code: HoldCode): State {
  if (/CODER|CLAUDE|QUESTION|DOCKER|PROGRESS|USAGE|TOOLCHAIN|PREPARE|FETCH|BUDGET|DISK/.test(code))
    return then(stateAfter("started", initialState), {
      ...captured,
      result: sampleHeldReport(code, { detail: "why it ended" }),
    } as CommandBody);
  return then(
    stateAfter("gemini", initialState),
    gated("hold", { hold_code: code, hold_detail: "why", reasons: [{ kind: "hold", code, causes: [], more: 0 }] }),
  );
}

/** Everything that a person sees of this state, and the commands in it. */
async function seen(state: State): Promise<{ text: string; commands: string[][] }> {
  const lines = [
    [],
    ["status"],
    ["mission", "list"],
    ["mission", "show", ids.mission],
    ["task", "list"],
    ["task", "show", ids.task],
    ["hold", "list"],
    ["hold", "show", ids.hold],
    ["risk", "explain", ids.task],
  ];
  const all = await Promise.all(lines.map((line) => run(line, { home: home.home, state, columns: 80 })));
  const text = all.map(({ out, err }) => out + err).join("\n");
  return { text, commands: commandsIn(text) };
}

/** Runs the commands against a daemon that accepts everything, and returns those that are wrong usage. */
async function wrongOf(state: State, commands: readonly string[][]): Promise<string[]> {
  await using fake = await openFakeDaemon(({ method }) => (method === "POST" ? { status: 200, body: {} } : undefined));
  home.daemonAt({ port: fake.port });
  const wrong: string[] = [];
  for (const words of new Map(commands.map((one) => [one.join(" "), one])).values()) {
    const { exit, err } = await run(words, { home: home.home, state, stdin: "secret" });
    // Some commands ask at a terminal, and this test has none.
    if (exit === 2 && !err.includes("there is no terminal to ask at")) wrong.push(`aedev ${words.join(" ")}: ${err}`);
  }
  return wrong;
}

describe("printed commands", () => {
  it.each([...holdCodes])("prints only commands of right usage for %s, and says what helps", async (code) => {
    const state = heldWith(code);
    expect(state.tasks[ids.task]?.hold?.code).toBe(code);
    const { text, commands } = await seen(state);
    expect(text).toContain(code);
    expect(commands.filter(([verb]) => verb !== "status").length).toBeGreaterThan(1);
    expect(await wrongOf(state, commands)).toEqual([]);
  });

  it.each([
    ["a mission to approve", stateAfter("submitted", initialState), "mission approve"],
    ["a change to approve", then(stateAfter("gemini", initialState), gated("ask")), "task approve"],
  ] as const)("prints only commands of right usage for %s, and names the decision", async (_name, state, decides) => {
    const { commands } = await seen(state);
    expect(commands.map((words) => words.slice(0, 2).join(" "))).toContain(decides);
    expect(await wrongOf(state, commands)).toEqual([]);
  });

  it("finds a wrong command", async () => {
    const state = heldWith("HOLD-RISK-HIGH");
    expect(await wrongOf(state, [["task", "show", ids.task, "says", "why"]])).toHaveLength(1);
  });
});
