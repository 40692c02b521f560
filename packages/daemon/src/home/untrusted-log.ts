/** Keeps the home's record of why the log is not trusted (SECURITY T33), so that every client can show it with the daemon up or down. It decides nothing. */
import { rmSync } from "node:fs";
import {
  acceptLogCommand,
  canonicalJson,
  type DistrustReason,
  distrustReasonSchema,
  distrustReasonsMax,
  distrustReasonText,
} from "@aedev/contracts";
import type { UntrustedLog } from "@aedev/contracts/api";
import { readIfThere, writeDurably } from "@aedev/host/durable-file";
import { homeLayout } from "@aedev/host/home-layout";
import { parseJson } from "@aedev/host/parse-json";
import { z } from "zod";
import type { LogPlace } from "../log/log-place.ts";

const whatCharactersMax = 500;
const recordSchema = z.strictObject({ faults: z.array(distrustReasonSchema).min(1).max(distrustReasonsMax) });

/** Empty while the log is trusted. An unreadable record is itself a reason. */
export function readDistrustReasons(home: string): readonly DistrustReason[] {
  const text = readIfThere(homeLayout(home).untrusted);
  if (text === null) return [];
  const record = recordSchema.safeParse(parseJson(text));
  if (record.success) return record.data.faults;
  return [verificationReason({ what: "untrusted.json is not what the daemon wrote" })];
}

/** The reason for what verification found, shortened. */
export function verificationReason({
  position = null,
  row = null,
  what,
}: {
  position?: number | null;
  row?: string | null;
  what: string;
}): DistrustReason {
  return { kind: "verification", position, row, what: what.slice(0, whatCharactersMax).toWellFormed() };
}

export function writeDistrustReasons(home: string, reasons: readonly DistrustReason[]): void {
  if (reasons.length === 0) rmSync(homeLayout(home).untrusted, { force: true });
  else writeDurably(homeLayout(home).untrusted, `${canonicalJson({ faults: reasons })}\n`);
}

/** `reasons` plus the new ones of `more`, as many as a record may have. */
export function joinReasons(reasons: readonly DistrustReason[], more: readonly DistrustReason[]): DistrustReason[] {
  const all = [...reasons];
  for (const one of more) if (!all.some((known) => isSame(known, one))) all.push(one);
  return all.slice(0, distrustReasonsMax);
}

function isSame(left: DistrustReason, right: DistrustReason): boolean {
  if (left.kind === "verification" || right.kind === "verification")
    return left.kind === "verification" && right.kind === "verification" && left.what === right.what;
  return left.kind === right.kind && left.commit === right.commit;
}

/** `reasons` plus the entities that the state lacks because their stream can't be read. */
export function withUnreadable(reasons: readonly DistrustReason[], unreadable: readonly string[]): DistrustReason[] {
  return joinReasons(
    reasons,
    unreadable.map((what) => verificationReason({ what })),
  );
}

/** The reasons as clients show them; null if there are none. `tip`: the log's last event. */
export function untrustedDocument(reasons: readonly DistrustReason[], tip: LogPlace): UntrustedLog | null {
  if (reasons.length === 0) return null;
  const { position, hash } = tip;
  return { reasons: reasons.map(distrustReasonText), position, hash, help: acceptLogCommand(tip) };
}
