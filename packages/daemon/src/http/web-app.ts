/** Serves the built web app. Its files are the same for everybody and hold no data, so they need no token; its own calls do. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { appFolder, appPages } from "@aedev/dashboard";
import files from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { appHeaders } from "./guard.ts";
import { errorBody } from "./routes/error-body.ts";

export async function serveWebApp(server: FastifyInstance): Promise<void> {
  const index = join(appFolder, "index.html");
  const page = existsSync(index) ? readFileSync(index) : null;
  if (page !== null)
    await server.register(files, {
      root: join(appFolder, "assets"),
      prefix: "/assets/",
      // Their names have a hash of their content.
      cacheControl: false,
      setHeaders: (response) => void response.header("cache-control", "public, max-age=31536000, immutable"),
    });
  for (const path of appPages)
    server.get(path, { schema: { hide: true } }, async (_request, reply) => {
      if (page === null) return reply.code(404).send(errorBody("not-found", "the web app is not built", "aedev setup"));
      return reply.headers(appHeaders).type("text/html; charset=utf-8").send(page);
    });
}
