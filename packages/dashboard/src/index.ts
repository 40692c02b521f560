/** The status board, and the escaping that every page needs: pure functions, no framework, no script. */
export { type Markup, markupTag } from "./markup.ts";
export { renderStatusBoard, type StatusBoardOptions } from "./status-board.ts";
export { type StatusBoardDocument, statusBoardDocument } from "./status-board-document.ts";
