/** `repo add` against a fake daemon: the questions, the requests, and what follows from each result of a trial. */
import type { Backtest } from "@aedev/daemon";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../../src/program.ts";
import type { DaemonEntry } from "../../src/terminal/entries.ts";
import { type Asked, openFakeDaemon, type Reply } from "../fake-daemon.ts";
import { makeHome, type Ran, run, type TestHome } from "../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const settings = {
  prepare: "npm ci --ignore-scripts",
  build: null,
  inputs: [],
  outputs: ["node_modules"],
  verify: ["npx vitest run"],
  tests: ["test/**"],
  image: null,
};
const found = {
  name: "shop",
  url: "/srv/shop.git",
  target: "default-branch",
  known: null,
  branch: "main",
  commit: "a".repeat(40),
  languages: [{ language: "node", tools: ["npm", "vitest"] }],
  settings,
  checks: "per-test",
  needs_image: null,
  reasons: [{ setting: "verify", why: "package.json has a test script: vitest\u001b" }],
  notes: ["there is no lockfile"],
  alternatives: [] as object[],
};
const saved = {
  name: found.name,
  url: found.url,
  target: found.target,
  settings,
  profile: null,
  allow_writes: false,
  trial: "green",
  paused: false,
};
const command = {
  command: "npx vitest run",
  exit_code: 0,
  timed_out: false,
  duration_ms: 1200,
  tests: { passed: 3, failed: 0, skipped: 0 },
  failing: [] as string[],
  incomplete: null,
  output_tail: "",
};
const green = {
  outcome: "green",
  code: null,
  detail: null,
  commands: [command],
  notes: [],
  writable: [],
  without_failing: null,
};
const held = (code: string) => ({
  outcome: "held",
  code,
  detail: `why ${code}`,
  commands: [],
  notes: [],
  writable: [],
  without_failing: null,
});

const never = {};

interface Answers {
  readonly detect?: object;
  readonly trial?: object;
  readonly trials?: readonly object[];
  /** The daemon's report about the trial under way. */
  readonly steps?: readonly string[];
  /** The trial's result in the log afterwards. */
  readonly savedTrial?: string;
  readonly backtest?: Partial<DaemonEntry>;
}
/** Runs `repo add` against such a daemon. `typed`: what a person at a terminal types, line by line. */
async function add(argv: readonly string[], answers: Answers, typed?: readonly string[]) {
  const trials = [...(answers.trials ?? [])];
  const reply = ({ method, path }: Asked): Reply | undefined => {
    if (method === "GET" && path === "/api/repositories")
      return { status: 200, body: { repositories: [{ name: "taken" }] } };
    if (path === "/api/repositories/trial" && trials[0] === never) {
      trials.shift();
      return () => undefined;
    }
    const { steps = [] } = answers;
    const body =
      path === "/api/repositories/shop/trial"
        ? { name: "shop", lines: steps, begun: steps.length }
        : path === "/api/repositories/detect"
          ? { ...found, ...answers.detect }
          : path === "/api/repositories/trial"
            ? { ...green, ...(trials.shift() ?? answers.trial) }
            : path === "/api/repositories"
              ? { ...saved, trial: answers.savedTrial ?? "green" }
              : undefined;
    if (body === undefined) return undefined;
    return { status: "error" in body ? 409 : 200, body };
  };
  await using daemon = await openFakeDaemon(reply);
  home.daemonAt({ port: daemon.port });
  const line = ["repo", "add", ...argv];
  const ran =
    typed === undefined
      ? { ...(await run(line, { home: home.home })), prompts: [] }
      : await atTerminal(line, typed, answers.backtest);
  const sent = (path: string) =>
    daemon.asked.filter((asked) => asked.path === path && asked.method === "POST").map(({ body }) => body);
  return { ...ran, tried: sent("/api/repositories/trial"), registered: sent("/api/repositories") };
}

