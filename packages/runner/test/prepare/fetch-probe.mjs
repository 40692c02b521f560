// Runs as a fetch step: tries every way out and writes the results to out/probe.json. Argument: JSON of the targets that a test set up.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

const { closedPort, mirrorPort, gateway } = JSON.parse(process.argv[2] ?? "{}");
/** A separate agent, because Node's would use the proxy to reach the proxy. */
const proxy = { host: "127.0.0.1", port: 3128, agent: new Agent() };
const patienceMs = 3000;

function raw(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patienceMs });
    const end = (word) => {
      socket.destroy();
      resolve(word);
    };
    socket.once("connect", () => end("reached"));
    socket.once("timeout", () => end("silent"));
    socket.once("error", (error) => end(error.code));
  });
}

/** The proxy's status line for a CONNECT, and its socket. */
function tunnel(target) {
  return new Promise((resolve) => {
    const call = request({ ...proxy, method: "CONNECT", path: target, timeout: patienceMs });
    call.once("connect", (answer, socket) => {
      socket.on("error", () => socket.destroy());
      resolve({ status: answer.statusCode, socket });
    });
    call.once("error", (error) => resolve({ status: error.code, socket: null }));
    call.end();
  });
}

function get(url) {
  return new Promise((resolve) => {
    const call = request({ ...proxy, path: url, timeout: patienceMs }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode, location: answer.headers.location }));
    });
    call.once("error", (error) => resolve({ status: error.code }));
    call.end();
  });
}

/** True if a TLS session for `servername` can be opened in a tunnel to `target`. */
async function session(target, servername) {
  const { status, socket } = await tunnel(target);
  if (socket === null || status !== 200) return String(status);
  return new Promise((resolve) => {
    const secure = connectTls({ socket, servername });
    secure.once("secureConnect", () => resolve("session"));
    secure.on("error", (error) => resolve(error.code ?? "error"));
    secure.once("close", () => resolve("closed"));
  });
}

const found = {
  // Avoids node:os, which uses netlink: a fetch step has none.
  interfaces: [...readFileSync("/proc/net/dev", "utf8").matchAll(/^ *([^\s:|]+):/gm)].flatMap(([, name]) =>
    name === "lo" ? [] : [name],
  ),
  routes: readFileSync("/proc/net/route", "utf8").trim().split("\n").length - 1,
  raw: {},
  tunnels: {},
  plain: {},
};
for (const [host, port] of [
  ["1.1.1.1", 443],
  ["169.254.169.254", 80],
  [gateway, closedPort],
  ["127.0.0.1", closedPort],
  ["registry.npmjs.org", 443],
])
  found.raw[`${host}:${port}`.replace(String(closedPort), "closed")] = await raw(host, port);
for (const target of [
  "1.1.1.1:443",
  "169.254.169.254:80",
  `${gateway}:${closedPort}`,
  `127.0.0.1:${closedPort}`,
  `localhost:${closedPort}`,
  `[::1]:${closedPort}`,
  `[::ffff:127.0.0.1]:${closedPort}`,
  `2130706433:${closedPort}`,
  "registry.npmjs.org:22",
  "registry.npmjs.org:80",
  "registry.npmjs.org.:443",
  "evil.example:443",
]) {
  const { status, socket } = await tunnel(target);
  socket?.destroy();
  found.tunnels[target.replace(String(closedPort), "closed")] = status;
}
for (const url of [
  "http://169.254.169.254/latest/meta-data/",
  `http://127.0.0.1:${closedPort}/`,
  "http://registry.npmjs.org/",
])
  found.plain[url.replace(String(closedPort), "closed")] = (await get(url)).status;
found.honest = await session("registry.npmjs.org:443", "registry.npmjs.org");
found.fronted = await session("registry.npmjs.org:443", "example.com");
found.mirror = await get(`http://127.0.0.1:${mirrorPort}/package`);
found.redirect = await get(`http://127.0.0.1:${mirrorPort}/away`);
found.followed = await get(found.redirect.location);
mkdirSync("out");
writeFileSync("out/probe.json", JSON.stringify(found));
process.exit(0);
