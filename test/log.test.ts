import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.ts';

const now = () => new Date('2026-01-31T10:00:00Z');

function linesOf(
  write: (log: ReturnType<typeof createLog>) => void,
  level: 'error' | 'info' = 'info',
): string[] {
  const lines: string[] = [];
  write(createLog(level, (line) => lines.push(line), now));
  return lines;
}

describe('the log', () => {
  it('writes one JSON line per message, down to its level', () => {
    const lines = linesOf((log) => {
      log.info('tool call', { tool: 'list_models', ms: 3 });
      log.debug('left out');
    });
    expect(lines).toEqual([
      '{"time":"2026-01-31T10:00:00.000Z","level":"info","message":"tool call","tool":"list_models","ms":3}\n',
    ]);
    expect(linesOf((log) => log.info('left out'), 'error')).toEqual([]);
  });

  it.each([
    ['Could not convert string "Ann.Lee+x@example.co.uk" to INT', '"Ann', '<email>'],
    ['authorization: Bearer abc.def-123', 'abc.def', 'Bearer <secret>'],
    ['jwt eyJhbGciOi.eyJzdWIi.sig-nature', 'eyJzdWIi', '<token>'],
    ['josé@müller.de wrote', 'josé', '<email>'],
  ])('contains neither emails nor credentials: %s', (cause, secret, shown) => {
    const [line] = linesOf((log) => log.error('failed', { cause }));
    expect(line).toContain(shown);
    expect(line.replace('"cause":"Could not convert string \\"', '')).not.toContain(secret.replace('"', ''));
  });
});
