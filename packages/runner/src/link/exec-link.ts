/**
 * The link where the engine passes no sockets through its file sharing: a relay in the container, started by an exec, listens on a socket in memory there,
 * and its connections come over the exec's standard streams. A relay that ends is started again. What it sends is the sandbox's own and is parsed strictly.
 */
import { connect } from "node:net";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Fault } from "@aedev/core/wire";
import type { RunnerContext } from "../context.ts";
import type { Attached } from "../engine.ts";
import { createMultiplexer } from "./inside/multiplex.ts";
import type { OpenLink, SandboxLink } from "./link.ts";
import { linkPrograms, programsTarget } from "./link-programs.ts";

const firstPauseMs = 100;
const pauseMsMax = 2000;
const readyTimeoutMs = 10_000;
/** A relay that lived this long was well: its end says nothing about the next one. */
const healthyMs = 10_000;

export const execLink: SandboxLink = {
  kind: "exec",
  place: async ({ images }, context) => ({
    mounts: [await linkPrograms(images, context)],
    tmpfs: ["/run/aedev"],
  }),
  waitFor: (name) => `n=0; while [ ! -S /run/aedev/${name} ] && [ $n -lt 200 ]; do n=$((n + 1)); sleep 0.1; done\n`,
  async open(at, context) {
    const relays = new Relays(at, context);
    await relays.firstReady();
    return relays;
  },
};

/** One relay after the other, until closed or the container has ended. */
class Relays implements OpenLink {
  readonly #at: { containerId: string; socketPath: string };
  readonly #context: RunnerContext;
  readonly #ended: Promise<void>;
  readonly #close = new AbortController();
  #onReady: () => void = () => undefined;
  #attached: Attached | null = null;

  constructor(at: { containerId: string; socketPath: string }, context: RunnerContext) {
    this.#at = at;
    this.#context = context;
    this.#ended = this.#keep();
  }

  /** Resolves when the first relay listens, and at the latest after ten seconds: what asks inside then waits itself. */
  async firstReady(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.#onReady = resolve;
    });
    const late = new AbortController();
    await Promise.race([
      ready,
      this.#ended,
      delay(readyTimeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  async close(): Promise<void> {
    this.#close.abort();
    this.#attached?.end();
    await this.#ended;
  }

  async #keep(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!this.#close.signal.aborted) {
      const began = performance.now();
      if ((await this.#relayOnce()) === "container gone") return;
      if (performance.now() - began > healthyMs) pauseMs = firstPauseMs;
      await delay(pauseMs, undefined, { signal: this.#close.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, pauseMsMax);
    }
  }

  /** Runs one relay to its end. A failure of the engine is an end like any other: whoever waits for the container learns of it. */
  async #relayOnce(): Promise<"ended" | "container gone"> {
    const { docker, user } = this.#context;
    const { containerId, socketPath } = this.#at;
    try {
      const attached = await docker.attach(containerId, relayCommand(basename(socketPath)), {
        user: `${user.uid}:${user.gid}`,
      });
      this.#attached = attached;
      if (this.#close.signal.aborted) attached.end();
      const multiplexer = createMultiplexer({
        send: attached.write,
        connect: () => connect({ path: socketPath, allowHalfOpen: true }),
        onReady: () => this.#onReady(),
      });
      attached.onOutput(multiplexer.receive);
      await attached.ended;
      multiplexer.close();
      return (await docker.inspect(containerId))?.running === true ? "ended" : "container gone";
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#isGone();
    }
  }

  async #isGone(): Promise<"ended" | "container gone"> {
    try {
      return (await this.#context.docker.inspect(this.#at.containerId))?.running === true ? "ended" : "container gone";
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return "ended";
    }
  }
}

function relayCommand(socketName: string): string[] {
  return [
    `${programsTarget}/node`,
    "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    `${programsTarget}/relay.ts`,
    `/run/aedev/${socketName}`,
  ];
}
