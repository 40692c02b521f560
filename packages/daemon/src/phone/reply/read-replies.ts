/** Handles one message of the reply topic, to which anybody may write (SECURITY T14): uses a token, ignores anything else. A flood makes one event per hour. */
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import { makeCommand } from "../../control/control.ts";
import { approvalKey, verifyToken } from "../approval/token.ts";
import { type Deciding, type TokenAnswer, useToken } from "../approval/use-token.ts";

/** A line of ntfy's stream; only a message's text is used. */
const replySchema = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
  event: z.string(),
  message: z.string().optional(),
});
const messageBytesMax = 4096;
/** Messages handled per period: for each approval with a genuine token, and for everything else together. */
const perPeriodMax = 30;
const periodMs = 60_000;
/** How often a continuing flood is recorded again, so that the log does not grow with it. */
const noteEveryMs = 60 * 60_000;

/** The result of one line. `id`: where a later reader continues. */
export interface ReadReply {
  readonly id: string | null;
  /** The tap that was taken or refused; null if the message was no tap. */
  readonly tap: { readonly approvalId: string; readonly answer: TokenAnswer } | null;
}

export interface ReplyReader {
  /** Rejects if a fault prevented the decision; then the line must be read again. */
  read(line: string): Promise<ReadReply>;
}

/** `nowMs`: a monotonic clock. */
export function createReplyReader(control: Deciding, nowMs: () => number = () => performance.now()): ReplyReader {
  const key = approvalKey(control.home);
  const counts = new Map<string, number>();
  let periodStartMs = Number.NEGATIVE_INFINITY;
  let notedAtMs = Number.NEGATIVE_INFINITY;

  /** Each approval's tokens are counted separately, so that a flood can't block another approval's taps. */
  async function hasRoom(counted: string): Promise<boolean> {
    if (nowMs() - periodStartMs >= periodMs) {
      periodStartMs = nowMs();
      counts.clear();
    }
    const count = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, count);
    if (count <= perPeriodMax) return true;
    if (nowMs() - notedAtMs >= noteEveryMs) {
      notedAtMs = nowMs();
      await control.log.submit(makeCommand({ kind: "RecordRepliesDropped", period_ms: periodMs }, "control"));
    }
    return false;
  }

  return {
    async read(line) {
      const reply = replySchema.safeParse(parseJson(line));
      if (!reply.success) {
        await hasRoom(strangers);
        return { id: null, tap: null };
      }
      const { id, event, message = "" } = reply.data;
      if (event !== "message") return { id: null, tap: null };
      const text = Buffer.byteLength(message) > messageBytesMax ? "" : message.trim();
      const token = verifyToken(key, text);
      if (!(await hasRoom(token?.approval_id ?? strangers)) || token === null) return { id, tap: null };
      const answer = await useToken(control, { token: text, way: "phone-reply" });
      return { id, tap: { approvalId: token.approval_id, answer } };
    },
  };
}

/** An id that no approval has. */
const strangers = "";
