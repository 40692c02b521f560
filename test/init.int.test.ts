/** `aedev init` at a terminal and by flags: every question, every way to leave, every bad answer. Only the terminal is a fake; the home is real. */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault } from "@aedev/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../packages/cli/src/program.ts";
import { processEntries } from "../packages/cli/src/terminal/entries.ts";
import { isNight } from "./support/is-night.ts";
import { type ModelServer, openModelServer } from "./support/model-server.ts";
import { credential, openClosedNtfy, replyTopic, topic } from "./support/phone.ts";

const tokens = {
  coder: "sk-ant-oat01-typed-by-a-person-000",
  openai: "typed-openai-key-000",
  gemini: "typed-gemini-key-000",
  ntfy: "tk_typed-ntfy-token-000",
};

let folder: string;
let home: string;
let models: ModelServer;
let environment: Record<string, string | undefined>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "aedev-init-"));
  home = join(folder, "home");
  models = await openModelServer();
  environment = {
    PATH: process.env["PATH"],
    HOME: folder,
    AEDEV_HOME: home,
    AEDEV_PORT: "0",
    DOCKER_HOST: `unix://${folder}/no-engine.sock`,
    AEDEV_OPENAI_BASE_URL: models.address,
    AEDEV_GEMINI_BASE_URL: models.address,
    AEDEV_NTFY_URL: "",
  };
});
afterEach(async () => {
  await run(["daemon", "stop"]);
  await models.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly exit: number;
  /** Everything that a person sees, in order. */
  readonly seen: string;
  readonly out: string;
  /** The questions, in order. */
  readonly asked: string[];
}
/** Words of a question and the successive answers to it; the last one repeats. */
type Answers = Readonly<Record<string, string | readonly string[]>>;

/** `answers` undefined: there is no person. `leaveAt`: the person presses Ctrl-C at that question. */
async function run(argv: string[], answers?: Answers, leaveAt = Number.POSITIVE_INFINITY): Promise<Ran> {
  const asked: string[] = [];
  const times = new Map<string, number>();
  let seen = "";
  let out = "";
  const exit = await runProgram(argv, {
    environment,
    terminal: {
      write: (text) => {
        seen += text;
        out += text;
      },
      complain: (text) => {
        seen += text;
      },
      interactive: answers !== undefined,
      readAll: async () => "",
      ask: async (prompt, options) => {
        if (asked.length === leaveAt) throw new Fault("interrupted", "nothing was answered");
        asked.push(prompt);
        seen += prompt;
        const [words, given] = Object.entries(answers ?? {}).find(([part]) => prompt.includes(part)) ?? [];
        if (words === undefined || given === undefined) throw new Error(`nobody expected the question ${prompt}`);
        const time = times.get(words) ?? 0;
        times.set(words, time + 1);
        const answer = typeof given === "string" ? given : (given[Math.min(time, given.length - 1)] ?? "");
        seen += options?.secret === true ? "\n" : `${answer}\n`;
        return answer;
      },
    },
    entries: processEntries,
  });
  return { exit, seen, out, asked };
}

/** A complete set-up; Enter accepts each default. */
const whole: Answers = {
  "claude setup-token": tokens.coder,
  "OpenAI API key": tokens.openai,
  "Gemini API key": tokens.gemini,
  "Get push messages": "",
  "Push server": "https://push.example.org",
  "Topic to subscribe": "",
  "Reply topic": "",
  "Access token of the ntfy": tokens.ntfy,
  "tiny real call": "n",
};

function file(name: string): string {
  return readFileSync(join(home, name), "utf8");
}

function expectComplete(): void {
  expect(file("secrets/execution.env")).toBe(`AEDEV_CLAUDE_OAUTH_TOKEN=${tokens.coder}\n`);
  expect(file("secrets/judgement.env").split("\n").toSorted()).toEqual([
    "",
    `AEDEV_GEMINI_API_KEY=${tokens.gemini}`,
    `AEDEV_OPENAI_API_KEY=${tokens.openai}`,
  ]);
  expect(file("secrets/control.env")).toBe(`AEDEV_NTFY_TOKEN=${tokens.ntfy}\n`);
  expect(file("config.yaml")).toMatch(
    /notifications:\n {2}url: https:\/\/push.example.org\n {2}topic: aedev-[0-9a-f]{24}\n {2}reply_topic: aedev-[0-9a-f]{24}\n/,
  );
}

function expectSecret(text: string): void {
  for (const [name, value] of Object.entries(tokens)) expect(text.includes(value), name).toBe(false);
}

/** The control: the search finds a value in a place that may have it, so finding none elsewhere means something. */
function expectSecretsOnlyInTheirFiles(): void {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const holding = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => Object.values(tokens).some((value) => readFileSync(path, "latin1").includes(value)));
  expect(holding.toSorted()).toEqual(["execution", "judgement"].map((plane) => join(home, `secrets/${plane}.env`)));
}

