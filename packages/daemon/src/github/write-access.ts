/** Asks GitHub whether somebody may write to a repository now. */
import { z } from "zod";
import { type GitHubConnection, readOne } from "./connection.ts";

const permissionSchema = z.object({ permission: z.string() });

/** False also for somebody unknown there. GitHub calls the role "maintain" `write` here. */
export async function mayWrite(gitHub: GitHubConnection, username: string): Promise<boolean> {
  const found = await readOne(gitHub, {
    route: "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
    parameters: { username },
    schema: permissionSchema,
  });
  return found !== null && ["admin", "write"].includes(found.permission);
}
