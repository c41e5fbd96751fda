/** A small object store that speaks as much of S3 as the storage of a Ray job uses, and gives its lists in pages of two. */
import { createServer } from 'node:http';
import { z } from 'zod';

export interface TestObjectStore extends AsyncDisposable {
  readonly address: string;
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>;
}

const PAGE = 2;

export async function startObjectStore(accessKeyId: string): Promise<TestObjectStore> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://store');
    const name = decodeURIComponent(pathname.slice(1));
    const answer = (status: number, xml = '') => void response.writeHead(status).end(xml);
    if (!request.headers.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/`)) {
      return answer(403, '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    }
    if (request.method === 'PUT') {
      objects.set(name, Buffer.concat(chunks));
      return answer(200);
    }
    if (request.method === 'DELETE') {
      objects.delete(name);
      return answer(204);
    }
    const bucket = name.replace(/\/$/, '');
    const prefix = `${bucket}/${searchParams.get('prefix')}`;
    const after = searchParams.get('continuation-token') ?? '';
    const left = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = left.slice(0, PAGE);
    const contents = page.map((key) => `<Contents><Key>${key.slice(bucket.length + 1)}</Key></Contents>`);
    const more =
      left.length > PAGE
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${page.at(-1)}</NextContinuationToken>`
        : '<IsTruncated>false</IsTruncated>';
    answer(200, `<ListBucketResult>${more}${contents.join('')}</ListBucketResult>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    address: `http://127.0.0.1:${port}`,
    objects,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
