/** The live sandbox from outside and inside: every limit, no credential anywhere, only plain model calls get out, and a run over its limits ends. */

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { expectNoCredential, processTree, readIfThere } from "./support/credential-search.ts";
import { gatewayAttacks, plainRequest, redirectWord } from "./support/gateway-attacks.ts";
import { containersOf, docker, homeOf, watchContainers } from "./support/home-containers.ts";
import { isNight } from "./support/is-night.ts";
import { fixTurns, Laboratory, type MissionView, plantedSecrets, registerSmallProject } from "./support/laboratory.ts";
import { attackFolder, attemptsScript, hostEntry, judgeAttempts, sandboxEntries } from "./support/sandbox-attempts.ts";

const mission = "Make add() right for negative numbers in lib/add.js";
const mebibyte = 1024 * 1024;
const sender = readFileSync(new URL("./support/send-requests.cjs", import.meta.url), "utf8");

describe("a running sandbox", () => {
  let laboratory: Laboratory;
  let container = "";
  let task: MissionView["tasks"][number];
  let listener: Server;
  let release: () => void = () => undefined;
  let missionId = "";
  let connections = 0;
  const execute = (command: readonly string[], input: string) => docker(["exec", "-i", container, ...command], input);
  const send = async (requests: Record<string, string>): Promise<Record<string, string>> =>
    JSON.parse(await execute(["node", "-e", sender], JSON.stringify(requests)));

  beforeAll(async () => {
    laboratory = await Laboratory.open({
      configuration:
        "limits: { memory: 1GiB, pids: 256, cpus: 1, file_size: 64MiB, tmpfs: 128MiB, request_bytes: 2MiB }\n",
    });
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    listener = createServer((socket) => {
      connections += 1;
      socket.end("reached the host");
    });
    await new Promise<void>((resolve) => listener.listen(0, "0.0.0.0", resolve));
    laboratory.models.coder = {
      [redirectWord]: [{ status: 302, headers: { location: `${laboratory.models.address}/v1/files` } }],
      "negative numbers": fixTurns.map((turn, index) => (index === 1 ? { ...turn, until: held } : turn)),
      "": [{ text: "plain answer" }],
    };
    await laboratory.must("daemon", "start");
    await registerSmallProject(laboratory);
    missionId = await laboratory.submit("small", mission);
    await laboratory.until(
      async () => laboratory.models.requests.filter(({ body }) => body.includes('"tool_result"')).length > 0,
    );
    const [first] = (await laboratory.mission(missionId)).tasks;
    if (first === undefined) throw new Error("the mission has no task");
    task = first;
    [container = ""] = await containersOf(await homeOf(laboratory), "status=running");
  });
  afterAll(async () => {
    release();
    listener.close();
    await laboratory[Symbol.asyncDispose]();
  });

  it("has every limit, and its image by id", async () => {
    const [found] = JSON.parse(await docker(["inspect", container]));
    const { HostConfig: host, Config: config, Mounts: mounts } = found;
    expect(config.Labels).toMatchObject({ "aedev.task": task.task_id, "aedev.run": task.runs[0] });
    const image = (await docker(["inspect", "--format", "{{.Id}}", "aedev-runner:0.3.0"])).trim();
    expect([config.Image, found.Image]).toEqual([image, image]);
    expect(image).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(host).toMatchObject({
      NetworkMode: "none",
      CapDrop: ["ALL"],
      Privileged: false,
      ReadonlyRootfs: true,
      Memory: 1024 * mebibyte,
      MemorySwap: 1024 * mebibyte,
      PidsLimit: 256,
      NanoCpus: 1_000_000_000,
      PidMode: "",
      UTSMode: "",
      UsernsMode: "",
    });
    expect(host.CapAdd ?? []).toEqual([]);
    expect(host.Devices ?? []).toEqual([]);
    expect(host.IpcMode).not.toMatch(/host|container|shareable/);
    expect(host.SecurityOpt).toEqual(["no-new-privileges", expect.stringMatching(/^seccomp=\{/)]);
    expect(host.Ulimits).toContainEqual({ Name: "fsize", Soft: 64 * mebibyte, Hard: 64 * mebibyte });
    for (const folder of ["/tmp", "/home/dev"])
      expect(host.Tmpfs[folder]).toMatch(new RegExp(`nosuid,nodev.*size=${128 * mebibyte}(,|$)`));
    const byTarget = new Map<string, { RW: boolean; Source: string }>(
      mounts.map((mount: { Destination: string; RW: boolean; Source: string }) => [mount.Destination, mount]),
    );
    const writable = [...byTarget].filter(([, mount]) => mount.RW).map(([target]) => target);
    expect(byTarget.get("/run/aedev")).toMatchObject({ RW: false });
    expect(writable.toSorted()).toEqual(["/workspace", "/workspace/repo", "/workspace/repo/.git"]);
    for (const { Source } of byTarget.values()) {
      expect(Source).not.toMatch(/docker\.sock|\/(secrets|keys|blobs|mirrors)(\/|$)/);
      expect(Source).not.toBe(laboratory.home);
    }
  });

  it("shows no credential in inspect, logs, file system or any process", async () => {
    expectNoCredential(await docker(["inspect", container]), "docker inspect");
    expectNoCredential(await docker(["logs", container]), "docker logs");
    const places = ["/workspace", "/home", "/tmp", "/run", "/etc", "/system_prompts", "/var", "/opt", "/root"];
    const grep = `grep -rlF -f - -- ${places.join(" ")} 2>/dev/null || true`;
    const patterns = `${Object.values(plantedSecrets).join("\n")}\n`;
    expect(await docker(["exec", "-i", container, "sh", "-c", grep], patterns)).toBe("");
    // The control: the same search finds the repository's own text.
    expect(await docker(["exec", "-i", container, "sh", "-c", grep], "exports.twice\n")).toContain("/workspace/repo/");
    const inside = "for p in /proc/[0-9]*; do cat $p/environ $p/cmdline 2>/dev/null; done | tr '\\0' '\\n'";
    const seen = await docker(["exec", container, "sh", "-c", inside]);
    expect(seen).toContain("sk-ant-oat01-placeholder");
    expectNoCredential(seen, "a process of the sandbox");

    const ours = processTree(laboratory.daemonPid());
    expect(ours.size).toBeGreaterThanOrEqual(3);
    for (const [pid, text] of ours) expectNoCredential(text, `process ${pid}`);
    expect([...ours.values()].join("\n")).toContain(laboratory.home);
    const pids = (await docker(["top", container, "-eo", "pid"])).split("\n").slice(1);
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids)
      expectNoCredential(readIfThere(`/proc/${pid.trim()}/environ`), `process ${pid} seen from the host`);
  });

  it("reaches no route, name, host or engine, and its socket passes only plain model calls", async () => {
    const { port } = listener.address() as { port: number };
    const all = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
    const own = all.filter((address) => !address.includes(":"));
    for (const address of own) expect(await reachFromHost(address, port), address).toBe("reached the host");
    connections = 0;
    const addresses = {
      host_address: own.find((address) => !address.startsWith("127.")) ?? "127.0.0.1",
      host_port: String(port),
      loopback_port: String(port),
      home: laboratory.home,
      pid: String(laboratory.daemonPid()),
    };
    const modelPort = Number(new URL(laboratory.models.address).port);
    const entries = [
      ...sandboxEntries(addresses),
      ...own.flatMap((address) => [port, modelPort].map((each) => hostEntry(address, each, addresses))),
      hostEntry("10.0.0.1", 80, addresses),
    ];
    const before = laboratory.models.requests.length;
    await execute(["sh", "-c", "cat > /tmp/ask.mjs"], readFileSync(join(attackFolder, "ask.mjs"), "utf8"));
    const output = await execute(["bash"], attemptsScript(entries));
    const arrived = laboratory.models.requests.slice(before);
    const { refused, through, failedControls } = judgeAttempts(entries, output, {
      texts: arrived.map(({ body }) => JSON.parse(body).messages.at(-1).content),
      credentials: arrived.map(({ headers }) => JSON.stringify(headers)),
      connections: { address: connections, loopback: connections },
      credential: plantedSecrets.coder,
    });
    expect(through).toEqual([]);
    expect(failedControls).toEqual([]);
    expect(refused.length).toBeGreaterThanOrEqual(45);
    // The plain call, and the one whose own credential is replaced.
    expect(arrived.map(({ path }) => path)).toEqual(Array(2).fill("/v1/messages?beta=true"));
    for (const { headers } of arrived) expect(headers["authorization"]).toBe(`Bearer ${plantedSecrets.coder}`);
    const tooLarge = "head -c 70000000 /dev/zero > /workspace/large; code=$?; rm -f /workspace/large; echo exit $code";
    expect(await execute(["sh", "-c", tooLarge], "")).toMatch(/^exit [1-9]/m);
    const within = tooLarge.replace("70000000", "60000000");
    expect(await execute(["sh", "-c", within], "")).toBe("exit 0");

    const sent = laboratory.models.requests.length;
    const answers = await send(gatewayAttacks("claude-sonnet-4-6"));
    expect(Object.keys(answers).length).toBeGreaterThanOrEqual(60);
    for (const [name, received] of Object.entries(answers)) {
      const codes = [...received.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]));
      expect({ name, passed: codes.filter((code) => code >= 200 && code < 400) }).toEqual({ name, passed: [] });
    }
    expect(laboratory.models.requests.slice(sent).map(({ path, body }) => ({ path, body }))).toEqual([]);
    const events = (await laboratory.must("events", "export")).stdout;
    expect(events).toContain('"type":"RequestRefused"');
  });

  it("sends a plain call with the real credential and none of the sandbox's own headers", async () => {
    const before = laboratory.models.requests.length;
    const headers = [
      "authorization: Bearer stolen-elsewhere",
      "x-api-key: stolen-elsewhere",
      "anthropic-beta: files-api-2025-04-14,mcp-client-2025-04-04,oauth-2025-04-20",
      "x-forwarded-host: evil.example",
      "cookie: a=b",
      "anthropic-organization-id: other",
    ];
    const answers = await send({ plain: plainRequest("claude-sonnet-4-6", { headers }) });
    expect(answers["plain"]).toMatch(/^HTTP\/1\.1 200[\s\S]*plain answer/);
    const passed = laboratory.models.requests.slice(before);
    expect(passed).toHaveLength(1);
    expect(passed[0]?.path).toBe("/v1/messages?beta=true");
    expect(passed[0]?.headers).toMatchObject({
      authorization: `Bearer ${plantedSecrets.coder}`,
      host: new URL(laboratory.models.address).host,
      "anthropic-beta": "oauth-2025-04-20",
    });
    const sent = JSON.stringify(passed[0]);
    expect(sent).not.toMatch(/stolen-elsewhere|evil\.example|cookie|organization/);
    expect(JSON.parse(passed[0]?.body ?? "").max_tokens).toBeLessThanOrEqual(32_000);
  });

  it("does not follow a redirect of the upstream with the credential", async () => {
    const before = laboratory.models.requests.length;
    const { redirected } = await send({ redirected: plainRequest("claude-sonnet-4-6", { text: redirectWord }) });
    const passed = laboratory.models.requests.slice(before);
    expect(passed.map(({ path }) => path)).toEqual(["/v1/messages?beta=true"]);
    expect(redirected).not.toMatch(/^location:/im);
    expect(redirected).not.toMatch(/^HTTP\/1\.1 [23]/);
  });

  it("lands its change once the coder continues, and leaves no credential in any blob, log or database page", async () => {
    const checks = watchContainers(await homeOf(laboratory));
    release();
    const { exitCode, task: ended } = await laboratory.wait(missionId);
    expect({ exitCode, code: ended.hold_code, detail: ended.hold_detail }).toEqual({
      exitCode: 0,
      code: null,
      detail: null,
    });
    const inspected = await checks.stop();
    expect(inspected.length).toBeGreaterThan(0);
    for (const { HostConfig: host, Mounts: mounts, Config: config } of inspected) {
      expect(host).toMatchObject({ NetworkMode: "none", CapDrop: ["ALL"], ReadonlyRootfs: true, PidsLimit: 256 });
      expect(host.SecurityOpt).toEqual(["no-new-privileges", expect.stringMatching(/^seccomp=\{/)]);
      expect(config.User).toMatch(/^[1-9]/);
      expect(mounts.map(({ Destination }) => Destination)).not.toContain("/run/aedev");
      expectNoCredential(JSON.stringify(config), "the container of a check");
    }
    // The redirect was a request too, although its answer had no tokens.
    expect(ended.usage).toMatchObject(laboratory.models.sent);
    await laboratory.must("daemon", "stop");
    const files = [...laboratory.filesOfHome()];
    for (const { path, bytes } of files) expectNoCredential(bytes, path);
    const kinds = ["/blobs/", "/logs/", "/aedev.db", "/bundles/", "/mirrors/"];
    for (const kind of kinds)
      expect(
        files.some(({ path }) => path.includes(kind)),
        kind,
      ).toBe(true);
    // The control: the search does find the recorded exchanges.
    for (const said of ["Fixed the sign.", "message_start"])
      expect(
        files.some(({ path, bytes }) => path.includes("/blobs/") && bytes.includes(said)),
        said,
      ).toBe(true);
    expect(await containersOf(await homeOf(laboratory))).toEqual([]);
  });
});

