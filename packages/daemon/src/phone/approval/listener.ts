/** The approval listener, which serves only `/a/<id>?token=…` and `/a/new?token=…` to a tunnel (SECURITY T14, T15). It logs no address and no token. */

import { counted, escapeLine, type ReturnedForm } from "@aedev/contracts";
import type { ApprovalAction, ApprovalSubject } from "@aedev/contracts/events";
import { entityById } from "@aedev/core";
import { renderApprovalPage, renderNewMissionPage, renderResultPage } from "@aedev/dashboard";
import { createRateLimit, type RateLimit } from "@aedev/host/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ConnectionLimits } from "../../control/connection-limits.ts";
import type { Control } from "../../control/control.ts";
import { createExposedServer } from "../../control/exposed-server.ts";
import { listenOnLoopback } from "../../control/listen-on-loopback.ts";
import type { Home, Mirrors, Records, WriteRules } from "../../control/parts.ts";
import { complain } from "../../logging/complain.ts";
import { approvalPageDocument } from "./approval-page-document.ts";
import { pageTitles, refuseRequest, sendPage, setSafeHeaders } from "./listener-answers.ts";
import {
  closedTexts,
  type LinkClaim,
  linkClaimOf,
  newMissionPage,
  newMissionPath,
  submitByLink,
} from "./phone-link.ts";
import type { FilledForm } from "./question-form.ts";
import { readForm, withoutToken } from "./read-form.ts";
import { type Claim, claimOf, closedAnswer, type Deciding, type TokenAnswer, useToken } from "./use-token.ts";
import { whatNext } from "./what-next.ts";

/** Room for four texts of the longest length, with nine bytes of a form for each character. */
const bodyBytesMax = 96 * 1024;
/** Room for a new mission's text and criteria in the script that takes most bytes. */
const newMissionBytesMax = 384 * 1024;
const connectionsMax = 256;
/** Requests without a valid token share one limit; each approval has its own, so that no stranger and no old link can block another approval's taps. */
const strangers = { burst: 10_000, perSecond: 100 };
const holders = { burst: 300, perSecond: 10 };
const floodLineEveryMs = 60 * 60 * 1000;

export interface ApprovalListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the listener on 127.0.0.1; port 0 lets the system choose. Null without a public URL, because nobody could reach it. */
export async function openApprovalListener(control: Control): Promise<ApprovalListener | null> {
  const { publicUrl, approvalPort } = control.configuration.notifications;
  if (publicUrl === null) return null;
  const { server, limits } = createExposedServer({
    bodyBytesMax,
    connectionsMax,
    refuse: (reply) => void refuseStranger(reply, 404),
    // A token that needs a longer head is invalid anyway.
    longHeadStatus: "403 Forbidden",
  });
  const refuseStranger = createStrangers();
  routes(server, control, { limits, refuseStranger });
  const keys = "AEDEV_APPROVAL_PORT or notifications.approval_port";
  const port = await listenOnLoopback(server, approvalPort, { name: "the approval port", keys });
  return { port, close: () => server.close() };
}

function routes(
  server: FastifyInstance,
  control: Deciding & Mirrors & WriteRules,
  strangersAndLimits: Pick<Admitted, "limits"> & { readonly refuseStranger: RefuseStranger },
): void {
  const claims = new WeakMap<FastifyRequest, Claim>();
  const links = new WeakMap<FastifyRequest, LinkClaim>();
  admitRequests(server, control, { claims, links, ...strangersAndLimits });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.route({
    method: ["GET", "HEAD", "POST"],
    url: "/a/:id",
    handler: async (request, reply) => {
      const claim = claims.get(request);
      if (claim === undefined) return refuseRequest(reply, 403);
      if (request.method !== "POST") return sendApprovalPage(reply, { control, claim, returned: null });
      const { form, operatorToken } = withoutToken(formOf(request));
      const answer = await useToken(control, { ...requestedToken(request), form, operatorToken, way: "phone-page" });
      if (answer.status === 422)
        return sendApprovalPage(reply, { control, claim, returned: returnedForm(answer, form) });
      return sendResult(reply, answer, { control, claim });
    },
  });
  server.route({
    method: ["GET", "HEAD", "POST"],
    url: newMissionPath,
    bodyLimit: newMissionBytesMax,
    handler: async (request, reply) => {
      const claim = links.get(request);
      if (claim === undefined) return refuseRequest(reply, 403);
      return request.method === "POST"
        ? submitMission(reply, { control, claim, form: formOf(request) })
        : showNewMission(reply, control, claim);
    },
  });
  server.setNotFoundHandler((_request, reply) => refuseRequest(reply, 404));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error.statusCode === 413) return refuseRequest(reply, 413);
    if (error.statusCode !== undefined && error.statusCode < 500) return refuseRequest(reply, 404);
    complain(error);
    return refuseRequest(reply, 500);
  });
}

