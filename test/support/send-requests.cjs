/** Runs inside a sandbox: sends the requests on standard input, as raw bytes by name, through the gateway's socket. Prints what came back by name, as JSON. */
const fs = require("node:fs");
const { connect } = require("node:net");

const socketPath = "/run/aedev/gateway.sock";
const patienceMs = 1500;

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

async function main() {
  const answers = {};
  for (const [name, bytes] of Object.entries(JSON.parse(fs.readFileSync(0, "utf8"))))
    answers[name] = await exchange(bytes);
  process.stdout.write(JSON.stringify(answers));
}

void main();
