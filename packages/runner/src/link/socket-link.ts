/** The link of Linux: the socket's folder is mounted read-only, and the container connects to the very socket. The folder, not the socket, so that a restarted runner's socket is seen. */
import type { SandboxLink } from "./link.ts";

export const socketLink: SandboxLink = {
  kind: "socket",
  place: async ({ socketFolder }) => ({
    mounts: [{ source: socketFolder, target: "/run/aedev", readOnly: true }],
    tmpfs: [],
  }),
  waitFor: () => "",
  open: async () => ({ close: async () => undefined }),
};
