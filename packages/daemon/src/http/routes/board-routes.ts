/** The routes without a token: read-only status board, health answer and empty icon. */
import { renderStatusBoard } from "@aedev/dashboard";
import { homeIdentity } from "@aedev/host/api-socket";
import type { Home, Trust } from "../../control/parts.ts";
import { liveSignalFacts, type SignalSource } from "../../reader/live-signal-facts.ts";
import { statusBoardDocument } from "../../reader/status-board-document.ts";
import type { Handlers } from "./handler.ts";

export function boardRoutes({ control, passAgeMs }: { control: Home & Trust & SignalSource; passAgeMs: () => number }) {
  const document = async (now: string) =>
    statusBoardDocument(control.log, now, control.trust.untrusted, await liveSignalFacts(control));
  return {
    health: async () => {
      const log = control.trust.untrusted === null ? "trusted" : "untrusted";
      return { status: "ok", pid: process.pid, home: homeIdentity(control.home) ?? "", log, pass_age_ms: passAgeMs() };
    },
    async statusBoard() {
      const now = new Date().toISOString();
      return renderStatusBoard(await document(now), { now, daemon: "running" });
    },
    statusBoardDocument: async () => document(new Date().toISOString()),
    favicon: async () => undefined,
  } satisfies Partial<Handlers>;
}
