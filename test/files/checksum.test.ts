import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumFileOf, stateOfFile, writeWithChecksum } from '../../src/files/checksum.ts';

async function newFile(content: Uint8Array): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'churn-mcp-checksum-')), 'some.parquet');
  await writeWithChecksum(file, (aside) => writeFile(aside, content));
  return file;
}

describe('a file with a checksum beside it', () => {
  it('is found damaged if any bit is flipped or its end is cut off', async () => {
    const content = Uint8Array.from({ length: 300 }, (_, index) => (index * 7) % 256);
    const file = await newFile(content);
    expect(await stateOfFile(file)).toBe('intact');
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length * 8 - 1), fc.nat(content.length - 1), async (bit, length) => {
        const flipped = Uint8Array.from(content);
        flipped[bit >> 3] ^= 1 << (bit & 7);
        await writeFile(file, flipped);
        expect(await stateOfFile(file)).toBe('damaged');
        await writeFile(file, content.subarray(0, length));
        expect(await stateOfFile(file)).toBe('damaged');
      }),
      { numRuns: 40 },
    );
  });

  it('is reported differently if the file is missing, the checksum is missing or the checksum is damaged', async () => {
    const file = await newFile(Uint8Array.of(1, 2, 3));
    expect(await readFile(checksumFileOf(file), 'utf8')).toMatch(/^[0-9a-f]{64} {2}some\.parquet\n$/);
    const line = await readFile(checksumFileOf(file), 'utf8');
    for (const damaged of ['nonsense', line.replace('some', 'sole'), `${line}\n`, '']) {
      await writeFile(checksumFileOf(file), damaged);
      expect(await stateOfFile(file)).toBe('damaged');
    }
    await rm(checksumFileOf(file));
    expect(await stateOfFile(file)).toBe('unchecked');
    await rm(file);
    expect(await stateOfFile(file)).toBe('missing');
  });
});
