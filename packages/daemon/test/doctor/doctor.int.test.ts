/** The doctor on a real home, with an engine that is a socket of ours: what it finds, what it needs, what it only mentions. */
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { doctor } from "../../src/doctor/doctor.ts";
import { setSecret } from "../../src/home/secrets.ts";
import { initHome } from "../../src/process/initialize-home.ts";
import { openKnownDeliveries } from "../../src/webhook/known-deliveries.ts";

let folder: string;
let home: string;
let engine: Server;
let info: Record<string, unknown>;
let environment: Record<string, string | undefined>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "aedev-doctor-"));
  home = join(folder, "home");
  await initHome(home);
  info = { MemoryLimit: true, SwapLimit: true, PidsLimit: true, CpuCfsQuota: true, MemTotal: 2 ** 34 };
  engine = createServer((request, response) => {
    response.statusCode = request.url?.includes("no-such-image") === true ? 404 : 200;
    response.end(JSON.stringify(request.url === "/info" ? info : {}));
  }).listen(join(folder, "engine.sock"));
  await once(engine, "listening");
  environment = { PATH: process.env["PATH"], DOCKER_HOST: `unix://${folder}/engine.sock`, AEDEV_PORT: "0" };
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true });
});

async function check(name: string) {
  const { checks } = await doctor({ home, environment });
  return checks.find((candidate) => candidate.name === name) ?? { name, ok: false, found: "no such check", help: "" };
}

