/** Who may talk to the daemon over HTTP, and about what: each refusal next to the same request done right. */
import { statusBoardSchema } from "@aedev/contracts/api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiOf, type Sent, sendTo } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
let port = 0;
let token = "";
let missionId = "";

beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  const submitted = await laboratory.must(
    ...["intake", "Add <b>half()</b>", "--repo", "small", "--criterion", "a new test shows it", "--json"],
  );
  missionId = submitted.json<{ mission_id: string }>().mission_id;
  ({ port, token } = apiOf(laboratory.home));
});
afterAll(() => laboratory[Symbol.asyncDispose]());

const send = (path: string, sent: Sent = {}) => sendTo(port, path, sent);
const bearer = (value = token) => ({ authorization: `Bearer ${value}` });
const status = async (path: string, sent: Sent = {}) => (await send(path, sent)).status;

describe("the API token", () => {
  it("is required by every route except health and the status board", async () => {
    const reads = ["/api/missions", `/api/missions/${missionId}`, "/api/tasks", "/api/repositories"];
    for (const path of [...reads, "/api/holds", "/api/status", "/api/events", "/api/events/verify", "/openapi.json"]) {
      expect([path, await status(path)]).toEqual([path, 401]);
      expect([path, await status(path, { headers: bearer() })]).toEqual([path, 200]);
    }
    for (const path of ["/health", "/status-board", "/status-board.json"])
      expect([path, await status(path)]).toEqual([path, 200]);
    expect(await send("/favicon.ico")).toMatchObject({ status: 204, body: "" });
    expect(await status("/favicon.ico", { headers: { host: "board.example" } })).toBe(403);
  });

  it("is refused if it is wrong, short, in another form or in the address", async () => {
    const wrong = [token.slice(0, -1), `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`, "", `${token}0`];
    for (const value of wrong) expect(await status("/api/status", { headers: bearer(value) })).toBe(401);
    for (const headers of [
      { authorization: token },
      { authorization: `Basic ${token}` },
      { authorization: `Bearer  ${token}` },
      { cookie: `token=${token}` },
      { "x-api-key": token },
    ])
      expect(await status("/api/status", { headers })).toBe(401);
    for (const path of [`/api/status?token=${token}`, `/api/status?access_token=${token}`])
      expect(await status(path)).toBe(401);
    expect(await status("/api/status", { headers: bearer() })).toBe(200);
  });

  it("is required before a route is looked up or a body is read", async () => {
    expect(await status("/api/nothing-here")).toBe(401);
    expect(await status("/api/nothing-here", { headers: bearer() })).toBe(404);
    expect(await status("/api/missions", { method: "POST", body: "{" })).toBe(401);
    expect(await status("/api/missions", { method: "POST", body: "{", headers: bearer() })).toBe(400);
  });

  it("is required at every other spelling of an open path, and no open path leads to another route", async () => {
    for (const path of ["/status-board/", "/STATUS-BOARD", "/status-board/../api/missions", "/health/api/missions"])
      expect([path, await status(path)]).toEqual([path, 401]);
    expect(await status("//api/missions", { headers: bearer() })).toBe(404);
  });
});

describe("the Host and Origin headers", () => {
  it("must be the daemon's own, even with the token", async () => {
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1:${port + 1}`,
      `0.0.0.0:${port}`,
    ])
      for (const path of ["/api/status", "/status-board", "/health"])
        expect([host, path, await status(path, { headers: { ...bearer(), host } })]).toEqual([host, path, 403]);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`])
      expect([host, await status("/api/status", { headers: { ...bearer(), host } })]).toEqual([host, 200]);
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1", `https://127.0.0.1:${port}`, "file://"])
      for (const path of ["/api/status", "/status-board"])
        expect([origin, await status(path, { headers: { ...bearer(), origin } })]).toEqual([origin, 403]);
    const own = { ...bearer(), origin: `http://127.0.0.1:${port}` };
    expect(await status("/api/status", { headers: own })).toBe(200);
  });

  it("get no permission from a preflight, and no answer has a CORS header", async () => {
    const preflight = { origin: "https://evil.example", "access-control-request-method": "POST" };
    expect(await status("/api/missions", { method: "OPTIONS", headers: preflight })).toBe(403);
    const answers = [await send("/api/status", { headers: bearer() }), await send("/status-board")];
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
      expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    }
  });
});

