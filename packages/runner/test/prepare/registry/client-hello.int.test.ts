/** The server name that a TLS client asks for, read from a real client's hello. */
import { describe, expect, it } from "vitest";
import { helloBytesMax, readClientHello } from "../../../src/prepare/registry/client-hello.ts";
import { clientHello } from "./hello.ts";

/** A real hello with an additional extension at its end. */
function withExtension(hello: Buffer, type: number, content: Buffer): Buffer {
  const extension = Buffer.alloc(4);
  extension.writeUInt16BE(type, 0);
  extension.writeUInt16BE(content.length, 2);
  const grown = Buffer.concat([hello, extension, content]);
  const more = 4 + content.length;
  grown.writeUInt16BE(hello.readUInt16BE(3) + more, 3);
  grown.writeUIntBE(hello.readUIntBE(6, 3) + more, 6, 3);
  let at = 9 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  grown.writeUInt16BE(hello.readUInt16BE(at) + more, at);
  return grown;
}

describe("a TLS hello", () => {
  it("names its server, however it is cut, and asks for more until it is complete", async () => {
    const hello = await clientHello("registry.npmjs.org");
    const named = { kind: "hello", serverName: "registry.npmjs.org" };
    expect(readClientHello(hello)).toEqual(named);
    for (let length = 0; length < hello.length; length += 1)
      expect(readClientHello(hello.subarray(0, length))).toEqual({ kind: "incomplete" });
    const body = hello.subarray(5);
    const records = [body.subarray(0, 3), body.subarray(3, 200), body.subarray(200)].map((part) =>
      Buffer.concat([Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part]),
    );
    expect(readClientHello(Buffer.concat(records))).toEqual(named);
    expect(readClientHello(Buffer.concat([hello, Buffer.from("more")]))).toEqual(named);
  });

  it("may name no server", async () => {
    expect(readClientHello(await clientHello(null))).toEqual({ kind: "hello", serverName: null });
  });

  it("is refused if it hides the name, has two, is invalid, or never ends", async () => {
    const hello = await clientHello("registry.npmjs.org");
    const name = Buffer.from("\0\x0f\0\0\x0cevil.example", "latin1");
    const harmless = withExtension(hello, 0x4a4a, Buffer.alloc(3));
    expect(readClientHello(harmless)).toMatchObject({ kind: "hello", serverName: "registry.npmjs.org" });
    for (const bytes of [
      withExtension(hello, 0xfe0d, Buffer.alloc(8)),
      withExtension(hello, 0, name),
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.from("SSH-2.0-x\r\n"),
      Buffer.concat([Buffer.from([0x15]), hello.subarray(1)]),
      Buffer.concat([hello.subarray(0, 5), Buffer.from([2]), hello.subarray(6)]),
      Buffer.concat([Buffer.from([0x16, 3, 1, 0x40, 0, 1, 0xff, 0xff, 0xff]), Buffer.alloc(helloBytesMax + 10)]),
    ])
      expect(readClientHello(bytes).kind).toBe("refused");
  });

  it("is refused in thousands of pieces before they cost their reader much time", async () => {
    const body = (await clientHello("registry.example")).subarray(5);
    const cut = (pieceBytes: number) =>
      Buffer.concat(
        Array.from({ length: Math.ceil(body.length / pieceBytes) }, (_none, piece) => {
          const part = body.subarray(piece * pieceBytes, (piece + 1) * pieceBytes);
          return Buffer.concat([Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part]);
        }),
      );
    expect(readClientHello(cut(Math.ceil(body.length / 60)))).toMatchObject({ serverName: "registry.example" });
    expect(readClientHello(cut(1))).toMatchObject({ kind: "refused", reason: "its hello is in too many pieces" });
  });

  it("never makes the reader fail, whichever byte is changed", async () => {
    const hello = await clientHello("registry.npmjs.org");
    for (let at = 0; at < hello.length; at += 1) {
      for (const value of [0, 0x7f, 0xff]) {
        const changed = Buffer.from(hello);
        changed[at] = value;
        expect(["hello", "refused", "incomplete"]).toContain(readClientHello(changed).kind);
      }
    }
  });
});
