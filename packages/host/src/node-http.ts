/** `node:http` without an import: importing evaluates every export, including WebSocket's library, which takes as long as the rest of a small program. */
export const { Agent, createServer, request } = process.getBuiltinModule("node:http");