/** What a request has shown to be valid before its body is read. */
interface Admitted {
  readonly claims: WeakMap<FastifyRequest, Claim>;
  readonly links: WeakMap<FastifyRequest, LinkClaim>;
  readonly limits: ConnectionLimits;
}
type RefuseStranger = (reply: FastifyReply, status: 403 | 404) => FastifyReply;

/** Answers everyone without a valid token, within one common limit. */
function createStrangers(): RefuseStranger {
  const rate = createRateLimit(strangers);
  return (reply, status) => (rate.take(performance.now()) ? refuseRequest(reply, status) : refuseFlood(reply));
}

let saidAtMs = Number.NEGATIVE_INFINITY;

function refuseFlood(reply: FastifyReply): FastifyReply {
  const nowMs = performance.now();
  if (nowMs - saidAtMs > floodLineEveryMs) {
    complain("too many requests at the approval listener");
    saidAtMs = nowMs;
  }
  return refuseRequest(reply, 429);
}

/** Stops a request without a valid token for this address before its body is read. */
function admitRequests(
  server: FastifyInstance,
  control: Home & Records,
  { claims, links, limits, refuseStranger }: Admitted & { readonly refuseStranger: RefuseStranger },
): void {
  /** Only ids in the log get a limit, so there are at most as many as approvals and links. */
  const ofHolders = new Map<string, RateLimit>();
  const rateLimitOf = (holder: string): RateLimit => {
    const known = ofHolders.get(holder) ?? createRateLimit(holders);
    ofHolders.set(holder, known);
    return known;
  };
  server.addHook("onRequest", async (request, reply) => {
    setSafeHeaders(reply);
    const isNewMission = request.routeOptions.url === newMissionPath;
    const claim = isNewMission ? null : claimOf(control, requestedToken(request));
    const link = isNewMission ? linkClaimOf(control, requestedToken(request).token) : null;
    const holder = claim?.approval.approval_id ?? link?.link.link_id ?? null;
    if (holder === null) {
      const isKnown = isNewMission || requestedToken(request).approvalId !== "";
      return refuseStranger(reply, !request.is404 && isKnown ? 403 : 404);
    }
    if (!rateLimitOf(holder).take(performance.now())) return refuseFlood(reply);
    limits.admit(request.raw);
    if (claim !== null) claims.set(request, claim);
    if (link !== null) links.set(request, link);
    // Every content type is read but only a form is used, so that a client's claim can't make the framework refuse the request.
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers["content-type"] ?? "");
    request.raw.headers["content-type"] = isForm ? "application/x-www-form-urlencoded" : "application/octet-stream";
  });
}

/** The approval and token of a request: exactly one of each, and nothing else in the query. */
function requestedToken(request: FastifyRequest): { token: unknown; approvalId: string } {
  const { id = "" } = (request.params ?? {}) as { id?: string };
  // URLSearchParams silently drops a leading "?".
  const query = new URLSearchParams(`&${(request.raw.url ?? "").split("?").slice(1).join("?")}`);
  return { token: query.size === 1 ? query.get("token") : null, approvalId: id };
}

function formOf({ headers, body }: FastifyRequest): FilledForm {
  return readForm({ contentType: headers["content-type"], body });
}

/** A secret is not returned even to its writer, because pages are shown around and photographed. */
function returnedForm({ code, message }: TokenAnswer, form: FilledForm): ReturnedForm {
  return { problem: message, fields: code === "secret-in-text" ? {} : Object.fromEntries(form) };
}

