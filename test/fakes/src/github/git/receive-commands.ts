/** Reads the commands at the start of a push (pkt-lines up to the first flush) without holding the pack that follows. */

export interface RefCommand {
  readonly ref: string;
  readonly from: string;
  readonly to: string;
}
export interface ReceiveStart {
  readonly commands: readonly RefCommand[];
  /** The whole body, including the part read here. */
  readonly body: AsyncIterable<Buffer>;
}
/** Maximum size of a push's commands; GitHub bounds the refs of a push too. */
const commandBytesMax = 4 * 1024 * 1024;

/** Throws if the body does not begin with pkt-lines. */
export async function readReceiveStart(body: AsyncIterable<Buffer>): Promise<ReceiveStart> {
  const iterator = body[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let commands = parseCommands(head);
  while (commands === undefined) {
    const next = await iterator.next();
    if (next.done === true) {
      commands = [];
      break;
    }
    head = Buffer.concat([head, next.value]);
    if (head.length > commandBytesMax) throw new Error("a push with too many commands");
    commands = parseCommands(head);
  }
  return { commands, body: joined(head, iterator) };
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Undefined if more bytes are needed. */
function parseCommands(bytes: Buffer): RefCommand[] | undefined {
  const commands: RefCommand[] = [];
  for (let offset = 0; offset + 4 <= bytes.length; ) {
    const length = Number.parseInt(bytes.toString("latin1", offset, offset + 4), 16);
    if (length === 0) return commands;
    if (!(length >= 4)) throw new Error("not a pkt-line");
    if (offset + length > bytes.length) return undefined;
    const [line = ""] = bytes.toString("utf8", offset + 4, offset + length).split("\0");
    const [, from, to, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (\S+)/.exec(line) ?? [];
    if (from !== undefined && to !== undefined && ref !== undefined) commands.push({ ref, from, to });
    offset += length;
  }
  return undefined;
}
