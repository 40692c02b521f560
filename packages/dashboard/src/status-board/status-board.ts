/**
 * Renders the status board: one page of its own, a pure function of its document, at most 25 KB with its style and script. Without a script it shows the same and
 * loads itself again.
 *
 * Folder: the status board.
 */
import { escapeLine } from "@aedev/contracts";
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { type Markup, markupTag } from "../markup/markup.ts";
import { type ScriptWords, startBoard } from "./board-script.ts";
import { boardView } from "./board-view.ts";
import { chineseBoardWords } from "./chinese-words.ts";
import { statusBoardStyle } from "./style.ts";
import { type BoardWords, englishBoardWords } from "./words.ts";

/** `nonce`: the one that the answer's content security policy allows. `language`: of the first view; the page can change it. */
export interface StatusBoardOptions {
  readonly nonce: string;
  readonly language: keyof typeof languages;
}

const languages = { en: englishBoardWords, zh: chineseBoardWords } as const satisfies Record<string, BoardWords>;
/** How often the page may refresh itself, in seconds; 0: never. */
const refreshChoices = [5, 15, 30, 60, 0] as const;
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
  const script = `${scriptSource}\nstartBoard(${JSON.stringify(board.generated_at)},${refreshSeconds})`;
  return html`<!doctype html>
<html lang="${words.code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer"><noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript><title>${words.title}</title><style nonce="${nonce}">${{ markup: statusBoardStyle }}</style></head>
<body><header><h1>aedev</h1>${controls(words)}</header><main>${boardView({ board, words, html, rowsMax })}</main><p id="said" class="unseen" role="status"></p>
<script nonce="${nonce}">${{ markup: script }}</script></body></html>
`.markup;
}

/** The controls of a page with a script, which shows them. */
function controls(words: BoardWords): Markup {
  const html = markupTag((text) => text);
  const { code, title, live, old, still, gone, pause, resume, changed } = words;
  const said: ScriptWords = { code, title, live, old, still, gone, pause, resume, changed };
  const options = refreshChoices.map((seconds) => {
    const text = seconds === 0 ? words.off : words.every.replace("{n}", String(seconds));
    return html`<option value="${seconds}"${seconds === refreshSeconds ? html` selected` : html``}>${text}</option>`;
  });
  const other = code === "en" ? "zh" : "en";
  return html`<div id="controls" data-words="${JSON.stringify(said)}" hidden><span id="live">${live}</span><label for="every">${words.refresh}</label><select id="every">${options}</select><button id="pause" type="button">${pause}</button><button id="now" type="button">${words.now}</button><button id="language" type="button" lang="${other}">${words.other}</button></div>`;
}

/** The script by its own source, without comments and indentation. */
const scriptSource = startBoard
  .toString()
  .replace(/^\s*(?:\/\*\*.*\*\/|\/\/.*)$/gm, "")
  .replace(/\s*\n\s*/g, "\n")
  .replace(/ {2,}/g, " ");
