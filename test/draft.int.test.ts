/** A draft where none can be made: refused before anything is stored, or failed with its reason, and never offered. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { apiOf, sendTo } from "./support/api.ts";
import { Laboratory, registerSmallProject } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const opened: Laboratory[] = [];
afterAll(async () => {
  for (const laboratory of opened) await laboratory[Symbol.asyncDispose]();
});

/** A daemon whose engine is nowhere. */
async function openHome(options: { policies?: string; credential: boolean }): Promise<Laboratory> {
  const laboratory = await Laboratory.open(options.policies === undefined ? {} : { policies: options.policies });
  opened.push(laboratory);
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  if (!options.credential) delete laboratory.environment["AEDEV_CLAUDE_OAUTH_TOKEN"];
  await laboratory.must("daemon", "start");
  await registerSmallProject(laboratory);
  return laboratory;
}
const draft = ["intake", "make it nice", "--repo", "small", "--draft", "--json"];
const plain = ["intake", "make it nice", "--repo", "small", "--json"];
const missionsOf = async (laboratory: Laboratory) =>
  (await laboratory.must("mission", "list", "--json")).json<{ missions: unknown[] }>().missions;

let ready: Laboratory;
beforeAll(async () => {
  ready = await openHome({ credential: true });
});

it("needs the coder's credential: without one it is refused with the command that helps, stores nothing and is not offered", async () => {
  const bare = await openHome({ credential: false });
  const refused = await bare.run(...draft);
  expect(refused.exitCode).toBe(1);
  expect(refused.json()).toMatchObject({
    error: { code: "no-credentials", hint: "aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN" },
  });
  expect(await missionsOf(bare)).toEqual([]);
  expect((await bare.run(...plain)).json()).not.toHaveProperty("draft_tokens");
  expect((await ready.run(...plain)).json()).toMatchObject({ draft_tokens: 200_000 });
  await bare.setSecret("AEDEV_CLAUDE_OAUTH_TOKEN", "sk-ant-oat01-laboratory-credential-000");
  expect((await bare.run(...plain)).json()).toMatchObject({ draft_tokens: 200_000 });
});

it("is off with 0 tokens", async () => {
  const off = await openHome({ credential: true, policies: "clarification:\n  draft_tokens: 0\n" });
  expect((await off.run(...draft)).json()).toMatchObject({ error: { code: "no-tokens" } });
  expect((await off.run(...plain)).json()).not.toHaveProperty("draft_tokens");
});

it("that fails is told, is not counted as spent, and leaves the questions", async () => {
  const asked = await ready.run(...draft);
  expect(asked.exitCode).toBe(4);
  const { mission_id, draft: ended } = asked.json<{ mission_id: string; draft: object }>();
  expect(ended).toMatchObject({ status: "failed", code: "HOLD-DOCKER-UNAVAILABLE", tokens_used: 0 });
  expect(await ready.mission(mission_id)).toMatchObject({ status: "clarifying" });
  expect((await ready.must("mission", "show", mission_id)).stdout).toContain("failed: its run ended with");
  expect(ready.models.requests).toEqual([]);
});

it("is asked for again through the API, three times at most; a secret in what is accepted is refused before anything else", async () => {
  const { port, token } = apiOf(ready.home);
  const headers = { authorization: `Bearer ${token}` };
  const send = async (path: string, body?: object) => {
    const method = body === undefined ? "GET" : "POST";
    const { status, body: text } = await sendTo(port, path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { ...{ status }, ...(JSON.parse(text) as { code?: string | null; error?: object }) };
  };
  const { mission_id: id } = (await ready.run(...plain)).json<{ mission_id: string }>();
  for (let asked = 1; asked <= 3; asked += 1) {
    expect(await send(`/api/missions/${id}/draft`, {})).toMatchObject({ status: "running", tokens: 200_000 });
    await ready.until(async () => (await send(`/api/missions/${id}/draft`)).code !== null);
  }
  expect(await send(`/api/missions/${id}/draft`, {})).toMatchObject({ status: 409, error: { code: "drafts-used-up" } });
  const accept = (title: string) => send(`/api/missions/${id}/draft/accept`, { run_id: "r-aaaaaaaaaaaaaaaa", title });
  expect(await accept(`use ${["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_")}`)).toMatchObject({
    status: 409,
    error: { code: "secret-in-text" },
  });
  expect(await accept("add() keeps the sign")).toMatchObject({ status: 409, error: { code: "no-draft" } });
});
