/**
 * Many connections over one byte stream: frames of type, connection, length, payload, with a credit of bytes for each connection and direction, so
 * that a slow one neither holds up the others nor fills memory. Runs on both ends of an exec, also inside the container: no import but Node's.
 */
import type { Socket } from "node:net";

const frame = { open: 1, data: 2, end: 3, reset: 4, credit: 5, ready: 6 } as const;
const headBytes = 9;
const payloadBytesMax = 64 * 1024;
const creditBytes = 256 * 1024;
const connectionsMax = 64;
/** A frame costs at least this much credit: what it takes to keep one in memory, be it of one byte. */
const frameCostMin = 512;

export interface Multiplexer {
  /** Takes bytes of the other end. Throws where they are no frames: the stream is of no use any more. */
  receive(bytes: Buffer): void;
  /** Carries a new connection of this side's over the stream. */
  open(socket: Socket): void;
  /** Says to the other end that connections can come. */
  ready(): void;
  /** Ends every connection; the stream has ended. */
  close(): void;
}

interface Connection {
  socket: Socket;
  /** What may still be sent, in bytes of cost. */
  credit: number;
  /** The cost of what was received and has not gone back to the other end as credit. */
  taken: number;
  /** Of those, written out. */
  drained: number;
  /** The way to the other end, and the way from it, has come to its end. */
  hasEnded: boolean;
  hasReached: boolean;
  /** Nothing more is said about it. */
  isOver: boolean;
}

const costOf = (payload: Buffer) => Math.max(payload.length, frameCostMin);

export function createMultiplexer(options: {
  send(bytes: Buffer): void;
  /** A socket for a connection that the other end opens; null where it may open none. */
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
      // One that ended both ways needs no reset, which would cut off what the other end still has to write.
      const isWhole = connection.hasEnded && connection.hasReached && !hasFailed;
      if (!isWhole && !connection.isOver) send(frame.reset, id);
    });
  };

  const take = (id: number, connection: Connection, payload: Buffer) => {
    if (payload.length === 0) throw new Error("a frame of data has none");
    const cost = costOf(payload);
    connection.taken += cost;
    // A chunk may go over the credit, by at most what one read brings.
    if (connection.taken > 2 * creditBytes) throw new Error("more bytes came than there was credit for");
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
      if (options.connect === null || connections.has(id)) throw new Error("no connection can be opened so");
      if (connections.size >= connectionsMax) return send(frame.reset, id);
      return carry(id, options.connect());
    }
    // What is still under way for a connection that is gone here is nobody's.
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
    if (type !== frame.credit || payload.length !== 4) throw new Error("no such frame");
    connection.credit += payload.readUInt32BE(0);
    // Only what it took can come back; more would let this end fill its memory.
    if (connection.credit > creditBytes) throw new Error("more credit came than was spent");
    if (connection.credit > 0) connection.socket.resume();
  };

  return {
    receive(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      while (rest.length >= headBytes) {
        const length = rest.readUInt32BE(5);
        if (length > payloadBytesMax) throw new Error("a frame is larger than any of ours");
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
