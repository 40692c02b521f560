/**
 * The shape of a composed push message, and what all messages share: limits and the mission's title.
 *
 * Folder: the text of push messages.
 */

import { escapeLine } from "@aedev/contracts";
import { type ApprovalState, entityById, type State } from "@aedev/core";
import type { Grant } from "../approval/token.ts";
import { fitBytes } from "./plain-words.ts";

export interface PlannedButton {
  readonly label: string;
  readonly grant: Grant;
}
export interface ComposedMessage {
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  /** What is asked; null if the message only informs. */
  readonly approval: ApprovalState | null;
  readonly buttons: readonly PlannedButton[];
  /** The terminal commands, for messages without buttons. */
  readonly commands: readonly string[];
}

/** What ntfy shows of buttons. */
export const buttonsMax = 3;
/** Bytes of the text; ntfy takes 4,096, and lines about buttons and commands may follow. */
const textBytesMax = 3_000;
const titleLengthMax = 100;

/** A message that only informs, with one of ntfy's emoji names as its tag. */
export function told(title: string, tag: string, lines: readonly string[]): ComposedMessage {
  return {
    title: escapeLine(title, titleLengthMax),
    text: fitBytes(lines.join("\n"), textBytesMax),
    tags: [tag],
    approval: null,
    buttons: [],
    commands: [],
  };
}

export function titleOf(state: State, missionId: string): string {
  return entityById(state.missions, missionId)?.title ?? missionId;
}
