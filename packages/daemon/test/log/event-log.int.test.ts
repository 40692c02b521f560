/** The log on a real SQLite file: every acknowledged event is stored once, in order, and can't be changed. */
import { decide } from "@aedev/core";
import { describe, expect, it } from "vitest";
import { openEventLog } from "../../src/log/event-log.ts";
import { createRedactor } from "../../src/log/redact.ts";
import { openForWriting } from "../../src/log/sqlite/database.ts";
import { approveMission, configure, exported, initialize, submitMission, tell, temporaryFolder } from "./story.ts";

describe("append", () => {
  it("an append gives every event its place in the log and in its stream, and the command's id to the first", async () => {
    using folder = temporaryFolder();
    await using log = await openEventLog({ path: folder.at("aedev.db"), decide });
    await tell(log);
    const events = await log.listEvents();
    expect(
      events.map(({ position, stream, version, type, command_id }) => [position, stream, version, type, command_id]),
    ).toEqual([
      [1, "system", 1, "HomeInitialized", "initialize"],
      [2, "repository/alpha", 1, "RepositoryConfigured", "repository-1"],
      [3, "mission/m-aaaaaaaaaaaaaaaa", 1, "MissionSubmitted", "mission-1"],
      [4, "mission/m-bbbbbbbbbbbbbbbb", 1, "MissionSubmitted", "mission-2"],
      [5, "mission/m-aaaaaaaaaaaaaaaa", 2, "MissionApproved", "approve-1"],
      [6, "task/t-aaaaaaaaaaaaaaaa", 1, "TaskPlanned", "approve-1#1"],
      [7, "repository/alpha", 2, "RepositoryConfigured", "repository-2"],
    ]);
    expect(events[5]).toMatchObject({ correlation_id: "m-aaaaaaaaaaaaaaaa", causation_id: "approve-1" });
    expect(events[4]).toMatchObject({ correlation_id: "m-aaaaaaaaaaaaaaaa", causation_id: null });
    expect(await log.listEvents({ stream: "repository/alpha", after: 2 })).toEqual([events[6]]);
    expect(await log.listEvents({ after: 1, limit: 2 })).toEqual(events.slice(1, 3));
  });

  it("sixteen callers in one turn share one commit, and single callers get one each", async () => {
    using folder = temporaryFolder();
    await using log = await openEventLog({ path: folder.at("aedev.db"), decide });
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, caller) => log.submit(configure(`c-${caller}`, `r-${caller % 3}`))),
    );
    expect(log.commits).toBeLessThanOrEqual(2);
    expect(answers.map((answer) => answer.kind === "done" && answer.events[0]?.position)).toEqual(
      answers.map((_, index) => index + 1),
    );
    for (let caller = 0; caller < 3; caller += 1) await log.submit(configure(`d-${caller}`));
    expect(log.commits).toBe(4);
  });

  it("a refusal or a throw is answered only to its own command", async () => {
    using folder = temporaryFolder();
    await using log = await openEventLog({ path: folder.at("aedev.db"), decide });
    const settled = await Promise.allSettled([
      log.submit(configure("c-1")),
      log.submit(submitMission("c-2", "m-aaaaaaaaaaaaaaaa", "t", "beta")),
      log.submit(configure("c#3")),
      log.submit(Object.assign(configure("c-4"), { url: 7 })),
      log.submit(submitMission("c-5", "m-aaaaaaaaaaaaaaaa")),
    ]);
    expect(settled.map((one) => (one.status === "fulfilled" ? one.value.kind : one.status))).toEqual([
      "done",
      "refused",
      "rejected",
      "rejected",
      "done",
    ]);
    expect(log.head.position).toBe(2);
    expect((await log.listEvents()).map((event) => event.command_id)).toEqual(["c-1", "c-5"]);
  });

  it("a retried command is answered from its events, in the same turn and after a restart, and appends nothing", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    const approve = approveMission("approve-1", "m-aaaaaaaaaaaaaaaa", "t-aaaaaaaaaaaaaaaa");
    let first: unknown;
    {
      await using log = await openEventLog({ path, decide });
      await tell(log);
      const [once, twice] = await Promise.all([log.submit(configure("again")), log.submit(configure("again"))]);
      expect(twice).toEqual(once);
      const commits = log.commits;
      const answer = await log.submit(configure("again", "beta"));
      expect(answer).toEqual(once);
      expect(log.commits).toBe(commits);
      first = answer.kind === "done" && answer.events;
      expect(log.head.position).toBe(8);
    }
    await using log = await openEventLog({ path, decide });
    const answer = await log.submit(configure("again"));
    expect(answer.kind === "done" && answer.events).toEqual(first);
    const approval = await log.submit(approve);
    expect(approval.kind === "done" && approval.events.map((event) => event.command_id)).toEqual([
      "approve-1",
      "approve-1#1",
    ]);
    // Positive control: the same approval under a new id is decided on the current state.
    expect(await log.submit({ ...approve, command_id: "approve-2" })).toMatchObject({ kind: "refused" });
    expect(log.head.position).toBe(8);
  });

  it("subscribers get each commit's events, in order, after the state has them", async () => {
    using folder = temporaryFolder();
    await using log = await openEventLog({ path: folder.at("aedev.db"), decide });
    const heard: number[][] = [];
    const stop = log.subscribe((events, state) => {
      expect(state).toBe(log.state);
      heard.push(events.map((event) => event.position));
    });
    await Promise.all([log.submit(initialize()), log.submit(configure("c-1"))]);
    await log.submit(configure("c-2"));
    stop();
    await log.submit(configure("c-3"));
    expect(heard).toEqual([[1, 2], [3]]);
  });

  it("no secret is stored: not in the events, the state or the file", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    const own = "correct horse battery staple";
    await using log = await openEventLog({ path, decide, redactor: createRedactor([own]) });
    await tell(log, [initialize(), configure("c-1")]);
    await log.submit(submitMission("c-2", "m-aaaaaaaaaaaaaaaa", `use sk-ant-oat01-abcdefghijkl and ${own}`));
    await log.submit(submitMission("c-3", "m-bbbbbbbbbbbbbbbb", "use the vault"));
    const lines = exported(path).join("\n");
    expect(lines).not.toContain("abcdefghijkl");
    expect(lines).not.toContain(own);
    expect(log.state.missions["m-aaaaaaaaaaaaaaaa"]?.title).toBe("use [redacted] and [redacted]");
    expect(log.state.missions["m-bbbbbbbbbbbbbbbb"]?.title).toBe("use the vault");
  });
});

