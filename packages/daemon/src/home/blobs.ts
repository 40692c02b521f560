/** Opens a home's blob store, for the daemon and for readers without it. */
import { type BlobStore, createBlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";

export function blobStore(home: string): BlobStore {
  return createBlobStore(homeLayout(home).blobs);
}
