/** The stream of changes for clients that stay open. */
import { Fault } from "@aedev/contracts";
import { entityById, missionDocument, statusSummary } from "@aedev/core";
import type { Control } from "../../control/control.ts";
import { liveSignalFacts } from "../../reader/live-signal-facts.ts";
import type { Handlers } from "./handler.ts";
import { openLiveFeed } from "./live-feed.ts";

export function liveRoutes(control: Control) {
  const { log } = control;
  const feed = openLiveFeed({
    log,
    missionOf(stream) {
      const [kind, id = ""] = stream.split("/");
      if (kind === "mission") return id;
      return kind === "task" ? (log.stateWith({ tasks: [id] }).tasks[id]?.mission_id ?? null) : null;
    },
    prepare: () => liveSignalFacts(control),
    read(ids, facts) {
      const at = new Date().toISOString();
      const state = log.stateWith({ missions: [...ids] });
      // A plan shows the states of its parts.
      const plans = ids.flatMap((id) => entityById(state.missions, id)?.part_of ?? []);
      const summary = statusSummary(log.state, at, log.views.totals().missions, facts);
      return {
        position: log.head.position,
        at,
        missions: [...new Set([...ids, ...plans])].flatMap((id) => missionDocument(state, id) ?? []),
        status: { daemon: "running", ...summary, untrusted: control.trust.untrusted },
      };
    },
  });
  return {
    async stream({ caller }, reply) {
      if (!feed.hasRoom(caller.by))
        throw new Fault("too-many-streams", "too many clients follow what changes", { hint: "close some of them" });
      const given = Number(reply.request.headers["last-event-id"]);
      reply.hijack();
      await feed.add(reply.raw, {
        after: Number.isSafeInteger(given) && given >= 0 ? given : null,
        by: caller.by,
        isAllowed: caller.isStillAllowed,
      });
      return reply;
    },
  } satisfies Partial<Handlers>;
}
