/** Reads one delivery of GitHub's webhook: its headers, its signature over the raw bytes, and from its body only the repository's name. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { deliveryIdSchema, type WebhookRefusal } from "@aedev/contracts/events";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";

/** GitHub's test of a new webhook; an organization's test names no repository. */
const testEvent = "ping";
const signatureShape = /^sha256=([0-9a-f]{64})$/;
const eventShape = /^[a-z_]{1,64}$/;
const bodySchema = z.object({ repository: z.object({ full_name: z.string().max(200) }) });

/** The headers of a delivery; nothing in them is proven. */
export interface DeliveryHead {
  readonly id: string;
  readonly event: string;
  /** In hexadecimal. */
  readonly signature: string;
}

/** The head, or why it is refused, before a body is read. */
export function deliveryHead(headers: IncomingHttpHeaders): DeliveryHead | WebhookRefusal {
  if (!/^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "")) return "wrong-type";
  const id = deliveryIdSchema.safeParse(headers["x-github-delivery"]);
  const event = headers["x-github-event"];
  if (!id.success || typeof event !== "string" || !eventShape.test(event)) return "bad-headers";
  const signed = headers["x-hub-signature-256"];
  const [, signature] = (typeof signed === "string" ? signatureShape.exec(signed) : null) ?? [];
  return signature === undefined ? "unsigned" : { id: id.data, event, signature };
}

/** Whether the signature is that of these bytes with this secret, compared in constant time. */
export function isSigned(body: Uint8Array, { signature }: Pick<DeliveryHead, "signature">, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex"));
}

/** `owner/name` in lower case; `test`: GitHub's test of the webhook; null: the body names no repository. Call it only after the signature was checked. */
export function repositoryOf(body: Uint8Array, { event }: Pick<DeliveryHead, "event">): string | "test" | null {
  if (event === testEvent) return "test";
  const parsed = bodySchema.safeParse(parseJson(Buffer.from(body).toString("utf8")));
  return parsed.success ? parsed.data.repository.full_name.toLowerCase() : null;
}
