/** Runs inside a sandbox and writes down what it can reach: network, names, hosts, the gateway's refusals, and every secret it can see. */
import { lookup } from "node:dns/promises";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";

const socketPath = "/run/aedev/gateway.sock";
const model = process.env.CLAUDE_MODEL;
const plain = { model, max_tokens: 20, messages: [{ role: "user", content: "PROBE" }] };
const block = (content) => ({ ...plain, messages: [{ role: "user", content: [content] }] });

const reach = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    socket.on("connect", () => resolve("reached")).on("timeout", () => resolve("timeout"));
    socket.on("error", (error) => resolve(error.code));
  });
const ask = (body, path = "/v1/messages", method = "POST") =>
  new Promise((resolve) => {
    const headers = { "content-type": "application/json" };
    const outgoing = request({ socketPath, path, method, headers, agent: false }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode));
    });
    outgoing.on("error", (error) => resolve(error.code)).end(JSON.stringify(body));
  });
const attempt = (run) => {
  try {
    run();
    return "done";
  } catch (error) {
    return error.code;
  }
};
const processes = () =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "latin1") + readFileSync(`/proc/${name}/environ`, "latin1");
      } catch {
        return "";
      }
    })
    .join("\n");

const found = {
  interfaces: Object.keys(networkInterfaces()),
  routes: readFileSync("/proc/net/route", "utf8").trim().split("\n").length - 1,
  name: await lookup("example.org").then(
    () => "resolved",
    (error) => error.code,
  ),
  internet: await reach("1.1.1.1", 443),
  host: await reach("172.17.0.1", 80),
  metadata: await reach("169.254.169.254", 80),
  capabilities: /CapEff:\s*(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1],
  newPrivileges: /NoNewPrivs:\s*(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1],
  seccomp: /Seccomp:\s*(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1],
  rootWrite: attempt(() => writeFileSync("/etc/x", "")),
  socketFolderWrite: attempt(() => writeFileSync("/run/aedev/x", "")),
  promptWrite: attempt(() => writeFileSync("/system_prompts/coder.md", "")),
  refused: {
    web_search: await ask({ ...plain, tools: [{ type: "web_search_20250305", name: "web_search" }] }),
    web_fetch: await ask({ ...plain, tools: [{ type: "web_fetch_20250910", name: "web_fetch" }] }),
    code_execution: await ask({ ...plain, tools: [{ type: "code_execution_20250825", name: "code_execution" }] }),
    mcp: await ask({ ...plain, mcp_servers: [{ type: "url", url: "https://x", name: "x" }] }),
    container: await ask({ ...plain, container: "c" }),
    url: await ask(block({ type: "image", source: { type: "url", url: "https://x/" } })),
    file: await ask(block({ type: "document", source: { type: "file", file_id: "f" } })),
    model: await ask({ ...plain, model: "claude-opus-4-7" }),
    files: await ask({}, "/v1/files"),
    batches: await ask({}, "/v1/messages/batches"),
    absolute: await ask(plain, "http://evil.example/v1/messages"),
    get: await ask({}, "/v1/models", "GET"),
  },
  plain: await ask(plain),
  seen: processes() + JSON.stringify(process.env),
};
writeFileSync("/workspace/repo/probe.json", JSON.stringify(found));
