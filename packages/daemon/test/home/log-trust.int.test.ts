/** When a running daemon's log stops being trusted, and what accepting it records; and the process that verifies it, however it fails. */
import { writeFileSync } from "node:fs";
import { type CommandBody, decide, type Refusal, refuse } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { afterEach, expect, it, vi } from "vitest";
import { makeCommand } from "../../src/control/control.ts";
import { type LogTrust, openLogTrust } from "../../src/home/log-trust.ts";
import { signHead } from "../../src/home/signed-head.ts";
import { readDistrustReasons } from "../../src/home/untrusted-log.ts";
import { verifyBeside } from "../../src/home/verify-beside.ts";
import { type EventLog, openEventLog } from "../../src/log/event-log.ts";
import { openForWriting } from "../../src/log/sqlite/database.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { shortStory, temporaryFolder } from "../log/story.ts";

const ended = "m-bbbbbbbbbbbbbbbb";
const surplus = "m-cccccccccccccccc";
const said = (what: string) => ({ kind: "verification", position: null, row: null, what }) as const;
const unreadable = said(`mission/${surplus} can't be read: it has no event`);

interface TrustedHome extends AsyncDisposable {
  readonly home: string;
  readonly log: EventLog;
  readonly trust: LogTrust;
  submit(body: CommandBody): Promise<Refusal | null>;
  change(statement: string): void;
  accept(submit?: (body: CommandBody) => Promise<Refusal | null>): ReturnType<LogTrust["accept"]>;
}

/** A home with an open and an ended mission, whose database `statement` has changed. */
async function openHome(statement = ""): Promise<TrustedHome> {
  const folder = temporaryFolder();
  const home = folder.at("home");
  const path = homeLayout(home).log;
  await initHome(home);
  const change = (sql: string) => {
    const database = openForWriting(path);
    database.exec(`DROP TRIGGER IF EXISTS events_refuse_update; ${sql}`);
    database.close();
  };
  {
    await using log = await openEventLog({ path, decide });
    for (const command of shortStory().slice(1)) await log.submit(command);
    await log.submit(makeCommand({ kind: "RejectMission", mission_id: ended, reason: null }, "operator"));
    signHead(home, log, new Date().toISOString());
  }
  if (statement !== "") change(statement);
  const log = await openEventLog({ path, decide });
  const trust = openLogTrust(home, log);
  const submit = async (body: CommandBody) => {
    const answer = await log.submit(makeCommand(body, "operator"));
    return answer.kind === "refused" ? answer : null;
  };
  return {
    ...{ home, log, trust, submit, change },
    accept(use = submit) {
      const { position, hash } = log.head;
      return trust.accept({ position, hash, reason: "looked at" }, use);
    },
    async [Symbol.asyncDispose]() {
      await log.close();
      folder[Symbol.dispose]();
    },
  };
}
const surplusRow = `INSERT INTO view_missions (id, stage, status) VALUES ('${surplus}', 'clear', 'awaiting_approval')`;

afterEach(() => void vi.useRealTimers());

it("accepting the log records every reason for distrust, unreadable rows included, and clears them", async () => {
  await using opened = await openHome(surplusRow);
  const { home, log, trust } = opened;
  const other = said("a person saw it");
  trust.distrust([other]);
  expect(trust.untrusted?.reasons).toHaveLength(2);
  expect(readDistrustReasons(home)).toEqual([unreadable, other]);
  expect(await opened.accept()).toEqual({ epoch: 2 });
  const [accepted] = (await log.listEvents()).filter(({ type }) => type === "LogAccepted");
  expect(accepted?.data).toMatchObject({ reason: "looked at", faults: [unreadable, other] });
  expect([trust.untrusted, log.unreadable, readDistrustReasons(home)]).toEqual([null, [], []]);
  await trust.require();
});

it("a log stays untrusted, with all reasons, if its acceptance is refused", async () => {
  await using opened = await openHome(surplusRow);
  const { home, log, trust } = opened;
  const before = trust.untrusted;
  expect(before?.reasons).toEqual([unreadable.what]);
  const no = refuse("not-confirmed", "no", "aedev status");
  expect(await opened.accept(async () => no)).toBe(no);
  expect(trust.untrusted).toEqual(before);
  expect(readDistrustReasons(home)).toEqual([unreadable]);
  expect((await log.listEvents()).map(({ type }) => type)).not.toContain("LogAccepted");
  await expect(trust.require()).rejects.toMatchObject({ code: "log-untrusted" });
  expect(await opened.accept()).toEqual({ epoch: 2 });
  expect(trust.untrusted).toBeNull();
});

it("a log stops being trusted once a list leaves out what can't be read, and listeners hear that once", async () => {
  await using opened = await openHome();
  const { home, log, trust, change } = opened;
  await trust.require();
  let heard = 0;
  trust.subscribe(() => {
    heard += 1;
  });
  change(`UPDATE events SET data = '{' WHERE stream = 'mission/${ended}'`);
  log.stateToShow({ missions: ["m-aaaaaaaaaaaaaaaa"] });
  expect([trust.untrusted, heard]).toEqual([null, 0]);
  log.stateToShow({ missions: [ended] });
  log.stateToShow({ missions: [ended] });
  expect(trust.untrusted?.reasons).toEqual([expect.stringContaining(`mission/${ended} can't be read: `)]);
  expect(trust.refusal()).toMatchObject({ code: "log-untrusted" });
  expect([heard, readDistrustReasons(home)]).toEqual([1, [expect.objectContaining({ kind: "verification" })]]);
  expect(await opened.accept()).toMatchObject({ kind: "refused", code: "log-unreadable" });
});

it("a log is not trusted if the process that verifies it fails in any way", async () => {
  await using opened = await openHome();
  const { home } = opened;
  const folder = temporaryFolder();
  const program = (name: string, text: string) => {
    writeFileSync(folder.at(name), text);
    return folder.at(name);
  };
  const why = (text: RegExp) => [said(expect.stringMatching(text) as never)];
  expect(await verifyBeside(home)).toEqual([]);
  // `fork` throws at once.
  expect(await verifyBeside("a\0b")).toEqual(why(/^the log could not be verified: .*null bytes/));
  const ends = program("ends.mjs", "process.exit(0);");
  expect(await verifyBeside(home, ends)).toEqual(why(/: the process ended without an answer$/));
  const fails = program(
    "fails.mjs",
    "process.send({ ok: false, problems: [{ position: 3, what: 'no' }], warnings: [] });",
  );
  expect(await verifyBeside(home, fails)).toEqual([{ ...said("no"), position: 3 }]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const hangs = program("hangs.mjs", "setInterval(() => undefined, 1000);");
  const hanging = verifyBeside(home, hangs);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(await hanging).toEqual(why(/: the process gave no answer within 5 minutes$/));
  expect(vi.getTimerCount()).toBe(0);
  folder[Symbol.dispose]();
});
