/** Far more bytes than a key set needs. */
const MOST_BYTES = 262_144;

/**
 * `fetch` for a small document: it stops reading a body after 256 kB and follows no redirect, because a key set is
 * exactly where the configuration says.
 */
export async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...options, redirect: 'manual' });
  const { status, headers, body } = response;
  if (body === null || status !== 200) {
    await body?.cancel();
    return new Response(null, { status: status === 200 ? 204 : Math.max(status, 400), headers });
  }
  return new Response(await readAtMost(body, MOST_BYTES), { status, headers });
}

async function readAtMost(body: ReadableStream<Uint8Array>, most: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest of the download.
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) throw new Error(`the answer is longer than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
