/** The tokens of the day, counted from a real log: the numbers that folding everything gives, for as many folds as entities changed. */
import { type CommandBody, decide } from "@aedev/core";
import { expect, it } from "vitest";
import { openEventLog } from "../../src/log/event-log.ts";
import { createEntityReader, type ReadEntity } from "../../src/log/read-entity.ts";
import { openForReading } from "../../src/log/sqlite/database.ts";
import { createTokenCount } from "../../src/log/used-tokens.ts";
import { commandAt, happenings, idOf, ofMission } from "./lives.ts";
import { temporaryFolder } from "./story.ts";

const instant = (second: number) => new Date(Date.parse("2026-01-02T00:00:00.000Z") + second * 1000).toISOString();

it("folds only what has new events since it last counted, and gives what folding everything gives", async () => {
  using folder = temporaryFolder();
  const path = folder.at("aedev.db");
  await using log = await openEventLog({ path, decide });
  let second = 0;
  const tell = async (number: number, ...names: string[]) => {
    for (const name of names) {
      second += 1;
      const body = ofMission(number, happenings[name] as CommandBody);
      const spending = JSON.parse(JSON.stringify(body).replaceAll('"input_tokens":0', '"input_tokens":300'));
      expect((await log.submit(commandAt(spending, second, instant(second)))).kind).toBe("done");
    }
  };
  const database = openForReading(path);
  const stored = createEntityReader(database, database);
  let folds = 0;
  const read: ReadEntity = (kind, id) => {
    folds += 1;
    return stored(kind, id);
  };
  const count = createTokenCount({ database, events: database }, read);
  /** Tokens since an instant, and how many entities were folded for them. */
  const counted = (since = instant(0)) => {
    folds = 0;
    const tokens = count(since);
    expect(tokens).toBe(createTokenCount({ database, events: database }, stored)(since));
    return [tokens, folds];
  };

  await tell(0, "registered");
  expect(counted()).toEqual([0, 0]);
  for (const number of [1, 2, 3]) await tell(number, "step 0", "step 1", "step 2", "step 3");
  const startOfThird = instant(second - 1);
  expect(counted()).toEqual([900, 3]);
  expect(counted()).toEqual([900, 0]);
  expect(counted(instant(second - 2))).toEqual([300, 0]);
  expect(counted(startOfThird)).toEqual([0, 0]);
  // What is older than that is not kept.
  expect(counted()).toEqual([900, 3]);
  await tell(2, "step 4");
  expect(counted()).toEqual([900, 1]);
  await tell(4, "step 0", "ask for a draft");
  expect(counted()).toEqual([900, 1]);
  await tell(4, "interrupt the draft");
  expect(counted()).toEqual([1900, 1]);
  expect(counted()).toEqual([1900, 0]);
  await tell(1, "cancel the task");
  expect(counted()).toEqual([1900, 1]);
  await tell(4, "ask for a set-up run");
  expect(counted()).toEqual([1900, 1]);
  await tell(4, "end the set-up run");
  expect(counted()).toEqual([2900, 1]);
  expect(counted()).toEqual([2900, 0]);
  expect(log.views.tokensSince(instant(0))).toBe(2900);
  expect(log.state.tasks[idOf("t", 1)]).toBeUndefined();
  database.close();
});
