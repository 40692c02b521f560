/** A set-up run that can't be made is never offered, refused with the command that helps, or fails with its reason; there is no engine. */
import { afterAll, expect, it, vi } from "vitest";
import { callApi } from "./support/api.ts";
import { openWithoutEngine } from "./support/home-without-engine.ts";
import { type Laboratory, smallProject } from "./support/laboratory.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const opened: Laboratory[] = [];
afterAll(async () => {
  for (const laboratory of opened) await laboratory[Symbol.asyncDispose]();
});

async function openHome(options: Parameters<typeof openWithoutEngine>[0] = {}) {
  const laboratory = await openWithoutEngine(options);
  opened.push(laboratory);
  const bare = await laboratory.remote("small", smallProject);
  const send = async (path: string, body: object) => {
    const { status, document } = await callApi(laboratory.home, `/api/repositories/${path}`, body);
    return { http: status, ...document };
  };
  return { laboratory, bare, send, body: { path_or_url: bare, name: "small", verify: "node --test" } };
}

it("a set-up run needs a configured coder, tokens and a trial that is not green; without one of these it is neither offered nor accepted", async () => {
  const bare = await openHome({ hasCredential: false });
  expect(await bare.send("detect", { path_or_url: bare.bare })).not.toHaveProperty("set_up_tokens");
  expect(await bare.send("trial", bare.body)).toMatchObject({ outcome: "held", code: "HOLD-DOCKER-UNAVAILABLE" });
  expect(await bare.send("set-up-run", bare.body)).toMatchObject({
    http: 409,
    error: { code: "no-credentials", hint: expect.stringMatching(/^aedev secrets set AEDEV_CLAUDE_OAUTH_TOKEN /) },
  });

  const off = await openHome({ configuration: "limits:\n  set_up_tokens: 0\n" });
  expect(await off.send("detect", { path_or_url: off.bare })).not.toHaveProperty("set_up_tokens");
  await off.send("trial", off.body);
  expect(await off.send("set-up-run", off.body)).toMatchObject({ http: 409, error: { code: "no-tokens" } });

  const ready = await openHome();
  expect(await ready.send("detect", { path_or_url: ready.bare })).toMatchObject({ set_up_tokens: 400_000 });
  expect(await ready.send("set-up-run", ready.body)).toMatchObject({ http: 409, error: { code: "nothing-to-set-up" } });
  await ready.send("trial", ready.body);
  expect(await ready.send("set-up-run", { ...ready.body, verify: ["true"] })).toMatchObject({
    http: 409,
    error: { code: "nothing-to-set-up" },
  });
  expect(await ready.send("set-up-run", ready.body)).toMatchObject({
    http: 200,
    status: "failed",
    code: "HOLD-DOCKER-UNAVAILABLE",
    tokens: 400_000,
    tokens_used: 0,
    settings: null,
  });
  expect(ready.laboratory.models.requests).toEqual([]);
});

it("`repo add` starts no set-up run if nothing can be tried, or together with --no-try", async () => {
  const { laboratory, bare } = await openHome();
  const untried = await laboratory.run("repo", "add", bare, "--set-up-run", "--yes", "--json");
  expect(untried.exitCode).toBe(0);
  expect(untried.json()).toMatchObject({ trial: "untried", tried: null });
  expect(untried.json()).not.toHaveProperty("set_up_run");
  expect(untried.stderr).toContain("no set-up run was started, because nothing was tried");
  const both = await laboratory.run("repo", "add", bare, "--set-up-run", "--no-try");
  expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining("--no-try makes none")]);
});
