/** `node:http` without its import, which evaluates every export, WebSocket's library among them: that takes as long as the rest of a small program. */
export const { Agent, createServer, request } = process.getBuiltinModule("node:http");