/** The control of `hosts`: the same address answers on the host. */
function reachFromHost(host: string, port: number): Promise<string> {
  return execa("node", [
    "-e",
    `require("node:net").connect(${port}, "${host}").on("data", (d) => { console.log(String(d)); process.exit() })`,
  ]).then(({ stdout }) => stdout);
}

describe("a run that exceeds a limit", () => {
  let laboratory: Laboratory;
  afterEach(() => laboratory[Symbol.asyncDispose]());

  it.runIf(isNight)("is stopped and its container removed, while one within the limits lands", async () => {
    laboratory = await Laboratory.open({
      configuration: "limits: { run_timeout: 25s, run_bytes: 60MiB, run_files: 3000 }\n",
      policies: "repair:\n  max_runs: 0\n",
    });
    const bash = (command: string) => [{ calls: [{ tool: "Bash" as const, input: { command } }] }, { text: "done" }];
    laboratory.models.coder = {
      "sleep for ever": bash("trap '' TERM INT HUP; while :; do sleep 1; done"),
      "fill the disk": bash(
        "for i in 1 2 3 4 5 6 7 8 9; do head -c 20000000 /dev/zero > /workspace/f$i; sleep 1; done",
      ),
      "make many files": bash("mkdir many; for i in $(seq 1 6000); do : > many/$i; done; sleep 60"),
      "negative numbers": fixTurns,
    };
    await laboratory.must("daemon", "start");
    const bare = await registerSmallProject(laboratory);
    const outcomes: Record<string, unknown> = {};
    const ids: string[] = [];
    for (const text of ["Please sleep for ever", "Please fill the disk", "Please make many files", mission])
      ids.push(await laboratory.submit("small", text));
    for (const id of ids) {
      const { exitCode, task } = await laboratory.wait(id);
      outcomes[(await laboratory.mission(id)).tasks[0]?.task_id ?? ""] = [exitCode, task.hold_code, task.hold_detail];
    }
    expect(Object.values(outcomes)).toEqual([
      [4, "HOLD-CODER-TIMEOUT", null],
      [4, "HOLD-BUDGET", "bytes"],
      [4, "HOLD-BUDGET", "files"],
      [0, null, null],
    ]);
    const ends = (await laboratory.must("events", "export")).stdout
      .split("\n")
      .map((line) => JSON.parse(line) as { stream: string; type: string; data: { exit_code?: number } })
      .filter(({ type }) => type === "RunEnded");
    const timedOut = Object.keys(outcomes)[0];
    expect(ends.find(({ stream }) => stream === `task/${timedOut}`)?.data.exit_code).toBe(124);
    await laboratory.until(async () => (await containersOf(await homeOf(laboratory))).length === 0);
    expect(await laboratory.git(bare, "rev-list", "--count", "main")).toBe("2");
  });
});
