/** A real git server over HTTP on loopback, like a forge's: `git http-backend` behind basic authentication. Whoever may read may also push. */
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { git } from "./git-repositories.ts";

export interface GitHttpServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123`. */
  readonly origin: string;
  /** Address of the repository. */
  readonly url: string;
  /** Method and path of every request, with its secret or null. */
  readonly requests: { readonly line: string; readonly secret: string | null }[];
}

/**
 * Serves the bare repository `dir`. `secret`: null serves everybody. `redirectTo`: every request is sent there. `slowMs`: delay before each answer to a request
 * with the secret. `echo`: a refusal repeats the request's credential.
 */
export async function serveGit(options: {
  dir: string;
  secret: string | null;
  redirectTo?: string;
  slowMs?: number;
  echo?: boolean;
}): Promise<GitHttpServer> {
  git(options.dir, ["config", "http.receivepack", "true"]);
  const requests: GitHttpServer["requests"] = [];
  const server = createServer((request, response) => {
    const secret = secretOf(request);
    requests.push({ line: `${request.method} ${request.url}`, secret });
    if (options.redirectTo !== undefined) {
      response.writeHead(301, { location: `${options.redirectTo}${request.url}` }).end();
      return;
    }
    if (options.secret !== null && secret !== options.secret) {
      const head = { "www-authenticate": 'Basic realm="git"', "content-type": "text/plain" };
      response.writeHead(401, head).end(options.echo === true ? `refused: ${secret}\n` : "sign in\n");
      return;
    }
    void delay(options.slowMs ?? 0).then(() => answerByBackend(options.dir, request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/${basename(options.dir)}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function secretOf(request: IncomingMessage): string | null {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (basic === undefined) return null;
  return Buffer.from(basic, "base64")
    .toString("utf8")
    .replace(/^[^:]*:/, "");
}

/** Speaks the CGI protocol: the request in variables and standard input, head and body in the output. */
function answerByBackend(dir: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env.PATH ?? "",
      GIT_PROJECT_ROOT: dirname(dir),
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method ?? "GET",
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_USER: "person",
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.pipe(backend.stdin);
  backend.stdin.on("error", () => backend.kill());
  let head: string | null = "";
  backend.stdout.on("data", (chunk: Buffer) => {
    if (head === null) return void response.write(chunk);
    head += chunk.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const fields = head.slice(0, end).split("\r\n");
    for (const field of fields) {
      const [name = "", value = ""] = field.split(/: (.*)/s);
      if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(Buffer.from(head.slice(end + 4), "latin1"));
    head = null;
  });
  backend.stdout.on("end", () => response.end());
}
