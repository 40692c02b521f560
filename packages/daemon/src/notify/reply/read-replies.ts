/**
 * What is done with one message of the reply topic: a token is used, anything else is ignored (THREATS T14). Anybody may write there, so that
 * every message is parsed and bounded, its MAC is checked before the state is looked at, and a flood ends in one event per hour.
 */
import { z } from "zod";
import { approvalKey, readToken } from "../../approval/token.ts";
import { type TokenAnswer, useToken } from "../../approval/use-token.ts";
import { type Control, command } from "../../loop/control.ts";

/** What ntfy's stream says; of a message only its text is looked at. */
const replySchema = z.looseObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
  event: z.string(),
  message: z.string().optional(),
});
const messageBytesMax = 4096;
/** Messages that are looked at in one period, for each approval that a token is really of, and for everything else together. */
const perPeriodMax = 30;
const periodMs = 60_000;
/** A flood that goes on is said again after this long, and not each period: the log must not grow with it. */
const noteEveryMs = 60 * 60_000;

/** What came of one line of the stream. `id` is where a later reader goes on. */
export interface ReadReply {
  readonly id: string | null;
  /** Of a tap that was taken or refused; null where nothing was asked of anybody. */
  readonly tap: { readonly approvalId: string; readonly answer: TokenAnswer } | null;
}

export interface ReplyReader {
  /** Rejects where a tap could not be decided on for a fault of the world; it is to be read again. */
  read(line: string): Promise<ReadReply>;
}

/** `nowMs`: a clock that never goes back. */
export function createReplyReader(control: Control, nowMs: () => number = () => performance.now()): ReplyReader {
  const key = approvalKey(control.home);
  const counts = new Map<string, number>();
  let periodStartMs = Number.NEGATIVE_INFINITY;
  let notedAtMs = Number.NEGATIVE_INFINITY;

  /** Tokens of each approval are counted apart: whoever floods the topic, with whatever, keeps nobody else's tap out. */
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
      await control.log.submit(command({ kind: "RecordRepliesDropped", period_ms: periodMs }, "control"));
    }
    return false;
  }

  return {
    async read(line) {
      const reply = replySchema.safeParse(jsonOf(line));
      if (!reply.success) {
        await hasRoom(strangers);
        return { id: null, tap: null };
      }
      const { id, event, message = "" } = reply.data;
      if (event !== "message") return { id: null, tap: null };
      const text = Buffer.byteLength(message) > messageBytesMax ? "" : message.trim();
      const token = readToken(key, text);
      if (!(await hasRoom(token?.approval_id ?? strangers)) || token === null) return { id, tap: null };
      return { id, tap: { approvalId: token.approval_id, answer: await useToken(control, { token: text }) } };
    },
  };
}

/** No approval has this id. */
const strangers = "";

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
