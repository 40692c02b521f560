/** Runs inside a sandbox: says what it can see and reach, and sends the requests on standard input through the gateway's socket. Prints one JSON document. */
const { execFileSync } = require("node:child_process");
const { lookup, Resolver } = require("node:dns").promises;
const fs = require("node:fs");
const { connect } = require("node:net");
const { networkInterfaces } = require("node:os");

const socketPath = "/run/aedev/gateway.sock";
const patienceMs = 1500;

function attempt(run) {
  try {
    run();
    return "done";
  } catch (error) {
    return error.code ?? `exit ${error.status}`;
  }
}

function reach(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const end = (word) => {
      socket.destroy();
      resolve(word);
    };
    socket.on("connect", () => end("reached"));
    socket.on("timeout", () => end("timeout"));
    socket.on("error", (error) => end(error.code));
  });
}

/** The bytes as they are over the socket; answers with what came back until the other side ends or says nothing more. */
function exchange(bytes) {
  return new Promise((resolve) => {
    let received = "";
    const socket = connect(socketPath);
    const end = () => {
      socket.destroy();
      resolve(received);
    };
    const timer = setTimeout(end, patienceMs);
    socket.on("data", (data) => {
      received += data.toString("latin1");
    });
    socket.on("error", end);
    socket.on("close", () => {
      clearTimeout(timer);
      end();
    });
    // Not ended: a half-closed connection counts as a client that went away.
    socket.write(Buffer.from(bytes, "latin1"));
  });
}

const statusLine = (name) =>
  new RegExp(`^${name}:\\s*(\\w+)`, "m").exec(fs.readFileSync("/proc/self/status", "utf8"))?.[1];

async function nameResolves(run) {
  try {
    await run();
    return "resolved";
  } catch (error) {
    return error.code;
  }
}

async function main() {
  const { hosts, requests } = JSON.parse(fs.readFileSync(0, "utf8"));
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers(["1.1.1.1"]);
  const answers = {};
  for (const [name, bytes] of Object.entries(requests)) answers[name] = await exchange(bytes);
  const found = {
    user: process.getuid(),
    interfaces: Object.keys(networkInterfaces()),
    routes: fs.readFileSync("/proc/net/route", "utf8").trim().split("\n").slice(1),
    names: [
      await nameResolves(() => lookup("example.org")),
      await nameResolves(() => resolver.resolve4("example.org")),
    ],
    reached: Object.fromEntries(
      await Promise.all(hosts.map(async ([host, port]) => [`${host}:${port}`, await reach(host, port)])),
    ),
    sockets: execFileSync("sh", ["-c", "find / -path /proc -prune -o -type s -print 2>/dev/null || true"], {
      encoding: "utf8",
    })
      .trim()
      .split("\n"),
    status: Object.fromEntries(
      ["CapEff", "CapPrm", "CapBnd", "NoNewPrivs", "Seccomp"].map((name) => [name, statusLine(name)]),
    ),
    writes: Object.fromEntries(
      ["/etc/x", "/x", "/usr/x", "/run/aedev/x", "/system_prompts/coder.md"].map((path) => [
        path,
        attempt(() => fs.writeFileSync(path, "x")),
      ]),
    ),
    unlinked: attempt(() => fs.unlinkSync(socketPath)),
    tooLarge: attempt(() =>
      execFileSync("sh", [
        "-c",
        "head -c 70000000 /dev/zero > /workspace/large 2>/dev/null; code=$?; rm -f /workspace/large; exit $code",
      ]),
    ),
    mayWrite: attempt(() => fs.writeFileSync("/tmp/may-write", "x")),
    answers,
  };
  process.stdout.write(JSON.stringify(found));
}

void main();
