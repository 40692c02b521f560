/** A draft that can't be made is refused before anything is stored, or fails with its reason, and is never offered. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { callApi } from "./support/api.ts";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, registerSmallProject } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const opened: Laboratory[] = [];
afterAll(async () => {
  for (const laboratory of opened) await laboratory[Symbol.asyncDispose]();
});

async function openHome(options: Parameters<typeof openWithoutEngine>[0] = {}): Promise<Laboratory> {
  const laboratory = await openWithoutEngine(options);
  opened.push(laboratory);
  await registerSmallProject(laboratory);
  return laboratory;
}
const draft = ["intake", "make it nice", "--again", "--repo", "small", "--draft", "--json"];
const plain = ["intake", "make it nice", "--again", "--repo", "small", "--json"];
const missionsOf = async (laboratory: Laboratory) =>
  (await laboratory.must("mission", "list", "--json")).json<{ missions: unknown[] }>().missions;

let ready: Laboratory;
beforeAll(async () => {
  ready = await openHome();
});

it("a draft without the coder's credential is refused with the command that helps, stores nothing and is not offered", async () => {
  const bare = await openHome({ hasCredential: false });
  const refused = await bare.run(...draft);
  expect(refused.exitCode).toBe(1);
  expect(refused.json()).toMatchObject({
    error: { code: "no-credentials", hint: expect.stringMatching(/^aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN /) },
  });
  expect(await missionsOf(bare)).toEqual([]);
  expect((await bare.run(...plain)).json()).not.toHaveProperty("draft_tokens");
  expect((await ready.run(...plain)).json()).toMatchObject({ draft_tokens: 200_000 });
  await bare.setSecret("AEDEV_CLAUDE_OAUTH_TOKEN", "sk-ant-oat01-laboratory-credential-000");
  expect((await bare.run(...plain)).json()).toMatchObject({ draft_tokens: 200_000 });
});

it("drafts are switched off with 0 tokens", async () => {
  const off = await openHome({ policies: "clarification:\n  draft_tokens: 0\n" });
  expect((await off.run(...draft)).json()).toMatchObject({ error: { code: "no-tokens" } });
  expect((await off.run(...plain)).json()).not.toHaveProperty("draft_tokens");
});

it("a failed draft is reported, is not counted as used, and leaves the questions", async () => {
  const asked = await ready.run(...draft);
  expect(asked.exitCode).toBe(4);
  const { mission_id, draft: ended } = asked.json<{ mission_id: string; draft: object }>();
  expect(ended).toMatchObject({ status: "failed", code: "HOLD-DOCKER-UNAVAILABLE", tokens_used: 0 });
  expect(await ready.mission(mission_id)).toMatchObject({ status: "clarifying" });
  expect((await ready.must("mission", "show", mission_id)).stdout).toContain("failed: its run ended with");
  expect(ready.models.requests).toEqual([]);
});

it("a draft can be requested again through the API, at most three times; a secret in an accepted text is refused first", async () => {
  const send = (path: string, body?: object) => callApi(ready.home, path, body);
  const { mission_id: id } = (await ready.run(...plain)).json<{ mission_id: string }>();
  for (let asked = 1; asked <= 3; asked += 1) {
    expect(await send(`/api/missions/${id}/draft`, {})).toMatchObject({
      document: { status: "running", tokens: 200_000 },
    });
    await ready.until(async () => (await send(`/api/missions/${id}/draft`)).document["code"] !== null);
  }
  expect(await send(`/api/missions/${id}/draft`, {})).toMatchObject({
    status: 409,
    document: { error: { code: "drafts-used-up" } },
  });
  const accept = (title: string) => send(`/api/missions/${id}/draft/accept`, { run_id: "r-aaaaaaaaaaaaaaaa", title });
  expect(await accept(`use ${["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_")}`)).toMatchObject({
    status: 409,
    document: { error: { code: "secret-in-text" } },
  });
  expect(await accept("add() keeps the sign")).toMatchObject({
    status: 409,
    document: { error: { code: "no-draft" } },
  });
});
