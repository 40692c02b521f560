/** Composes the daily digest's push message. Pure. Titles have no links, lists are short, and a tap opens what has waited longest for a person. */
import { costText, joined, type PushText, push, pushLine, usedText } from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import type { ApprovalState } from "@aedev/core";
import { type ComposedMessage, ours, plainMessage } from "./composed-message.ts";

/** The parts of a digest that the message needs. */
interface Digest {
  readonly landed: readonly { readonly title: string }[];
  readonly rejected: readonly unknown[];
  readonly cancelled: readonly unknown[];
  readonly waiting: readonly { readonly title: string }[];
  readonly holds: readonly { readonly title: string; readonly means: string }[];
  readonly used: UsageSum;
}

const listedMax = 5;
const titleLengthMax = 80;
const reasonLengthMax = 120;

/** `waitsLongest`: the approval whose page the message opens; null: no link. */
export function composeDigest(
  { landed, rejected, cancelled, waiting, holds, used }: Digest,
  waitsLongest: ApprovalState | null,
): ComposedMessage {
  const ended = [
    ...(rejected.length === 0 ? [] : [push`${rejected.length} rejected`]),
    ...(cancelled.length === 0 ? [] : [push`${cancelled.length} cancelled`]),
  ];
  const counts = [
    push`${landed.length} landed`,
    push`${waiting.length} need you`,
    push`${holds.length} held`,
    ...ended,
  ];
  const message = plainMessage(push`aedev: ${joined(counts, ", ")}`, "newspaper", [
    ...listOf(push`Landed`, landed.map(titleOf)),
    ...listOf(push`Needs you`, waiting.map(titleOf)),
    ...listOf(
      push`Held`,
      // The detail is left out, since it can have a coder's words and the message opens an approval page (SECURITY T23).
      holds.map((hold) => push`${titleOf(hold)}: ${pushLine(hold.means, reasonLengthMax)}`),
    ),
    push`${ours(usedText(used))}, ${ours(costText(used))} in 24 hours`,
  ]);
  return { ...message, approval: waitsLongest, commands: [push`aedev digest`] };
}

function titleOf({ title }: { readonly title: string }): PushText {
  return pushLine(title, titleLengthMax);
}

function listOf(heading: PushText, lines: readonly PushText[]): PushText[] {
  const more = lines.length - listedMax;
  const listed = lines.slice(0, listedMax).map((line) => push`- ${line}`);
  return lines.length === 0 ? [] : [push`${heading}:`, ...listed, ...(more > 0 ? [push`- and ${more} more`] : [])];
}
