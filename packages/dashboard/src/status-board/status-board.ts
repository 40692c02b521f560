/**
 * Renders the status board: one page of its own, a pure function of its document, at most 25 KB with its style and script. Without a script it shows the same and
 * loads itself again.
 *
 * Folder: the status board.
 */
import { escapeLine } from "@aedev/contracts";
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { type Markup, markupTag } from "../markup/markup.ts";
import { type BoardPiece, boardView } from "./board-view.ts";
import { chineseBoardWords } from "./chinese-words.ts";
import { statusBoardStyle } from "./style.ts";
import { type BoardWords, englishBoardWords } from "./words.ts";

/** `nonce`: the one that the answer's content security policy allows. `language`: of the first view; the page can change it. */
export interface StatusBoardOptions {
  readonly nonce: string;
  readonly language: keyof typeof languages;
}

const languages = { en: englishBoardWords, zh: chineseBoardWords } as const satisfies Record<string, BoardWords>;
const refreshSeconds = 15;
const pageBytesMax = 25_000;
/** Maximum rows per list and characters per text, tried in this order until the page fits. The last one always fits. */
const limitsTried: readonly (readonly [rowsMax: number, textMax: number])[] = [
  ...([20, 12, 8, 5, 3] as const).map((rows) => [rows, 160] as const),
  [3, 80],
  [2, 40],
  [1, 40],
  [1, 10],
];

/** The whole page. The same document and options give the same bytes. */
export function renderStatusBoard(board: StatusBoardDocument, options: StatusBoardOptions): string {
  let page = "";
  for (const [rowsMax, textMax] of limitsTried) {
    page = renderPage(board, options, { rowsMax, textMax });
    if (Buffer.byteLength(page) <= pageBytesMax) break;
  }
  return page;
}

function renderPage(
  board: StatusBoardDocument,
  { nonce, language }: StatusBoardOptions,
  { rowsMax, textMax }: { rowsMax: number; textMax: number },
): string {
  const html = markupTag((text) => escapeLine(text, textMax));
  const words = languages[language];
  const content = boardView(board, words, rowsMax).map((piece) => markupOf(piece, html));
  return html`<!doctype html>
<html lang="${words.code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer"><noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript><title>${words.title}</title><style nonce="${nonce}">${{ markup: statusBoardStyle }}</style></head>
<body><header><h1>aedev</h1></header><main>${content}</main></body></html>
`.markup;
}

const withoutEnd: ReadonlySet<string> = new Set(["br"]);

/** The tag and the names of attributes are constants of `boardView`. */
function markupOf(piece: BoardPiece, html: ReturnType<typeof markupTag>): Markup {
  if (typeof piece === "string") return html`${piece}`;
  const [tag, attributes, ...content] = piece;
  const [name = "", ...classes] = tag.split(".");
  const given = Object.entries({ ...(classes.length === 0 ? {} : { class: classes.join(" ") }), ...attributes });
  const written = given.map(([key, value]) => html` ${{ markup: key === "key" ? "data-key" : key }}="${value}"`);
  const start = html`<${{ markup: name }}${written}>`;
  if (withoutEnd.has(name)) return start;
  return html`${start}${content.map((inner) => markupOf(inner, html))}</${{ markup: name }}>`;
}
