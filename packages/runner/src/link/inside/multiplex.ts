/**
 * Carries many connections over one byte stream, each with a credit of bytes, so that a slow one neither blocks the others nor fills memory. Imports only
 * Node's modules.
 *
 * Folder: the programs in a container that carry connections.
 */
import type { Socket } from "node:net";

const frame = { open: 1, data: 2, end: 3, reset: 4, credit: 5, ready: 6 } as const;
const headBytes = 9;
const payloadBytesMax = 64 * 1024;
const creditBytes = 256 * 1024;
const connectionsMax = 64;
/** A frame costs at least this much credit, about the memory that even a one-byte frame takes. */
const frameCostMin = 512;

export interface Multiplexer {
  /** Takes bytes from the other end. Throws if they are not valid frames; the stream is then unusable. */
  receive(bytes: Buffer): void;
  /** Carries a new connection from this side over the stream. */
  open(socket: Socket): void;
  /** Tells the other end that this side accepts connections. */
  ready(): void;
  /** Ends every connection after the stream has ended. */
  close(): void;
}

interface Connection {
  socket: Socket;
  /** The cost in bytes that can still be sent. */
  credit: number;
  /** The cost of received data that was not yet returned as credit. */
  taken: number;
  /** The part of `taken` that has been written to the socket. */
  drained: number;
  /** This side has sent its end. */
  hasEnded: boolean;
  /** The other side has sent its end. */
  hasReached: boolean;
  /** The connection was reset or closed; no reset frame is sent for it. */
  isOver: boolean;
}

const costOf = (payload: Buffer) => Math.max(payload.length, frameCostMin);

export function createMultiplexer(options: {
  send(bytes: Buffer): void;
  /** Returns a socket for a connection that the other end opens; null if it can't open any. */
  connect: (() => Socket) | null;
  onReady?: () => void;
}): Multiplexer {
  const connections = new Map<number, Connection>();
  let next = 1;
  let rest: Buffer = Buffer.alloc(0);

  const send = (type: number, id: number, payload: Buffer = Buffer.alloc(0)) => {
    const head = Buffer.alloc(headBytes);
    head.writeUInt8(type, 0);
    head.writeUInt32BE(id, 1);
    head.writeUInt32BE(payload.length, 5);
    options.send(Buffer.concat([head, payload]));
  };
  const sendCredit = (id: number, bytes: number) => {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(bytes, 0);
    send(frame.credit, id, payload);
  };

  const carry = (id: number, socket: Socket) => {
    const connection: Connection = {
      socket,
      credit: creditBytes,
      taken: 0,
      drained: 0,
      hasEnded: false,
      hasReached: false,
      isOver: false,
    };
    connections.set(id, connection);
    socket.on("data", (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; at += payloadBytesMax) {
        const payload = chunk.subarray(at, at + payloadBytesMax);
        connection.credit -= costOf(payload);
        send(frame.data, id, payload);
      }
      if (connection.credit <= 0) socket.pause();
    });
    socket.on("end", () => {
      connection.hasEnded = true;
      send(frame.end, id);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", (hasFailed) => {
      connections.delete(id);
      // A connection that ended both ways gets no reset, which would discard data that the other end still has to write.
      const isWhole = connection.hasEnded && connection.hasReached && !hasFailed;
      if (!isWhole && !connection.isOver) send(frame.reset, id);
    });
  };

  const take = (id: number, connection: Connection, payload: Buffer) => {
    if (payload.length === 0) throw new Error("a data frame is empty");
    const cost = costOf(payload);
    connection.taken += cost;
    // A sender can exceed its credit by at most one read.
    if (connection.taken > 2 * creditBytes) throw new Error("more bytes arrived than the credit allows");
    connection.socket.write(payload, () => {
      connection.drained += cost;
      if (connection.drained < creditBytes / 2 || !connections.has(id)) return;
      sendCredit(id, connection.drained);
      connection.taken -= connection.drained;
      connection.drained = 0;
    });
  };

  const act = (type: number, id: number, payload: Buffer) => {
    if (type === frame.ready) return options.onReady?.();
    if (type === frame.open) {
      if (options.connect === null || connections.has(id)) throw new Error("the other end can't open this connection");
      if (connections.size >= connectionsMax) return send(frame.reset, id);
      return carry(id, options.connect());
    }
    // Late frames for a closed connection are dropped.
    const connection = connections.get(id);
    if (connection === undefined) return;
    if (type === frame.data) return take(id, connection, payload);
    if (type === frame.end) {
      connection.hasReached = true;
      return void connection.socket.end();
    }
    if (type === frame.reset) {
      connection.isOver = true;
      return void connection.socket.destroy();
    }
    if (type !== frame.credit || payload.length !== 4) throw new Error("invalid frame");
    connection.credit += payload.readUInt32BE(0);
    // The other end can return only credit that it received; more would let this side's memory fill up.
    if (connection.credit > creditBytes) throw new Error("more credit was returned than was used");
    if (connection.credit > 0) connection.socket.resume();
  };

  return {
    receive(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      while (rest.length >= headBytes) {
        const length = rest.readUInt32BE(5);
        if (length > payloadBytesMax) throw new Error("a frame is too large");
        if (rest.length < headBytes + length) return;
        const [type, id] = [rest.readUInt8(0), rest.readUInt32BE(1)];
        const payload = rest.subarray(headBytes, headBytes + length);
        rest = rest.subarray(headBytes + length);
        act(type, id, payload);
      }
    },
    open(socket) {
      if (connections.size >= connectionsMax) return void socket.destroy();
      const id = next;
      next += 1;
      send(frame.open, id);
      carry(id, socket);
    },
    ready: () => send(frame.ready, 0),
    close() {
      for (const connection of [...connections.values()]) {
        connection.isOver = true;
        connection.socket.destroy();
      }
    },
  };
}
