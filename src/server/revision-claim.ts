/** Since 2026-07-28 every request names the revision that it follows. Nothing else tells the two eras apart. */
import { z } from 'zod';

/** The revisions without a handshake that the server answers. */
const STATELESS_REVISIONS: readonly string[] = ['2026-07-28'];

const REVISION_KEY = 'io.modelcontextprotocol/protocolVersion';

const claimSchema = z.looseObject({
  params: z.looseObject({ _meta: z.looseObject({ [REVISION_KEY]: z.unknown() }) }),
});

/** What a message names as its revision, unchecked; undefined if it names none. */
export function claimedRevision(message: unknown): unknown {
  return claimSchema.safeParse(message).data?.params._meta[REVISION_KEY];
}

/** Whether the server answers requests that name this revision themselves. */
export function isStatelessRevision(revision: unknown): boolean {
  return typeof revision === 'string' && STATELESS_REVISIONS.includes(revision);
}
