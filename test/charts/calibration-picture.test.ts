import { describe, expect, it } from 'vitest';
import { calibrationPicture } from '../../src/charts/calibration-picture.ts';
import { judgedCard, misjudgedCard, sampleCard } from '../helpers/sample-cards.ts';

describe('the picture of what was said and what happened', () => {
  it('is a PNG of 900 by 440 with the same bytes each time', async () => {
    const [one, other] = [await calibrationPicture(judgedCard), await calibrationPicture(judgedCard)];
    const bytes = Buffer.from(one ?? []);
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([900, 440]);
    expect(bytes.equals(Buffer.from(other ?? []))).toBe(true);
  });

  it('draws the periods and bands of the card', async () => {
    const [right, wrong] = [await calibrationPicture(judgedCard), await calibrationPicture(misjudgedCard)];
    expect(Buffer.from(right ?? []).equals(Buffer.from(wrong ?? []))).toBe(false);
  });

  it('is left out if no past forecast could be checked', async () => {
    expect(await calibrationPicture(sampleCard)).toBeUndefined();
  });
});
