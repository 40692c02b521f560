/** Makes the approval listener's answers: pages, all with the same safe headers. Refusals reveal nothing about the state. */
import { approvalStyleSource, renderResultPage } from "@aedev/dashboard";
import type { FastifyReply } from "fastify";

/** Page titles by status. */
export const pageTitles: Readonly<Record<number, string>> = {
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

/** Answers with a constant page that reveals nothing about the state. */
export function refuseRequest(reply: FastifyReply, status: keyof typeof refusals): FastifyReply {
  setSafeHeaders(reply);
  // A refused client does not keep its connection.
  reply.header("connection", "close");
  return sendPage(
    reply,
    status,
    renderResultPage({ title: pageTitles[status] ?? "", message: refusals[status], next: null, commands: [] }),
  );
}

/** A page with its status. */
export function sendPage(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(body);
}

/** No caching, no referrer, no script, nothing from elsewhere. */
export function setSafeHeaders(reply: FastifyReply): void {
  reply.headers({
    "content-security-policy": `default-src 'none'; style-src ${approvalStyleSource}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
  });
}
