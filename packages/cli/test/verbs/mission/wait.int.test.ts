/** Waiting over real HTTP: the exit codes, the one document, and a daemon that disappears and comes back. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wholeDocument } from "../../documents.ts";
import { openFakeDaemon } from "../../fake-daemon.ts";
import { makeHome, run, type TestHome } from "../../outside.ts";

let home: TestHome;
beforeEach(() => {
  home = makeHome();
});
afterEach(() => home.remove());

const hold = {
  hold_id: "h-1",
  task_id: "t-1",
  mission_id: "m-1",
  title: "t",
  code: "HOLD-DOCKER-UNAVAILABLE",
  detail: null,
  held_at: "2026-01-02T03:04:05.678Z",
  resumes_at: null,
  resumes: "probe",
  help: "start Docker",
};
const document = (status: string) => ({
  mission_id: "m-1",
  title: "t",
  status,
  spec_digest: "d",
  questions: [],
  tasks: [{ task_id: "t-1", status }],
});

/** A fake daemon that answers with one status after the other, and repeats the last. */
function fakeDaemon(statuses: string[], held: unknown = null) {
  let at = 0;
  return openFakeDaemon(({ path }) => {
    if (path === "/api/missions/m-1")
      return { status: 200, body: document(statuses[Math.min(at++, statuses.length - 1)] ?? "") };
    return path === "/api/tasks/t-1" ? { status: 200, body: { hold: held } } : undefined;
  });
}

describe("aedev mission wait", () => {
  it.each([
    ["landed", 0],
    ["cancelled", 1],
    ["awaiting_approval", 4],
    ["asked", 4],
  ])("ends waiting at %s with exit code %i and the mission as its document", async (status, exit) => {
    await using daemon = await fakeDaemon(["running", "judging", status]);
    home.daemonAt({ port: daemon.port });
    const ran = await run(["mission", "wait", "m-1", "--json"], { home: home.home });
    expect(ran.exit).toBe(exit);
    expect(JSON.parse(ran.out)).toEqual(wholeDocument("GET", "/api/missions/m-1", document(status)));
    expect(ran.err).toContain("m-1: running\nm-1: judging\n");
  });

  it("returns immediately for a hold that needs a person, and keeps waiting for one that is released automatically", async () => {
    await using parked = await fakeDaemon(["held"], {
      ...hold,
      code: "HOLD-CHECKS-FAILED",
      resumes: "never",
      detail: "test/a.js",
      help: "aedev task retry t-1",
    });
    home.daemonAt({ port: parked.port });
    const ran = await run(["mission", "wait", "m-1"], { home: home.home });
    expect(ran).toMatchObject({
      exit: 4,
      err: expect.stringContaining("HOLD-CHECKS-FAILED (test/a.js)\n  help: aedev task retry t-1"),
    });
    await using resuming = await fakeDaemon(["held", "running", "landed"], hold);
    home.daemonAt({ port: resuming.port });
    expect(await run(["mission", "wait", "m-1"], { home: home.home })).toMatchObject({
      exit: 0,
      err: expect.stringContaining("continues automatically"),
    });
  });

  it("exits 1 when the timeout of waiting expires", async () => {
    await using daemon = await fakeDaemon(["running"]);
    home.daemonAt({ port: daemon.port });
    const ran = await run(["mission", "wait", "m-1", "--timeout", "300ms", "--json"], { home: home.home });
    expect(ran.exit).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ error: { code: "timed-out" } });
  });

  it("keeps waiting while the daemon restarts on another port", async () => {
    const first = await fakeDaemon(["running"]);
    home.daemonAt({ port: first.port });
    const waiting = run(["mission", "wait", "m-1"], { home: home.home });
    await new Promise((seen) => setTimeout(seen, 400));
    await first[Symbol.asyncDispose]();
    await new Promise((away) => setTimeout(away, 400));
    await using second = await fakeDaemon(["running", "landed"]);
    home.daemonAt({ port: second.port });
    expect((await waiting).exit).toBe(0);
  });

  it("exits 3 immediately if the daemon is not running, and 1 if the mission does not exist", async () => {
    expect((await run(["mission", "wait", "m-1"], { home: home.home })).exit).toBe(3);
    const body = { error: { code: "unknown-mission", reason: "there is no mission m-2", hint: "aedev mission list" } };
    await using daemon = await openFakeDaemon(({ path }) =>
      path === "/api/missions/m-2" ? { status: 404, body } : undefined,
    );
    home.daemonAt({ port: daemon.port });
    expect(await run(["mission", "wait", "m-2"], { home: home.home })).toMatchObject({
      exit: 1,
      err: expect.stringContaining("m-2"),
    });
  });
});
