/** A recording in place of the upstream: in order, from blobs or files, and refused if a byte changed. */
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readJournal } from "../../src/gateway/journal.ts";
import { exportJournal, importJournal } from "../../src/gateway/journal-export.ts";
import { openReplay } from "../../src/gateway/replay.ts";
import { answerWith, ask, gateway, place, plain, reopen, seen, sse, stream } from "./gateway-stand.ts";

describe("a replay", () => {
  it("answers from the recording alone, in order, and reports when it is asked for more", async () => {
    let count = 0;
    answerWith((client) => client.writeHead(count === 1 ? 500 : 200, sse).end(stream(`answer ${count++}`)));
    // The gateway itself asks again after the 500.
    for (let time = 0; time < 2; time += 1) await ask(plain);
    const { digest } = await gateway.close();
    const before = seen.length;
    const replay = openReplay(readJournal(digest, place.blobs), place.blobs);
    await reopen({ source: replay, indexPath: join(place.home, "replay.jsonl") });
    expect((await ask(plain)).body).toBe(stream("answer 0"));
    expect((await ask(plain)).body).toBe(stream("answer 2"));
    expect(replay.divergence()).toBeNull();
    expect((await ask(plain)).status).toBe(502);
    expect(replay.divergence()).toContain("no further answer");
    expect(seen).toHaveLength(before);
  });

  it("can be exported to files and read back, and a changed byte changes the answer", async () => {
    await ask(plain);
    const { digest } = await gateway.close();
    const dir = join(place.home, "export");
    expect(exportJournal(digest, dir, place.blobs)).toBe(1);
    expect(readdirSync(dir).sort()).toEqual(["001-request.json", "001-response.sse", "index.json"]);
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    const link = join(place.home, "link");
    symlinkSync(join(place.home, "elsewhere"), link);
    for (const taken of [dir, link])
      expect(() => exportJournal(digest, taken, place.blobs)).toThrow(expect.objectContaining({ code: "not-written" }));
    expect(existsSync(join(place.home, "elsewhere"))).toBe(false);
    const file = join(dir, "001-response.sse");
    writeFileSync(file, readFileSync(file, "utf8").replace("hello", "jello"));
    const { exchanges, blobs } = importJournal(dir);
    await reopen({ source: openReplay(exchanges, blobs), indexPath: join(place.home, "replay.jsonl") });
    expect((await ask(plain)).body).toBe(stream("jello"));
  });

  it("refuses a recording with a changed blob by its name, before anything is asked", async () => {
    await ask(plain);
    const { digest } = await gateway.close();
    const response = readJournal(digest, place.blobs)[0]?.response ?? "";
    expect(() => openReplay(readJournal(digest, place.blobs), place.blobs)).not.toThrow();
    writeFileSync(place.blobs.pathOf(response), stream("forged"));
    expect(() => openReplay(readJournal(digest, place.blobs), place.blobs)).toThrow(response);
    await reopen();
  });
});