function sendApprovalPage(
  reply: FastifyReply,
  { control, claim, returned }: { control: Deciding & WriteRules; claim: Claim; returned: ReturnedForm | null },
): FastifyReply {
  const closed = closedAnswer(control, claim.approval);
  if (closed !== null) return sendResult(reply, closed, { control, claim });
  const page = renderApprovalPage(approvalPageDocument(control, claim, returned));
  return sendPage(reply, returned === null ? 200 : 422, page);
}

function showNewMission(reply: FastifyReply, control: Home & Records, claim: LinkClaim): FastifyReply {
  if (claim.status === "open") return sendPage(reply, 200, renderNewMissionPage(newMissionPage(control, claim)));
  return result(reply, 410, { message: closedTexts[claim.status], commands: ["aedev phone list"] });
}

async function submitMission(
  reply: FastifyReply,
  { control, claim, form }: { control: Deciding & Mirrors; claim: LinkClaim; form: FilledForm },
): Promise<FastifyReply> {
  const submission = await submitByLink(control, claim, form);
  if (submission.status === 410)
    return result(reply, 410, { message: submission.message, commands: ["aedev phone list"] });
  if (submission.status === 422)
    return sendPage(reply, 422, renderNewMissionPage(newMissionPage(control, claim, submission.returned)));
  const { missionId } = submission;
  const mission = entityById(control.log.stateWith({ missions: [missionId] }).missions, missionId);
  const open = mission?.clarity.questions.length ?? 0;
  const next = open === 0 ? "It waits for its approval." : `It waits for the answers to ${counted(open, "question")}.`;
  const message = escapeLine(mission?.title ?? missionId, 120);
  const commands = [`aedev mission show ${missionId}`];
  return sendPage(reply, 200, renderResultPage({ title: "Submitted", message, next, commands }));
}

function result(
  reply: FastifyReply,
  status: number,
  page: { message: string; commands: readonly string[] },
): FastifyReply {
  return sendPage(reply, status, renderResultPage({ title: pageTitles[status] ?? "", next: null, ...page }));
}

function sendResult(
  reply: FastifyReply,
  { status, message }: TokenAnswer,
  { control, claim }: { control: Records & WriteRules; claim: Claim },
): FastifyReply {
  if (status === 403) return refuseRequest(reply, 403);
  const { approval_id, subject } = claim.approval;
  const used = entityById(control.log.stateWith({ approvals: [approval_id] }).approvals, approval_id)?.used ?? null;
  const at = used?.at.slice(0, 16).replace("T", " ");
  const decided = used === null || status === 200 ? "" : ` Your decision: ${decisionNames[used.action]}, ${at} UTC.`;
  // A decided approval can be looked at, not decided again.
  const isDecided = status === 200 || closedAnswer(control, claim.approval)?.status === 409;
  const commands = isDecided ? commandsFor(subject).slice(0, 1) : commandsFor(subject);
  const decidedTitle = status === 200 && used !== null ? doneTitles[used.action] : "Decided already";
  const title = isDecided ? decidedTitle : (pageTitles[status] ?? "");
  const after = isDecided ? whatNext(control, subject) : { next: null, commands: [] };
  return sendPage(
    reply,
    status,
    renderResultPage({
      title,
      message: `${message}${decided}`,
      next: after.next,
      commands: [...after.commands, ...commands],
    }),
  );
}

const decisionNames: Readonly<Record<ApprovalAction, string>> = {
  approve: "approve",
  change: "send back",
  reject: "reject",
  answer: "answer",
  revert: "revert",
  raise: "raise the budget",
};

const doneTitles: Readonly<Record<ApprovalAction, string>> = {
  approve: "Approved",
  change: "Sent back",
  reject: "Rejected",
  answer: "Answered",
  revert: "The revert is prepared",
  raise: "Raised",
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
  if (subject.kind === "revert") return [`aedev task show ${task_id}`, `aedev task revert ${task_id}`];
  if (subject.kind === "budget")
    return [`aedev task show ${task_id}`, `aedev budget raise ${subject.budget} ${subject.raise_to}`];
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
