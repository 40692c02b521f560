/** What a coder can reach from inside its container, what the repository can make it do, and which image it runs in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isNight } from "../../../test/support/is-night.ts";
import { attackFolder, attemptsScript, judgeAttempts, sandboxEntries } from "../../../test/support/sandbox-attempts.ts";
import { allBytes, bash, containers, docker, model, place, plane, reportOf, usage } from "./coder-stand.ts";
import { coderWork, gatewayLimits, runnerImage, sha256, token } from "./throw-away-home.ts";

const bodySchema = z.looseObject({ messages: z.array(z.looseObject({ content: z.unknown() })) });
function lastText(body: unknown): string {
  const content = bodySchema.parse(body).messages.at(-1)?.content;
  return typeof content === "string" ? content : JSON.stringify(content);
}

describe("the sandbox", () => {
  it.each(isNight ? (["socket", "exec"] as const) : (["socket"] as const))(
    "lets nothing out but plain model calls by the %s link: no route, no name, no host, no server-side tool, and no credential in sight",
    async (link) => {
      model.on({ userMessage: /asked by a sandbox: / }, { content: "plain", usage });
      const script = "cd /workspace/repo && cp ask.mjs /tmp && bash attempts.sh > attempts.txt";
      model.on({ userMessage: /TASK/, hasToolResult: false }, bash(script));
      model.on({ hasToolResult: true }, { content: "done", usage });
      const service = { host_address: "172.17.0.1", host_port: "80", loopback_port: "80" };
      // The relay's socket is in the container's own memory; a coder that removes it has none.
      const entries = sandboxEntries({ ...service, home: place.home, pid: String(process.pid) }).filter(
        ({ name }) => link === "socket" || name !== "the gateway's socket, replaced by its own",
      );
      const askFile = readFileSync(join(attackFolder, "ask.mjs"), "utf8");
      const base = place.commit({ "ask.mjs": askFile, "attempts.sh": attemptsScript(entries) });
      const work = coderWork(place, base, {
        text: "TASK",
        gateway: { ...gatewayLimits, request_bytes: 2 * 1024 * 1024 },
      });
      const execution = await plane({ sandbox_link: link });
      execution.send(work);
      const { result } = await reportOf(execution, work.run_id);
      if (result.outcome !== "captured") throw new Error(JSON.stringify(result));
      const text = readFileSync(join(place.home, "worktrees", work.run_id, work.run_id, "attempts.txt"), "utf8");
      const { refused, through, failedControls } = judgeAttempts(entries, text, {
        texts: model.getRequests().map(({ body }) => lastText(body)),
        credentials: [],
        connections: { address: 0, loopback: 0 },
        credential: token,
      });
      const ownFolder = link === "socket" ? [] : ["a file beside the gateway's socket"];
      expect(through.map(({ name }) => name)).toEqual(ownFolder);
      expect(failedControls).toEqual([]);
      expect(refused.length).toBeGreaterThanOrEqual(40);
      expect(text).not.toContain(token);
      // The CLI's two requests, the plain one, and one with a credential that the coder chose.
      expect(model.getRequests()).toHaveLength(4);
      expect(result.usage).toMatchObject({ requests: 4, input_tokens: 44, output_tokens: 28 });
      const asked = entries.filter((entry) => entry.group === "gateway" && "refused" in entry && !entry.arrives);
      expect(asked.length).toBeGreaterThanOrEqual(12);
      expect(execution.messages.filter(({ kind }) => kind === "Refusal")).toHaveLength(asked.length);
      expect(allBytes(place.home).includes(token)).toBe(false);
    },
  );

  it("ignores everything that the repository plants to steer the coder, and reads the coder's forgeries without believing them", async () => {
    const forge = [
      "mkfifo /workspace/question.json.tmp; ln -s /etc/hostname /workspace/link",
      `echo '{"usage":{"input_tokens":999999},"is_error":false}' > /workspace/result.json`,
      "echo changed > /workspace/repo/a.txt",
    ].join("; ");
    model.on({ hasToolResult: false }, bash(forge));
    model.on({ hasToolResult: true }, { content: "done", usage });
    const hook = { hooks: [{ type: "command", command: "touch /workspace/repo/hooked" }] };
    const base = place.commit({
      "a.txt": "1\n",
      "CLAUDE.md": "PLANTEDWORD\n",
      ".mcp.json": JSON.stringify({ mcpServers: { x: { command: "touch", args: ["/workspace/repo/hooked"] } } }),
      ".claude/settings.json": JSON.stringify({
        model: "claude-opus-4-7",
        hooks: { PreToolUse: [hook], SessionStart: [hook], Stop: [hook] },
        env: { ANTHROPIC_CUSTOM_HEADERS: "x-planted: 1" },
      }),
    });
    const work = coderWork(place, base, { text: "HONESTWORD" });
    const execution = await plane();
    execution.send(work);
    const { result } = await reportOf(execution, work.run_id);
    if (result.outcome !== "captured") throw new Error(JSON.stringify(result));
    const patch = Buffer.from(place.blobs.get(result.patch.digest)).toString();
    expect(patch).toContain("+changed");
    expect(patch).not.toContain("hooked");
    const sent = JSON.stringify(model.getRequests());
    expect(sent).toContain("HONESTWORD");
    expect(sent).not.toContain("PLANTEDWORD");
    expect(sent).not.toContain("x-planted");
    expect(result.usage).toMatchObject({ input_tokens: 22, output_tokens: 14, requests: 2 });
  });

  it("gives commands an input at its end, however they are written, and scripts in a pipe their own", async () => {
    const command = [
      "cat <<'X'\nhere\nX\nreadlink /proc/self/fd/0; cat; echo ended",
      "echo piped | bash -c 'cat'",
      "printf '#!/bin/bash\\ncat\\n' > /tmp/s; chmod +x /tmp/s; echo script | /tmp/s",
    ].join("\n");
    model.on({ hasToolResult: false }, bash(command));
    model.on({ hasToolResult: true }, { content: "done", usage });
    const execution = await plane();
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }));
    execution.send(work);
    await reportOf(execution, work.run_id);
    expect(lastText(model.getRequests().at(-1)?.body)).toContain("here\n/dev/null\nended\npiped\nscript");
  });

  it("runs the mounted CLI in a repository's own image, and holds if the image lacks something that a program needs", async () => {
    model.on({ hasToolResult: false }, bash("cat /toolchain > /workspace/repo/seen"));
    model.on({ hasToolResult: true }, { content: "done", usage });
    const source = await docker.createContainer({
      Image: runnerImage,
      Entrypoint: ["/bin/sh", "-c"],
      User: "0",
      Cmd: ["rm -r /usr/local/bin/claude /usr/local/bin/node /entrypoint.sh; echo own > /toolchain"],
    });
    await source.start();
    await source.wait();
    const tag = `aedev-test-${sha256(place.home).slice(0, 16)}`;
    await source.commit({ repo: tag, tag: "1" });
    await source.remove();
    try {
      const base = place.commit({ "a.txt": "1\n" });
      const settings = { ...coderWork(place, base).settings, image: `${tag}:1` };
      const work = coderWork(place, base, { settings });
      // The relay needs our Node there, which is mounted too.
      const execution = await plane({ sandbox_link: "exec" });
      execution.send(work);
      const { result } = await reportOf(execution, work.run_id);
      if (result.outcome !== "captured") throw new Error(JSON.stringify(result));
      expect(Buffer.from(place.blobs.get(result.patch.digest)).toString()).toContain("+own");
      expect(result.environment.image).toBe(`${tag}:1`);
      const empty = execaSync("tar", ["-c", "--files-from=/dev/null"], { encoding: "buffer" }).stdout;
      await docker.importImage(Readable.from([empty]), { repo: tag, tag: "empty" });
      const lacking = coderWork(place, base, { settings: { ...settings, image: `${tag}:empty` } });
      execution.send(lacking);
      expect((await reportOf(execution, lacking.run_id)).result).toMatchObject({
        code: "HOLD-TOOLCHAIN",
        retry_free: true,
      });
    } finally {
      for (const { Id } of await containers()) await docker.getContainer(Id).remove({ force: true });
      for (const name of ["1", "empty"]) await docker.getImage(`${tag}:${name}`).remove({ force: true });
    }
  });
});
