/** A mission at each position of a real log equals the fold of the events up to there; without one, the answer says what there is. */
import { homeLayout } from "@aedev/host/home-layout";
import { afterAll, beforeAll, expect, it } from "vitest";
import { missionAt, openHome } from "../../src/index.ts";
import { openForReading } from "../../src/log/sqlite/database.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";
import { idOf } from "../log/lives.ts";

let signed: SignedHome;
let missionId = "";
beforeAll(async () => {
  signed = await openSignedHome();
  await signed.seal();
  await signed.decide();
  missionId = signed.task().mission_id;
});
afterAll(() => signed.close());

const at = (position: number, id = missionId) =>
  missionAt({ home: signed.home, environment: {}, missionId: id, position });

function positionsOf(): { position: number; stream: string; type: string; recorded_at: string }[] {
  const log = openForReading(homeLayout(signed.home).log);
  const rows = log.prepare("SELECT position, stream, type, recorded_at FROM events ORDER BY position").all();
  log.close();
  return rows as ReturnType<typeof positionsOf>;
}

it("a mission's past shows each stage that it went through, and at the log's end what is shown now", async () => {
  const events = positionsOf();
  const end = events.length;
  const after = (type: string) => events.find((event) => event.type === type)?.position ?? 0;
  const submitted = await at(after("MissionSubmitted"));
  expect(submitted.document).toMatchObject({ mission_id: missionId, tasks: [] });
  expect(submitted.place).toMatchObject({ position: after("MissionSubmitted"), end });
  const planned = await at(after("TaskPlanned"));
  expect(planned.document.tasks).toMatchObject([{ runs: [], evidence_digest: null }]);
  expect(planned.used.runs).toBe(0);
  const started = await at(after("RunStarted"));
  expect(started.document).toMatchObject({ status: "running", tasks: [{ status: "running" }] });
  expect(started.used.runs).toBe(1);
  using home = await openHome({ home: signed.home, environment: {} });
  const { place, ...last } = await at(end);
  expect(place).toMatchObject({ position: end, recorded_at: events.at(-1)?.recorded_at });
  expect(last).toEqual(await home.mission(missionId));
});

it("a position outside the log, or a time before the mission, is refused with what there is", async () => {
  const events = positionsOf();
  for (const position of [0, -1, 1.5, events.length + 1])
    await expect(at(position)).rejects.toMatchObject({
      code: "unknown-position",
      message: expect.stringContaining(`ends at ${events.length}`),
    });
  const first = events.find(({ stream }) => stream === `mission/${missionId}`)?.position ?? 0;
  await expect(at(first - 1)).rejects.toMatchObject({
    code: "unknown-mission",
    hint: `aedev mission show ${missionId} --at ${first}`,
  });
  await expect(at(events.length, idOf("m", 77))).rejects.toMatchObject({ code: "unknown-mission" });
  expect((await at(first)).document.mission_id).toBe(missionId);
});
