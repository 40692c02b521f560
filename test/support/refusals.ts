/** The form of every refusal of the program, and for each verb arguments with which it is refused. */
import { expect } from "vitest";
import { type CommandResult, Laboratory, registerSmallProject } from "./laboratory.ts";
import { commandsIn, wrongUsage } from "./printed-commands.ts";

const processesMax = 4;
export const plainLengthMax = 320;
export const criterion = ["--criterion", "a new test shows it"];

/** The arguments that each verb needs, with unknown ids. */
export const unknown: Record<string, readonly string[]> = {
  "repo add": ["https://127.0.0.1:1/nobody.git", "--name", "no name"],
  "repo show": ["nobody"],
  "repo remove": ["nobody"],
  "repo lane": ["nobody", "tests"],
  "repo pause": ["nobody"],
  "repo resume": ["nobody"],
  "queue pause": ["nobody"],
  "queue resume": ["nobody"],
  "operator add": ["owner"],
  "operator remove": ["nobody"],
  "browser sign-out": ["b-nobody"],
  "secrets set": ["AEDEV_NOBODYS_KEY"],
  "secrets remove": ["AEDEV_NOBODYS_KEY"],
  "config set": ["nobodys.key", "1"],
  "config show": ["nobodys.key"],
  intake: ["Do it", "--repo", "nobody", ...criterion],
  "flow show": ["nobody"],
  "flow run": ["fix", "--repo", "nobody", "--set", "what=add() is slow", "--set", "shown=it is quick"],
  "flow save": ["nobody", "/nonexistent/flow.yaml"],
  "repo interview": ["nobody", "--set", "what=a", "--set", "users=b", "--set", "verified=c"],
  "mission show": ["m-nobody"],
  "mission report": ["m-nobody"],
  "mission answer": ["m-nobody", "--answer", "criteria=a new test shows it"],
  "mission approve": ["m-nobody"],
  "mission send-back": ["m-nobody", "--reason", "another way"],
  "mission reject": ["m-nobody"],
  "mission update": ["m-nobody", "--priority", "high"],
  "mission order": ["m-nobody"],
  "mission cancel": ["m-nobody"],
  "mission wait": ["m-nobody"],
  "task show": ["t-nobody"],
  "task diff": ["t-nobody"],
  "task logs": ["t-nobody"],
  "task approve": ["t-nobody"],
  "task send-back": ["t-nobody", "--reason", "another way"],
  "task reject": ["t-nobody"],
  "task say": ["t-nobody", "use the helper"],
  "task retry": ["t-nobody"],
  "task cancel": ["t-nobody"],
  "task outcome": ["t-nobody", "good"],
  "task revert": ["t-nobody"],
  "task replay": ["t-nobody"],
  "task salvage": ["t-nobody"],
  "phone revoke": ["l-nobody"],
  "proposal accept": ["p-nobody"],
  "proposal reject": ["p-nobody"],
  "rule add": ["Use tabs", "--repo", "nobody"],
  "rule remove": ["g-nobody"],
  "memory show": ["k-nobody"],
  "memory add": ["Prices are integers", "--task", "t-nobody"],
  "memory accept": ["k-nobody"],
  "memory reject": ["k-nobody"],
  "memory remove": ["k-nobody"],
  "proposal resume": ["todo", "--repo", "nobody"],
  "hold show": ["h-nobody"],
  "hold release": ["h-nobody"],
  "evidence show": ["t-nobody"],
  "evidence verify": ["t-nobody"],
  "evidence export": ["t-nobody"],
  "risk explain": ["t-nobody"],
  "risk calibrate": ["nobody"],
  "risk backtest": ["nobody"],
  "policy diff": ["/nonexistent/policies.yaml", "shipped"],
  "policy test": ["/nonexistent/policies.test.yaml"],
  pull: ["--into", "/nonexistent/checkout"],
  backup: ["/dev/null"],
  restore: ["/nonexistent/backup"],
  "task explain": ["t-nobody"],
};
/** Verbs that need the daemon: those that change something, and those on lessons, which only it works out. */
export const changing = Object.keys(unknown).filter((verb) =>
  /^(repo (add|remove|pause|resume|interview)|flow run|queue (pause|resume)|operator remove|intake|mission (answer|approve|send-back|reject|update|order|cancel|wait)|task (approve|send-back|reject|say|retry|cancel|outcome|revert)|hold release|phone revoke|browser sign-out|proposal (accept|reject|resume)|rule (add|remove)|memory (add|accept|reject|remove|show))$/.test(
    verb,
  ),
);
export const reads = [
  "repo list",
  "flow list",
  "operator list",
  "mission list",
  "task list",
  "hold list",
  "queue",
  "status",
  "events",
  "events verify",
  "policy check",
  "policy suggest",
];

/** A home with a running daemon, a repository and a waiting mission; it has no engine, so nothing runs. */
export async function openWaitingHome(): Promise<{ laboratory: Laboratory; missionId: string }> {
  const laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  const intake = await laboratory.must("intake", "Add half()", "--repo", "small", ...criterion, "--json");
  return { laboratory, missionId: intake.json<{ mission_id: string }>().mission_id };
}

interface Expected {
  readonly exitCode: number;
  readonly says?: RegExp;
}

/** Runs the lines, a few at once, and expects of each the exit code, a reason and a help line. */
export async function expectRefusals(
  laboratory: Laboratory,
  lines: readonly (readonly string[])[],
  expected: Expected,
): Promise<void> {
  await forEach(lines, async (line) => {
    const answer = await laboratory.run(...line);
    expectRefusal(line, answer, expected);
    await expectPasteable(line.join(" "), answer.stdout + answer.stderr);
  });
}

/** A few at once, so that a test's processes don't crowd the machine. */
export async function forEach<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.map((item) => ({ item }));
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await run(next.item);
  };
  await Promise.all(Array.from({ length: processesMax }, worker));
}

export function expectRefusal(
  line: readonly string[],
  { exitCode, stdout, stderr }: CommandResult,
  expected: Expected,
): void {
  const said = { line: line.join(" "), exitCode, stderr };
  expect(said).toEqual({ ...said, exitCode: expected.exitCode });
  expect(stderr, said.line).toMatch(/^aedev: \S.*\n {2}help: \S/s);
  if (expected.says !== undefined) expect(stderr, said.line).toMatch(expected.says);
  expectNoStack(said.line, stdout + stderr);
}

/** Expects that every printed command is valid. */
export async function expectPasteable(line: string, text: string): Promise<void> {
  for (const words of commandsIn(text)) {
    const wrong = await wrongUsage(words);
    expect({ line, words, wrong }).toEqual({ line, words, wrong: undefined });
  }
}

export function expectNoStack(line: string, text: string): void {
  expect({
    line,
    found: /^\s+at \S+ ?\(|node:internal|\.ts:\d+|ZodError|\[object Object\]|undefined|SqliteError/m.exec(text)?.[0],
  }).toEqual({ line });
}

export const wordsOf = (verb: string) => verb.split(" ");
