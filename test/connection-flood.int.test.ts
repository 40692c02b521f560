/**
 * Another account of the machine opens more connections than the daemon has descriptors and leaves them half-open (SECURITY T40): the owner's commands and taps
 * are still answered, and the daemon keeps signing its log. Uses two real accounts, so it needs root.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { approvalKey, mintToken } from "../packages/daemon/src/phone/approval/token.ts";
import { addressOf, send } from "../packages/daemon/test/phone/approval/ask.ts";
import { askAboutChange, openControl, requestApproval } from "../packages/daemon/test/phone/approval/asked-home.ts";
import { apiOf, sendTo } from "./support/api.ts";
import { isNight } from "./support/is-night.ts";
import { Laboratory } from "./support/laboratory.ts";
import { canMakeAccounts, makeAccount, type SecondAccount } from "./support/second-account.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const connections = isNight ? 20_000 : 2_000;
/** By day the daemon gets fewer descriptors instead. */
const descriptors = isNight ? 20_000 : 1_300;
const answerMsMax = 1_000;

/** Opens connections to the ports in turn, sends half a request on each, and replaces each that is closed. Prints when all were opened once. */
const flood = `
const { connect } = require("node:net");
const [, count, ...ports] = process.argv;
let opened = 0;
const open = (index) => {
  const socket = connect(Number(ports[index % ports.length]), "127.0.0.1");
  socket.on("connect", () => {
    socket.write("POST /a/x HTTP/1.1\\r\\nhost: 127.0.0.1\\r\\ncontent-length: 9\\r\\n" + (index % 2 ? "\\r\\nab" : ""));
    opened += 1;
    if (opened === Number(count)) console.log("opened");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => setTimeout(open, 200, index));
};
for (let index = 0; index < Number(count); index += 1) setTimeout(open, index / 4, index);
`;

let laboratory: Laboratory;
let account: SecondAccount;
let look = { id: "", token: "" };
const attackers: ChildProcess[] = [];

const record = () =>
  JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as { port: number; approval_port: number };

async function timed<T>(work: () => Promise<T>): Promise<{ answer: T; tookMs: number }> {
  const from = performance.now();
  const answer = await work();
  return { answer, tookMs: performance.now() - from };
}
const tap = () => send(record().approval_port, addressOf(look.id, look.token), { method: "GET" });
const socketStatus = () =>
  execa("curl", ["--silent", "--unix-socket", join(laboratory.home, "run/api.sock"), ...asOwner()]);
const asOwner = () => [
  ...["--header", `authorization: Bearer ${apiOf(laboratory.home).token}`],
  ...["--output", "/dev/null", "--write-out", "%{http_code}", "http://localhost/api/status"],
];

/** Performs the commands of owner and phone, and returns how long the slowest took. */
async function ordinary(): Promise<number> {
  const { port, token } = apiOf(laboratory.home);
  const took: number[] = [];
  for (let time = 0; time < 5; time += 1) {
    const tapped = await timed(tap);
    expect(tapped.answer.status).toBe(200);
    const bySocket = await timed(socketStatus);
    expect(bySocket.answer.stdout).toBe("200");
    const byPort = await timed(() => sendTo(port, "/api/status", { headers: { authorization: `Bearer ${token}` } }));
    expect(byPort.answer.status).toBe(200);
    took.push(tapped.tookMs, bySocket.tookMs, byPort.tookMs);
  }
  return Math.max(...took);
}

describe.runIf(canMakeAccounts)("a flood of half-open connections by another account", () => {
  beforeAll(async () => {
    account = await makeAccount();
    laboratory = await Laboratory.open();
    laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
    laboratory.environment["AEDEV_PUBLIC_URL"] = "https://phone.example";
    laboratory.environment["AEDEV_APPROVAL_PORT"] = "0";
    {
      await using control = await openControl(laboratory.home);
      const approval = await requestApproval(control, await askAboutChange(control));
      look = {
        id: approval.approval_id,
        token: mintToken(approvalKey(laboratory.home), approval, { action: "look" }),
      };
    }
    await laboratory.must("daemon", "start");
    await execa("prlimit", [`--pid=${laboratory.daemonPid()}`, `--nofile=${descriptors}:${descriptors}`]);
  });
  afterAll(async () => {
    for (const attacker of attackers) attacker.kill();
    await laboratory[Symbol.asyncDispose]();
    await account[Symbol.asyncDispose]();
  });

  it("delays no command and no tap, and the daemon keeps running", async () => {
    const pid = laboratory.daemonPid();
    const beforeMs = await ordinary();
    const { port, approval_port } = record();
    const attackersMax = Math.ceil(connections / 5_000);
    await Promise.all(
      Array.from({ length: attackersMax }, async () => {
        const attacker = spawn(
          process.execPath,
          ["-e", flood, String(connections / attackersMax), String(port), String(approval_port)],
          { uid: account.uid, cwd: "/", env: {}, stdio: ["ignore", "pipe", "inherit"] },
        );
        attackers.push(attacker);
        await new Promise((opened) => attacker.stdout?.once("data", opened));
      }),
    );
    const duringMs = await ordinary();
    // Signing the head needs descriptors.
    await laboratory.must("pause");
    await laboratory.must("resume");
    for (const attacker of attackers) attacker.kill();
    const afterMs = await ordinary();
    console.log(
      `${connections} connections: the slowest of 15 answers took ${[beforeMs, duringMs, afterMs].map(Math.round).join(", ")} ms before, during, after`,
    );
    expect(duringMs).toBeLessThan(answerMsMax);
    expect(laboratory.daemonPid()).toBe(pid);
    await laboratory.must("daemon", "stop");
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });
});
