/** `aedev events accept`: accepts a log that is not trusted as it is, after the person confirmed its position and hash. The log records who accepted it and why. */
import { acceptLogCommand } from "@aedev/contracts";
import { done, refused, usageFault } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";

const example = `1284:${"5f2c".repeat(16)}`;

export const verb: Verb = {
  summary:
    "Accept a log that is not trusted, as it is, so that work continues. Every approval that was requested before is void.",
  options: [
    { flags: "--tip <position:hash>", summary: "the log's last event, what you accept; to see it: aedev status" },
    { flags: "--reason <text>", summary: "why you accept it; the log keeps it" },
  ],
  examples: [
    "aedev events accept",
    `aedev events accept --tip ${example} --reason "restored the backup of Monday"`,
    `aedev events accept --tip ${example} --reason "…" --json`,
  ],
  async run(session, input) {
    const status = await call(session, "showStatus", {});
    if (status.kind === "refused") return status;
    const { untrusted } = status.document;
    if (untrusted === null)
      return refused("log-trusted", "the log is trusted; there is nothing to accept", "aedev status");
    const tip = input.text("tip");
    const reason = input.text("reason");
    const facts = `${untrusted.reasons.join("\n  ")}\n  it ends at position ${untrusted.position} with hash ${untrusted.hash}`;
    if (tip === undefined || reason === undefined)
      return refused("not-confirmed", `the log is not trusted:\n  ${facts}`, acceptLogCommand(untrusted));
    const [, position, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(tip) ?? [];
    if (position === undefined || hash === undefined)
      throw usageFault("--tip must be POSITION:HASH, as `aedev status` shows them", "aedev events accept");
    const answer = await call(session, "acceptLog", { body: { position: Number(position), hash, reason } });
    if (answer.kind === "refused") return answer;
    const { document } = answer;
    return done(
      document,
      `the log is accepted at position ${document.position}, in epoch ${document.epoch}; work continues`,
    );
  },
};
