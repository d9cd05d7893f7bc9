/** Streams of Node as bytes. */

/** Node's Buffers as what they are: one kind of array keeps the scanner's loops fast. */
export async function* plainBytes(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    if (chunk instanceof Uint8Array) yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    else yield new TextEncoder().encode(String(chunk));
  }
}
