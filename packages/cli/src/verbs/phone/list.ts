/** `aedev phone list`: the links with which phones submit missions, without their addresses. */
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { call } from "../../daemon-client/daemon-link.ts";
import { columns } from "../../render/columns.ts";

export const verb: Verb = {
  summary: "List the links with which phones submit missions. Their addresses are not shown again.",
  examples: ["aedev phone list", "aedev phone list --json"],
  async run(session) {
    const answer = await call(session, "listPhoneLinks", {});
    if (answer.kind === "refused") return answer;
    const rows = answer.document.links.map(({ link_id, status, made_at, expires_at }) => [
      link_id,
      status,
      made_at,
      expires_at,
    ]);
    return done(answer.document, columns(["LINK", "STATUS", "MADE", "EXPIRES"], rows, "no links: aedev phone link"));
  },
};
