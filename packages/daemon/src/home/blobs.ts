/** The home's blob store. */
import { type BlobStore, createBlobStore } from "@aedev/host/blob-store";
import { homeLayout } from "@aedev/host/home-layout";

export function blobStore(home: string): BlobStore {
  return createBlobStore(homeLayout(home).blobs);
}