describe("doctor", () => {
  it("the doctor finds engine, image and limits, and names a missing image and a weak engine", async () => {
    for (const name of ["node", "git", "docker", "runner image", "sandbox limits", "sandbox link", "disk"])
      expect(await check(name)).toMatchObject({ name, ok: true });
    expect(await check("disk")).toMatchObject({
      found: expect.stringMatching(/prepared dependencies 0 B of at most 2.15 GB/),
    });
    info = { ...info, MemoryLimit: false };
    expect(await check("sandbox limits")).toMatchObject({ ok: false, needed: false });
    writeFileSync(join(home, "config.yaml"), "system:\n  runner_image: no-such-image:1\n");
    expect(await check("runner image")).toMatchObject({ ok: false, help: expect.stringContaining("aedev setup") });
    environment = { ...environment, DOCKER_HOST: "tcp://127.0.0.1:9" };
    expect(await check("docker")).toMatchObject({ ok: false, found: expect.stringContaining("127.0.0.1:9") });
  });

  it("the doctor reports files that others can read, with the command that fixes it", async () => {
    expect(await check("permissions")).toMatchObject({ ok: true });
    chmodSync(join(home, "secrets/execution.env"), 0o640);
    const open = await check("permissions");
    expect(open).toMatchObject({ ok: false, help: `chmod -R go= ${home}` });
    expect(open.found).toContain("secrets/execution.env");
    expect(open.found).not.toContain("judgement.env");
  });

  it("the doctor names each file that does not load", async () => {
    for (const name of ["configuration", "policy", "prices"]) expect(await check(name)).toMatchObject({ ok: true });
    for (const [name, file] of [
      ["configuration", "config.yaml"],
      ["policy", "policies.yaml"],
      ["prices", "prices.yaml"],
    ] as const) {
      writeFileSync(join(home, file), "frob: 1\n");
      const found = expect.stringContaining(`${file}: frob`);
      const help = expect.stringContaining(`edit ${join(home, file)}`);
      expect(await check(name)).toMatchObject({ ok: false, invalid: true, found, help });
      writeFileSync(join(home, file), "");
    }
  });

  it("the doctor says what a missing judge means under the current policy", async () => {
    expect(await check("openai key")).toMatchObject({
      ok: false,
      needed: true,
      found: expect.stringContaining("held"),
    });
    writeFileSync(join(home, "policies.yaml"), "judges:\n  when_missing: ask\n");
    expect(await check("openai key")).toMatchObject({
      ok: false,
      needed: false,
      found: expect.stringContaining("need your approval"),
    });
    setSecret(home, "AEDEV_OPENAI_API_KEY", "a-key-of-this-test");
    expect(await check("openai key")).toMatchObject({ ok: true, found: "AEDEV_OPENAI_API_KEY is set" });
    environment = { ...environment, AEDEV_OPENAI_API_KEY: "" };
    expect(await check("openai key")).toMatchObject({ ok: false });
  });

  it("the doctor mentions a third judge if one is configured, and needs no key for it beside two others", async () => {
    const third = { AEDEV_COMPATIBLE_MODEL: "third", AEDEV_COMPATIBLE_BASE_URL: "http://127.0.0.1:9" };
    setSecret(home, "AEDEV_OPENAI_API_KEY", "a-key-of-this-test");
    setSecret(home, "AEDEV_GEMINI_API_KEY", "a-key-of-this-test");
    expect(await check("compatible key")).toMatchObject({ found: "no such check" });
    environment = { ...environment, ...third };
    expect(await check("compatible key")).toMatchObject({
      ok: false,
      needed: false,
      found: expect.stringContaining("the others suffice"),
    });
    environment = { ...environment, AEDEV_GEMINI_API_KEY: "" };
    expect(await check("compatible key")).toMatchObject({ ok: false, needed: true });
    setSecret(home, "AEDEV_COMPATIBLE_API_KEY", "a-key-of-this-test");
    expect(await check("compatible key")).toMatchObject({ ok: true });
    expect(await check("gemini key")).toMatchObject({ ok: false, needed: false });
  });

  it("the doctor counts a paid key as the coder's credential only if that was chosen", async () => {
    setSecret(home, "AEDEV_ANTHROPIC_API_KEY", "an-api-key-of-this-test");
    expect(await check("claude credential")).toMatchObject({ ok: false });
    writeFileSync(join(home, "config.yaml"), "auth:\n  allow_api_key: true\n");
    expect(await check("claude credential")).toMatchObject({ ok: true });
  });

  it("the doctor distinguishes a stopped daemon from a port that another program uses", async () => {
    expect(await check("daemon")).toMatchObject({ ok: false, needed: false, help: "aedev daemon start" });
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    environment = { ...environment, AEDEV_PORT: String(port) };
    const taken = await check("daemon");
    other.close();
    expect(taken).toMatchObject({ ok: false, found: expect.stringContaining(String(port)) });
    expect(taken).not.toHaveProperty("needed");
  });

  it("the doctor says whether a webhook's deliveries can be taken, if a port is configured", async () => {
    const name = "AEDEV_GITHUB_WEBHOOK_SECRET";
    expect(await check("github webhook")).toMatchObject({ found: "no such check" });
    writeFileSync(join(home, "config.yaml"), "github:\n  webhook_port: 7249\n");
    const missing = { ok: false, needed: false, found: expect.stringContaining(`${name} is missing`) };
    expect(await check("github webhook")).toMatchObject(missing);
    environment = { ...environment, [name]: "short" };
    expect(await check("github webhook")).toMatchObject(missing);
    environment = { ...environment, [name]: "0123456789abcdef0123456789abcdef" };
    const quiet = await check("github webhook");
    expect(quiet).toMatchObject({ ok: false, found: expect.stringContaining("127.0.0.1:7249/github/webhook") });
    expect(quiet.found).toContain("none has come yet");
    openKnownDeliveries(home).remember({ id: "72d3162e-cc78-11e3-81ab-4c9367dc0958", signature: "a".repeat(64) });
    expect(await check("github webhook")).toMatchObject({ ok: true, found: expect.stringContaining("came at 2") });
  });

  it("the doctor says how far a push would get", async () => {
    expect(await check("notifications")).toMatchObject({ ok: false, needed: false, help: "aedev init" });
    writeFileSync(join(home, "config.yaml"), "notifications:\n  topic: mine\n");
    expect(await check("notifications")).toMatchObject({
      ok: false,
      found: expect.stringContaining("without buttons"),
    });
    writeFileSync(join(home, "config.yaml"), "notifications:\n  topic: mine\n  reply_topic: back\n");
    setSecret(home, "AEDEV_NTFY_TOKEN", "tk_of_this_test");
    expect(await check("notifications")).toMatchObject({ ok: true });
  });
});
