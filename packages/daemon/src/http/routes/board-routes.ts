/** The read-only status board and the health answer: the pages that need no token. */
import { statSync } from "node:fs";
import { renderStatusBoard, statusBoardDocument } from "@aedev/dashboard";
import type { FastifyInstance } from "fastify";
import type { Control } from "../../loop/control.ts";

export function boardRoutes(server: FastifyInstance, control: Control): void {
  const { dev, ino } = statSync(control.home);
  // Which folder it serves, so that nobody takes it for the daemon of a copy of that folder.
  server.get("/health", async () => ({ status: "ok", pid: process.pid, home: `${dev}:${ino}` }));
  server.get("/status-board", async (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .send(renderStatusBoard(control.log.state, { now: new Date().toISOString(), daemon: "running" })),
  );
  server.get("/status-board.json", async () => statusBoardDocument(control.log.state, new Date().toISOString()));
}
