/**
 * Renders every page that a person sees in a browser. Pure functions of documents from contracts; only the status board has a script.
 *
 * Folder: the entry, which names every page.
 */

export { appFolder, appPages } from "./app-files.ts";
export { renderApprovalPage } from "./approval/approval-page.ts";
export { renderNewMissionPage } from "./approval/new-mission-page.ts";
export { renderResultPage } from "./approval/page-frame.ts";
export { approvalStyleSource } from "./approval/style.ts";
export { renderMissionReport } from "./report/mission-report-page.ts";
export { renderStatusBoard } from "./status-board/status-board.ts";
