/** Image references from a repository or a person, against a fake engine that redirects unclean paths like the real one. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDocker } from "../src/engine/docker.ts";
import type { Engine } from "../src/engine/engine.ts";

const id = `sha256:${"a".repeat(64)}`;
const folder = mkdtempSync(join(tmpdir(), "aedev-engine-"));
const asked: string[] = [];
const elsewhere: string[] = [];
let servers: Server[];
let docker: Engine;
let host: string;

beforeAll(async () => {
  const other = createServer((request, response) => {
    elsewhere.push(request.url ?? "");
    response.end("{}");
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const engine = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    if (url.includes("..")) response.writeHead(301, { Location: `http://${url.split("../").at(-1)}` }).end();
    else response.setHeader("Content-Type", "application/json").end(JSON.stringify({ Id: id, Config: null }));
  });
  const socket = join(folder, "engine.sock");
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  servers = [other, engine];
  docker = openDocker({ dockerHost: `unix://${socket}`, deadlineMs: 5000 });
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

it("the engine is asked only for names of images, so that no name leads to another request or another host", async () => {
  const hostile = [
    `../${host}/latest/meta-data?x=`,
    `..//${host}/x?x=`,
    "a/../../version?x=",
    "a/./b",
    "a//b",
    "a?x=",
    "a#b",
    "%2e%2e/version",
    "/a",
    "--help",
    "a b",
    "a\r\nHost: b",
    "..",
    "",
    "ä",
  ];
  for (const reference of hostile)
    await expect(docker.image(reference, "HOLD-TOOLCHAIN")).rejects.toMatchObject({ code: "HOLD-TOOLCHAIN" });
  expect({ asked, elsewhere }).toEqual({ asked: [], elsewhere: [] });
  const names = ["node", "python-checks:3.12", "localhost:5000/a/b_c.d-e:1.0", `x/y@${id}`, id];
  for (const reference of names) expect((await docker.image(reference, "HOLD-TOOLCHAIN")).id).toBe(id);
  expect(asked.length).toBe(names.length);
});