async function atTerminal(
  line: readonly string[],
  typed: readonly string[],
  daemon?: Partial<DaemonEntry>,
): Promise<Ran & { prompts: string[] }> {
  const ran = { out: "", err: "", prompts: [] as string[] };
  const lines = [...typed];
  const exit = await runProgram(line, {
    environment: { AEDEV_HOME: home.home },
    terminal: {
      write: (text) => {
        ran.out += text;
      },
      complain: (text) => {
        ran.err += text;
      },
      interactive: true,
      readAll: async () => "",
      ask: async (prompt) => {
        ran.prompts.push(prompt);
        return lines.shift() ?? "";
      },
    },
    entries: {
      daemon: daemon === undefined ? unused : async () => daemon as DaemonEntry,
      runner: unused,
      demo: unused,
    },
  });
  return { exit, ...ran };
}

const unused = () => Promise.reject(new Error("unused"));
const error = (code: string) => ({ error: { code, reason: `because ${code}`, hint: null } });

describe("without a terminal", () => {
  it("takes the detected settings, tries and saves them, and names the next command", async () => {
    const ran = await add(["/r"], {});
    expect(ran.exit).toBe(0);
    expect(ran.tried).toEqual([{ path_or_url: "/r", name: "shop", ...settings }]);
    expect(ran.registered).toEqual([{ path_or_url: "/r", name: "shop", ...settings }]);
    expect(ran.err).toContain("npx vitest run (package.json has a test script: vitest\\u{1b})");
    expect(ran.err).toContain("note: there is no lockfile");
    expect(ran.out).toContain("npx vitest run: exit 0, 3 passed, 1.2 s");
    expect(ran.out).toContain('next: aedev intake "what you want done" --repo shop');
  });

  it("lets flags override detected settings, even with empty values", async () => {
    const ran = await add(["/r", "--name", "x", "--verify", "make", "--prepare", "", "--profile", "safe"], {
      detect: { name: "x" },
    });
    expect(ran.tried).toEqual([{ path_or_url: "/r", name: "x", ...settings, verify: ["make"], prepare: null }]);
    expect(ran.registered[0]).toMatchObject({
      verify: ["make"],
      prepare: null,
      profile: "safe",
      outputs: ["node_modules"],
    });
  });

  it("prints one JSON document and nothing else", async () => {
    const ran = await add(["/r", "--json"], {});
    expect(JSON.parse(ran.out)).toMatchObject({
      name: "shop",
      trial: "green",
      tried: { outcome: "green" },
      found: { branch: "main" },
    });
    expect(ran.err).toBe("");
  });

  it("tries nothing with --no-try", async () => {
    const ran = await add(["/r", "--no-try"], {});
    expect(ran).toMatchObject({ exit: 0, tried: [], registered: [expect.anything()] });
  });

  it.each(["HOLD-DOCKER-UNAVAILABLE", "HOLD-CLAUDE-DOCKER-IMAGE"])("saves settings as untried if %s", async (code) => {
    const ran = await add(["/r"], { trial: held(code), savedTrial: "untried" });
    expect(ran).toMatchObject({ exit: 0, registered: [expect.anything()] });
    expect(ran.err).toContain(`saved untried: why ${code}`);
    expect(ran.err).toContain("aedev doctor");
  });

  it.each(["HOLD-PREPARE-FAILED", "HOLD-TOOLCHAIN"])("does not save settings that can't work: %s", async (code) => {
    const ran = await add(["/r"], { trial: held(code) });
    expect(ran).toMatchObject({ exit: 1, registered: [], out: "" });
    expect(ran.err).toMatch(/aedev: shop is not saved.*why HOLD.*\n {2}help: .*--no-try/s);
  });

  it("saves a repository whose base fails, with the failures and the end of the output", async () => {
    const red = {
      ...command,
      exit_code: 1,
      failing: ["test/a > b\u001b"],
      output_tail: "first\nlast words\u001b[31m\n",
    };
    const ran = await add(["/r"], { trial: { ...green, outcome: "red", commands: [red] } });
    expect(ran).toMatchObject({ exit: 0, registered: [expect.anything()] });
    expect(ran.err).toContain("failing: test/a > b\\u{1b}");
    expect(ran.err).toContain("| last words\\u{1b}[31m");
    expect(ran.err).toMatch(/checks fail on the base.*needs your approval/);
  });

  it("asks for an image if one is needed, and skips the question with --no-try", async () => {
    const detect = { needs_image: { why: "Go is not in the image", example: "docker build …", image: "go-checks" } };
    const ran = await add(["/r"], { detect });
    expect(ran).toMatchObject({ exit: 1, tried: [], registered: [] });
    expect(ran.err).toMatch(
      /Go is not in the image\n {2}help: docker build …\n {2}then: aedev repo add \/r --image go-checks/,
    );
    expect((await add(["/r", "--no-try"], { detect })).exit).toBe(0);
    expect(
      (await add(["/r", "--image", "mine"], { detect: { ...detect, needs_image: null } })).registered[0],
    ).toMatchObject({ image: "mine" });
  });

  it("takes the image that aedev builds with --yes", async () => {
    const detect = { needs_image: { why: "Go is not in the image", example: "docker build …", image: "go-checks" } };
    const ran = await add(["/r", "--yes"], { detect });
    expect(ran).toMatchObject({ exit: 0, tried: [{ image: "go-checks" }], registered: [{ image: "go-checks" }] });
    expect((await add(["/r", "--yes", "--image", "mine"], { detect })).registered[0]).toMatchObject({ image: "mine" });
  });

  describe("with alternatives to the settings", () => {
    const alternatives = [
      { why: "only the test runner", settings: { verify: ["npx mocha"] } },
      { why: "the whole test script", settings: { verify: ["npm test"] } },
    ];
    const verified = (ran: { tried: unknown[] }) => ran.tried.map((one) => (one as { verify: string[] }).verify);
    const red = { ...green, outcome: "red", commands: [{ ...command, exit_code: 1, output_tail: "no such folder\n" }] };

    it("stops at the first alternative that is green with a result for each test", async () => {
      const ran = await add(["/r", "--yes"], { detect: { alternatives } });
      expect(verified(ran)).toEqual([["npx vitest run"]]);
      expect(ran.registered[0]).toMatchObject({ verify: ["npx vitest run"] });
    });

    it("tries all alternatives while none is green, says so, and saves the best", async () => {
      const exitCode = { ...green, commands: [{ ...command, tests: null }] };
      const trials = [red, exitCode, red];
      const ran = await add(["/r", "--yes"], { detect: { alternatives }, trials });
      expect(verified(ran)).toEqual([["npx vitest run"], ["npx mocha"], ["npm test"]]);
      expect(ran.registered[0]).toMatchObject({ verify: ["npx mocha"] });
      expect(ran.err).toContain("npx vitest run: exit 1, no such folder; trying next: only the test runner");
      expect(ran.err).toContain("green, but without results of single tests; trying next: the whole test script");
    });

    it("stops when the time for trials is over, saves the best settings so far, and says what was not tried and how to continue", async () => {
      const trials = [red, never];
      const ran = await add(["/r", "--yes", "--try-for", "1500ms"], { detect: { alternatives }, trials });
      expect(verified(ran)).toEqual([["npx vitest run"], ["npx mocha"]]);
      expect(ran.registered[0]).toMatchObject({ verify: ["npx vitest run"] });
      expect(ran.err).toContain(
        "only the test runner: aedev repo add /r --name shop --verify 'npx mocha' --try-for 30m",
      );
      expect(ran.err).toContain(
        "the whole test script: aedev repo add /r --name shop --verify 'npm test' --try-for 30m",
      );
      expect((await add(["/r", "--yes"], { detect: { alternatives }, trials: [red, green] })).err).not.toContain(
        "not tried",
      );
    });

    it("saves nothing as proven if the time ends in the first trial, and names the step", async () => {
      const ran = await add(["/r", "--yes", "--try-for", "2500ms"], {
        trials: [never],
        steps: ["prepare: npm ci --ignore-scripts", "checks: command 1 of 1: npx vitest run"],
        savedTrial: "untried",
      });
      expect(ran.exit).toBe(0);
      expect(ran.err).toContain("  prepare: npm ci --ignore-scripts\n  checks: command 1 of 1: npx vitest run\n");
      expect(ran.err).toContain("saved untried: the trial was stopped after 2.5 s, at command 1 of 1: npx vitest run");
      expect(ran.err).toContain("what was found first: aedev repo add /r --name shop --try-for 30m");
    });

    it("names the failing test before it tries the next alternative", async () => {
      const failing = {
        ...red,
        commands: [{ ...command, exit_code: 1, failing: ["a > b", "c"], output_tail: "2 failed\n" }],
      };
      const ran = await add(["/r", "--yes"], { detect: { alternatives }, trials: [failing, green] });
      expect(ran.err).toContain("npx vitest run: exit 1, 2 failed (failing: a > b); trying next: only the test runner");
    });

    describe("if a few tests always fail", () => {
      const without = { verify: ["npx vitest run -t '^(?!b$)'"], tests: ["a > b"] };
      const few = { ...red, without_failing: without };

      it("leaves failing tests out if no alternative helps, and says so", async () => {
        const ran = await add(["/r", "--yes"], { detect: { alternatives }, trials: [few, red, red, green] });
        expect(verified(ran)).toEqual([["npx vitest run"], ["npx mocha"], ["npm test"], without.verify]);
        expect(ran.registered[0]).toMatchObject({ verify: without.verify });
        expect(ran.err).toContain("trying next: without a > b, which fails on the base here");
        expect(ran.err).toContain(
          "note: left out, because they fail on the base here: a > b. To run them too: --verify 'npx vitest run'",
        );
      });

      it("prefers an alternative that runs all tests to leaving some out", async () => {
        const ran = await add(["/r", "--yes"], { detect: { alternatives }, trials: [few, red, green] });
        expect(ran.registered[0]).toMatchObject({ verify: ["npm test"] });
      });

      it("saves the settings unchanged if leaving tests out does not help, and does not offer that again", async () => {
        const ran = await add(["/r", "--yes"], { detect: { alternatives }, trials: [few, red, red, red] });
        expect(verified(ran).at(-1)).toEqual(without.verify);
        expect(ran.registered[0]).toMatchObject({ verify: ["npx vitest run"] });
        expect(ran.err).not.toContain("here: aedev repo add");
        const better = {
          ...red,
          commands: [{ ...command, exit_code: 1, tests: { passed: 99, failed: 1, skipped: 0 } }],
        };
        const still = await add(["/r", "--yes"], { trials: [few, better] });
        expect(still.registered[0]).toMatchObject({ verify: ["npx vitest run"] });
      });

      it("names each command that leaves tests out in its own flag", async () => {
        const two = { ...few, commands: [command, { ...command, command: "npx mocha", exit_code: 1 }] };
        const ran = await add(["/r", "--yes"], { trials: [two, green] });
        expect(ran.err).toContain("To run them too: --verify 'npx vitest run' --verify 'npx mocha'");
      });

      it("only names the command that leaves tests out if a person chose the tests", async () => {
        const ran = await add(["/r", "--yes", "--verify", "npx vitest run x"], { trials: [few] });
        expect(ran.tried).toHaveLength(1);
        expect(ran.err).toContain("without a > b, which fails on the base here: aedev repo add /r");
      });
    });

    it("saves the alternative with the most passing tests if all are red", async () => {
      const counts = (exit_code: number, passed: number, failed: number) => ({
        ...red,
        commands: [{ ...command, exit_code, tests: { passed, failed, skipped: 0 } }],
      });
      const none = { ...red, commands: [{ ...command, exit_code: 1, tests: null }] };
      for (const trials of [
        [none, counts(1, 473, 1), counts(1, 0, 0)],
        [counts(1, 196, 14), counts(1, 198, 12), none],
        [counts(1, 90, 1), counts(0, 80, 1), counts(1, 99, 1)],
      ]) {
        const ran = await add(["/r", "--yes"], { detect: { alternatives }, trials });
        expect(ran.registered[0]).toMatchObject({ verify: ["npx mocha"] });
      }
    });

    it("does not repeat a failed fetch, but tries another one", async () => {
      const prepare = "npm install --ignore-scripts";
      const all = [...alternatives, { why: "without the lockfile", settings: { prepare } }];
      const trials = [held("HOLD-PREPARE-FAILED"), green];
      const ran = await add(["/r", "--yes"], { detect: { alternatives: all }, trials });
      expect(ran.tried).toMatchObject([{ prepare: settings.prepare }, { prepare, verify: ["npx vitest run"] }]);
      expect(ran.registered[0]).toMatchObject({ prepare, verify: ["npx vitest run"] });
      // A failed build says nothing about the fetch.
      const built = [{ why: "with a build", settings: { build: "make" } }, ...alternatives];
      const other = await add(["/r", "--yes"], {
        detect: { alternatives: built },
        trials: [red, held("HOLD-PREPARE-FAILED"), green],
      });
      expect(verified(other)).toEqual([["npx vitest run"], ["npx vitest run"], ["npx mocha"]]);
    });

    it("tries another fetch only after a failed one if it is meant for that, and with it the alternatives that were skipped", async () => {
      const prepare = "npm install --legacy-peer-deps";
      const all = [...alternatives, { why: "another fetch", settings: { prepare }, only_if_fetch_failed: true }];
      const failed = await add(["/r", "--yes"], {
        detect: { alternatives: all },
        trials: [held("HOLD-PREPARE-FAILED"), red, green],
      });
      expect(failed.tried).toMatchObject([
        { prepare: settings.prepare, verify: ["npx vitest run"] },
        { prepare, verify: ["npx vitest run"] },
        { prepare, verify: ["npx mocha"] },
      ]);
      expect(failed.registered[0]).toMatchObject({ prepare, verify: ["npx mocha"] });
      const fetched = await add(["/r", "--yes"], { detect: { alternatives: all }, trial: red });
      expect(verified(fetched)).toEqual([["npx vitest run"], ["npx mocha"], ["npm test"]]);
    });

    it("tries no alternative to a person's own settings", async () => {
      const ran = await add(["/r", "--verify", "make"], { detect: { alternatives }, trial: red });
      expect(verified(ran)).toEqual([["make"]]);
    });
  });

  it("passes on a refusal of the daemon, and continues with flags if only the fetch fails", async () => {
    expect(await add(["/r"], { detect: error("not-a-repository") })).toMatchObject({ exit: 1, registered: [] });
    expect(await add(["/r"], { detect: error("HOLD-FETCH-FAILED") })).toMatchObject({ exit: 1, registered: [] });
    const ran = await add(["/r", "--name", "x", "--verify", "make"], {
      detect: error("HOLD-FETCH-FAILED"),
      savedTrial: "untried",
    });
    expect(ran).toMatchObject({ exit: 0, tried: [], registered: [{ path_or_url: "/r", name: "x", verify: ["make"] }] });
    expect(ran.err).toContain("saved untried: because HOLD-FETCH-FAILED");
  });

  it("says which command to edit when the proposal can't be fetched or the command's program is missing", async () => {
    const fetched = await add(["/r", "--yes"], { trial: held("HOLD-PREPARE-FAILED") });
    expect(fetched).toMatchObject({ exit: 1, registered: [] });
    expect(fetched.err).toContain("aedev repo add /r --name shop --prepare 'npm ci --ignore-scripts'");
    const missing = await add(["/r", "--yes"], { trial: held("HOLD-TOOLCHAIN") });
    expect(missing.err).toContain("aedev repo add /r --name shop --image IMAGE");
  });

  it("refuses an invalid profile before it asks anything", async () => {
    const ran = await add(["/r", "--profile", "reckless"], {});
    expect(ran).toMatchObject({ exit: 2, tried: [], registered: [] });
    expect(ran.err).toContain("--profile");
  });
});

