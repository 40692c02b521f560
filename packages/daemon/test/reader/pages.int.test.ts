/** Pages of a log with many missions: complete, in order, filtered as asked, and read through an index. */
import { type PageQuery, pageQuerySchema } from "@aedev/contracts/api";
import { decide } from "@aedev/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EventLog, openEventLog } from "../../src/log/event-log.ts";
import { openForReading } from "../../src/log/sqlite/database.ts";
import { holdPage, missionPage, taskPage } from "../../src/reader/pages.ts";
import { commandAt, happenings, idOf, ofMission } from "../log/lives.ts";
import { temporaryFolder } from "../log/story.ts";

const missions = 23;
const folder = temporaryFolder();
const path = folder.at("aedev.db");
let log: EventLog;
const instant = (second: number) => new Date(Date.parse("2026-01-02T00:00:00.000Z") + second * 1000).toISOString();
const pageOf = (query: object) => missionPage(log, pageQuerySchema.parse(query));

beforeAll(async () => {
  log = await openEventLog({ path, decide });
  let count = 0;
  const tell = (body: Parameters<typeof commandAt>[0], second: number) => {
    count += 1;
    return log.submit(commandAt(body, count, instant(second)));
  };
  const registered = (name: string) => ({ ...happenings["registered"], name }) as never;
  for (const name of ["repo", "other"]) await tell(registered(name), 0);
  for (let number = 0; number < missions; number += 1) {
    const of = (name: string) => ofMission(number, happenings[name] as never);
    const repository = number % 2 === 0 ? "repo" : "other";
    // Two missions of the same instant are told apart by their ids.
    await tell(
      {
        ...of("step 0"),
        repository,
        title: `Title ${number} of ${repository}${number === 7 ? " für Ärger" : ""}`,
        ...(number % 5 === 0 ? { labels: ["bug", "bug fix"] } : {}),
      } as never,
      Math.floor(number / 2),
    );
    if (number % 3 === 0) continue;
    await tell(of("step 1"), 100 + number);
    if (number % 3 === 1) await tell(of("cancel the task"), 200);
    else
      await tell(
        {
          kind: "HoldTask",
          task_id: idOf("t", number),
          code: "HOLD-DISK-LOW",
          detail: null,
          hold_id: idOf("h", number),
        },
        300 + number,
      );
  }
});
afterAll(async () => {
  await log.close();
  folder[Symbol.dispose]();
});

/** Every page from the first on, newest row first. */
function walk(query: object): string[] {
  const ids: string[] = [];
  for (let after: string | undefined; ; ) {
    const { missions: rows, next } = pageOf({ ...query, ...(after === undefined ? {} : { after }) });
    ids.push(...rows.map(({ mission_id }) => mission_id).reverse());
    if (next === null) return ids;
    after = next;
  }
}
const numbers = (wanted: (number: number) => boolean) =>
  Array.from({ length: missions }, (_, number) => number)
    .filter(wanted)
    .reverse()
    .map((number) => idOf("m", number));

