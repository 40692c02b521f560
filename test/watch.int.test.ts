/** `aedev watch` as a person uses it: on a real terminal, in a pipe, and across a restart of the daemon. */
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

const program = join(dirname(dirname(fileURLToPath(import.meta.url))), "bin/aedev");
const text = "Make add() right for negative numbers in lib/add.js";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
});
afterAll(() => laboratory[Symbol.asyncDispose]());

interface Watching {
  readonly child: ChildProcess;
  out: string;
  err: string;
  readonly ended: Promise<number | null>;
}

function start(command: string, args: readonly string[], environment: Record<string, string> = {}): Watching {
  const child = spawn(command, args, { env: { ...laboratory.environment, ...environment } });
  const watching: Watching = {
    child,
    out: "",
    err: "",
    ended: new Promise((resolve) => child.once("close", (code) => resolve(code))),
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    watching.out += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    watching.err += chunk;
  });
  return watching;
}
const until = (holds: () => boolean) => laboratory.until(async () => holds());
const submit = async () =>
  (
    await laboratory.must(
      "intake",
      text,
      "--again",
      "--repo",
      "small",
      "--criterion",
      "add(-1, 2) is 1, shown by a test",
      "--json",
    )
  ).json<{ mission_id: string }>().mission_id;
/** The program `script` gives its command its own terminal. */
const onTerminal = (environment: Record<string, string> = {}) =>
  start("script", ["-qec", `stty cols 90 rows 20; exec '${program}' watch`, "/dev/null"], {
    TERM: "xterm",
    ...environment,
  });

it("prints a document for each change without a terminal, and waits for a daemon that is away", {
  timeout: 180_000,
}, async () => {
  const first = await submit();
  const watching = start(program, ["watch", "--json"]);
  const rows = () =>
    watching.out
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const has = (mission_id: string, status: string) => () =>
    rows().some((row) => row["mission_id"] === mission_id && row["status"] === status);
  await until(has(first, "awaiting_approval"));
  expect(rows()).toMatchObject([{ repository: "small", title: text, help: `aedev mission approve ${first}` }]);
  await laboratory.must("mission", "cancel", first);
  await until(has(first, "cancelled"));
  expect(watching.err).toBe("");

  await laboratory.must("daemon", "stop");
  await until(() => watching.err.includes("waiting for it (aedev daemon start)"));
  await laboratory.must("daemon", "start");
  await until(() => watching.err.includes("the daemon is back"));
  const second = await submit();
  await until(has(second, "awaiting_approval"));
  // Each change is reported once.
  expect(
    rows()
      .filter(({ mission_id }) => mission_id === first)
      .map(({ status }) => status),
  ).toEqual(["awaiting_approval", "cancelled"]);
  watching.child.kill("SIGTERM");
  expect(await watching.ended).toBe(0);

  const plain = start(program, ["watch"]);
  await until(() => plain.out.includes(second));
  expect(plain.out).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}m-\S+ {2}Make add\(\).*: awaiting your approval; -> aedev mission approve m-/m,
  );
  plain.child.kill("SIGINT");
  expect(await plain.ended).toBe(0);
});

it("watch draws in place on a terminal, restores it, and uses colours only if allowed", {
  timeout: 180_000,
}, async () => {
  const id = await submit();
  for (const environment of [{}, { NO_COLOR: "1" }]) {
    const watching = onTerminal(environment);
    await until(() => watching.out.includes(`aedev mission approve ${id}`));
    expect(watching.out).toContain("\u001b[?1049h");
    expect(watching.out.includes("\u001b[33m")).toBe(!("NO_COLOR" in environment));
    // A new picture is drawn over the last one, not below it.
    expect(watching.out.split("\u001b[H").length).toBeGreaterThan(1);
    watching.child.stdin?.write("q");
    expect(await watching.ended).toBe(0);
    expect(watching.out.trimEnd().endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
  }
  const interrupted = onTerminal();
  await until(() => interrupted.out.includes(id));
  interrupted.child.stdin?.write("\u0003");
  expect(await interrupted.ended).toBe(0);
  expect(interrupted.out.trimEnd().endsWith("\u001b[?25h\u001b[?1049l")).toBe(true);
});

it("watch names a home that was never made", async () => {
  const result = await laboratory.run("watch", "--home", join(laboratory.folder, "nowhere"));
  expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("aedev init") });
});
