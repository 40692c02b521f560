/** The status board's page with the content security policy of this one answer: only its own style and script run, by a nonce that is used once. */
import { randomBytes } from "node:crypto";
import type { StatusBoardDocument } from "@aedev/contracts/api";
import { renderStatusBoard } from "@aedev/dashboard";

/** `acceptLanguage`: the request's header. Without a script the page has its first language. */
export function boardPage(
  board: StatusBoardDocument,
  acceptLanguage: string | undefined,
): { readonly page: string; readonly policy: string } {
  const nonce = randomBytes(16).toString("base64");
  const language = /^\s*zh\b/i.test(acceptLanguage ?? "") ? "zh" : "en";
  const own = `'nonce-${nonce}'`;
  return {
    page: renderStatusBoard(board, { nonce, language }),
    policy: `default-src 'none'; script-src ${own}; style-src ${own}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  };
}
