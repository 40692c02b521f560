/** Loads `node:http` without `import`, which would evaluate every export; its WebSocket library alone takes as long to start as a small program. */
export const { Agent, createServer, request } = process.getBuiltinModule("node:http");
