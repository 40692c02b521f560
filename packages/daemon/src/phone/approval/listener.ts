/** The approval listener: a server with `/a/<id>?token=…` only, so that a tunnel to it exposes nothing else (THREATS T14, T15). GET shows, POST decides. It logs no address and no token. */
import type { ReturnedForm } from "@aedev/contracts";
import type { ApprovalAction, ApprovalSubject } from "@aedev/contracts/events";
import { entityById } from "@aedev/core";
import { approvalStyleSource, renderApprovalPage, renderResultPage } from "@aedev/dashboard";
import { createRateLimit, type RateLimit } from "@aedev/host/rate-limit";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Control } from "../../control/control.ts";
import { listenOnLoopback } from "../../control/listen-on-loopback.ts";
import { approvalPageDocument } from "./approval-page-document.ts";
import type { FilledForm } from "./question-form.ts";
import { type Claim, claimOf, closedAnswer, type TokenAnswer, useToken } from "./use-token.ts";

/** Four texts of the longest length, each character as nine bytes of a form. */
const bodyBytesMax = 96 * 1024;
/** Bytes of a request's head; a longer token is not valid anyway. */
const headBytesMax = 32 * 1024;
const fieldsMax = 32;
/** Slow and idle clients lose their connection: connections are limited, and a flood must not hold them all. */
const requestTimeoutMs = 10_000;
const idleTimeoutMs = 5_000;
const connectionsMax = 256;
/** Requests without a valid token share one limit, and each approval has its own: neither a stranger nor the finder of an old link can block another approval's taps. */
const strangers = { burst: 10_000, perSecond: 100 };
const holders = { burst: 300, perSecond: 10 };
const floodLineEveryMs = 60 * 60 * 1000;

const titles: Readonly<Record<number, string>> = {
  200: "Done",
  403: "Not valid",
  404: "Not found",
  409: "Not done",
  410: "Too late",
  413: "Too large",
  422: "Not taken",
  429: "Too many requests",
  500: "Internal error",
};
const refusals = {
  403: "This link or button is not valid. Run `aedev status` in a terminal to see what needs you.",
  404: "There is no such page.",
  413: "The request is too large.",
  429: "Wait a moment and try again, or decide in a terminal.",
  500: "aedev could not handle this request; nothing was decided. Its log file has the cause.",
} as const;

export interface ApprovalListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens it on 127.0.0.1; port 0 lets the system choose. Null if no public URL is configured: then nobody could reach it. */
export async function openApprovalListener(control: Control): Promise<ApprovalListener | null> {
  const { publicUrl, approvalPort } = control.configuration.notifications;
  if (publicUrl === null) return null;
  const server = Fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    forceCloseConnections: true,
    http: {
      maxHeaderSize: headBytesMax,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: idleTimeoutMs,
    },
    clientErrorHandler: (error, socket) => {
      const isLong = error.code === "HPE_HEADER_OVERFLOW";
      if (socket.writable)
        socket.end(`HTTP/1.1 ${isLong ? "403 Forbidden" : "400 Bad Request"}\r\nconnection: close\r\n\r\n`);
      else socket.destroy();
    },
    frameworkErrors: (_error, _request, reply) => void refuse(reply as FastifyReply, 404),
  });
  server.server.maxConnections = connectionsMax;
  routes(server, control);
  const keys = "AEDEV_APPROVAL_PORT or notifications.approval_port";
  const port = await listenOnLoopback(server, approvalPort, { name: "the approval port", keys });
  return { port, close: () => server.close() };
}

function routes(server: FastifyInstance, control: Control): void {
  const claims = new WeakMap<FastifyRequest, Claim>();
  admit(server, control, claims);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.route({
    method: ["GET", "HEAD", "POST"],
    url: "/a/:id",
    handler: async (request, reply) => {
      const claim = claims.get(request);
      if (claim === undefined) return refuse(reply, 403);
      if (request.method !== "POST") return show(reply, { control, claim, returned: null });
      const { form, operatorToken } = withoutToken(formOf(request));
      const answer = await useToken(control, { ...named(request), form, operatorToken, way: "phone-page" });
      if (answer.status === 422) return show(reply, { control, claim, returned: returnedForm(answer, form) });
      return conclude(reply, answer, { control, claim });
    },
  });
  server.setNotFoundHandler((_request, reply) => refuse(reply, 404));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error.statusCode === 413) return refuse(reply, 413);
    if (error.statusCode !== undefined && error.statusCode < 500) return refuse(reply, 404);
    process.stderr.write(`aedev: ${error.stack ?? error.message}\n`);
    return refuse(reply, 500);
  });
}

