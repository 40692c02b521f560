/** Tests with a real container whether this engine's containers can reach a socket in a mounted folder. It leaves nothing behind. */
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import type { RunLimits } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import { runProbe } from "../engine/run-probe.ts";
import { deleteFolder, makeOwnFolder, socketFolderOf } from "../tree/run-folder.ts";
import { socketLink } from "./socket-link.ts";

const answerTimeoutMs = 15_000;
const errorCharsMax = 200;
/** Prints what the socket sent, or the error code. */
const program = `const s=require("net").connect("/run/aedev/p.sock");s.on("data",(d)=>{process.stdout.write(d);process.exit(0)});s.on("error",(e)=>{console.log(e.code);process.exit(1)})`;

/** Null if the socket is reached, else why not. Throws the engine's Faults. */
export async function probeSocketLink(
  options: { runnerImageId: string; limits: RunLimits },
  context: RunnerContext,
): Promise<string | null> {
  const { user } = context;
  const socketFolder = socketFolderOf(context, `p-${randomBytes(8).toString("hex")}`);
  const nonce = randomBytes(8).toString("hex");
  makeOwnFolder(socketFolder, user);
  const server = await answering(join(socketFolder, "p.sock"), nonce, user);
  const images = { runnerImageId: options.runnerImageId, imageId: options.runnerImageId };
  const { mounts } = await socketLink.place({ socketFolder, images }, context);
  try {
    const { ended, text } = await runProbe(
      {
        imageId: options.runnerImageId,
        entrypoint: ["/usr/local/bin/node", "-e"],
        command: [program],
        environment: {},
        mounts,
        seccomp: "coder",
        limits: options.limits,
        timeoutMs: answerTimeoutMs,
        outputBytesMax: errorCharsMax,
      },
      context,
    );
    if (ended === 0 && text.includes(nonce)) return null;
    return ended === "timeout" ? "no answer in time" : text.trim() || `exit ${ended}`;
  } finally {
    server.close();
    await deleteFolder(socketFolder);
  }
}

async function answering(path: string, nonce: string, owner: RunnerContext["user"]): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(nonce);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  if (owner.chown) chownSync(path, owner.uid, owner.gid);
  return server;
}
