/** `aedev notify test`: sends one push message the way real ones go, and says what it found on the way there and back. */
import { escapeLine } from "@aedev/core";
import { z } from "zod";
import { done } from "../../answer.ts";
import { postToDaemon } from "../../session/daemon-link.ts";
import type { Verb } from "../../verb.ts";

const trialSchema = z.looseObject({
  ok: z.boolean(),
  delivered: z.boolean(),
  topic: z.enum(["refused", "readable", "unproven"]).nullable(),
  buttons: z.boolean(),
  way_back: z.enum(["public_url", "reply_topic"]).nullable(),
  token: z.boolean(),
  problems: z.array(z.string()),
});
type Trial = z.infer<typeof trialSchema>;

export const verb: Verb = {
  summary:
    "Send a test message to your phone, and check what real ones need: a topic that strangers can't read, and a way back. Exits 1 where something is wrong.",
  examples: ["aedev notify test", "aedev notify test --json"],
  async run(session) {
    const answer = await postToDaemon(session, "/api/notifications/test");
    if (answer.kind === "refused") return answer;
    const trial = trialSchema.parse(answer.document);
    return { ...done(answer.document, describe(trial)), exit: trial.ok ? 0 : 1 };
  },
};

function describe({ delivered, topic, buttons, way_back, token, problems }: Trial): string {
  return [
    `message:  ${delivered ? "taken by the server; it should be on your phone now" : "NOT DELIVERED"}`,
    `topic:    ${topicWords[topic ?? "unknown"]}`,
    `token:    ${token ? "AEDEV_NTFY_TOKEN is set" : "AEDEV_NTFY_TOKEN is not set"}`,
    `way back: ${wayWords[way_back ?? "none"]}`,
    `buttons:  ${buttons ? "yes" : "no: decisions are made at the terminal"}`,
    ...[...new Set(problems)].map((problem) => `problem:  ${escapeLine(problem, 500)}`),
  ].join("\n");
}

const topicWords = {
  refused: "closed to strangers",
  readable: "ANYBODY CAN READ IT: messages go out without buttons (docs/PHONE.md)",
  unproven: "could not be shown to be closed to strangers: messages go out without buttons (docs/PHONE.md)",
  unknown: "the server did not say who can read it",
} as const;
const wayWords = {
  public_url: "public address (notifications.public_url)",
  reply_topic: "reply topic (notifications.reply_topic)",
  none: "none; set notifications.reply_topic or notifications.public_url (docs/PHONE.md)",
} as const;
