/** The home's blob store: core's store on the real file system. */
import { randomBytes } from "node:crypto";
import * as files from "node:fs";
import { type BlobStore, createBlobStore } from "@aedev/core/wire";
import { sha256 } from "../log/stored-event.ts";
import { homeLayout } from "./layout.ts";

export function blobStore(home: string): BlobStore {
  return createBlobStore({
    files,
    dir: homeLayout(home).blobs,
    sha256,
    encode: (text) => Buffer.from(text),
    uniqueName: `control-${process.pid}-${randomBytes(4).toString("hex")}`,
  });
}