describe("the table", () => {
  it("the table refuses UPDATE, DELETE and every INSERT but the next one", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    await (await openEventLog({ path, decide })).close();
    const database = openForWriting(path);
    const row = (position: number, version: number, command: string, verb = "INSERT") =>
      database.exec(
        `${verb} INTO events VALUES (${position}, 's', ${version}, 't', 1, '{}', 'a', '${command}', 'c', NULL, '2026-01-02T03:04:05.678Z', 'h')`,
      );
    row(1, 1, "one");
    row(2, 2, "two");
    for (const attempt of [
      () => database.exec("UPDATE events SET actor = 'x' WHERE position = 1"),
      () => database.exec("DELETE FROM events WHERE position = 2"),
      () => row(2, 3, "three"),
      () => row(2, 3, "three", "INSERT OR REPLACE"),
      () => row(1, 1, "one", "REPLACE"),
      () => row(3, 2, "three", "INSERT OR REPLACE"),
      () => row(3, 3, "one", "INSERT OR REPLACE"),
      () => row(4, 3, "three"),
      () => row(4, 3, "three", "INSERT OR IGNORE"),
      () =>
        database.exec(
          "INSERT INTO events SELECT 2, stream, version, type, schema, data, actor, command_id, correlation_id, causation_id, recorded_at, hash FROM events WHERE position = 2 ON CONFLICT DO UPDATE SET actor = 'x'",
        ),
    ])
      expect(attempt).toThrow(/append-only/);
    row(3, 3, "three");
    expect(database.prepare("SELECT count(*) FROM events").pluck().get()).toBe(3);
    database.close();
  });

  it("a dropped or changed trigger is restored at the next open", async () => {
    using folder = temporaryFolder();
    const path = folder.at("aedev.db");
    await using log = await openEventLog({ path, decide });
    await tell(log);
    await log.close();
    const database = openForWriting(path);
    database.exec("DROP TRIGGER events_refuse_delete; DROP TRIGGER events_refuse_update");
    database.exec("CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events BEGIN SELECT 1; END");
    database.close();
    await (await openEventLog({ path, decide })).close();
    const again = openForWriting(path);
    expect(() => again.exec("DELETE FROM events")).toThrow(/append-only/);
    expect(() => again.exec("UPDATE events SET actor = 'x'")).toThrow(/append-only/);
    again.close();
  });
});
