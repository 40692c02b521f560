/** Approvals of a running daemon: a token decides once, whatever happens to the process meanwhile, and is in no file. */

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { approvalsAbout } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { approvalKey, mintToken } from "../packages/daemon/src/phone/approval/token.ts";
import { addressOf, send } from "../packages/daemon/test/phone/approval/ask.ts";
import { askAboutChange, openControl, requestApproval } from "../packages/daemon/test/phone/approval/asked-home.ts";
import { isNight } from "./support/is-night.ts";
import { Laboratory } from "./support/laboratory.ts";

/** Each test starts a daemon several times, on a machine that may be busy. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Asked {
  readonly taskId: string;
  readonly approvalId: string;
  readonly approve: string;
  readonly change: string;
  readonly reject: string;
  readonly view: string;
}
let laboratory: Laboratory;
const asked: Asked[] = [];

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  laboratory.environment["AEDEV_PUBLIC_URL"] = "https://phone.example";
  laboratory.environment["AEDEV_APPROVAL_PORT"] = "0";
  await using control = await openControl(laboratory.home);
  const key = approvalKey(laboratory.home);
  for (let index = 0; index < 5; index += 1) {
    const subject = await askAboutChange(control);
    if (subject.kind !== "landing") throw new Error("another question was expected");
    const superseded = await requestApproval(control, subject);
    const approval = index === 4 ? superseded : await requestApproval(control, subject);
    const mint = (action: "approve" | "change" | "reject" | "look") => mintToken(key, approval, { action });
    asked.push({
      taskId: subject.task_id,
      approvalId: approval.approval_id,
      approve: mint("approve"),
      change: mint("change"),
      reject: mint("reject"),
      view: mint("look"),
    });
    expect(approvalsAbout(control.log.state, subject).at(-1)?.approval_id).toBe(approval.approval_id);
  }
});
afterAll(() => laboratory[Symbol.asyncDispose]());

function of(index: number): Asked {
  const one = asked[index];
  if (one === undefined) throw new Error("there are five of them");
  return one;
}
const record = () =>
  JSON.parse(readFileSync(join(laboratory.home, "run/daemon.json"), "utf8")) as {
    port: number;
    approval_port: number | null;
  };
const tap = async ({ approvalId, approve }: Asked, token = approve, method = "POST") =>
  (await send(record().approval_port ?? 0, addressOf(approvalId, token), { method })).status;
async function eventsOf(type: string, stream: string): Promise<number> {
  const lines = (await laboratory.must("events", "export")).stdout.split("\n");
  return lines.filter((line) => line.includes(`"type":"${type}"`) && line.includes(`"${stream}"`)).length;
}
async function killHard(): Promise<void> {
  process.kill(laboratory.daemonPid(), "SIGKILL");
  await laboratory.until(async () => (await laboratory.run("daemon", "status")).exitCode === 3);
}

describe("an approval", () => {
  it("stays used after a replay, a restart and a kill", async () => {
    await laboratory.must("daemon", "start");
    const first = of(0);
    expect([await tap(first, first.view, "GET"), await tap(first, first.approve, "HEAD")]).toEqual([200, 200]);
    expect(await eventsOf("LandingApproved", `task/${first.taskId}`)).toBe(0);
    expect([await tap(first), await tap(first), await tap(first, first.reject)]).toEqual([200, 409, 409]);
    expect(await tap(first, first.change)).toBe(409);
    await laboratory.must("daemon", "stop");
    await laboratory.must("daemon", "start");
    expect(await tap(first)).toBe(409);
    const second = of(1);
    expect(await tap(second)).toBe(200);
    await killHard();
    await laboratory.must("daemon", "start");
    expect([
      await tap(second),
      await tap(second, second.change),
      await tap(second, second.reject),
      await tap(first),
    ]).toEqual([409, 409, 409, 409]);
    for (const { taskId, approvalId } of [first, second]) {
      expect(await eventsOf("LandingApproved", `task/${taskId}`)).toBe(1);
      expect(await eventsOf("ApprovalUsed", `approval/${approvalId}`)).toBe(1);
    }
  });

  it("is used once by eight concurrent taps, even if the daemon is killed meanwhile", async () => {
    const third = of(2);
    const taps = Array.from({ length: 8 }, () => tap(third).catch(() => "cut off"));
    await Promise.race(taps);
    await killHard();
    const answers = await Promise.all(taps);
    expect(answers.filter((answer) => answer === 200).length).toBeLessThanOrEqual(1);
    await laboratory.must("daemon", "start");
    const again = await tap(third);
    // A tap that was answered with 200 is in the log; an unanswered one may be.
    expect(answers.includes(200) ? [409] : [200, 409]).toContain(again);
    expect(await eventsOf("LandingApproved", `task/${third.taskId}`)).toBe(1);
    expect(await eventsOf("ApprovalUsed", `approval/${third.approvalId}`)).toBe(1);
    expect((await laboratory.run("events", "verify")).exitCode).toBe(0);
  });

  it("refuses the tap if the terminal decided first, and the terminal if the tap did", async () => {
    const fourth = of(3);
    await laboratory.must("task", "approve", fourth.taskId);
    expect([await tap(fourth), await tap(fourth, fourth.reject)]).toEqual([409, 409]);
    const fifth = of(4);
    expect(await tap(fifth, fifth.reject)).toBe(200);
    expect((await laboratory.run("task", "approve", fifth.taskId)).exitCode).toBe(1);
    expect(await tap(fifth)).toBe(409);
  });
});

describe("a token of an approval", () => {
  it("is in no file of the home and in no output, nor is its MAC", async () => {
    const { port } = record();
    const first = of(0);
    const wrong = [addressOf(of(1).approvalId, first.approve), `${addressOf(first.approvalId, first.approve)}&x=1`];
    for (const path of wrong)
      expect((await send(record().approval_port ?? 0, path, { method: "POST" })).status).toBe(403);
    // The API has no such address, and does not repeat a requested one.
    expect((await send(port, addressOf(first.approvalId, first.approve), { method: "POST" })).status).toBe(401);
    const tokens = asked.flatMap(({ approve, change, reject, view }) => [approve, change, reject, view]);
    const secrets = [...tokens, ...tokens.map((token) => token.split(".").at(-1) ?? "")];
    const outputs = [
      (await laboratory.must("events", "export", "--views")).stdout,
      (await laboratory.must("status", "--json")).stdout,
      (await laboratory.must("task", "show", first.taskId, "--json")).stdout,
    ];
    const texts = [
      ...[...laboratory.filesOfHome()].map(({ path, bytes }) => ({ where: path, text: bytes })),
      ...outputs.map((text, index) => ({ where: `output ${index}`, text })),
    ];
    expect(
      texts.flatMap(({ where, text }) => secrets.filter((secret) => text.includes(secret)).map(() => where)),
    ).toEqual([]);
    // The control: the same search finds text that is there.
    expect(texts.filter(({ text }) => text.includes(first.approvalId)).length).toBeGreaterThanOrEqual(2);
  });

  it("is made with the home's own key, which has mode 0600 and stays", async () => {
    const path = join(laboratory.home, "keys/approval.key");
    const before = readFileSync(path, "utf8");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await laboratory.must("init", "--yes");
    expect(readFileSync(path, "utf8")).toBe(before);
  });

  it.runIf(isNight)("has no use while no public URL is configured", async () => {
    const port = record().approval_port ?? 0;
    await laboratory.must("daemon", "stop");
    const { AEDEV_PUBLIC_URL: _none, ...environment } = laboratory.environment;
    laboratory.environment = environment;
    await laboratory.must("daemon", "start");
    expect(record().approval_port).toBeNull();
    await expect(send(port, addressOf(of(0).approvalId, of(0).view))).rejects.toThrow("ECONNREFUSED");
  });
});
