/**
 * Sends push messages and takes replies. It alone in the daemon holds the access token.
 * Folder: push messages and replies.
 */
import { createHash } from "node:crypto";
import { canonicalJson, nullOn } from "@aedev/contracts";
import type { PushTrial } from "@aedev/contracts/api";
import { type CommandBody, homeSignals, longestOpenApproval, type Notice } from "@aedev/core";
import { machinePacing } from "@aedev/host/retry-pacing";
import { type Control, makeCommand } from "../control/control.ts";
import type { Deferred } from "../control/deferred.ts";
import { readControlSecrets } from "../home/secrets.ts";
import { readPushPause, writePushPause } from "../observed/push-pause-file.ts";
import { liveSignalFacts } from "../reader/live-signal-facts.ts";
import { startDailyDigest } from "./daily-digest.ts";
import { quietUntil } from "./delivery-time.ts";
import { composeDigest } from "./message/compose-digest.ts";
import type { ComposedMessage } from "./message/composed-message.ts";
import { restorePause } from "./ntfy/push-pause.ts";
import { composeSignal, startPushingSignals } from "./push-signals.ts";
import { createTapExplainer } from "./reply/explain-tap.ts";
import { createReplyReader } from "./reply/read-replies.ts";
import { openReplyCursor } from "./reply/reply-cursor.ts";
import { openReplyStream, type ReplyStream } from "./reply/reply-stream.ts";
import { sendPhoneLink } from "./send-phone-link.ts";
import { pushServerOf, sendComposed, sendPush } from "./send-push.ts";
import { tryPush } from "./try-push.ts";

const tokenName = "AEDEV_NTFY_TOKEN";

export interface Notifier {
  send(notice: Notice): Promise<CommandBody | Deferred | null>;
  /** Throws a Fault if no topic is configured. */
  test(): Promise<PushTrial>;
  /** Sends a link for new missions to the phone; null, or why it was not sent: never to a topic that strangers can read. Throws as `test` and `send` do. */
  sendLink(link: { address: string; expiresAt: string }): Promise<string | null>;
  close(): Promise<void>;
}

/** `secrets`: the control plane's secrets from the environment; they win over its file, even if empty. */
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
  const pause = await readPushPause(control.home).catch(nullOn("home-unreadable"));
  restorePause(url, pause, (now) => writePushPause(control.home, now));
  const digest = topic === null ? null : createHash("sha256").update(canonicalJson({ url, topic })).digest("hex");
  await control.log.submit(makeCommand({ kind: "ConfigureNotifier", digest }, "control"));
  let replies: ReplyStream | null = null;
  if (topic !== null && replyTopic !== null) {
    replies = openReplyStream({
      url,
      topic: replyTopic,
      credential,
      reader: createReplyReader(control),
      cursor: openReplyCursor({ home: control.home, source: `${url}/${replyTopic}` }),
      firstReplayMs: control.policy().approvals.expires_after_ms,
      onTap: createTapExplainer(() => pushServerOf(notifications, credential())),
    });
  }
  const tell = (message: ComposedMessage, priority: 3 | 4) => sendComposed(message, { priority, control, credential });
  const dailyDigest =
    topic === null || notifications.digestMinute === null
      ? null
      : startDailyDigest({
          minuteOfDay: notifications.digestMinute,
          state: () => control.log.state,
          async send(since) {
            const { readDigest } = await import("../reader/digest.ts");
            const until = new Date().toISOString();
            const digest = readDigest({ home: control.home, since, until });
            await tell(composeDigest(digest, longestOpenApproval(control.log.state, until)), 3);
          },
          submit: (body) => control.log.submit(makeCommand(body, "control")),
          pacing: machinePacing,
        });
  const signalPushes =
    topic === null
      ? null
      : startPushingSignals({
          state: () => control.log.state,
          async signals(now) {
            if (quietUntil(notifications.quietHours, 4, new Date(now)) !== null) return [];
            return homeSignals(control.log.state, now, await liveSignalFacts(control));
          },
          send: (signal) => tell(composeSignal(signal), signal.severity === "critical" ? 4 : 3),
          submit: (body) => control.log.submit(makeCommand(body, "control")),
          pacing: machinePacing,
        });
  return {
    send: (notice) => sendPush(notice, { control, credential }),
    test: () => tryPush(notifications, { credential: credential(), listening: () => replies?.problem() ?? null }),
    sendLink: (link) => sendPhoneLink(pushServerOf(notifications, credential()), link),
    async close() {
      await dailyDigest?.close();
      await signalPushes?.close();
      await replies?.close();
    },
  };
}
