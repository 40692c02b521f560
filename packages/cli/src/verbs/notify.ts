/** `aedev notify`: sends a test message. */

import { escapeLine } from "@aedev/contracts";
import type { PushTrial } from "@aedev/contracts/api";
import { done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { call } from "../daemon-client/daemon-link.ts";

const testVerb: Verb = {
  summary:
    "Send a test message to your phone and check that strangers can't read the topic and that replies can come back. Exits 1 if something is wrong.",
  examples: ["aedev notify test", "aedev notify test --json"],
  async run(session) {
    const answer = await call(session, "testNotification", { body: {} });
    if (answer.kind === "refused") return answer;
    return { ...done(answer.document, describe(answer.document)), exit: answer.document.ok ? 0 : 1 };
  },
};

function describe({ delivered, topic, buttons, way_back, token, problems }: PushTrial): string {
  return [
    `message:  ${delivered ? "accepted by the server; it should be on your phone now" : "NOT DELIVERED"}`,
    `topic:    ${topicTexts[topic ?? "unknown"]}`,
    `token:    ${token ? "AEDEV_NTFY_TOKEN is set" : "AEDEV_NTFY_TOKEN is not set"}`,
    `way back: ${channelTexts[way_back ?? "none"]}`,
    `buttons:  ${buttons ? "yes" : "no: decisions are made at the terminal"}`,
    ...[...new Set(problems)].map((problem) => `problem:  ${escapeLine(problem, 500)}`),
    ...(delivered
      ? []
      : [
          "another server:    aedev config set notifications.url URL",
          "no push messages:  aedev config set notifications.topic null",
        ]),
  ].join("\n");
}

const topicTexts = {
  refused: "closed to strangers",
  readable: "ANYBODY CAN READ IT: messages go out without buttons (docs/PHONE.md)",
  unproven: "could not confirm that strangers can't read it: messages go out without buttons (docs/PHONE.md)",
  unknown: "the server did not say who can read it",
} as const;
const channelTexts = {
  public_url: "public address (notifications.public_url)",
  reply_topic: "reply topic (notifications.reply_topic)",
  none: "none; set notifications.reply_topic or notifications.public_url (docs/PHONE.md)",
} as const;

export const verbs = { test: testVerb };
