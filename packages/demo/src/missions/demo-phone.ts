/** Starts the fake push server and phone, shows each question that arrives, and taps its button over the real protocol. Both end with the demo's process. */
import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { Fault } from "@aedev/contracts";
import { openPhone, type Push, pushText } from "@aedev/fakes/ntfy/phone";
import { openNtfyServer } from "@aedev/fakes/ntfy/server";
import type { ChildEnvironment } from "../setup/child.ts";

/** A question as it arrived, and how it was answered. */
export interface TappedPush {
  /** The id of the task or mission. */
  readonly about: string;
  /** Priority, title, text and buttons, as the phone shows them. */
  readonly text: string;
  readonly tapped: string;
  /** The HTTP status of the button's request. */
  readonly answered: number;
}
export interface DemoPhone {
  /** Variables that make a daemon use this phone. */
  readonly environment: ChildEnvironment;
  readonly tapped: readonly TappedPush[];
  /** Waits for the question about a task's change, or a mission's specification, and taps the button with this label. `place`: which of several questions about it, counted from 1; 1 by default. */
  answer(about: string, label: string, place?: number): Promise<TappedPush>;
  close(): Promise<void>;
}

const pushTimeoutMs = 120_000;
const checkPauseMs = 100;

/** Only the token can read the topic; anyone may write to the reply topic, because a phone's buttons carry no credential. */
export async function openDemoPhone(): Promise<DemoPhone> {
  const name = randomBytes(6).toString("hex");
  const [topic, replyTopic] = [`aedev-demo-${name}`, `aedev-demo-${name}-replies`];
  const token = `tk_${randomBytes(16).toString("hex")}`;
  const server = await openNtfyServer({
    accounts: [{ name: "operator", token, access: { "*": "read-write" } }],
    everyone: { [replyTopic]: "write-only" },
    fallback: "deny",
  });
  const phone = await openPhone({ server: server.address, topic, token, since: "all" });
  const tapped: TappedPush[] = [];
  let isClosed = false;
  /** Polls for a push, so that nothing keeps waiting when the demo is interrupted. */
  const find = async (wanted: (push: Push) => boolean, place: number): Promise<Push> => {
    for (const until = Date.now() + pushTimeoutMs; !isClosed && Date.now() < until; await setTimeout(checkPauseMs)) {
      const push = phone.pushes.filter(wanted)[place - 1];
      if (push !== undefined) return push;
    }
    throw new Fault("no-push", "no question arrived on the phone", { hint: "aedev status" });
  };
  return {
    environment: {
      AEDEV_NTFY_URL: server.address,
      AEDEV_NTFY_TOPIC: topic,
      AEDEV_NTFY_REPLY_TOPIC: replyTopic,
      AEDEV_NTFY_TOKEN: token,
    },
    tapped,
    async answer(about, label, place = 1) {
      const isAsked = ({ priority, message, actions }: Push) =>
        priority === 5 && message.includes(about) && actions.some((action) => action.label === label);
      const push = await find(isAsked, place);
      const { status } = await phone.tap(push, label);
      const done = { about, text: pushText(push), tapped: label, answered: status };
      tapped.push(done);
      return done;
    },
    async close() {
      isClosed = true;
      await phone.close();
      await server.close();
    },
  };
}
