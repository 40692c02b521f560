/** The only file that calls git: the faults of failures, and git's environment. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { bareRemote, timeoutMs } from "../../../test/support/git-repositories.ts";

const module = new URL("../src/git/run-git.ts", import.meta.url).href;

type GitModule = typeof import("../src/git/run-git.ts");

/** `runGit` in a process that has called git this often. */
async function runGitAfter(calls: number): Promise<GitModule> {
  vi.resetModules();
  const git = await import("../src/git/run-git.ts");
  for (let call = 0; call < calls; call += 1) await git.runGit({ args: ["version"], timeoutMs });
  return git;
}

describe.each([
  { by: "its caller", calls: 0 },
  { by: "a small process", calls: 2 },
])("a git call, started by $by", ({ calls }) => {
  let runGit: GitModule["runGit"];
  beforeEach(async () => {
    ({ runGit } = await runGitAfter(calls));
  });

  it("throws a fault if git is missing or gives no exit code", async () => {
    const version = { args: ["version"], timeoutMs, exitCodes: "any" as const };
    expect((await runGit(version)).exitCode).toBe(0);
    const without = runGit({ ...version, environment: { PATH: "/nonexistent" } });
    await expect(without).rejects.toMatchObject({ name: "Fault", code: "git-failed" });
  });

  it("ends git at its time and output limits with a fault that names the limit", async () => {
    const gitDir = bareRemote({ a: "a\n".repeat(10_000) });
    const show = { args: ["cat-file", "blob", "main:a"], gitDir, timeoutMs };
    expect((await runGit(show)).stdout).toHaveLength(20_000);
    await expect(runGit({ ...show, outputBytesMax: 1_000 })).rejects.toMatchObject({ code: "git-output" });
    const endless = { args: ["-c", "alias.probe=!sleep 60", "probe"], timeoutMs: 50 };
    await expect(runGit(endless)).rejects.toMatchObject({ code: "git-timeout", retry: true });
  });

  it("ends git once the packs that it receives in a folder are larger than allowed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aedev-packs-"));
    writeFileSync(join(folder, "tmp_pack_a"), "12345678");
    writeFileSync(join(folder, "pack-b.pack"), "an earlier one");
    const wait = (bytesMax: number, seconds: number) =>
      runGit({ args: ["-c", `alias.wait=!sleep ${seconds}`, "wait"], timeoutMs, received: { folder, bytesMax } });
    await expect(wait(7, 600)).rejects.toMatchObject({
      code: "git-output",
      message: expect.stringContaining("7 bytes"),
    });
    expect((await wait(8, 1)).exitCode).toBe(0);
    rmSync(folder, { recursive: true });
  });

  it("repeats no credential from a URL", async () => {
    const args = ["ls-remote", "--", "https://me:hunter2@127.0.0.1:1/a.git"];
    const call = runGit({ args, timeoutMs });
    await expect(call).rejects.toMatchObject({ code: "git-failed", message: expect.not.stringContaining("hunter2") });
    await expect(call).rejects.toMatchObject({ message: expect.stringContaining("127.0.0.1") });
    const environment = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "alias.probe",
      GIT_CONFIG_VALUE_0: "!echo 'fatal: no access to https://me:hunter2@127.0.0.1:1/a.git' >&2; exit 1",
    };
    await expect(runGit({ args: ["probe"], environment, timeoutMs })).rejects.toMatchObject({
      message: "git probe failed: fatal: no access to https://…@127.0.0.1:1/a.git",
      detail: "fatal: no access to https://…@127.0.0.1:1/a.git",
    });
  });

  it("passes no configuration, no proxy and no secret of the process to git", async () => {
    process.env.AEDEV_PROBE = "hunter2";
    process.env.GIT_CONFIG_COUNT = "1";
    process.env.GIT_CONFIG_KEY_0 = "user.name";
    process.env.GIT_CONFIG_VALUE_0 = "somebody";
    try {
      const alias = ["-c", "alias.probe=!env", "probe"];
      const { text } = await runGit({ args: alias, timeoutMs });
      expect(text).toContain("GIT_TERMINAL_PROMPT=0");
      expect(text).not.toMatch(/hunter2|somebody|_proxy=/i);
      const name = await runGit({ args: ["config", "user.name"], timeoutMs, exitCodes: [0, 1] });
      expect(name.text).toBe("");
    } finally {
      for (const key of ["AEDEV_PROBE", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"])
        delete process.env[key];
    }
  });

  it("gives git its input in pieces, and the home and folder of the call", async () => {
    const home = mkdtempSync(join(tmpdir(), "aedev-git-"));
    const input = (async function* () {
      yield "hel";
      yield Buffer.from("lo\n");
    })();
    const call = { folder: home, home, timeoutMs };
    expect((await runGit({ ...call, args: ["hash-object", "--stdin"], input })).text).toBe(
      "ce013625030ba8dba906f756967f9e9ca394464a",
    );
    const { text } = await runGit({ ...call, args: ["-c", "alias.probe=!echo $HOME; pwd", "probe"] });
    expect(text).toBe(`${home}\n${home}`);
    rmSync(home, { recursive: true });
  });

  it("fails with the error that its input threw, never with git's result for incomplete input", async () => {
    const broken = async function* () {
      yield "hel";
      throw new Error("the source is gone");
    };
    const call = { args: ["hash-object", "--stdin"], timeoutMs, exitCodes: "any" as const };
    await expect(runGit({ ...call, input: broken() })).rejects.toThrow("the source is gone");
    expect((await runGit({ ...call, input: "hello\n" })).text).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
  });

  it("accepts git's end before it has read all of its input", async () => {
    const early = { args: ["-c", "alias.probe=!exit 3", "probe"], timeoutMs, exitCodes: [3] };
    expect((await runGit({ ...early, input: Buffer.alloc(4_000_000) })).exitCode).toBe(3);
    const pieces = (async function* () {
      for (let piece = 0; piece < 400; piece += 1) yield Buffer.alloc(10_000);
    })();
    expect((await runGit({ ...early, input: pieces })).exitCode).toBe(3);
  });

  it("ends git with everything that it started when its time is over", async () => {
    const began = performance.now();
    const sleeping = runGit({ args: ["-c", "alias.probe=!sleep 60 & sleep 60", "probe"], timeoutMs: 300 });
    await expect(sleeping).rejects.toMatchObject({ code: "git-timeout" });
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it("ends git, with everything that it started, with the calling process, unless git reaches a remote", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aedev-git-"));
    const at = (name: string) => join(folder, name);
    const script = `
      import { statSync } from "node:fs";
      import { runGit } from ${JSON.stringify(module)};
      const alias = (script) => ["-c", "alias.probe=!" + script, "probe"];
      for (let call = 0; call < ${calls}; call += 1) await runGit({ args: ["version"], timeoutMs: 60_000 });
      void runGit({ args: alias("echo $$ > ${at("local")}; exec sleep 60"), timeoutMs: 60_000 });
      void runGit({ args: alias("echo $$ > ${at("remote")}; sleep 1; : > ${at("pushed")}"), timeoutMs: 60_000, remote: true });
      // The shell makes a file before it writes to it.
      const isThere = (path) => statSync(path, { throwIfNoEntry: false })?.size > 0;
      setInterval(() => isThere("${at("local")}") && isThere("${at("remote")}") && process.${calls === 0 ? "exit(0)" : 'kill(process.pid, "SIGKILL")'}, 20);`;
    await execa(process.execPath, [...quiet, "--eval", script], { reject: false });
    const pid = Number(readFileSync(at("local"), "utf8"));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => existsSync(at("pushed")), { timeout: 30_000 }).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe("the small process that starts git", () => {
  it("passes long output on completely", async () => {
    const { runGit } = await runGitAfter(2);
    const lines = Array.from({ length: 400_000 }, (_, line) => `${line}\n`).join("");
    const { stdout } = await runGit({
      args: ["cat-file", "blob", "main:a"],
      gitDir: bareRemote({ a: lines }),
      timeoutMs,
    });
    expect(stdout.toString() === lines).toBe(true);
  });

  it("survives the death of the small process: its calls are ended and can be tried again, and the next call gets another", async () => {
    const { runGit } = await runGitAfter(2);
    const parentOf = async () =>
      Number((await runGit({ args: ["-c", "alias.probe=!ps -o ppid= -p $PPID", "probe"], timeoutMs })).text);
    const starter = await parentOf();
    expect(starter).not.toBe(process.pid);
    expect(await parentOf()).toBe(starter);
    const folder = mkdtempSync(join(tmpdir(), "aedev-git-"));
    const pidFile = join(folder, "pid");
    const args = ["-c", `alias.probe=!echo $$ > ${pidFile}; sleep 60`, "probe"];
    const open = expect(runGit({ args, timeoutMs, remote: true })).rejects.toMatchObject({
      code: "git-failed",
      retry: true,
      message: expect.stringContaining("the process that started it died"),
    });
    await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, "utf8").endsWith("\n")).toBe(true);
    process.kill(starter, "SIGKILL");
    await open;
    expect(isRunning(Number(readFileSync(pidFile, "utf8")))).toBe(false);
    rmSync(folder, { recursive: true });
    expect(await parentOf()).not.toBe(starter);
  });

  it.each(["/nonexistent/node", "/bin/false"])(
    "runs git directly, with one warning, if the small process can't start: %s",
    async (program) => {
      const { runGit } = await runGitAfter(2);
      const node = process.execPath;
      process.execPath = program;
      const said: string[] = [];
      const note = ({ message }: Error) => void said.push(message);
      process.on("warning", note);
      try {
        const version = { args: ["version"], timeoutMs };
        const answers = await Promise.all([runGit(version), runGit(version)]);
        for (let call = 0; call < 4; call += 1) answers.push(await runGit(version));
        expect(answers.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0]);
        await expect.poll(() => said).toEqual([expect.stringContaining("can't be used")]);
      } finally {
        process.off("warning", note);
        process.execPath = node;
      }
    },
  );

  it("keeps no program running for the small process", async () => {
    const script = `
      import { runGit } from ${JSON.stringify(module)};
      for (let call = 0; call < 4; call += 1) await runGit({ args: ["version"], timeoutMs: 60_000 });`;
    await execa(process.execPath, [...quiet, "--eval", script], { timeout: 50_000 });
  });
});

const quiet = ["--disable-warning=ExperimentalWarning", "--input-type=module"];

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
