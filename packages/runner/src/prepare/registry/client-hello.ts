/**
 * Reads the server name from a TLS ClientHello, so that a tunnel to a registry's address can't be used for another site at that address.
 * Pure. It checks no cryptography; the client in the container does.
 */

export type Hello =
  /** More bytes are needed. */
  | { kind: "incomplete" }
  /** `serverName` is null if the hello names no server. */
  | { kind: "hello"; serverName: string | null }
  | { kind: "refused"; reason: string };

/** A hello with post-quantum keys is about 2 KiB. */
export const helloBytesMax = 16 * 1024;
/** Real hellos come in one or two records; thousands of tiny ones would make parsing slow. */
const recordsMax = 64;
const handshakeRecord = 0x16;
const clientHello = 1;
const serverNameExtension = 0;
const encryptedHelloExtension = 0xfe0d;

/** `bytes`: everything that the client has sent so far. */
export function readClientHello(bytes: Buffer): Hello {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== handshakeRecord) return refused("its traffic is not TLS");
    if (bytes.length < at + 5) break;
    const length = bytes.readUInt16BE(at + 3);
    if (bytes[at + 1] !== 3 || length === 0 || length > helloBytesMax) return refused("its traffic is not TLS");
    if (parts.length >= recordsMax) return refused("its hello is in too many pieces");
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    const message = Buffer.concat(parts);
    if (message.length >= 1 && message[0] !== clientHello) return refused("its first TLS message is not a hello");
    if (message.length >= 4 && message.length >= 4 + message.readUIntBE(1, 3))
      return readBody(message.subarray(4, 4 + message.readUIntBE(1, 3)));
    at += 5 + length;
  }
  return tooLarge(bytes) ?? { kind: "incomplete" };
}

function readBody(body: Buffer): Hello {
  try {
    return { kind: "hello", serverName: serverNameOf(body) };
  } catch (error) {
    if (error instanceof RangeError) return refused("its hello is truncated");
    if (error instanceof HelloRefused) return refused(error.message);
    throw error;
  }
}

class HelloRefused extends Error {}

/** Throws a RangeError if a length points past the end. */
function serverNameOf(body: Buffer): string | null {
  let at = 2 + 32;
  at += 1 + body.readUInt8(at);
  at += 2 + body.readUInt16BE(at);
  at += 1 + body.readUInt8(at);
  if (at === body.length) return null;
  const end = at + 2 + body.readUInt16BE(at);
  at += 2;
  if (end !== body.length) throw new RangeError("extensions");
  let name: string | null = null;
  while (at < end) {
    const type = body.readUInt16BE(at);
    const length = body.readUInt16BE(at + 2);
    const extension = body.subarray(at + 4, at + 4 + length);
    if (extension.length !== length) throw new RangeError("extension");
    at += 4 + length;
    if (type === encryptedHelloExtension) throw new HelloRefused("its hello hides the server's name");
    if (type !== serverNameExtension) continue;
    if (name !== null) throw new HelloRefused("its hello names two servers");
    name = onlyName(extension);
  }
  return name;
}

function onlyName(extension: Buffer): string {
  const length = extension.readUInt16BE(3);
  if (
    extension.readUInt16BE(0) !== extension.length - 2 ||
    extension.readUInt8(2) !== 0 ||
    length !== extension.length - 5
  )
    throw new HelloRefused("its hello has an invalid server name");
  return extension.subarray(5).toString("latin1").toLowerCase();
}

function tooLarge(bytes: Buffer): Hello | null {
  return bytes.length > helloBytesMax ? refused("its hello is too large") : null;
}

function refused(reason: string): Hello {
  return { kind: "refused", reason };
}
