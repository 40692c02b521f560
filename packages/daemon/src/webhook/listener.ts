/**
 * The webhook's listener: a server with only `POST /github/webhook`, so that a tunnel to it exposes nothing else (SECURITY T15). A delivery with the right
 * signature makes aedev look at its repository soon; the rest of it is ignored. ADR 0030.
 * Folder: GitHub's webhook.
 */

import type { WebhookRefusal } from "@aedev/contracts/events";
import { createRateLimit } from "@aedev/host/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ConnectionLimits } from "../control/connection-limits.ts";
import { makeCommand } from "../control/control.ts";
import { createExposedServer } from "../control/exposed-server.ts";
import { listenOnLoopback } from "../control/listen-on-loopback.ts";
import type { Commands, Configured, Home, Records } from "../control/parts.ts";
import { gitHubRepository } from "../github/address.ts";
import { complain } from "../logging/complain.ts";
import { createDeliveryPace } from "./delivery-pace.ts";
import { openKnownDeliveries } from "./known-deliveries.ts";
import { type DeliveryHead, deliveryHead, isSigned, repositoryOf } from "./read-delivery.ts";
import { createRefusalRecord } from "./refusal-record.ts";

const webhookPath = "/github/webhook";
/** GitHub's largest deliveries have 25 MiB, but those about what aedev looks at are far smaller; after a refused one, the next poll catches up. */
const bodyBytesMax = 1024 * 1024;
/** Together with the limit on bodies, all connections hold 64 MiB at most. */
const connectionsMax = 64;
/** How many deliveries' bodies are read; for the rest, the next poll catches up. */
const readRate = { burst: 1_000, perSecond: 50 };

/** The status of each refusal, and the text that GitHub's page of recent deliveries shows. */
const refusals: Readonly<Record<WebhookRefusal, { readonly status: number; readonly text: string }>> = {
  "too-many": { status: 429, text: "too many deliveries" },
  "wrong-type": { status: 415, text: "the content type must be application/json" },
  "bad-headers": { status: 400, text: "X-GitHub-Delivery or X-GitHub-Event is missing or malformed" },
  "too-large": { status: 413, text: "the delivery is too large" },
  "no-secret": { status: 503, text: "aedev has no secret for this webhook" },
  unsigned: { status: 401, text: "X-Hub-Signature-256 is missing or malformed" },
  "bad-signature": { status: 401, text: "the signature is not that of this delivery" },
  replayed: { status: 409, text: "this delivery was taken before" },
  "bad-body": { status: 422, text: "the body names no repository" },
  "unknown-repository": { status: 404, text: "no such repository is registered" },
};

export interface WebhookListener {
  readonly port: number;
  close(): Promise<void>;
}

/** What the listener needs besides control. `acting` gives the receiver of news, by registered names; null while the log is not trusted. */
export interface WebhookOptions {
  /** Null: no secret of sufficient length is stored. */
  readonly secret: () => string | null;
  readonly acting: () => { noteNews(repositories: ReadonlySet<string>): void } | null;
  /** How many deliveries are read; by default 1,000 at once and 50 a second. */
  readonly rate?: { readonly burst: number; readonly perSecond: number };
}

/** Opens the listener on 127.0.0.1 if `github.webhook_port` is set; port 0 lets the system choose. */
export async function openWebhookListener(
  control: Home & Records & Commands & Configured<"github">,
  options: WebhookOptions,
): Promise<WebhookListener | null> {
  const { webhookPort } = control.configuration.github;
  if (webhookPort === null) return null;
  const { server, limits } = createExposedServer({
    bodyBytesMax,
    connectionsMax,
    refuse: (reply) => void answer(reply, 404, "not found"),
  });
  const stop = routes(server, { control, limits }, options);
  const name = "the webhook's port";
  const port = await listenOnLoopback(server, webhookPort, { name, keys: "github.webhook_port" });
  return {
    port,
    async close() {
      await server.close();
      await stop();
    },
  };
}

function routes(
  server: FastifyInstance,
  { control, limits }: { control: Home & Records & Commands & Configured<"github">; limits: ConnectionLimits },
  { secret, acting, ...options }: WebhookOptions,
): () => Promise<void> {
  const known = openKnownDeliveries(control.home);
  const record = createRefusalRecord(async (data) => {
    // A log that is not trusted takes nothing.
    await control.log
      .submit(makeCommand({ kind: "RecordWebhookRefusal", ...data }, "control"))
      .catch((error: unknown) => complain(`a refused delivery was not recorded: ${error}`));
  });
  const pace = createDeliveryPace((repository) => acting()?.noteNews(new Set(registeredNames(control, repository))));
  const rate = createRateLimit(options.rate ?? readRate);
  const heads = new WeakMap<FastifyRequest, DeliveryHead>();

  function refuse(reply: FastifyReply, why: WebhookRefusal, delivery?: string): FastifyReply {
    record.add(why, delivery);
    const { status, text } = refusals[why];
    // A refused client does not keep its connection.
    return answer(reply.header("connection", "close"), status, text);
  }

  server.addHook("onRequest", async (request, reply) => {
    if (request.is404) return answer(reply, 404, "not found");
    // Checked before a body is read.
    if (!rate.take(performance.now())) return refuse(reply, "too-many");
    const head = deliveryHead(request.headers);
    if (typeof head === "string") return refuse(reply, head);
    heads.set(request, head);
    // The sender's own content type must not make the framework refuse the request.
    request.raw.headers["content-type"] = "application/octet-stream";
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.post(webhookPath, async (request, reply) => {
    const head = heads.get(request);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const key = secret();
    if (key === null) return refuse(reply, "no-secret");
    if (head === undefined || !isSigned(body, head, key)) return refuse(reply, "bad-signature");
    limits.admit(request.raw);
    if (known.has(head)) return refuse(reply, "replayed", head.id);
    const repository = repositoryOf(body, head);
    if (repository === null) return refuse(reply, "bad-body", head.id);
    if (repository !== "test" && registeredNames(control, repository).length === 0)
      return refuse(reply, "unknown-repository", head.id);
    if (acting() === null) return answer(reply, 503, "aedev does not act now; see aedev status");
    // Remembered first: a delivery that can't be remembered has no effect.
    known.remember(head);
    if (repository !== "test") pace.add(repository);
    return answer(reply, 202, repository === "test" ? "the webhook works" : "aedev looks soon");
  });
  server.setNotFoundHandler((_request, reply) => answer(reply, 404, "not found"));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error.statusCode === 413) return refuse(reply, "too-large");
    if (error.statusCode !== undefined && error.statusCode < 500) return answer(reply, 400, "not a request");
    complain(error);
    return answer(reply, 500, "aedev could not handle this delivery; its log file has the cause");
  });
  return async () => {
    pace.close();
    await record.close();
  };
}

/** Constant texts that reveal nothing about the state. */
function answer(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" })
    .type("text/plain; charset=utf-8")
    .send(`${text}\n`);
}

/** The names under which this repository of the configured GitHub is registered. `fullName`: in lower case. */
function registeredNames({ log, configuration }: Records & Configured<"github">, fullName: string): string[] {
  return Object.values(log.state.repositories).flatMap(({ name, url }) => {
    const repository = gitHubRepository(url, configuration.github);
    const isIt = repository !== null && `${repository.owner}/${repository.name}`.toLowerCase() === fullName;
    return isIt ? [name] : [];
  });
}
