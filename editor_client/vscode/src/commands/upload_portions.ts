/** Sending files in portions; pure. */

import type { AddUploadResult, Calls, Cancellation } from "../protocol/calls";

/** Bytes of a portion. */
export const PORTION = 1_048_576;

/** A file that is read piece by piece. */
export interface Source {
  readonly name: string;
  /** Its size in bytes, as far as that is known beforehand. */
  readonly size: number;
  /** The next bytes, at most `PORTION` of them; none at the end. */
  read(): Promise<Uint8Array>;
}

/**
 * Send a file to a session; `sent` is told after each portion how many bytes that was.
 *
 * Undefined when it was cancelled: the server then drops what it has. Errors: those of uploads/add, and of reading.
 */
export async function sendFile(
  calls: Pick<Calls, "addUpload">,
  sessionId: string,
  source: Source,
  cancel: Cancellation,
  sent: (bytes: number) => void,
): Promise<AddUploadResult | undefined> {
  let uploadId: string | undefined;
  let bytes = await source.read();
  while (!cancel.isCancellationRequested) {
    const next = bytes.length === 0 ? bytes : await source.read();
    const last = next.length === 0;
    const params = { sessionId, name: source.name, data: Buffer.from(bytes).toString("base64"), last };
    const answer = await calls.addUpload(uploadId === undefined ? params : { ...params, uploadId }, cancel);
    sent(bytes.length);
    if (last) {
      return answer;
    }
    uploadId = answer.uploadId;
    bytes = next;
  }
  return undefined;
}

/** A file whose bytes are already here. */
export function bytesSource(name: string, bytes: Uint8Array): Source {
  let at = 0;
  return {
    name,
    size: bytes.length,
    read: () => {
      const portion = bytes.subarray(at, at + PORTION);
      at += portion.length;
      return Promise.resolve(portion);
    },
  };
}
