import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { curvePicture } from '../../src/charts/curve-picture.ts';
import { sampleCard } from '../helpers/sample-cards.ts';

const operating_points = Array.from({ length: 101 }, (_, i) => ({
  threshold: 1 - i / 100,
  tp: Math.round(1390 * Math.sqrt(i / 100)),
  fp: Math.round(610 * (i / 100) ** 2),
}));

describe('the picture of the curves', () => {
  it('is a PNG of the requested size, the same bytes each time', async () => {
    const [one, other] = [
      await curvePicture({ ...sampleCard, operating_points }),
      await curvePicture({ ...sampleCard, operating_points }),
    ];
    const bytes = Buffer.from(one ?? []);
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([900, 440]);
    const digest = (png: Uint8Array | undefined) =>
      createHash('sha256')
        .update(png ?? '')
        .digest('hex');
    expect(digest(other)).toBe(digest(one));
  });

  it('draws the figures of the card', async () => {
    const flat = operating_points.map((point) => ({ ...point, tp: 0 }));
    const [one, other] = [
      await curvePicture({ ...sampleCard, operating_points }),
      await curvePicture({ ...sampleCard, operating_points: flat }),
    ];
    expect(Buffer.from(one ?? []).equals(Buffer.from(other ?? []))).toBe(false);
  });

  it('is left out for a card that is older than the curves', async () => {
    expect(await curvePicture(sampleCard)).toBeUndefined();
  });
});