describe("a known repository", () => {
  const known = {
    detect: { known: saved, settings: null, languages: [], commit: null, branch: null },
  };

  it("changes and tries only the given settings of a known repository", async () => {
    const ran = await add(
      ["/r", "--name", "shop", "--inputs", "a, b", "--verify", "npm test", "--allow-writes"],
      known,
    );
    const given = { path_or_url: "/r", name: "shop", inputs: ["a", "b"], verify: ["npm test"] };
    expect(ran.tried).toEqual([given]);
    expect(ran.registered).toEqual([{ ...given, allow_writes: true }]);
  });

  it("adds notes about the credential's permissions on GitHub, with reasons, and none if all is well", async () => {
    const github = {
      repository: "octo/shop",
      credential: "token",
      problem: null,
      missing: [{ permission: "contents: write", why: "aedev pushes the change" }],
      excessive: [{ permission: "scope workflow", why: "a reason" }],
      note: null,
    };
    const noted = await add(["/r"], { detect: { ...known.detect, github } });
    expect(noted.err).toContain("note: octo/shop on GitHub: the token lacks contents: write (aedev pushes the change)");
    expect(noted.err).toContain("the token has scope workflow, which aedev does not need (a reason)");
    const fine = await add(["/r"], { detect: { ...known.detect, github: { ...github, missing: [], excessive: [] } } });
    expect(fine.err).not.toContain("on GitHub");
  });

  it("does not try a known repository for a changed permission alone, but does if no setting is given", async () => {
    expect(await add(["/r", "--allow-writes"], known)).toMatchObject({ exit: 0, tried: [] });
    expect(await add(["/r", "--landing", "branch"], known)).toMatchObject({
      exit: 0,
      tried: [],
      registered: [{ path_or_url: "/r", name: "shop", landing: "branch" }],
    });
    expect(await add(["/r"], known)).toMatchObject({ exit: 0, tried: [{ path_or_url: "/r", name: "shop" }] });
  });

  it("keeps the earlier result of a known repository if nothing can be tried now", async () => {
    const ran = await add(["/r"], { ...known, trial: held("HOLD-DOCKER-UNAVAILABLE") });
    expect(ran.err).toMatch(/not tried now; the earlier result \(green\) is kept: why HOLD-DOCKER/);
  });

  it("saves a known repository as requested even if it does not work, with a notice", async () => {
    const ran = await add(["/r", "--image", "none:1"], { ...known, trial: held("HOLD-TOOLCHAIN") });
    expect(ran).toMatchObject({ exit: 0, registered: [{ path_or_url: "/r", name: "shop", image: "none:1" }] });
    expect(ran.err).toContain("saved, but these settings don't work: why HOLD-TOOLCHAIN");
  });
});

