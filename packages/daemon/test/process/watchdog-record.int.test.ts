/** The watchdog's own push: after three failed checks in a row, once, and again only if the server did not take it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeLayout } from "@aedev/host/home-layout";
import { afterEach, beforeEach, expect, it } from "vitest";
import { recordCheck } from "../../src/process/watchdog-record.ts";

let home: string;
let server: Server;
let pushes: string[];
let status = 200;
beforeEach(async () => {
  pushes = [];
  status = 200;
  home = mkdtempSync(join(tmpdir(), "aedev-watchdog-"));
  const { run, secretsFolder, secrets } = homeLayout(home);
  for (const folder of [run, secretsFolder]) mkdirSync(folder, { mode: 0o700 });
  writeFileSync(secrets("control"), "", { mode: 0o600 });
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      pushes.push(`${request.url} ${body}`);
      response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(home, { recursive: true, force: true });
});

const check = (problem: string | null, topic = "alerts") => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return recordCheck({ home, environment: { AEDEV_NTFY_URL: url, AEDEV_NTFY_TOPIC: topic }, problem });
};

it("the watchdog's push goes out at the third failed check, once per outage; a passing check starts over", async () => {
  expect(await check("it died")).toMatchObject({ failures: 1, pushed: false });
  expect(await check("it died")).toMatchObject({ failures: 2, pushed: false });
  expect(pushes).toEqual([]);
  expect(await check("it died")).toMatchObject({ failures: 3, pushed: true, pushProblem: null });
  expect(await check("it died")).toMatchObject({ failures: 4, pushed: true });
  expect(pushes).toHaveLength(1);
  expect(pushes[0]).toMatch(/^\/alerts .*it died.*3 checks in a row/s);
  expect(await check(null)).toEqual({ failures: 0, pushed: false, pushProblem: null });
  expect(await check("it hangs")).toMatchObject({ failures: 1, pushed: false });
});

it("the watchdog's push is tried again at the next check if the server did not take it, or no topic is configured", async () => {
  await check("it died");
  await check("it died");
  status = 500;
  expect(await check("it died")).toMatchObject({
    failures: 3,
    pushed: false,
    pushProblem: expect.stringContaining("500"),
  });
  expect(await check("it died", "")).toMatchObject({ pushed: false, pushProblem: expect.stringContaining("no topic") });
  status = 200;
  expect(await check("it died")).toMatchObject({ failures: 5, pushed: true, pushProblem: null });
});
