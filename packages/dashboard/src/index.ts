/** The status board: pure functions of the state, no framework, no script. */
export { renderStatusBoard, type StatusBoardOptions } from "./status-board.ts";
export { type StatusBoardDocument, statusBoardDocument } from "./status-board-document.ts";
