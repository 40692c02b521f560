/**
 * Push messages and their way back as the daemon has them: says in the log where messages go, sends what is owed, listens to the reply topic.
 * It holds the access token, which nothing else of the daemon sees.
 */
import { createHash } from "node:crypto";
import type { CommandBody, Notice } from "@aedev/core";
import { canonicalJson } from "@aedev/core/wire";
import { readControlSecrets } from "../home/secrets.ts";
import { type Control, command } from "../loop/control.ts";
import type { Later } from "../loop/loop.ts";
import { createTapExplainer } from "./reply/explain-tap.ts";
import { createReplyReader } from "./reply/read-replies.ts";
import { openReplyCursor } from "./reply/reply-cursor.ts";
import { openReplyStream, type ReplyStream } from "./reply/reply-stream.ts";
import { pushServerOf, sendPush } from "./send-push.ts";
import { type PushTrial, tryPush } from "./try-push.ts";

const tokenName = "AEDEV_NTFY_TOKEN";

export interface Notifier {
  send(notice: Notice): Promise<CommandBody | Later | null>;
  /** Throws a Fault where no topic is configured. */
  test(): Promise<PushTrial>;
  close(): Promise<void>;
}

/** `secrets`: the control plane's own that came by the environment; they win over its file, also where they are empty. */
export async function openNotifier({
  control,
  secrets,
}: {
  control: Control;
  secrets: Readonly<Record<string, string>>;
}): Promise<Notifier> {
  const { notifications } = control.configuration;
  const { url, topic, replyTopic } = notifications;
  const credential = () => (secrets[tokenName] ?? readControlSecrets(control.home)[tokenName] ?? "") || null;
  const digest = topic === null ? null : createHash("sha256").update(canonicalJson({ url, topic })).digest("hex");
  await control.log.submit(command({ kind: "ConfigureNotifier", digest }, "control"));
  let replies: ReplyStream | null = null;
  if (topic !== null && replyTopic !== null) {
    replies = openReplyStream({
      url,
      topic: replyTopic,
      credential,
      reader: createReplyReader(control),
      cursor: openReplyCursor({ home: control.home, source: `${url}/${replyTopic}` }),
      firstLookBackMs: control.policy().approvals.expires_after_ms,
      onTap: createTapExplainer(() => pushServerOf(notifications, credential())),
    });
  }
  return {
    send: (notice) => sendPush(notice, { control, credential }),
    test: () => tryPush(notifications, { credential: credential(), listening: () => replies?.problem() ?? null }),
    close: async () => replies?.close(),
  };
}
