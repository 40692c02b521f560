/** Signing a browser in: the link works once, the cookie works only from the daemon's own pages, and it ends when it is told to. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiOf, type Sent, sendTo } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
}, 60_000);
afterAll(() => laboratory[Symbol.asyncDispose]());

const port = () => apiOf(laboratory.home).port;
const origin = () => `http://127.0.0.1:${port()}`;
async function linkOf(...options: string[]): Promise<string> {
  const { address } = (await laboratory.must("open", "--json", ...options)).json<{ address: string }>();
  return address;
}
async function signIn(code: string) {
  return sendTo(port(), "/sign-in", { method: "POST", headers: { origin: origin() }, body: { code } });
}
/** The cookie of a new session, as a browser sends it. */
async function cookieOf(...options: string[]): Promise<{ cookie: string; session_id: string }> {
  const { headers, body } = await signIn((await linkOf(...options)).split("#")[1] ?? "");
  return { cookie: headers["set-cookie"]?.[0]?.split(";")[0] ?? "", ...(JSON.parse(body) as { session_id: string }) };
}
async function call(path: string, cookie: string, sent: Sent = {}) {
  const { status, body } = await sendTo(port(), path, { ...sent, headers: { cookie, ...sent.headers } });
  return { status, document: JSON.parse(body) as { error?: { code: string } } & Record<string, unknown> };
}
const mission = {
  text: "Add half() to lib/add.js",
  repo: "small",
  criterion: ["a new test of half() is green"],
  again: true,
};
const submit = (cookie: string, headers: Record<string, string> = { origin: origin() }) =>
  call("/api/missions", cookie, { method: "POST", headers, body: mission });

describe("a signed-in browser", () => {
  it("gets a cookie that no script can read, by a link that works once and is in no log", async () => {
    const code = (await linkOf()).split("#")[1] ?? "";
    const first = await signIn(code);
    expect(first.headers["set-cookie"]?.[0]).toMatch(
      /^aedev_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Expires=/,
    );
    expect((await signIn(code)).status).toBe(409);
    const { stdout } = await laboratory.must("events", "export");
    expect(stdout).toContain("BrowserSessionStarted");
    for (const secret of [code, first.headers["set-cookie"]?.[0]?.slice(14, 78) ?? ""])
      expect(stdout).not.toContain(secret);
  });

  it("reads with its cookie, and changes something only from a page of the daemon's own", async () => {
    const { cookie } = await cookieOf();
    expect((await call("/api/missions", cookie)).status).toBe(200);
    expect((await call("/api/missions", `aedev_session=${"0".repeat(64)}`)).status).toBe(401);
    expect((await submit(cookie)).status).toBe(200);
    expect((await submit(cookie, {})).status).toBe(401);
    expect((await submit(cookie, { origin: "http://example.com" })).status).toBe(403);
    expect((await submit(cookie, { origin: origin(), host: "example.com" })).status).toBe(403);
    const shown = (await laboratory.must("mission", "list", "--json")).json<{ missions: { mission_id: string }[] }>();
    const text = (await laboratory.must("mission", "show", shown.missions[0]?.mission_id ?? "")).stdout;
    expect(text).toMatch(/by operator in the browser/);
  });

  it("that only reads changes nothing, and makes no link that would", async () => {
    const { cookie } = await cookieOf("--view");
    expect((await call("/api/caller", cookie)).document).toMatchObject({ role: "viewer" });
    expect((await submit(cookie)).document.error).toMatchObject({ code: "role-missing" });
    const invited = await call("/api/browsers/invite", cookie, {
      method: "POST",
      headers: { origin: origin() },
      body: { view_only: false },
    });
    const again = await signIn(String(invited.document["address"]).split("#")[1] ?? "");
    expect(JSON.parse(again.body)).toMatchObject({ role: "viewer" });
  });

  it("is refused once it is signed out, and no other is", async () => {
    const [one, other] = [await cookieOf(), await cookieOf()];
    await laboratory.must("browser", "sign-out", one.session_id);
    expect((await call("/api/caller", one.cookie)).status).toBe(401);
    expect((await call("/api/caller", other.cookie)).status).toBe(200);
    const unknown = await laboratory.run("browser", "sign-out", one.session_id);
    expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining("aedev browser list")]);
    expect((await laboratory.must("browser", "list")).stdout).toContain(other.session_id);
  });
});
