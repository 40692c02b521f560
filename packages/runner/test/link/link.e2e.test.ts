/** Both links on the real engine, with the test's own server as gateway: traffic, a dying relay, a restarted plane, and the choice between the links. */
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chooseLink } from "../../src/link/choose-link.ts";
import { linkOfKind, type OpenLink } from "../../src/link/link.ts";
import { makeOwnFolder, socketFolderOf } from "../../src/tree/run-folder.ts";
import { imageReference, type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

let laboratory: Laboratory;
let imageId: string;
let server: Server;
let socketFolder: string;
let socketPath: string;
let container: string | null;
let opened: OpenLink | null;

beforeAll(async () => {
  laboratory = openLaboratory();
  imageId = (await laboratory.context.docker.image(imageReference, "HOLD-TOOLCHAIN")).id;
});
afterAll(() => laboratory.close());

beforeEach(async () => {
  const { context } = laboratory;
  [container, opened] = [null, null];
  socketFolder = socketFolderOf(context, `p-${randomBytes(8).toString("hex")}`);
  makeOwnFolder(socketFolder, context.user);
  socketPath = join(socketFolder, "gateway.sock");
  server = await gateway();
});
afterEach(async () => {
  await opened?.close();
  if (container !== null) await laboratory.context.docker.remove(container);
  server.closeAllConnections();
  server.close();
  rmSync(socketFolder, { recursive: true, force: true });
});

/** A server that echoes requests; `/stream` answers slowly in pieces, `/refused` with 403. */
async function gateway(): Promise<Server> {
  const answering = createServer((incoming, outgoing) => {
    if (incoming.url === "/refused") return void outgoing.writeHead(403).end("no");
    if (incoming.url === "/stream") {
      outgoing.write("first");
      setTimeout(() => outgoing.end("last"), 400);
      return;
    }
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => answering.listen(socketPath, resolve));
  const { user } = laboratory.context;
  if (user.chown) chownSync(socketPath, user.uid, user.gid);
  return answering;
}

/** Runs inside: sends the requests in its argument and prints JSON. */
const program = `
const { request } = require("node:http");
const ask = (path, body) => new Promise((resolve) => {
  const began = Date.now();
  const call = request({ socketPath: "/run/aedev/gateway.sock", path, method: "POST", agent: false }, (answer) => {
    let bytes = 0, first = null;
    answer.on("data", (part) => { bytes += part.length; first ??= Date.now() - began; });
    answer.on("end", () => resolve({ status: answer.statusCode, bytes, gap: Date.now() - began - first }));
  });
  call.on("error", (error) => resolve({ status: error.code }));
  call.end(body);
});
Promise.all(JSON.parse(process.argv[1]).map(([path, length]) => ask(path, Buffer.alloc(length))))
  .then((answers) => console.log(JSON.stringify(answers)));`;

async function start(kind: "socket" | "exec"): Promise<string> {
  const { context } = laboratory;
  const { docker, user } = context;
  const place = await linkOfKind(kind).place({ socketFolder, images: { runnerImageId: imageId, imageId } }, context);
  const id = await docker.create({
    imageId,
    entrypoint: ["/bin/sleep"],
    command: ["120"],
    environment: {},
    mounts: place.mounts,
    tmpfs: ["/tmp", "/home/dev", ...place.tmpfs],
    user: `${user.uid}:${user.gid}`,
    workingFolder: "/",
    seccomp: "coder",
    labels: { "aedev.home": context.homeId, "aedev.kind": "probe" },
    limits,
  });
  container = id;
  await docker.start(id);
  opened = await linkOfKind(kind).open({ containerId: id, socketPath }, context);
  return id;
}
async function inside(id: string, command: readonly string[]): Promise<string> {
  const { docker, user } = laboratory.context;
  const how = { user: `${user.uid}:${user.gid}`, timeoutMs: 30_000 };
  return (await docker.exec(id, command, how)).output;
}
async function ask(id: string, requests: readonly (readonly [string, number])[]) {
  return JSON.parse(await inside(id, ["node", "-e", program, JSON.stringify(requests)]));
}

describe.each(["socket", "exec"] as const)("the %s link", (kind) => {
  it("carries streams as they arrive, refusals, large bodies and concurrent requests, and is not a network", async () => {
    const id = await start(kind);
    const [stream, refused, large, ...many] = await ask(id, [
      ["/stream", 0],
      ["/refused", 0],
      ["/echo", 12_000_000],
      ...Array.from({ length: 20 }, () => ["/echo", 50_000] as const),
    ]);
    expect(stream).toMatchObject({ status: 200, bytes: 9 });
    expect(stream.gap).toBeGreaterThan(200);
    expect(refused).toMatchObject({ status: 403, bytes: 2 });
    expect(large).toMatchObject({ status: 200, bytes: 12_000_000 });
    expect(new Set(many.map(({ bytes }: { bytes: number }) => bytes))).toEqual(new Set([50_000]));
    expect((await inside(id, ["cat", "/proc/net/route"])).trim().split("\n").length).toBeLessThan(2);
    expect((await inside(id, ["ls", "/sys/class/net"])).trim()).toBe("lo");
  });

  it("works again after the runner has closed and opened it, and after the gateway came back", async () => {
    const id = await start(kind);
    expect(await ask(id, [["/echo", 5]])).toEqual([expect.objectContaining({ status: 200, bytes: 5 })]);
    await opened?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(socketPath, { force: true });
    const [gone] = await ask(id, [["/echo", 5]]);
    expect(gone.status).not.toBe(200);
    server = await gateway();
    opened = await linkOfKind(kind).open({ containerId: id, socketPath }, laboratory.context);
    expect(await ask(id, [["/echo", 6]])).toEqual([expect.objectContaining({ status: 200, bytes: 6 })]);
  });
});

describe("the exec link's relay", () => {
  const killing = `
for (const name of require("node:fs").readdirSync("/proc")) {
  if (!/^[0-9]+$/.test(name) || Number(name) === process.pid) continue;
  const line = require("node:fs").readFileSync("/proc/" + name + "/cmdline", "latin1");
  if (line.includes("relay.ts") && !line.includes("docker-init")) { process.kill(Number(name), "SIGKILL"); console.log("killed"); }
}`;

  it("restarts when it dies, and ends when the link is closed", async () => {
    const id = await start("exec");
    for (let times = 0; times < 2; times += 1) {
      expect(await inside(id, ["node", "-e", killing])).toContain("killed");
      await expect.poll(async () => (await ask(id, [["/echo", 7]]))[0].status, { timeout: 20_000 }).toBe(200);
    }
    await opened?.close();
    opened = null;
    await expect.poll(async () => await inside(id, ["node", "-e", killing]), { timeout: 10_000 }).toBe("");
  });

  it("ends with its container, without a message from the runner", async () => {
    const id = await start("exec");
    await laboratory.context.docker.kill(id);
    await opened?.close();
    opened = null;
  });
});

describe("the choice of a link", () => {
  const choose = async (sandboxLink: "auto" | "socket" | "exec", other: Partial<Laboratory["context"]> = {}) => {
    const context = { ...laboratory.context, sandboxLink, ...other };
    const { kind } = await chooseLink({ runnerImageId: imageId, limits }, context);
    return { kind, record: JSON.parse(readFileSync(join(context.home, "run", "sandbox-link.json"), "utf8")) };
  };

  it("is the operator's, else by a probe: sockets if a container reaches one in a mounted folder, else the relay", async () => {
    expect(await choose("exec")).toMatchObject({ kind: "exec", record: { why: "system.sandbox_link is exec" } });
    expect(await choose("auto")).toMatchObject({ kind: "socket", record: { kind: "socket", engine: "default" } });
    // Like an engine that shares the folder but passes no socket: the probe finds a plain file in its place.
    const { docker } = laboratory.context;
    const shadow = join(laboratory.home, "shadow");
    mkdirSync(shadow, { recursive: true });
    writeFileSync(join(shadow, "p.sock"), "");
    const create: typeof docker.create = (spec) =>
      docker.create({ ...spec, mounts: spec.mounts.map((mount) => ({ ...mount, source: shadow })) });
    const chosen = await choose("auto", { docker: { ...docker, create } });
    expect(chosen).toMatchObject({ kind: "exec", record: { why: expect.stringMatching(/ECONNREFUSED|EACCES/) } });
    expect(await docker.list({ "aedev.home": laboratory.context.homeId })).toEqual([]);
  });
});
