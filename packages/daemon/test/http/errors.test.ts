/** What a client is told when a route fails. */
import { Fault } from "@aedev/contracts";
import Fastify from "fastify";
import { expect, it, vi } from "vitest";
import { mapErrors } from "../../src/http/server.ts";

it("a client gets a fault with its hint, but no details of any other failure, whose cause goes into the log file", async () => {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const server = Fastify();
  mapErrors(server);
  server.get("/fault", async () => {
    throw new Fault("no-evidence", "there is none", { hint: "aedev task show" });
  });
  server.get("/broken", async () => {
    throw new Error("sekret in /home/operator");
  });
  const ask = async (url: string) => {
    const { statusCode, body } = await server.inject(url);
    return { statusCode, ...JSON.parse(body) };
  };
  expect(await ask("/fault")).toEqual({
    statusCode: 409,
    error: { code: "no-evidence", reason: "there is none", hint: "aedev task show" },
  });
  expect(await ask("/broken")).toMatchObject({ statusCode: 500, error: { code: "internal", hint: null } });
  expect(JSON.stringify(await ask("/broken"))).not.toContain("sekret");
  expect(log.mock.calls.join()).toContain("sekret in /home/operator");
  expect(await ask("/other")).toMatchObject({ statusCode: 404, error: { code: "not-found" } });
  log.mockRestore();
  await server.close();
});
