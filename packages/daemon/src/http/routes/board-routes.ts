/** The routes without a token: read-only status board, health answer and empty icon. */
import { statSync } from "node:fs";
import { renderStatusBoard } from "@aedev/dashboard";
import type { Control } from "../../control/control.ts";
import { statusBoardDocument } from "../../reader/status-board-document.ts";
import type { Handlers } from "./handler.ts";

export function boardRoutes(
  control: Control,
): Pick<Handlers, "health" | "statusBoard" | "statusBoardDocument" | "favicon"> {
  const { dev, ino } = statSync(control.home);
  const document = (now: string) => statusBoardDocument(control.log, now);
  return {
    health: async () => ({ status: "ok", pid: process.pid, home: `${dev}:${ino}` }),
    async statusBoard() {
      const now = new Date().toISOString();
      return renderStatusBoard(document(now), { now, daemon: "running" });
    },
    statusBoardDocument: async () => document(new Date().toISOString()),
    favicon: async () => undefined,
  };
}
