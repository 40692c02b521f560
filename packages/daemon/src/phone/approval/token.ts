/** The token behind a button on the phone: one approval, one decision and a MAC over both (SECURITY T13, T14). It is stored nowhere, but computed. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { canonicalJson, Fault } from "@aedev/contracts";
import type { ApprovalAction } from "@aedev/contracts/events";
import type { ApprovalState } from "@aedev/core";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";

/** What a token allows. `look` opens the approval page and decides nothing. `choice`, only with `answer`: the index of one of a question's choices. */
export interface Grant {
  readonly action: ApprovalAction | "look";
  readonly choice?: number;
}
/** The content of a token with a valid MAC. Compare `binding` with the approval's own (`bindingOf`). */
export interface ReadToken {
  readonly approval_id: string;
  readonly action: Grant["action"];
  readonly choice: number | null;
  /** ISO 8601 UTC. */
  readonly expires_at: string;
  readonly binding: string;
}

export const tokenLengthMax = 250;
const keyBytes = 32;
/** Length of 32 bytes in base64url without padding. */
const digestLength = 43;
const payloadShape =
  /^1\.(a-[0-9a-z]{10,32})\.(approve|change|reject|answer|revert|raise|look)\.([0-9]?)\.([0-9a-z]{1,11})\.([-_A-Za-z0-9]{43})$/;

/** The home's key for tokens, made if missing. Throws a Fault if the file has something else. */
export function approvalKey(home: string): Buffer {
  makeApprovalKey(home);
  const text = readIfThere(homeLayout(home).approvalKey) ?? "";
  if (!/^[0-9a-f]{64}\n$/.test(text))
    throw new Fault("approval-key", "keys/approval.key is not a key of 32 bytes", {
      hint: "move keys/approval.key away and restart the daemon; buttons already sent stop working",
    });
  return Buffer.from(text.trim(), "hex");
}

/** Returns whether the key was missing. The file is 0600 and never changes afterwards. */
export function makeApprovalKey(home: string): boolean {
  const path = homeLayout(home).approvalKey;
  if (existsSync(path)) return false;
  writeDurably(path, `${randomBytes(keyBytes).toString("hex")}\n`);
  return true;
}

/** A URL-safe token of at most `tokenLengthMax` characters, the same for the same approval and grant. */
export function mintToken(key: Buffer, approval: ApprovalState, { action, choice }: Grant): string {
  const expiry = Date.parse(approval.expires_at).toString(36);
  const payload = `1.${approval.approval_id}.${action}.${choice ?? ""}.${expiry}.${bindingOf(approval)}`;
  return signedPayload(key, payload);
}

/** Null unless the MAC is valid. It is compared first, in constant time and as text, so that no second spelling of the same bytes passes. Never throws. */
export function verifyToken(key: Buffer, text: unknown): ReadToken | null {
  const payload = verifiedPayload(key, text);
  if (payload === null) return null;
  const [, approval_id, action, choice, expiry, binding] = payloadShape.exec(payload) ?? [];
  if (approval_id === undefined || binding === undefined) return null;
  return {
    approval_id,
    action: action as Grant["action"],
    choice: choice === "" ? null : Number(choice),
    expires_at: new Date(Number.parseInt(expiry ?? "", 36)).toISOString(),
    binding,
  };
}

/** The payload with its MAC. A payload names its kind, so that a token of one kind is never one of another. */
export function signedPayload(key: Buffer, payload: string): string {
  return `${payload}.${macOf(key, payload)}`;
}

/** The payload of a text whose MAC is valid. Never throws. */
export function verifiedPayload(key: Buffer, text: unknown): string | null {
  if (typeof text !== "string" || text.length > tokenLengthMax || text.length <= digestLength) return null;
  const payload = text.slice(0, -digestLength - 1);
  return isSameText(signedPayload(key, payload), text) ? payload : null;
}

/** What a token is bound to besides its approval's id: everything that the person was asked about, and this home's current epoch of the log. */
export function bindingOf({ subject, epoch }: Pick<ApprovalState, "subject" | "epoch">): string {
  return createHash("sha256").update(canonicalJson({ epoch, subject })).digest("base64url");
}

function macOf(key: Buffer, payload: string): string {
  return createHmac("sha256", key).update(payload).digest("base64url");
}

/** Compares digests, so that timing reveals neither length nor place of a difference. */
function isSameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf16le").digest();
  return timingSafeEqual(digest(left), digest(right));
}