describe("pages of missions", () => {
  it("pages of missions give every mission once, the newest page first, for any page size", () => {
    for (const limit of [1, 2, 5, 22, 23, 24]) expect(walk({ limit })).toEqual(numbers(() => true));
    expect(pageOf({ limit: 5 }).missions.map(({ mission_id }) => mission_id)).toEqual(
      [18, 19, 20, 21, 22].map((number) => idOf("m", number)),
    );
    expect(pageOf({ limit: 23 }).next).toBeNull();
    expect(pageOf({}).missions).toHaveLength(missions);
  });

  it("pages of missions are filtered by status, repository, text and instant, and by all of them", () => {
    expect(walk({ limit: 3, status: "cancelled" })).toEqual(numbers((number) => number % 3 === 1));
    expect(walk({ limit: 3, status: "held" })).toEqual(numbers((number) => number % 3 === 2));
    expect(walk({ limit: 3, status: "landed" })).toEqual([]);
    expect(walk({ limit: 3, repository: "other" })).toEqual(numbers((number) => number % 2 === 1));
    expect(walk({ limit: 3, text: "TITLE 1" })).toEqual(numbers((number) => String(number).startsWith("1")));
    expect(walk({ limit: 3, text: "%" })).toEqual([]);
    expect(walk({ limit: 3, text: "FÜR ärger" })).toEqual([idOf("m", 7)]);
    expect(walk({ limit: 3, since: instant(5) })).toEqual(numbers((number) => number >= 10));
    expect(walk({ limit: 3, since: "2026-01-03" })).toEqual([]);
    for (const label of ["bug", "bug fix"])
      expect(walk({ limit: 3, label })).toEqual(numbers((number) => number % 5 === 0));
    expect(walk({ limit: 3, label: "fix" })).toEqual([]);
    for (const label of ["bug\nbug fix", "%"]) expect(pageQuerySchema.safeParse({ label }).success).toBe(false);
    expect(walk({ limit: 2, status: "held", repository: "repo", text: "title", since: instant(3) })).toEqual(
      numbers((number) => number % 3 === 2 && number % 2 === 0 && number >= 6),
    );
  });

  it("an invalid page is refused", () => {
    for (const query of [
      { limit: "0" },
      { limit: "501" },
      { limit: "ten" },
      { limit: "1.5" },
      { after: "m-0000000000000001" },
      { after: "2026-01-02T00:00:00.000Z~x" },
      { status: "open" },
      { since: "yesterday" },
      { sort: "title" },
    ])
      expect(pageQuerySchema.safeParse(query).success).toBe(false);
    expect(pageQuerySchema.parse({ limit: "500", since: "2026-01-02" })).toMatchObject({
      limit: 500,
      since: instant(0),
    });
  });

  it("pages of tasks and holds follow the same rules", () => {
    const tasks = (query: object) => taskPage(log, pageQuerySchema.parse(query));
    expect(tasks({ label: "bug" }).tasks.map(({ mission_id }) => mission_id)).toEqual(
      numbers((number) => number % 5 === 0 && number % 3 !== 0).reverse(),
    );
    const first = tasks({ limit: 4, status: "held" });
    expect(first.tasks.map(({ task_id, mission_id }) => [task_id, mission_id])).toEqual(
      [11, 14, 17, 20].map((number) => [idOf("t", number), idOf("m", number)]),
    );
    const second = tasks({ limit: 4, status: "held", after: first.next });
    expect(second).toMatchObject({ next: null, tasks: [2, 5, 8].map((number) => ({ task_id: idOf("t", number) })) });
    expect(tasks({ text: "title 22" }).tasks).toHaveLength(1);
    const holds = holdPage(log.state, pageQuerySchema.parse({ limit: 5 }));
    expect(holds.holds.map(({ hold_id }) => hold_id)).toEqual([2, 5, 8, 11, 14].map((number) => idOf("h", number)));
    expect(holdPage(log.state, pageQuerySchema.parse({ limit: 5, after: holds.next }))).toMatchObject({
      next: null,
      holds: [{ hold_id: idOf("h", 17) }, { hold_id: idOf("h", 20) }],
    });
    expect(holdPage(log.state, pageQuerySchema.parse({ repository: "other" })).holds).toHaveLength(3);
  });
});

describe("what a page reads", () => {
  it("a page is found through an index in its order: nothing is sorted, and no table is read from end to end", () => {
    const database = openForReading(path);
    const queries: PageQuery[] = [
      { limit: 5 },
      { limit: 5, status: "held" },
      { limit: 5, repository: "repo" as never },
      { limit: 5, status: "held", repository: "repo" as never, after: { at: instant(9), id: idOf("m", 5) } },
      { limit: 5, since: instant(2) },
    ];
    const asked: string[] = [];
    const prepare = database.prepare.bind(database);
    for (const of of ["missions", "tasks"] as const)
      for (const query of queries) {
        const at = of === "missions" ? "submitted_at" : "planned_at";
        const filters = ["status", "repository"].filter((name) => name in query).map((name) => `${name} = 'x'`);
        const range = [
          ...("since" in query ? [`${at} >= 'x'`] : []),
          ...("after" in query ? [`(${at}, id) < ('x', 'y')`] : []),
        ];
        const where = [...filters, ...range].join(" AND ");
        const sql = `SELECT ${at} AS at, id FROM view_${of} ${where === "" ? "" : `WHERE ${where}`} ORDER BY ${at} DESC, id DESC LIMIT 5`;
        asked.push(
          ...prepare(`EXPLAIN QUERY PLAN ${sql}`)
            .all()
            .map((row) => (row as { detail: string }).detail),
        );
      }
    database.close();
    expect(asked).toHaveLength(10);
    for (const detail of asked) expect(detail).toMatch(/USING COVERING INDEX/);
    expect(asked.join("\n")).not.toContain("TEMP B-TREE");
  });
});
