/**
 * The shape of a composed push message, with the limits and the title that all messages share.
 * Folder: the text of push messages.
 */

import { joined, type PushText, pushLine } from "@aedev/contracts";
import { type ApprovalState, entityById, missionWriter, type State } from "@aedev/core";
import type { Grant } from "../approval/token.ts";

export interface PlannedButton {
  readonly label: PushText;
  readonly grant: Grant;
}
export interface ComposedMessage {
  readonly title: PushText;
  readonly text: PushText;
  readonly tags: readonly string[];
  /** The approval that is asked for; null if the message only informs. */
  readonly approval: ApprovalState | null;
  readonly buttons: readonly PlannedButton[];
  /** Commands for the terminal, for messages without buttons. */
  readonly commands: readonly PushText[];
}

/** How many buttons ntfy shows. */
export const buttonsMax = 3;
/** Most bytes of the text. ntfy takes 4,096, and lines about buttons and commands may follow. */
const textBytesMax = 3_000;
const titleLengthMax = 100;

/** A message that only informs, with one of ntfy's emoji names as its tag. */
export function plainMessage(title: PushText, tag: string, lines: readonly PushText[]): ComposedMessage {
  return {
    title: pushLine(title, titleLengthMax, "home"),
    text: fitBytes(joined(lines, "\n"), textBytesMax),
    tags: [tag],
    approval: null,
    buttons: [],
    commands: [],
  };
}

export function titleOf(state: State, missionId: string): PushText {
  const mission = entityById(state.missions, missionId);
  return pushLine(mission?.title ?? missionId, titleLengthMax, missionWriter(mission));
}

/** Marks aedev's own words (a command, a name of its own form, an amount), which stay unchanged. */
export function ours(text: string): PushText {
  return pushLine(text, ownLengthMax, "home");
}
const ownLengthMax = 1_000;

/** The text cut to at most `bytesMax` bytes of UTF-8, between characters, with an ellipsis if anything was cut. */
export function fitBytes<T extends string>(text: T, bytesMax: number): T {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const ellipsis = "…";
  let used = Buffer.byteLength(ellipsis);
  let kept = "";
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytesMax) break;
    kept += character;
  }
  return `${kept}${ellipsis}` as T;
}
