// Sends one request unchanged through the sandbox's only way out and prints the answer.
// node ask.mjs '{"method": …, "target": …, "headers": {…}, "body": {…}, "padBytes": …}': each key changes one part of a plain model call.
import { connect } from "node:net";

const socketPath = "/run/aedev/gateway.sock";
const patienceMs = 4000;
const given = process.argv[2] ?? "{}";
const { method = "POST", target = "/v1/messages", headers = {}, body = {}, padBytes = 0 } = JSON.parse(given);

const plain = {
  model: process.env.CLAUDE_MODEL ?? "claude-sonnet-4-6",
  max_tokens: 64,
  messages: [{ role: "user", content: `asked by a sandbox: ${given}${" ".repeat(padBytes)}` }],
};
const content = method === "CONNECT" ? "" : JSON.stringify({ ...plain, ...body });
const head = {
  host: "localhost",
  "content-type": "application/json",
  "content-length": String(Buffer.byteLength(content)),
  connection: "close",
  ...headers,
};
const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);

let received = "";
const socket = connect(socketPath);
const end = (why) => {
  socket.destroy();
  const [first = "", rest = ""] = received.split(/\r\n\r\n([\s\S]*)/);
  console.log(received === "" ? `no answer: ${why}` : `${first.split("\r\n")[0]}\n${saidIn(rest)}`);
  process.exit(0);
};
/** The error or the text of an answer, without chunk sizes. */
function saidIn(rest) {
  try {
    const { error, content } = JSON.parse(rest.replace(/(^|\r\n)[0-9a-f]+\r\n/g, "").trim());
    return error?.message ?? content?.[0]?.text ?? rest.slice(0, 300);
  } catch {
    return rest.slice(0, 300);
  }
}
setTimeout(() => end("nothing came back"), patienceMs).unref();
socket.on("data", (data) => {
  received += data.toString("latin1");
});
socket.on("error", (error) => end(error.code));
socket.on("close", () => end("the connection was closed"));
socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${content}`);
