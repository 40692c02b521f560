/** A webhook of a repository: like GitHub, it delivers each change signed, once and without waiting. A test can also send deliveries that GitHub would not. */
import { createHmac, randomUUID } from "node:crypto";
import { issueDocument } from "./documents/issues.ts";
import { repositoryDocument } from "./documents/repository.ts";
import type { GitHubSite } from "./documents/site.ts";
import { simpleUser } from "./documents/users.ts";
import { changesBetween, type RepositoryChange, readPicture } from "./state/changes.ts";
import type { RepositoryRecord } from "./state/records.ts";
import type { World } from "./state/world.ts";

/** GitHub gives up after this. */
const timeoutMs = 10_000;

/** One delivery as it was sent. */
export interface HookDelivery {
  readonly id: string;
  readonly event: string;
  readonly body: string;
  readonly signature: string;
  /** Null if there was no answer. */
  readonly status: number | null;
}
export interface FakeHook {
  /** Deliveries that were answered or given up, in that order. */
  readonly deliveries: readonly HookDelivery[];
  /** Waits until every running delivery has ended. */
  settled(): Promise<void>;
  /** Sends the same delivery again, with some fields changed. */
  redeliver(delivery: HookDelivery, other?: Partial<HookDelivery>): Promise<HookDelivery>;
  /** Sends a new delivery with this body, signed with the hook's secret or with another. */
  send(sent: { event?: string; body: string; secret?: string }): Promise<HookDelivery>;
  remove(): void;
}

/** Delivers a `ping` at once, as GitHub does for a new webhook. */
export async function addHook(
  world: World,
  repository: RepositoryRecord,
  { url, secret, site }: { url: string; secret: string; site: GitHubSite },
): Promise<FakeHook> {
  const deliveries: HookDelivery[] = [];
  const underWay = new Set<Promise<unknown>>();
  let last = await readPicture(world, repository);

  function sign(body: string, key = secret): string {
    return `sha256=${createHmac("sha256", key).update(body).digest("hex")}`;
  }

  async function deliver({ id, event, body, signature }: Omit<HookDelivery, "status">): Promise<HookDelivery> {
    const sending = post({ id, event, body, signature });
    underWay.add(sending);
    const delivery = { id, event, body, signature, status: await sending };
    underWay.delete(sending);
    deliveries.push(delivery);
    return delivery;
  }

  async function post({ id, event, body, signature }: Omit<HookDelivery, "status">): Promise<number | null> {
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          "content-type": "application/json",
          "user-agent": "GitHub-Hookshot/0000000",
          "x-github-delivery": id,
          "x-github-event": event,
          "x-hub-signature-256": signature,
        },
        body,
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }

  function documentOf({ action, number }: RepositoryChange): object {
    const issue = number === undefined ? undefined : repository.issues.get(number);
    return {
      ...(action === undefined ? {} : { action }),
      ...(issue === undefined ? {} : { issue: issueDocument(site, repository, issue) }),
      repository: repositoryDocument(site, repository, undefined),
      sender: simpleUser(site, repository.lastPusher),
    };
  }

  const send = ({ event = "issues", body, secret: key }: Parameters<FakeHook["send"]>[0]) =>
    deliver({ id: randomUUID(), event, body, signature: sign(body, key) });

  const observe = async () => {
    const now = await readPicture(world, repository);
    const changes = changesBetween(last, now);
    last = now;
    for (const change of changes) void send({ event: change.event, body: JSON.stringify(documentOf(change)) });
  };
  const observers = world.observers.get(repository.fullName) ?? new Set();
  world.observers.set(repository.fullName, observers.add(observe));
  const ping = { zen: "Keep it logically awesome.", hook_id: world.nextId() };
  void send({ event: "ping", body: JSON.stringify({ ...ping, ...documentOf({ event: "ping" }) }) });
  return {
    deliveries,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    redeliver: ({ id, event, body, signature }, other = {}) => deliver({ id, event, body, signature, ...other }),
    send,
    remove: () => void observers.delete(observe),
  };
}
