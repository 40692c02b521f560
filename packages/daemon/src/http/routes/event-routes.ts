/** The log over HTTP: read it in pages, follow it as JSON Lines, verify it, rebuild its views. Only a person's acceptance appends. */
import { Fault } from "@aedev/contracts";
import { statusSummary } from "@aedev/core";
import { type Control, makeCommand } from "../../control/control.ts";
import { liveSignalFacts } from "../../reader/live-signal-facts.ts";
import { verificationDocument } from "../../reader/offline.ts";
import { openEventStreams } from "./event-stream.ts";
import { type Handlers, refusal } from "./handler.ts";

const streamsHelp = "end some of them, or read without following: aedev events export";

export function eventRoutes(control: Control) {
  const streams = openEventStreams(control.log);
  return {
    showStatus: async () => ({
      daemon: "running",
      ...statusSummary(
        control.log.state,
        new Date().toISOString(),
        control.log.views.totals().missions,
        await liveSignalFacts(control),
      ),
      untrusted: control.trust.untrusted,
    }),
    async listEvents({ query: { after, limit, stream, follow }, caller }, reply) {
      if (follow === "0")
        return { events: await control.log.listEvents({ after, limit, ...(stream === undefined ? {} : { stream }) }) };
      if (!streams.hasRoom())
        throw new Fault("too-many-streams", "too many readers follow the log", { hint: streamsHelp });
      reply.hijack();
      await streams.follow(reply.raw, { after, isAllowed: caller.isStillAllowed });
      return reply;
    },
    async acceptLog({ body, caller }) {
      const accepted = await control.trust.accept(body, async (command) => {
        const answer = await control.log.submit(makeCommand(command, caller));
        return answer.kind === "refused" ? answer : null;
      });
      return "kind" in accepted ? refusal(accepted) : { accepted: true, ...control.log.head, ...accepted };
    },
    verifyEvents: async () => verificationDocument(control.verify()),
    async rebuildEvents() {
      control.log.rebuild();
      return { rebuilt: true, ...control.log.head };
    },
  } satisfies Partial<Handlers>;
}