describe("the dialogue of aedev init", () => {
  it("asks for everything, writes it, and asks nothing a second time", async () => {
    const first = await run(["init"], whole);
    expect(first.exit).toBe(0);
    expect(first.asked).toHaveLength(Object.keys(whole).length);
    expectComplete();
    expect(first.seen).toMatch(/MISSING {3}docker: .*\n +help: .*aedev setup/);
    expect(first.out).toContain("next: aedev setup");
    expectSecret(first.seen);

    const before = ["config.yaml", "policies.yaml", "token", "secrets/control.env"].map(file);
    const second = await run(["init"], whole);
    expect(second.asked).toEqual([expect.stringContaining("tiny real call")]);
    expect(["config.yaml", "policies.yaml", "token", "secrets/control.env"].map(file)).toEqual(before);
    for (const name of ["execution", "judgement", "control"])
      expect(statSync(join(home, `secrets/${name}.env`)).mode & 0o777).toBe(0o600);
  });

  it("finds the usual variables and stores those that a person agrees to, but none without a question", async () => {
    const usual = {
      CLAUDE_CODE_OAUTH_TOKEN: tokens.coder,
      OPENAI_API_KEY: tokens.openai,
      GEMINI_API_KEY: "not-wanted-gemini-key",
      GOOGLE_API_KEY: tokens.gemini,
    };
    Object.assign(environment, usual);
    expect((await run(["init", "--yes", "--keep-secrets"])).exit).toBe(0);
    expect(readdirSync(join(home, "secrets")).flatMap((name) => file(`secrets/${name}`).match(/typed-/) ?? [])).toEqual(
      [],
    );
    const taken = await run(["init"], {
      ...whole,
      "GEMINI_API_KEY is in this environment": "n",
      "is in this environment": "",
    });
    expect(taken.asked.filter((question) => question.includes("is in this environment"))).toHaveLength(4);
    expect(taken.asked.filter((question) => /API key:|Token of claude/.test(question))).toEqual([]);
    expectComplete();
    expectSecret(taken.seen);
    expect(taken.seen).not.toContain("not-wanted-gemini-key");
  });

  it("offers a GitHub token of this machine and stores it only if the person agrees; without a person it stores none", async () => {
    const github = "ghp_of_this_machine_000000000000000000000";
    environment["GITHUB_TOKEN"] = github;
    environment["GH_TOKEN"] = "ghp_not_wanted_0000000000000000000000000";
    expect((await run(["init", "--yes", "--keep-secrets"])).exit).toBe(0);
    expect(file("secrets/control.env")).not.toContain("GITHUB");
    const unwanted = await run(["init"], { ...whole, "is in this environment": "" });
    expect(unwanted.asked.filter((question) => question.includes("AEDEV_GITHUB_TOKEN"))).toHaveLength(2);
    expect(unwanted.seen).toContain("skipped   github credential: none");
    expect(file("secrets/control.env")).not.toContain("GITHUB");
    const taken = await run(["init"], { ...whole, "GITHUB_TOKEN is in this environment": "y" });
    expect(taken.seen).toContain("set       github credential: AEDEV_GITHUB_TOKEN is kept in the home");
    expect(file("secrets/control.env")).toContain(`AEDEV_GITHUB_TOKEN=${github}\n`);
    expect((await run(["init"], whole)).asked).toEqual([expect.stringContaining("tiny real call")]);
    for (const { seen } of [unwanted, taken]) expect(seen).not.toMatch(/ghp_/);
  });

  it("stores AEDEV_GITHUB_TOKEN with --yes only if --keep-secrets is given", async () => {
    environment["AEDEV_GITHUB_TOKEN"] = "ghp_by_its_own_name_00000000000000000000";
    await run(["init", "--yes"]);
    expect(file("secrets/control.env")).not.toContain("GITHUB");
    const kept = await run(["init", "--yes", "--keep-secrets"]);
    expect(file("secrets/control.env")).toContain("AEDEV_GITHUB_TOKEN=ghp_by_its_own_name");
    expect(kept.seen).not.toMatch(/ghp_/);
  });

  it("offers the token of gh, which sees none of aedev's secrets; one that hangs or fails offers none", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const gh = (script: string) => writeFileSync(join(bin, "gh"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    environment["PATH"] = `${bin}:${environment["PATH"]}`;
    environment["AEDEV_OPENAI_API_KEY"] = tokens.openai;
    const answers = { ...whole, "is in this environment": "n" };
    for (const broken of ["exec sleep 60", "echo gho_partial; exit 1", "echo 'two words'", ":"]) {
      gh(broken);
      const ran = await run(["init"], answers);
      expect(ran.asked.join()).not.toContain("gh is logged in");
      expect(ran.seen).not.toContain("gho_");
    }
    gh(`env > ${folder}/seen; echo "$@" >> ${folder}/seen; echo gho_of_gh_00000000000000000000000000000`);
    const ran = await run(["init"], { ...answers, "gh is logged in to github.com": "y" });
    expect(file("secrets/control.env")).toContain("AEDEV_GITHUB_TOKEN=gho_of_gh_");
    expect(ran.seen).not.toContain("gho_");
    const seenByGh = readFileSync(join(folder, "seen"), "utf8");
    expect(seenByGh).toContain("auth token --hostname github.com");
    expect(seenByGh).toContain(`HOME=${folder}`);
    expect(seenByGh).not.toContain(tokens.openai);
  });

  it("finds the login of Claude Code and, after a yes, uses it without copying it; without a person it does not", async () => {
    const login = join(folder, ".claude/.credentials.json");
    const keep = (expiresAt: number) =>
      writeFileSync(login, JSON.stringify({ claudeAiOauth: { accessToken: tokens.coder, expiresAt } }));
    mkdirSync(join(folder, ".claude"));
    keep(Date.now() + 8 * 3_600_000);
    expect((await run(["init", "--yes"])).seen).toMatch(/MISSING {3}claude credential/);
    const refused = await run(["init"], { ...whole, "Use the login of Claude Code": "n" });
    expect(refused.asked.join()).toMatch(/Use the login of Claude Code\?.*Token of claude setup-token/s);
    rmSync(home, { recursive: true, force: true });

    const used = await run(["init"], { ...whole, "Use the login of Claude Code": "" });
    expect(used.asked.join()).not.toContain("Token of claude setup-token");
    expect(used.seen).toMatch(
      /set {7}claude credential: the login of Claude Code on this machine, which lasts until 20/,
    );
    expect(file("config.yaml")).toContain("auth:\n  claude_login: true\n");
    expectSecret(used.seen);
    expect(readdirSync(join(home, "secrets")).some((name) => file(`secrets/${name}`).includes(tokens.coder))).toBe(
      false,
    );
    const again = await run(["init", "--yes"]);
    expect(again.seen).toMatch(/found {5}claude credential: the login of Claude Code/);
    const check = async () => {
      const { checks } = JSON.parse((await run(["doctor", "--json"])).out) as {
        checks: { name: string; ok: boolean }[];
      };
      return checks.find(({ name }) => name === "claude credential");
    };
    expect(await check()).toMatchObject({ ok: true, found: expect.stringContaining("which lasts until") });
    keep(Date.now() - 1);
    expect(await check()).toMatchObject({ ok: false, found: expect.stringContaining("ends or ended at") });
  });

  it("does not accept a paid Anthropic key as the subscription's token, and says what that would mean", async () => {
    environment["ANTHROPIC_API_KEY"] = "sk-ant-api03-billed-by-the-token-000";
    const { seen, asked } = await run(["init"], whole);
    expect(seen).toContain("ANTHROPIC_API_KEY is in this environment. This is an API key that is billed per token");
    expect(asked.join()).not.toContain("ANTHROPIC_API_KEY");
    expect(file("secrets/execution.env")).toBe(`AEDEV_CLAUDE_OAUTH_TOKEN=${tokens.coder}\n`);
    expect(seen).not.toContain("sk-ant-api03");
  });

  it("can be left at every question, and continues there", async () => {
    const questions = Object.keys(whole).length;
    for (let at = 0; at < questions; at += 1) {
      rmSync(home, { recursive: true, force: true });
      const left = await run(["init"], whole, at);
      expect({ at, exit: left.exit, asked: left.asked.length }).toEqual({ at, exit: 1, asked: at });
      expect(left.seen).toContain("to continue from there: aedev init");
      const { checks } = JSON.parse((await run(["doctor", "--json"])).out) as {
        checks: { name: string; ok: boolean }[];
      };
      for (const name of ["home", "permissions", "configuration", "policy"])
        expect({ at, ...checks.find((check) => check.name === name) }).toMatchObject({ at, name, ok: true });
      const rest = await run(["init"], whole);
      expect(rest.exit).toBe(0);
      // A stored value is not asked for again; a yes or an unchanged default stores nothing.
      const unstored = at > 3 && at <= 6 ? 1 : 0;
      expect({ at, again: rest.asked.length <= questions - at + unstored + 1 }).toEqual({ at, again: true });
      expectComplete();
      expectSecret(left.seen + rest.seen);
    }
  });

  it("says why an answer is not accepted, and asks again", async () => {
    const slips: Answers = {
      ...whole,
      "claude setup-token": ["sk-ant-api03-an-api-key", "sk-ant-oat01-cut at-a-line", "short", tokens.coder],
      "OpenAI API key": ["sk-ant-oat01-of-another", tokens.openai],
      "Gemini API key": ["sk-proj-of-another", "with\u0007bell-in-it", tokens.gemini],
      "Get push messages": ["perhaps", "y"],
      "Push server": ["ftp://push.example.org", "http://push.example.org", "https://push.example.org"],
      "Topic to subscribe": ["with space", "a".repeat(65), ""],
      "Reply topic": ["a/b", ""],
    };
    const ran = await run(["init"], slips);
    expect(ran.exit).toBe(0);
    expect(ran.seen.match(/not accepted: .+|please answer y or n/g)).toEqual([
      expect.stringContaining("auth.allow_api_key"),
      expect.stringContaining("white space"),
      expect.stringContaining("fewer than 8"),
      expect.stringContaining("is for the coder"),
      expect.stringContaining("another vendor"),
      expect.stringContaining("one line"),
      expect.stringContaining("y or n"),
      expect.stringContaining("notifications.url"),
      expect.stringContaining("needs https"),
      expect.stringContaining("notifications.topic"),
      expect.stringContaining("notifications.topic"),
      expect.stringContaining("notifications.reply_topic"),
    ]);
    for (const [words, given] of Object.entries(slips).filter(([, given]) => typeof given !== "string"))
      expect({ words, asked: ran.asked.filter((prompt) => prompt.includes(words)).length }).toEqual({
        words,
        asked: given.length,
      });
    expectComplete();
  });

  it("offers to ask instead of holding if a judge's key is missing, and keeps the contents of the files", async () => {
    await run(["init", "--yes"]);
    writeFileSync(join(home, "policies.yaml"), "# mine\njudges:\n  timeout: 30s # short\n");
    writeFileSync(join(home, "config.yaml"), "limits:\n  # slow machine\n  run_timeout: 20m\n");
    const answers = { ...whole, "Gemini API key": "", "instead of holding": "y" };
    const ran = await run(["init"], answers);
    expect(ran.exit).toBe(0);
    expect(ran.seen).toContain("With ask you decide each one; none merges automatically");
    expect(file("policies.yaml")).toBe("# mine\njudges:\n  timeout: 30s # short\n  when_missing: ask\n");
    expect(file("config.yaml")).toMatch(/^limits:\n {2}# slow machine\n {2}run_timeout: 20m\nnotifications:\n/);
    // The choice is not asked about again, but the key is.
    const again = await run(["init"], answers);
    expect(again.asked.map((prompt) => prompt.split(":")[0])).toEqual([
      "Gemini API key",
      expect.stringMatching(/real call/),
    ]);
    expect((await run(["doctor"])).out).toMatch(/note +gemini key: .*judges\.when_missing: ask/);
  });

  it("asks for no token if a paid key was chosen and is there", async () => {
    await run(["init", "--yes"]);
    writeFileSync(join(home, "config.yaml"), "auth:\n  allow_api_key: true\n");
    environment = { ...environment, AEDEV_ANTHROPIC_API_KEY: "sk-ant-api03-of-this-test" };
    const ran = await run(["init"], { ...whole, "store it in the home": "y", "Get push messages": "n" });
    expect(ran.asked.filter((prompt) => prompt.includes("setup-token"))).toEqual([]);
    expect(file("secrets/execution.env")).toBe("AEDEV_ANTHROPIC_API_KEY=sk-ant-api03-of-this-test\n");
    writeFileSync(join(home, "config.yaml"), "");
    const unchosen = await run(["init"], { ...whole, "Get push messages": "n" });
    expect(unchosen.asked[0]).toContain("setup-token");
  });

  it("stops at a file that does not load, names the key, and leaves the file alone", async () => {
    await run(["init", "--yes"]);
    writeFileSync(join(home, "config.yaml"), "notifications:\n  topick: x\n");
    const ran = await run(["init"], whole);
    expect(ran.exit).toBe(1);
    expect(ran.seen).toMatch(/config\.yaml: notifications.*topick/);
    expect(file("config.yaml")).toBe("notifications:\n  topick: x\n");
  });

  it("starts the daemon and tries each credential, naming what helps", async () => {
    models.gemini = () => ({ status: 401 });
    const ran = await run(["init"], { ...whole, "Get push messages": "n", "tiny real call": "" });
    expect(ran.exit).toBe(1);
    expect(ran.seen).toMatch(/ok +daemon: running on port \d+/);
    expect(ran.seen).toMatch(/FAILED +coder call: HOLD-DOCKER-UNAVAILABLE: .*\n +help: aedev setup/);
    expect(ran.seen).toMatch(/ok +openai call: gpt-\S+ answered/);
    expect(ran.seen).toMatch(/FAILED +gemini call: http_401\n +help: aedev secrets set AEDEV_GEMINI_API_KEY/);
    expect(models.requests.map(({ vendor }) => vendor)).toEqual(["openai", "gemini"]);
    expectSecret(ran.seen);
    expectSecretsOnlyInTheirFiles();
    const probed = await run(["doctor", "--probe"]);
    expect(probed.exit).toBe(1);
    expect(probed.out).toMatch(/ok +openai call: [\s\S]*MISSING +gemini call: http_401/);
  });
});

describe("the phone in aedev init", () => {
  const answers = (server: string): Answers => ({
    ...whole,
    "Push server": server,
    "Topic to subscribe": topic,
    "Reply topic": replyTopic,
    "Access token of the ntfy": credential,
    "tiny real call": "y",
  });

  it("gets a test push, with buttons if strangers can't read the topic", async () => {
    await using ntfy = await openClosedNtfy();
    const ran = await run(["init"], answers(ntfy.address));
    expect(ran.seen).toMatch(/ok +push message: accepted by the server; real ones come with buttons/);
    expect(ntfy.messages(topic)).toHaveLength(1);
    expect(ran.seen).not.toContain(credential);
    await ntfy.stop();
    const down = await run(["init"], answers(ntfy.address));
    expect(down.asked).toHaveLength(1);
    expect(down.seen).toMatch(/FAILED +push message: .*\n +help: aedev notify test/);
  });

  it.runIf(isNight)("gets no buttons if anybody can read the topic, and the reason is shown", async () => {
    await using ntfy = await openClosedNtfy({ [topic]: "read-only" });
    const ran = await run(["init"], answers(ntfy.address));
    expect(ran.seen).toMatch(/ok +push message: .*without buttons/);
    expect(ntfy.messages(topic)).toHaveLength(1);
  });

  it.runIf(isNight)("needs a restart of the daemon if a token or a topic was added while it runs", async () => {
    await using ntfy = await openClosedNtfy();
    await run(["init"], { ...answers(ntfy.address), "Get push messages": "n" });
    const { pid } = JSON.parse(file("run/daemon.json"));
    const ran = await run(["init"], answers(ntfy.address));
    expect(ran.seen).toMatch(/ok +push message/);
    expect(JSON.parse(file("run/daemon.json")).pid).not.toBe(pid);
  });
});

describe("init --yes", () => {
  it("makes the home and nothing else, and names the next command", async () => {
    const ran = await run(["init", "--yes"]);
    expect({ exit: ran.exit, asked: ran.asked }).toEqual({ exit: 0, asked: [] });
    expect(ran.out).toMatch(/^next: aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN/m);
    expect((await run(["daemon", "status"])).exit).toBe(3);
    expect(models.requests).toEqual([]);
  });

  it("writes the values of its flags, or none of them if one is wrong", async () => {
    const flags = ["--when-missing", "ask", "--ntfy-url", "https://push.example.org", "--ntfy-topic", "mine"];
    const ran = await run([
      "init",
      "--yes",
      ...flags,
      "--ntfy-reply-topic",
      "back",
      "--public-url",
      "https://me.example.org",
    ]);
    expect(ran.exit).toBe(0);
    expect(file("policies.yaml")).toContain("when_missing: ask");
    const good = file("config.yaml");
    expect(good).toMatch(
      /url: https:\/\/push\.example\.org\n {2}topic: mine\n {2}reply_topic: back\n {2}public_url: https:\/\/me\.example\.org\n/,
    );
    const wrong = await run(["init", "--yes", "--ntfy-topic", "not a topic", "--ntfy-reply-topic", "other"]);
    expect(wrong.exit).toBe(1);
    expect(wrong.seen).toContain("notifications.topic");
    expect(file("config.yaml")).toBe(good);
    expect((await run(["init", "--yes", "--when-missing", "merge"])).exit).toBe(2);
  });

  it("accepts the coder's second token alone as its credential", async () => {
    const lacks = await run(["init", "--yes"]);
    expect(lacks.out).toMatch(/claude credential: AEDEV_CLAUDE_OAUTH_TOKEN is not set/);
    environment = { ...environment, AEDEV_CLAUDE_OAUTH_TOKEN_2: tokens.coder };
    const ran = await run(["init", "--yes", "--keep-secrets"]);
    expect(ran.out).toMatch(/claude credential: AEDEV_CLAUDE_OAUTH_TOKEN_2 is kept in the home/);
    expect(file("secrets/execution.env")).toBe(`AEDEV_CLAUDE_OAUTH_TOKEN_2=${tokens.coder}\n`);
  });

  it("stores the environment's secrets only with --keep-secrets", async () => {
    environment = { ...environment, AEDEV_CLAUDE_OAUTH_TOKEN: tokens.coder, AEDEV_OPENAI_API_KEY: tokens.openai };
    const without = await run(["init", "--yes"]);
    expect(without.out).toMatch(
      /openai key: .*this command's environment only.*\n +help: aedev init --yes --keep-secrets/,
    );
    expect(file("secrets/execution.env") + file("secrets/judgement.env")).toBe("");
    const kept = await run(["init", "--yes", "--keep-secrets", "--json"]);
    const document = JSON.parse(kept.out) as { ok: boolean; steps: { name: string; status: string }[]; next: string[] };
    expect(document.ok).toBe(true);
    expect(document.steps).toContainEqual(expect.objectContaining({ name: "openai key", status: "set" }));
    expect(document.steps).toContainEqual(expect.objectContaining({ name: "gemini key", status: "missing" }));
    expect(file("secrets/execution.env")).toBe(`AEDEV_CLAUDE_OAUTH_TOKEN=${tokens.coder}\n`);
    expectSecret(without.seen + kept.seen);
    environment = { ...environment, AEDEV_GEMINI_API_KEY: "cut at-a-space" };
    const bad = await run(["init", "--yes", "--keep-secrets"]);
    expect(bad.exit).toBe(1);
    expect(bad.seen).toMatch(/FAILED +gemini key: .*white space/);
    expect(bad.seen).not.toContain("cut at-a-space");
  });

  it.runIf(isNight)("reports its steps even if the daemon does not start", async () => {
    const taken = createServer((_request, response) => response.end("somebody else")).listen(0, "127.0.0.1");
    await once(taken, "listening");
    const port = String((taken.address() as AddressInfo).port);
    environment = { ...environment, AEDEV_PORT: port, AEDEV_OPENAI_API_KEY: tokens.openai };
    const ran = await run(["init", "--yes", "--keep-secrets", "--start", "--json"]);
    taken.close();
    const { steps } = JSON.parse(ran.out) as { steps: { name: string; status: string; found: string }[] };
    expect(ran.exit).toBe(1);
    expect(steps.find(({ name }) => name === "daemon")).toMatchObject({
      status: "failed",
      found: expect.stringContaining(port),
    });
    expect(steps).toContainEqual(expect.objectContaining({ name: "openai key", status: "set" }));
    environment = { ...environment, AEDEV_PORT: "0" };
    expect((await run(["init", "--yes", "--start"])).seen).toMatch(/ok +openai call/);
  });

  it("init --yes --start exits 1 and names each thing that is missing", async () => {
    const ran = await run(["init", "--yes", "--start"]);
    expect(ran.exit).toBe(1);
    expect(ran.seen).toMatch(/not done: docker, .*claude credential, openai key, gemini key\s*$/m);
    // A missing credential is not tried.
    expect(ran.seen).not.toContain("coder call");
    expect((await run(["daemon", "status"])).exit).toBe(0);
    // A second start leaves it alone, unless a setting changed that it reads at its start.
    const pid = JSON.parse(file("run/daemon.json")).pid;
    await run(["init", "--yes", "--start"]);
    expect(JSON.parse(file("run/daemon.json")).pid).toBe(pid);
    const asking = await run(["init", "--yes", "--start", "--when-missing", "ask"]);
    expect(JSON.parse(file("run/daemon.json")).pid).not.toBe(pid);
    // A person who chose to be asked may go without a judge.
    expect(asking.seen).toMatch(/not done: docker, runner image, claude credential\s*$/m);
  });
});

describe("docs/INSTALL.md", () => {
  it("shows the commands that scripts/install-transcript runs, in order, and no secret", () => {
    const root = join(import.meta.dirname, "..");
    const document = readFileSync(join(root, "docs/INSTALL.md"), "utf8");
    const [, recorded = ""] =
      /<!-- transcript -->\n```console\n([\s\S]*?)```\n<!-- \/transcript -->/.exec(document) ?? [];
    const shown = [...recorded.matchAll(/^\$ (.*)$/gm)].map(([, command]) => command ?? "");
    const listed = execFileSync(join(root, "scripts/install-transcript"), ["--list"], { encoding: "utf8" });
    const commands = listed.trim().split("\n");
    expect(commands.length).toBeLessThanOrEqual(6);
    expect(shown).toHaveLength(commands.length);
    for (const [index, command] of commands.entries()) {
      const parts = command.split(/"\$[A-Z]+"(?=\s|$)/);
      const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join('(?:"[^"]+"|\\S+)');
      expect(shown[index]).toMatch(new RegExp(`^${pattern}$`));
    }
    expect(recorded).toMatch(/landed/);
    expect(recorded).not.toMatch(/sk-|laboratory/);
  });
});
