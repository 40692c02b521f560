// Black-box tests of the launcher and the top-level scripts, each in a throw-away checkout with fakes of its
// neighbours, so that nothing on this machine is installed, started or asked.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "aedev-scripts-"));
});

afterEach(() => {
  rmSync(checkout, { recursive: true, force: true });
});

function put(path: string, content: string): string {
  const target = join(checkout, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  chmodSync(target, 0o755);
  return target;
}

function copy(...paths: string[]): void {
  for (const path of paths) cpSync(join(root, path), join(checkout, path), { recursive: true });
}

function run(path: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(path, args, {
    cwd: tmpdir(),
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: checkout, ...env },
  });
  return { status, stdout, stderr, lastLine: stdout.trimEnd().split("\n").at(-1) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("the launcher bin/aedev", () => {
  beforeEach(() => copy("bin/aedev"));

  it("names the command that helps if the checkout is not set up", () => {
    const { status, stderr } = run(join(checkout, "bin/aedev"), ["status"]);
    expect(status).toBe(1);
    expect(stderr).toContain("node_modules/node/bin/node is missing");
    expect(stderr).toContain(`${checkout}/scripts/setup`);
  });

  it("runs the checkout's program with unchanged arguments, through symbolic links", () => {
    put("node_modules/node/bin/node", `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
    put("packages/cli/src/main.ts", "console.log(JSON.stringify(process.argv.slice(2)));\n");
    mkdirSync(join(checkout, "elsewhere"));
    symlinkSync("../bin/aedev", join(checkout, "elsewhere/first"));
    symlinkSync(join(checkout, "elsewhere/first"), join(checkout, "second"));
    symlinkSync("bin", join(checkout, "tools"));
    for (const path of ["bin/aedev", "elsewhere/first", "second", "tools/aedev"]) {
      const { status, stdout } = run(join(checkout, path), ["task", "a b", "", "$HOME"]);
      expect({ path, status, stdout }).toEqual({ path, status: 0, stdout: '["task","a b","","$HOME"]\n' });
    }
  });
});

describe("scripts/record-pictures", () => {
  it("prints its usage when asked and for any other argument, and records nothing", () => {
    copy("scripts/record-pictures", "scripts/shell");
    const start = (argument: string) => run(join(checkout, "scripts/record-pictures"), [argument]);
    expect(start("--help")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ {2}record-pictures$/m) });
    expect(start("--no-such-option")).toMatchObject({ status: 2, stdout: expect.not.stringContaining("recording") });
  });
});

describe("scripts/demo", () => {
  it("keeps standard output for the demonstration and passes --yes only to set-up", () => {
    copy("scripts/demo", "scripts/shell");
    put("scripts/setup", '#!/bin/sh\necho "set-up got: $*"\n');
    put("bin/aedev", '#!/bin/sh\nprintf \'{"got":"%s"}\\n\' "$*"\n');
    const { status, stdout, stderr } = run(join(checkout, "scripts/demo"), ["--json", "--yes", "--repo", "R"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ got: "demo --json --repo R" });
    expect(stderr).toContain("set-up got: --first --yes\n");
  });

  it("does not run when set-up fails", () => {
    copy("scripts/demo", "scripts/shell");
    put("scripts/setup", "#!/bin/sh\nexit 1\n");
    put("bin/aedev", "#!/bin/sh\necho ran\n");
    const { status, stdout } = run(join(checkout, "scripts/demo"));
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  });
});

describe("scripts/setup", () => {
  const fakeDocker = (answers: boolean) => `#!/bin/sh
echo "$*" >>"$HOME/docker-calls"
${answers ? 'case "$1" in version) echo 1.0 ;; *) exit 1 ;; esac' : "exit 1"}
`;

  function check(answers: boolean) {
    put("tools/docker", fakeDocker(answers));
    const path = `${checkout}/tools:${process.env.PATH}`;
    const env = { PATH: path, DOCKER_HOST: "unix:///nowhere/docker.sock" };
    return run(join(root, "scripts/setup"), ["--check"], env);
  }

  it("says that the engine named by DOCKER_HOST does not answer, and plans no other", () => {
    const { status, stdout, stderr } = check(false);
    expect(status).toBe(1);
    expect(stderr).toContain("DOCKER_HOST is unix:///nowhere/docker.sock and no engine answers there");
    expect(stdout).not.toContain("start the Docker engine");
  });

  it("plans the image if that engine answers and has none", () => {
    const { status, stdout } = check(true);
    expect(status).toBe(1);
    expect(stdout).toMatch(/image +build aedev-runner:/);
    expect(stdout).not.toContain("start the Docker engine");
    expect(readFileSync(join(checkout, "docker-calls"), "utf8")).not.toMatch(/^(run|build|pull|load)\b/m);
  });

  it("leaves prompts out of the time that it reports", () => {
    copy("scripts/setup", "scripts/shell");
    put("packages/runner/docker/build", '#!/bin/sh\ncase "$1" in --check) exit 1 ;; --tag) echo image:1 ;; esac\n');
    put("tools/docker", fakeDocker(true));
    // Not root, so that set-up's records stay in the test's own home.
    put("tools/id", "#!/bin/sh\necho 1000\n");
    put("tools/date", '#!/bin/sh\necho "[the clock is read]" >/dev/tty\necho 7\n');
    const { status, stdout } = spawnSync("script", ["-qec", `${checkout}/scripts/setup --system`, "/dev/null"], {
      encoding: "utf8",
      input: "y\n",
      env: {
        PATH: `${checkout}/tools:${process.env.PATH}`,
        HOME: checkout,
        DOCKER_HOST: "unix:///nowhere/docker.sock",
      },
    });
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining("set-up: done in 0 s") });
    const [before, ...after] = stdout.split("Continue? [y/N]");
    expect([before, after.join("")].map((text) => text?.split("[the clock is read]").length)).toEqual([1, 3]);
  });

  it("refuses an unknown argument with the usage", () => {
    const { status, stderr } = run(join(root, "scripts/setup"), ["--bogus"]);
    expect(status).toBe(2);
    expect(stderr).toContain("setup --undo");
  });
});

describe("the scripts that pnpm runs", () => {
  const start = (name: string, ...args: string[]) => {
    const tsx = join(root, "node_modules/.bin/tsx");
    return spawnSync(tsx, [join(root, `scripts/${name}.ts`), ...args], { encoding: "utf8", cwd: root });
  };

  it("scripts state in one line what is wrong with their arguments, then print their usage", () => {
    const { status, stdout, stderr } = start("soak", "--no-such-option");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^soak: Unknown option '--no-such-option'\n\nsoak: .*\n\n {2}npx -y pnpm@/);
  });

  it("print their usage when asked, even next to other arguments", () => {
    const { status, stdout, stderr } = start("break-store", "--kills", "3", "--help");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^break-store: .*\n\n {2}npx -y pnpm@/);
  });
});

describe("scripts/test", () => {
  const passed = { status: "passed", assertionResults: [{ status: "passed" }] };
  const unloaded = { status: "failed", assertionResults: [] };

  /** Runs the unit suite alone with a vitest fake that leaves this report and exit code. */
  function suite(numPassedTests: number, numFailedTests: number, testResults: unknown[], exitCode: number) {
    copy("scripts/test", "scripts/shell");
    put("scripts/setup", "#!/bin/sh\n");
    const report = JSON.stringify({ numPassedTests, numFailedTests, numPendingTests: 0, numTodoTests: 0, testResults });
    put("report.json", report);
    put(
      "node_modules/.bin/vitest",
      `#!/bin/sh
env >environment
for argument; do case $argument in --outputFile.json=*) cp report.json "\${argument#*=}" ;; esac; done
exit ${exitCode}
`,
    );
    const env = { AEDEV_HOME: "/x", ANTHROPIC_API_KEY: "x", OPENAI_API_KEY: "x", GEMINI_API_KEY: "x", KEPT: "yes" };
    return run(join(checkout, "scripts/test"), ["--only", "unit"], { ...env, AEDEV_ATTACK_CORPORA: "corpora" });
  }

  it("ends with the counts of the report and exits 0 if all passed", () => {
    const { status, lastLine } = suite(3, 0, [passed], 0);
    expect({ status, lastLine }).toEqual({ status: 0, lastLine: "3 passed, 0 failed" });
  });

  it("ends at once on SIGTERM, and so does the running suite", async () => {
    suite(3, 0, [passed], 0);
    put("node_modules/.bin/vitest", "#!/bin/sh\necho $$ >pid\nexec sleep 300\n");
    const { PATH } = process.env;
    const child = spawn(join(checkout, "scripts/test"), ["--only", "unit"], {
      env: { PATH, HOME: checkout },
      stdio: "ignore",
    });
    const ended = once(child, "exit");
    while (!existsSync(join(checkout, "pid"))) await delay(20);
    child.kill("SIGTERM");
    expect((await ended)[0]).toBe(143);
    const pid = Number(readFileSync(join(checkout, "pid"), "utf8"));
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await delay(20);
    expect(isAlive(pid)).toBe(false);
  });

  it("runs nothing and names the suites if a requested one does not exist", () => {
    suite(3, 0, [passed], 0);
    const typed = run(join(checkout, "scripts/test"), ["--only", "unit,typo"], {});
    expect(typed).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringMatching(/no suite "typo"; suites: types lint /),
    });
  });

  it.each([
    ["a failed test", 2, 1, [passed], 1, "2 passed, 1 failed"],
    ["a file that could not be loaded", 2, 0, [passed, unloaded], 1, "2 passed, 1 failed"],
    ["no tests at all", 0, 0, [], 0, "0 passed, 1 failed"],
    ["a bad exit without a failed test", 2, 0, [passed], 1, "2 passed, 1 failed"],
  ])("fails on %s", (_, passes, failures, results, exitCode, lastLine) => {
    const result = suite(passes, failures, results, exitCode);
    expect({ status: result.status, lastLine: result.lastLine }).toEqual({ status: 1, lastLine });
  });

  it("lists the failures before the table of suites, so that the end of a record is complete", () => {
    const failing = {
      name: join(realpathSync(checkout), "packages/core/test/a.test.ts"),
      status: "failed",
      assertionResults: [
        { status: "passed", ancestorTitles: [], title: "fine", failureMessages: [] },
        {
          status: "failed",
          ancestorTitles: ["a thing"],
          title: "works",
          failureMessages: ["\u001b[31mAssertionError\u001b[39m: expected 3 to be 4\n  at x"],
        },
      ],
    };
    const unloadable = {
      ...unloaded,
      name: join(realpathSync(checkout), "test/b.test.ts"),
      message: "no such module\n",
    };
    const { stdout } = suite(1, 1, [failing, unloadable], 1);
    const lines = stdout.trimEnd().split("\n");
    const table = lines.findIndex((line) => line.startsWith("suite "));
    expect(lines.slice(table - 3, table)).toEqual([
      "failed: unit packages/core/test/a.test.ts > a thing > works: AssertionError: expected 3 to be 4",
      "failed: unit test/b.test.ts: no such module",
      "",
    ]);
    expect(suite(2, 0, [passed], 1).stdout).toContain(
      "\nfailed: unit exit code 1, and no report names a failed test\n",
    );
    const many = Array.from({ length: 100 }, () => failing);
    const bounded = suite(1, 100, many, 1)
      .stdout.split("\n")
      .filter((line) => line.startsWith("failed: "));
    expect(bounded).toHaveLength(61);
    expect(bounded.at(-1)).toBe("failed: and 40 more");
    expect(suite(3, 0, [passed], 0).stdout).not.toContain("failed:");
  });

  it("repeats a few failed files once, counts those that pass then, and lists them as unsteady", () => {
    const name = (file: string) => join(realpathSync(checkout), "test", file);
    const test = (title: string, status: string) => ({ status, ancestorTitles: [], title, failureMessages: ["late"] });
    const file = (of: string, ...tests: ReturnType<typeof test>[]) => ({
      name: name(of),
      status: tests.some(({ status }) => status === "failed") ? "failed" : "passed",
      assertionResults: tests,
    });
    const report = (...testResults: ReturnType<typeof file>[]) => {
      const all = testResults.flatMap(({ assertionResults }) => assertionResults);
      const count = (wanted: string) => all.filter(({ status }) => status === wanted).length;
      const counts = { numPassedTests: count("passed"), numFailedTests: count("failed") };
      return JSON.stringify({ ...counts, numPendingTests: 0, numTodoTests: 0, testResults });
    };
    const steady = file("a.int.test.ts", test("one", "passed"), test("two", "passed"));
    const late = file("b.int.test.ts", test("late", "failed"), test("fine", "passed"));
    const ended = file("b.int.test.ts", test("late", "passed"), test("fine", "passed"));

    /** The integration suite; a second run of vitest leaves the second report. `errors`: number of errors outside tests in the first run. */
    function integration(first: string, again: string, errors = "0") {
      copy("scripts/test", "scripts/shell");
      put("scripts/setup", "#!/bin/sh\n");
      put("first.json", first);
      put("again.json", again);
      rmSync(join(checkout, "runs"), { force: true });
      put(
        "node_modules/.bin/vitest",
        `#!/bin/sh
echo "$@" >>runs
report=first.json
[ "$(wc -l <runs)" = 1 ] || report=again.json
for argument; do case $argument in --outputFile.json=*) cp $report "\${argument#*=}" ;; esac; done
echo ${errors} >"$AEDEV_TEST_ERRORS"
! grep -q '"failed"' $report
`,
      );
      const engine = put("engine", "#!/bin/sh\n");
      const env = { AEDEV_TEST_ENGINE: engine, AEDEV_TEST_ENGINE_DIR: checkout };
      const result = run(join(checkout, "scripts/test"), ["--only", "integration"], env);
      return { ...result, runs: readFileSync(join(checkout, "runs"), "utf8").trimEnd().split("\n") };
    }

    const passing = integration(report(steady, late), report(ended));
    expect(passing).toMatchObject({ status: 0, lastLine: "4 passed, 0 failed" });
    expect(passing.stdout).toMatch(/^unsteady: integration test\/b\.int\.test\.ts > late: late$/m);
    expect(passing.runs).toHaveLength(2);
    expect(passing.runs[1]?.endsWith(` ${name("b.int.test.ts")}`)).toBe(true);
    const failing = integration(report(steady, late), report(late));
    expect(failing).toMatchObject({ status: 1, lastLine: "3 passed, 1 failed" });
    expect(failing.stdout).not.toContain("unsteady:");
    expect(failing.stdout).toMatch(/^failed: integration test\/b\.int\.test\.ts > late: late$/m);
    // The second run lost the file, or ended without a complete report.
    expect(integration(report(steady, late), report())).toMatchObject({ status: 1, lastLine: "2 passed, 1 failed" });
    expect(integration(report(steady, late), "{")).toMatchObject({ status: 1, lastLine: "2 passed, 1 failed" });
    expect(integration("{", report())).toMatchObject({ status: 1, lastLine: "0 passed, 1 failed" });
    // A file that passes the second time is listed, even if another one fails again.
    const other = file("c.int.test.ts", test("never", "failed"));
    const mixed = integration(report(steady, late, other), report(ended, other));
    expect(mixed).toMatchObject({ status: 1, lastLine: "4 passed, 1 failed" });
    expect(mixed.stdout).toMatch(/^unsteady: integration test\/b\.int\.test\.ts > late: late$/m);
    expect(mixed.stdout).not.toMatch(/^unsteady: .*never/m);
    // An error outside tests, which no report names.
    expect(integration(report(steady, late), report(ended), "1")).toMatchObject({ status: 1, runs: { length: 1 } });
    const many = ["b", "c", "d", "e", "f"].map((of) => file(`${of}.int.test.ts`, test("late", "failed")));
    expect(integration(report(...many), report(...many))).toMatchObject({ status: 1, runs: { length: 1 } });
    expect(integration(report(steady), report())).toMatchObject({ status: 0, runs: { length: 1 } });
  });

  /** Runs static checks with a Node fake that runs this script for each. */
  function staticChecks(script: string) {
    copy("scripts/test", "scripts/shell");
    put("scripts/setup", "#!/bin/sh\n");
    put("node_modules/node/bin/node", `#!/bin/sh\n${script}\n`);
  }

  it("runs the static checks concurrently, each with its output and its result", () => {
    // Each waits for the other, so that one after the other they would never end.
    const meets = 'touch "met-$2"; until [ -e met-types ] && [ -e met-lint ]; do sleep 0.05; done; echo "output of $2"';
    staticChecks(`${meets}; [ "$2" != lint ]`);
    const failed = run(join(checkout, "scripts/test"), ["--only", "types,lint"], {});
    expect(failed).toMatchObject({ status: 1, lastLine: "1 passed, 1 failed" });
    expect(failed.stdout).toMatch(/== types\noutput of types\n== lint\noutput of lint\n/);
    expect(failed.stdout).toMatch(/^failed: lint$/m);
    expect(failed.stdout).toMatch(/^types +\d+ {2}passed\nlint +\d+ {2}FAILED$/m);
    staticChecks(meets);
    const passing = run(join(checkout, "scripts/test"), ["--only", "types,lint"], {});
    expect(passing).toMatchObject({ status: 0, lastLine: "2 passed, 0 failed" });
  });

  it("counts a killed static check as failed", () => {
    staticChecks("kill -9 0");
    expect(run(join(checkout, "scripts/test"), ["--only", "types"], {})).toMatchObject({
      status: 1,
      lastLine: "0 passed, 1 failed",
    });
  });

  it("leaves no static check running when it is ended", async () => {
    staticChecks("echo $$ >check.pid; exec sleep 300");
    const script = spawn(join(checkout, "scripts/test"), ["--only", "types"], { stdio: "ignore" });
    const pidOf = () => Number(readFileSync(join(checkout, "check.pid"), "utf8"));
    await expect.poll(() => existsSync(join(checkout, "check.pid")) && pidOf() > 0).toBe(true);
    const check = pidOf();
    expect(isAlive(check)).toBe(true);
    script.kill("SIGTERM");
    await once(script, "exit");
    await expect.poll(() => isAlive(check)).toBe(false);
  });

  it("hides the caller's keys and settings from the tests", () => {
    suite(1, 0, [passed], 0);
    const seen = readFileSync(join(checkout, "environment"), "utf8");
    expect(seen).toMatch(/^KEPT=yes$/m);
    expect(seen).toMatch(/^AEDEV_ATTACK_CORPORA=corpora$/m);
    expect(seen).not.toMatch(/^(AEDEV_HOME|ANTHROPIC_API_KEY|OPENAI_API_KEY|GEMINI_API_KEY)=/m);
  });
});
