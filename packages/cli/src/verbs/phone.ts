/** `aedev phone`: makes, lists and revokes links for phones. */
import { localTime } from "@aedev/contracts";
import { done } from "../command-line/answer.ts";
import { durationOption } from "../command-line/duration.ts";
import type { Verb } from "../command-line/verb.ts";
import { changeVerb } from "../daemon-client/changes.ts";
import { call } from "../daemon-client/daemon-link.ts";
import { columns } from "../render/columns.ts";

const usualLife = "30d";

const linkVerb: Verb = {
  summary: "Make a link with which a phone submits missions, and nothing else. Its address is shown once.",
  options: [
    { flags: "--expires <duration>", summary: `how long it works, at most 366d; ${usualLife} if not given` },
    { flags: "--push", summary: "send it to your phone too, if strangers can't read the topic" },
  ],
  examples: ["aedev phone link", "aedev phone link --expires 7d --push"],
  async run(session, input) {
    const expires_in_ms = durationOption(input.text("expires") ?? usualLife, "--expires");
    const answer = await call(session, "makePhoneLink", { body: { expires_in_ms, push: input.flag("push") } });
    if (answer.kind === "refused") return answer;
    const { link_id, address, expires_at, pushed, push_problem } = answer.document;
    const lines = [
      address,
      `${link_id} works until ${localTime(expires_at)}. Whoever has it can submit missions; it approves nothing.`,
      ...(pushed ? ["It was sent to your phone."] : []),
      ...(push_problem === null ? [] : [`It was NOT sent to your phone: ${push_problem}`]),
      `to revoke it: aedev phone revoke ${link_id}`,
    ];
    return { ...done(answer.document, lines.join("\n")), exit: push_problem === null ? 0 : 1 };
  },
};

const listVerb: Verb = {
  summary: "List the links with which phones submit missions. Their addresses are not shown again.",
  examples: ["aedev phone list", "aedev phone list --json"],
  async run(session) {
    const answer = await call(session, "listPhoneLinks", {});
    if (answer.kind === "refused") return answer;
    const rows = answer.document.links.map(({ link_id, status, made_at, expires_at }) => [
      link_id,
      status,
      localTime(made_at),
      localTime(expires_at),
    ]);
    return done(answer.document, columns(["LINK", "STATUS", "MADE", "EXPIRES"], rows, "no links: aedev phone link"));
  },
};

const revokeVerb = changeVerb("revokePhoneLink", {
  summary: "Revoke a link with which a phone submits missions. Missions that it submitted stay.",
  arguments: [{ name: "<link>", summary: "its id" }],
  options: [],
  examples: ["aedev phone revoke l-0123456789abcdef"],
  input: (input) => ({ params: { id: input.argument(0) }, body: {} }),
  text: ({ link_id, status }) => `${link_id} ${status}`,
});

export const verbs = { link: linkVerb, list: listVerb, revoke: revokeVerb };