describe("on a terminal", () => {
  const asked = ["name", "prepare", "outputs", "verify", "tests", "write", "profile", "See"];

  it("shows on request what balanced would have merged, and takes that profile only after a second yes", async () => {
    const decision = {
      commit: "a".repeat(40),
      subject: "Add add",
      answer: "merge",
      code: null,
      kind: "behaviour",
    } as const;
    const found: Backtest = {
      ...{ repository: "shop", profile: "balanced" as const, left_out: [], answers: { merge: 1, ask: 0, hold: 0 } },
      decisions: [{ ...decision, score: -3200, reasons: [], outcome: null, seconds: 12 }],
      merged: { merged: 1, bad: 0, bad_from: 0, bad_to: 0.95 },
    };
    const closed: boolean[] = [];
    const openBacktest: DaemonEntry["openBacktest"] = async () => {
      return { commits: 1, seconds: 40, run: async () => found, close: async () => void closed.push(true) };
    };
    const backtest = { openBacktest };
    const lines = [...new Array<string>(7).fill(""), "y"];
    const yes = await add(["/r"], { backtest }, [...lines, "y"]);
    expect(yes.err).toContain("trying 1 past commit: about 40 s");
    expect(yes.err).toContain("of 1 past commit of shop, balanced would have: merged 1, asked about 0, held 0");
    expect(yes.registered.at(-1)).toMatchObject({ name: "shop", profile: "balanced" });
    const no = await add(["/r"], { backtest }, [...lines, ""]);
    expect(no.registered).toHaveLength(1);
    expect(closed).toEqual([true, true]);
  });

  it("asks for each command, for writing and for the profile; Enter takes the findings and allows nothing", async () => {
    const ran = await add(["/r"], {}, []);
    expect(ran.prompts.map((prompt) => prompt.split(" ")[0])).toEqual(asked);
    expect(ran.registered).toEqual([{ path_or_url: "/r", name: "shop", ...settings, allow_writes: false }]);
    expect(ran.err).toMatch(
      /May aedev push to this repository\?.*With no, aedev asks you about each change and pushes it/s,
    );
  });

  it("takes changed answers, and - for none", async () => {
    const ran = await add(["/r"], {}, ["till", "-", "npm test", "a/**, b/**", "y", "bold", "balanced"]);
    expect(ran.registered).toEqual([
      {
        path_or_url: "/r",
        name: "till",
        ...settings,
        prepare: null,
        outputs: [],
        verify: ["npm test"],
        tests: ["a/**", "b/**"],
        allow_writes: true,
        profile: "balanced",
      },
    ]);
  });

  it("keeps the outputs of a build step without a fetch step", async () => {
    const built = { ...settings, prepare: null, build: "make out", outputs: ["out"] };
    const ran = await add(["/r"], { detect: { settings: built } }, []);
    expect(ran.prompts.map((prompt) => prompt.split(" ")[0])).toContain("outputs");
    expect(ran.registered[0]).toMatchObject({ prepare: null, build: "make out", outputs: ["out"] });
    const none = await add(["/r"], { detect: { settings: { ...settings, prepare: null, outputs: [] } } }, []);
    expect(none.prompts.map((prompt) => prompt.split(" ")[0])).not.toContain("outputs");
  });

  it("refuses an invalid name and the name of another repository", async () => {
    const ran = await add(["/r"], {}, ["taken", "../x", "mine"]);
    expect(ran.err).toMatch(/name of another repository[\s\S]*a repository name has letters/);
    expect(ran.registered[0]).toMatchObject({ name: "mine" });
  });

  it("asks nothing with flags or --yes", async () => {
    for (const flags of [["--yes"], ["--verify", "x"], ["--allow-writes"]])
      expect(await add(["/r", ...flags], {}, [])).toMatchObject({ exit: 0, prompts: [] });
  });

  it("repeats the questions if the settings don't work, until the person leaves", async () => {
    const ran = await add(["/r"], { trial: held("HOLD-PREPARE-FAILED") }, [
      ...Array(7).fill(""),
      "y",
      ...Array(7).fill(""),
      "n",
    ]);
    expect(ran).toMatchObject({ exit: 1, registered: [] });
    expect(ran.tried).toHaveLength(2);
  });

  it("asks for the necessary image, with a way to build one", async () => {
    const detect = { needs_image: { why: "Go is not in the image", example: "docker build …", image: "go-checks" } };
    const ran = await add(["/r"], { detect }, ["", "go-checks"]);
    expect(ran.err).toContain("docker build …");
    expect(ran.registered[0]).toMatchObject({ image: "go-checks" });
  });

  it("saves the submodules that it shows only after a yes", async () => {
    const offered = [{ path: "lib\u001b[2J", url: "https://git.example/lib.git" }];
    const detect = { known: saved, submodules: { offered, left_out: [{ path: "other", why: "it starts with '-'" }] } };
    const yes = await add(["/r", "--submodules"], { detect }, ["y"]);
    expect(yes.err).toContain(
      "submodule lib\\u{1b}[2J  https://git.example/lib.git\nnote: other is not fetched: it starts with '-'",
    );
    expect(yes.tried[0]).toMatchObject({ submodules: offered });
    expect(yes.registered[0]).toMatchObject({ submodules: offered });
    for (const typed of ["", "n", "https://git.example/lib.git"]) {
      const no = await add(["/r", "--submodules"], { detect }, [typed]);
      expect(no).toMatchObject({ tried: [], registered: [] });
      expect(no.exit).not.toBe(0);
    }
    const none = await add(["/r", "--no-submodules"], { detect: { known: saved } }, []);
    expect(none).toMatchObject({ exit: 0, prompts: [], registered: [{ submodules: [] }] });
  });
});
