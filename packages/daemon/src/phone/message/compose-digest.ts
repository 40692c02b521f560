/** Composes the push message of the daily digest. Pure; titles have no links, lists are short, and a tap opens what has waited longest for a person. */
import { costText, usedText } from "@aedev/contracts";
import type { UsageSum } from "@aedev/contracts/api";
import type { ApprovalState } from "@aedev/core";
import { type ComposedMessage, told } from "./composed-message.ts";
import { plainWords } from "./plain-words.ts";

/** What the message needs of a digest. */
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

/** `waitsLongest`: the approval whose page the message opens; null: the message has no link. */
export function composeDigest(
  { landed, rejected, cancelled, waiting, holds, used }: Digest,
  waitsLongest: ApprovalState | null,
): ComposedMessage {
  const ended = [
    ...(rejected.length === 0 ? [] : [`${rejected.length} rejected`]),
    ...(cancelled.length === 0 ? [] : [`${cancelled.length} cancelled`]),
  ];
  const title = [`${landed.length} landed`, `${waiting.length} need you`, `${holds.length} held`, ...ended].join(", ");
  const message = told(`aedev: ${title}`, "newspaper", [
    ...listOf("Landed", landed.map(titleOf)),
    ...listOf("Needs you", waiting.map(titleOf)),
    ...listOf(
      "Held",
      // Not its detail, which can have a coder's words: the message opens the page of an approval (THREATS T23).
      holds.map((hold) => `${titleOf(hold)}: ${plainWords(hold.means, reasonLengthMax)}`),
    ),
    `${usedText(used)}, ${costText(used)} in 24 hours`,
  ]);
  return { ...message, approval: waitsLongest, commands: ["aedev digest"] };
}

function titleOf({ title }: { readonly title: string }): string {
  return plainWords(title, titleLengthMax);
}

function listOf(heading: string, lines: readonly string[]): string[] {
  const more = lines.length - listedMax;
  const listed = lines.slice(0, listedMax).map((line) => `- ${line}`);
  return lines.length === 0 ? [] : [`${heading}:`, ...listed, ...(more > 0 ? [`- and ${more} more`] : [])];
}
