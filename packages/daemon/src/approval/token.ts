/**
 * The token behind a button on the phone: a text that carries one approval, one decision and a MAC over both (THREATS T13, T14). It is made
 * again from the log and a key whenever it is needed, so no log, file or error ever holds one.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import type { ApprovalAction, ApprovalState } from "@aedev/core";
import { canonicalJson, Fault } from "@aedev/core/wire";
import { readIfThere, writeDurably } from "../home/durable-file.ts";
import { homeLayout } from "../home/layout.ts";

/** What a token allows. `look` shows and decides nothing. `choice`: one of a question's choices, by its index; only with `answer`. */
export interface Grant {
  readonly action: ApprovalAction | "look";
  readonly choice?: number;
}
/** What a token with a right MAC says; `binding` is still to be compared with the approval's own (`bindingOf`). */
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
/** Characters of 32 bytes in base64url without padding. */
const digestLength = 43;
const payloadShape =
  /^1\.(a-[0-9a-z]{10,32})\.(approve|reject|answer|look)\.([0-9]?)\.([0-9a-z]{1,11})\.([-_A-Za-z0-9]{43})$/;

/** The home's key for tokens, made where there is none. Throws a Fault where the file is not such a key. */
export function approvalKey(home: string): Buffer {
  makeApprovalKey(home);
  const text = readIfThere(homeLayout(home).approvalKey) ?? "";
  if (!/^[0-9a-f]{64}\n$/.test(text))
    throw new Fault("APPROVAL-KEY", "keys/approval.key is not a key of 32 bytes", {
      hint: "move keys/approval.key away and start the daemon again; buttons that were sent stop working",
    });
  return Buffer.from(text.trim(), "hex");
}

/** Returns whether the key was missing. The file is 0600 and stays as it is afterwards. */
export function makeApprovalKey(home: string): boolean {
  const path = homeLayout(home).approvalKey;
  if (existsSync(path)) return false;
  writeDurably(path, `${randomBytes(keyBytes).toString("hex")}\n`);
  return true;
}

/** URL safe, at most `tokenLengthMax` characters; the same approval and grant make the same token. */
export function mintToken(key: Buffer, approval: ApprovalState, { action, choice }: Grant): string {
  const expiry = Date.parse(approval.expires_at).toString(36);
  const payload = `1.${approval.approval_id}.${action}.${choice ?? ""}.${expiry}.${bindingOf(approval)}`;
  return `${payload}.${macOf(key, payload)}`;
}

/**
 * Null unless the MAC is right. It is compared in constant time, as text (so that no second spelling of the same bytes passes), before
 * anything else is looked at. Contract: never throws, whatever `text` is.
 */
export function readToken(key: Buffer, text: unknown): ReadToken | null {
  if (typeof text !== "string" || text.length > tokenLengthMax || text.length <= digestLength) return null;
  const payload = text.slice(0, -digestLength - 1);
  if (!isSameText(`${payload}.${macOf(key, payload)}`, text)) return null;
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

/** What a token is bound to beside its approval's id: everything the person was asked about, and this life of the home. */
export function bindingOf({ subject, epoch }: Pick<ApprovalState, "subject" | "epoch">): string {
  return createHash("sha256").update(canonicalJson({ epoch, subject })).digest("base64url");
}

function macOf(key: Buffer, payload: string): string {
  return createHmac("sha256", key).update(payload).digest("base64url");
}

/** Digests are compared, so that the time tells nothing of the place where texts differ, nor of their lengths. */
function isSameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text, "utf16le").digest();
  return timingSafeEqual(digest(left), digest(right));
}
