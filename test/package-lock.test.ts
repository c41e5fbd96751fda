import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ integrity: z.string().optional() })),
});

it('package-lock.json pins every package by its checksum, those of other platforms too', () => {
  const text = readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8');
  const unpinned = Object.entries(lockSchema.parse(JSON.parse(text)).packages)
    .filter(([path, { integrity }]) => path !== '' && integrity === undefined)
    .map(([path]) => path);
  expect(unpinned).toEqual([]);
});
