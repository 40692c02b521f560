/** The routes without a token: read-only status board, health answer and empty icon. */
import { homeIdentity } from "@aedev/host/api-socket";
import { type LiveBoardOptions, openLiveBoard } from "../../board/live-board.ts";
import type { Home, Trust } from "../../control/parts.ts";
import { boardPage } from "./board-page.ts";
import type { Handlers } from "./handler.ts";

export function boardRoutes(options: LiveBoardOptions & { control: Home & Trust }) {
  const { control, passAgeMs } = options;
  const document = openLiveBoard(options);
  return {
    health: async () => {
      const log = control.trust.untrusted === null ? "trusted" : "untrusted";
      return { status: "ok", pid: process.pid, home: homeIdentity(control.home) ?? "", log, pass_age_ms: passAgeMs() };
    },
    async statusBoard(_request, reply) {
      const { page, policy } = boardPage(await document(), reply.request.headers["accept-language"]);
      reply.header("content-security-policy", policy);
      return page;
    },
    statusBoardDocument: async () => document(),
    favicon: async () => undefined,
  } satisfies Partial<Handlers>;
}