/** Before a body is read: a request without a valid token for this address goes no further. */
function admit(server: FastifyInstance, control: Control, claims: WeakMap<FastifyRequest, Claim>): void {
  const ofStrangers = createRateLimit(strangers);
  /** At most as many as the log has approvals: other ids get none. */
  const ofApprovals = new Map<string, RateLimit>();
  const rateLimitOf = ({ approval: { approval_id } }: Claim): RateLimit => {
    const known = ofApprovals.get(approval_id) ?? createRateLimit(holders);
    ofApprovals.set(approval_id, known);
    return known;
  };
  let saidAtMs = Number.NEGATIVE_INFINITY;
  server.addHook("onRequest", async (request, reply) => {
    setSafeHeaders(reply);
    const claim = claimOf(control, named(request));
    const nowMs = performance.now();
    if (!(claim === null ? ofStrangers : rateLimitOf(claim)).take(nowMs)) {
      if (nowMs - saidAtMs > floodLineEveryMs)
        process.stderr.write("aedev: too many requests at the approval listener\n");
      saidAtMs = Math.max(saidAtMs, nowMs);
      return refuse(reply, 429);
    }
    if (claim !== null) claims.set(request, claim);
    else if (!request.is404) return refuse(reply, named(request).approvalId === "" ? 404 : 403);
    // Any content type is read but only a form is used; a client's claim must not make the framework refuse it.
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers["content-type"] ?? "");
    request.raw.headers["content-type"] = isForm ? "application/x-www-form-urlencoded" : "application/octet-stream";
  });
}

/** The approval and token that a request names: exactly one of each, and nothing else in the query. */
function named(request: FastifyRequest): { token: unknown; approvalId: string } {
  const { id = "" } = (request.params ?? {}) as { id?: string };
  // A leading "?" would be dropped silently.
  const query = new URLSearchParams(`&${(request.raw.url ?? "").split("?").slice(1).join("?")}`);
  return { token: query.size === 1 ? query.get("token") : null, approvalId: id };
}

/** A form's fields, the first of each name; any other body is ignored. */
function formOf(request: FastifyRequest): FilledForm {
  if (request.headers["content-type"] !== "application/x-www-form-urlencoded" || !Buffer.isBuffer(request.body))
    return new Map();
  const fields = new URLSearchParams(request.body.toString("utf8"));
  // A browser sends line breaks as two characters each.
  return new Map(
    [...fields]
      .slice(0, fieldsMax)
      .toReversed()
      .map(([name, text]) => [name, text.replaceAll("\r\n", "\n")]),
  );
}

/** An operator's token is taken out first: nothing that reads, scans or returns a form sees it. */
function withoutToken(form: FilledForm): { form: FilledForm; operatorToken: string | undefined } {
  const rest = new Map(form);
  rest.delete("operator_token");
  return { form: rest, operatorToken: form.get("operator_token") };
}

/** A secret does not come back, not even to who wrote it: pages are shown, and pictures of them are taken. */
function returnedForm({ code, message }: TokenAnswer, form: FilledForm): ReturnedForm {
  return { problem: message, fields: code === "secret-in-text" ? {} : Object.fromEntries(form) };
}

function show(
  reply: FastifyReply,
  { control, claim, returned }: { control: Control; claim: Claim; returned: ReturnedForm | null },
): FastifyReply {
  const closed = closedAnswer(control, claim.approval);
  if (closed !== null) return conclude(reply, closed, { control, claim });
  const page = renderApprovalPage(approvalPageDocument(control, claim, returned));
  return send(reply, returned === null ? 200 : 422, page);
}

function conclude(
  reply: FastifyReply,
  { status, message }: TokenAnswer,
  { control, claim }: { control: Control; claim: Claim },
): FastifyReply {
  if (status === 403) return refuse(reply, 403);
  const { approval_id, subject } = claim.approval;
  const used = entityById(control.log.stateWith({ approvals: [approval_id] }).approvals, approval_id)?.used ?? null;
  const decided = used === null ? "" : ` Your decision: ${decisionNames[used.action]}, ${used.at}.`;
  // A person who has just decided wants to see the decision, not to decide again.
  const commands = status === 200 ? commandsFor(subject).slice(0, 1) : commandsFor(subject);
  const page = { title: titles[status] ?? "", message: `${message}${decided}`, commands };
  return send(reply, status, renderResultPage(page));
}

const decisionNames: Readonly<Record<ApprovalAction, string>> = {
  approve: "approve",
  change: "send back",
  reject: "reject",
  answer: "answer",
};

/** The commands that show and decide a subject at the terminal. */
function commandsFor(subject: ApprovalSubject): string[] {
  const { mission_id, task_id } = { task_id: null, ...subject };
  if (subject.kind === "landing")
    return [
      `aedev task show ${task_id}`,
      `aedev task approve ${task_id}`,
      `aedev task send-back ${task_id} --reason TEXT`,
      `aedev task reject ${task_id}`,
    ];
  if (task_id !== null) return [`aedev task show ${task_id}`, "aedev status"];
  const show = `aedev mission show ${mission_id}`;
  if (subject.kind === "question") return [show, `aedev mission answer ${mission_id}`];
  return [
    show,
    `aedev mission approve ${mission_id}`,
    `aedev mission send-back ${mission_id} --reason TEXT`,
    `aedev mission reject ${mission_id}`,
  ];
}

/** Constant pages that reveal nothing about the state. */
function refuse(reply: FastifyReply, status: keyof typeof refusals): FastifyReply {
  setSafeHeaders(reply);
  return send(
    reply,
    status,
    renderResultPage({ title: titles[status] ?? "", message: refusals[status], commands: [] }),
  );
}

function send(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(body);
}

function setSafeHeaders(reply: FastifyReply): void {
  reply.headers({
    "content-security-policy": `default-src 'none'; style-src ${approvalStyleSource}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
  });
}
