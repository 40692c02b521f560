/** Compares account names at GitHub, and finds the credential's own account. */
import { z } from "zod";
import { type GitHubConnection, graphql } from "./connection.ts";

/** `type`: `User`, or `Bot` for an app. */
export const personSchema = z.object({ login: z.string().min(1).max(200), type: z.string() });

/** GraphQL and REST name an app's account differently, and GitHub ignores case. */
export function isSameLogin(one: string, other: string): boolean {
  return plainLogin(one) === plainLogin(other);
}

function plainLogin(login: string): string {
  return login.toLowerCase().replace(/\[bot\]$/, "");
}

const viewerSchema = z.object({ viewer: z.object({ login: z.string().min(1).max(200) }) });

/** The login of the credential's own account, or of its app's bot. */
export async function ownLogin(gitHub: GitHubConnection): Promise<string> {
  const { viewer } = await graphql(gitHub, {
    name: "the account of the credential",
    document: "query { viewer { login } }",
    variables: {},
    schema: viewerSchema,
  });
  return viewer.login;
}
