import { describe, expect, it } from 'vitest';
import { parseSegment, SEGMENTS } from '../../src/customers/segments.ts';
import { ChurnMcpError } from '../../src/errors.ts';

function refusal(text: string): ChurnMcpError {
  try {
    parseSegment(text);
  } catch (error) {
    if (error instanceof ChurnMcpError) return error;
  }
  throw new Error('it was accepted');
}

describe('parseSegment', () => {
  it.each(SEGMENTS)('reads %s in any case, with spaces or dashes', (segment) => {
    for (const text of [
      segment,
      segment.toLowerCase(),
      segment.replaceAll('_', ' '),
      segment.replaceAll('_', '-'),
    ]) {
      expect(parseSegment(` ${text} `)).toBe(segment);
    }
  });

  it('lists the segments if the name is unknown', () => {
    const { code, message } = refusal('LOYAL');
    expect(code).toBe('UNKNOWN_SEGMENT');
    expect(message).toMatchInlineSnapshot(
      `"Unknown segment "LOYAL". Segments: LOW_ENGAGEMENT, HIGH_VALUE_INACTIVE, HIGH_VALUE_ACTIVE, NEW_CUSTOMERS, AT_RISK, REGULAR."`,
    );
  });

  it('repeats an unknown name on one short line', () => {
    const { message } = refusal(`a"\n\u202e${'x'.repeat(1_000_000)}`);
    expect(message.length).toBeLessThan(200);
    expect(message).not.toMatch(/[\n\u202e]/);
  });
});
