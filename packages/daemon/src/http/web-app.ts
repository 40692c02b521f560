/** Serves the built web app. Its files are the same for everybody and hold no data, so they need no token; its own calls do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { appFolder, appPages } from "@aedev/dashboard";
import files from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { appHeaders } from "./guard.ts";
import { errorBody } from "./routes/error-body.ts";

export async function serveWebApp(server: FastifyInstance): Promise<void> {
  const isBuilt = existsSync(join(appFolder, "index.html"));
  if (isBuilt)
    await server.register(files, {
      root: join(appFolder, "assets"),
      prefix: "/assets/",
      // Their names have a hash of their content.
      cacheControl: false,
      setHeaders: (response) => void response.header("cache-control", "public, max-age=31536000, immutable"),
    });
  for (const path of appPages)
    server.get(path, { schema: { hide: true } }, async (_request, reply) => {
      if (!isBuilt) return reply.code(404).send(errorBody("not-found", "the web app is not built", "scripts/setup"));
      return reply.headers(appHeaders).sendFile("index.html", appFolder, { cacheControl: false });
    });
}
