/** The read-only status board and the health answer: the pages that need no token. */
import { renderStatusBoard, statusBoardDocument } from "@aedev/dashboard";
import type { FastifyInstance } from "fastify";
import type { Control } from "../loop/control.ts";

export function boardRoutes(server: FastifyInstance, control: Control): void {
  server.get("/health", async () => ({ status: "ok", pid: process.pid }));
  server.get("/status-board", async (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .send(renderStatusBoard(control.log.state, { now: new Date().toISOString(), daemon: "running" })),
  );
  server.get("/status-board.json", async () => statusBoardDocument(control.log.state));
}
