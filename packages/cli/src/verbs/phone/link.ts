/** `aedev phone link`: makes a link with which a phone submits missions. Its address contains a token and is printed once. */
import { done } from "../../command-line/answer.ts";
import { durationOption } from "../../command-line/duration.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";

const usualLife = "30d";

export const verb: Verb = {
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
      `${link_id} works until ${expires_at}. Whoever has it can submit missions; it approves nothing.`,
      ...(pushed ? ["It was sent to your phone."] : []),
      ...(push_problem === null ? [] : [`It was NOT sent to your phone: ${push_problem}`]),
      `to revoke it: aedev phone revoke ${link_id}`,
    ];
    return { ...done(answer.document, lines.join("\n")), exit: push_problem === null ? 0 : 1 };
  },
};