describe("the status board", () => {
  it("answers without a token only to a loopback Host without forwarding headers", async () => {
    for (const name of [
      "forwarded",
      "x-forwarded-for",
      "x-forwarded-host",
      "x-forwarded-proto",
      "x-real-ip",
      "via",
      "cf-ray",
    ])
      for (const path of ["/status-board", "/status-board.json"])
        expect([name, await status(path, { headers: { [name]: "10.0.0.1" } })]).toEqual([name, 403]);
    expect(await status("/status-board", { headers: { host: "board.example" } })).toBe(403);
    expect(await status("/status-board", { headers: { "accept-language": "de" } })).toBe(200);
  });

  it("shows the mission, escaped, in at most 25 KB, and contains no token", async () => {
    const page = await send("/status-board");
    const document = await send("/status-board.json");
    expect(page.headers["content-type"]).toContain("text/html");
    expect(Buffer.byteLength(page.body)).toBeLessThanOrEqual(25 * 1024);
    expect(page.body).toContain(missionId);
    expect(page.body).toContain("&lt;b&gt;half()");
    expect(page.body).not.toContain("<b>half()");
    expect(page.body).not.toMatch(/(src|href)="?(https?:)?\/\//i);
    for (const { body, headers } of [page, document])
      expect(`${body}${JSON.stringify(headers)}`).not.toMatch(new RegExp(`${token}|laboratory-`));
    const board = statusBoardSchema.parse(JSON.parse(document.body));
    expect(Object.keys(JSON.parse(document.body))).toEqual(Object.keys(statusBoardSchema.shape));
    expect(board.queue.waiting.rows).toMatchObject([{ mission_id: missionId }]);
    expect(board).toMatchObject({
      runtime_health: { daemon: { status: "running" }, engine: { answers: false } },
      soak: { result: "running", interruptions: { rows: [] } },
      ga_gates: { why: null },
    });
    for (const method of ["POST", "PUT", "DELETE", "PATCH"])
      expect([method, await status("/status-board", { method, headers: bearer() })]).toEqual([method, 404]);
  });
});

describe("the API's routes", () => {
  it("include none that sets a status", async () => {
    for (const method of ["POST", "PUT", "PATCH"])
      for (const path of [`/api/missions/${missionId}/status`, `/api/missions/${missionId}`]) {
        const answer = await send(path, { method, headers: bearer(), body: { status: "landed" } });
        expect([method, path, answer.status]).toEqual([method, path, 404]);
      }
    expect((await laboratory.mission(missionId)).status).toBe("awaiting_approval");
    const { body } = await send("/openapi.json", { headers: bearer() });
    const { openapi, paths } = JSON.parse(body) as { openapi: string; paths: Record<string, unknown> };
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(["/api/missions", "/api/missions/{id}/approve", "/api/holds/{id}/release"]),
    );
    expect(Object.keys(paths).filter((path) => /status$/.test(path) && path !== "/api/status")).toEqual([]);
  });

  it("refuse an unknown key, a bad value and a body that is not JSON, and accept the same request without it", async () => {
    const mission = { text: "Add third()", repo: "small", criterion: ["a new test shows it"] };
    const post = (path: string, body: unknown, headers = {}) =>
      send(path, { method: "POST", body, headers: { ...bearer(), ...headers } });
    for (const extra of [{ status: "landed" }, { mission_id: "m-1" }, { text: 7 }, { criterion: 7 }]) {
      const refused = await post("/api/missions", { ...mission, ...extra });
      expect({ extra, status: refused.status }).toEqual({ extra, status: 400 });
      expect(JSON.parse(refused.body)).toMatchObject({ error: { reason: expect.any(String) } });
      expect(refused.body).not.toMatch(/ {4}at |node_modules/);
    }
    expect((await post("/api/missions", "not json")).status).toBe(400);
    expect(
      (await post("/api/missions", "text=x", { "content-type": "application/x-www-form-urlencoded" })).status,
    ).toBe(415);
    expect((await post("/api/missions", JSON.stringify({ ...mission, text: "x".repeat(2_000_000) }))).status).toBe(413);
    const taken = await post("/api/missions", mission);
    expect(taken.status).toBe(200);
    const { mission_id, questions } = JSON.parse(taken.body) as { mission_id: string; questions: unknown[] };
    expect(questions).toEqual([]);

    for (const action of ["approve", "reject", "cancel"])
      expect((await post(`/api/missions/${mission_id}/${action}`, { status: "landed" })).status).toBe(400);
    expect((await post("/api/repositories", { path_or_url: "/nowhere", name: "small", token: "x" })).status).toBe(400);
    expect((await laboratory.mission(mission_id)).status).toBe("awaiting_approval");
    expect((await post(`/api/missions/${mission_id}/reject`, {})).status).toBe(200);
    expect((await laboratory.mission(mission_id)).status).toBe("rejected");
  });

  it("answer 409 if the domain refuses, and 404 if something does not exist", async () => {
    const post = (path: string, body: unknown = {}) => send(path, { method: "POST", body, headers: bearer() });
    const wrongDigest = await post(`/api/missions/${missionId}/approve`, { digest: "0".repeat(64) });
    expect(wrongDigest.status).toBe(409);
    const noQuestion = await post(`/api/missions/${missionId}/answer`, { answers: [{ id: "criteria", text: "x" }] });
    expect(noQuestion.status).toBe(409);
    const mission = { text: "Add it", criterion: ["a new test shows it"] };
    for (const repo of ["nowhere", "constructor", "toString"])
      expect((await post("/api/missions", { ...mission, repo })).status).toBe(409);
    expect((await post("/api/missions", { ...mission, repo: "small" })).status).toBe(200);
    for (const path of [
      "/api/missions/m-nothing/approve",
      "/api/missions/__proto__/approve",
      "/api/tasks/t-nothing/approve",
      "/api/tasks/constructor/cancel",
      "/api/holds/h-nothing/release",
    ])
      expect([path, (await post(path)).status]).toEqual([path, 404]);
    for (const id of ["m-nothing", "__proto__"])
      expect([id, (await post(`/api/missions/${id}/answer`, { answers: [] })).status]).toEqual([id, 404]);
    for (const path of ["/api/missions/m-nothing", "/api/tasks/toString", "/api/missions/__proto__"])
      expect([path, await status(path, { headers: bearer() })]).toEqual([path, 404]);
  });
});
