/** Reads requests for a change in order of access, if there are more than one look handles. The server is a table of answers. */
import { expect, it } from "vitest";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { readRequestedChanges } from "../../src/github/review-instructions.ts";

const comment = (id: number, login: string, author_association: string) => ({
  id,
  body: "/aedev change: do it",
  user: { login, type: "User" },
  author_association,
  created_at: "2026-01-02T03:04:05Z",
  updated_at: "2026-01-02T03:04:05Z",
});

/** GitHub with these comments and no review; only `writers` may write. */
function serverWith(comments: readonly unknown[], writers: readonly string[]): GitHubConnection {
  const answers: Readonly<Record<string, (parameters: Record<string, unknown>) => unknown>> = {
    "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews": () => [],
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": () => comments,
    "GET /repos/{owner}/{repo}/collaborators/{username}/permission": ({ username }) => ({
      permission: writers.includes(String(username)) ? "write" : "read",
    }),
  };
  return {
    owner: "o",
    name: "n",
    identity: "token",
    request: async (route, parameters = {}) => ({ status: 200, headers: {}, data: answers[route]?.(parameters) }),
  };
}

it("requests by people who may have access are read before sixty of strangers, which come later", async () => {
  const strangers = Array.from({ length: 60 }, (_, index) => comment(index + 1, `stranger-${index}`, "NONE"));
  const server = serverWith([...strangers, comment(99, "dev", "COLLABORATOR")], ["dev"]);
  const found = await readRequestedChanges(server, { number: 1, isKnown: () => false });
  expect(found).toHaveLength(20);
  expect(found[0]).toMatchObject({ login: "dev", may: "yes" });
  expect(found.slice(1).every(({ may }) => may === "no-write-access")).toBe(true);
  const later = await readRequestedChanges(server, { number: 1, isKnown: ({ id }) => id === 99 || id < 20 });
  expect(later.map(({ login }) => login)).not.toContain("dev");
});
