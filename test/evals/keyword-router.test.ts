import { describe, expect, it } from 'vitest';
import { keywords } from '../../evals/keyword-router.ts';
import type { ToolDescription } from '../../evals/providers.ts';

const day = { type: 'string', description: 'YYYY-MM-DD. Default: today.' };
const TOOLS: ToolDescription[] = [
  {
    name: 'list_customers',
    description: 'Customers by segment: LOW_ENGAGEMENT, NEW_CUSTOMERS.',
    inputSchema: {
      type: 'object',
      properties: {
        limit: { type: 'integer' },
        as_of: day,
        export: { type: 'string', enum: ['csv', 'xlsx'] },
        filter: { type: 'object', properties: { segment: { type: 'string' } } },
      },
    },
  },
  {
    name: 'offer',
    description: 'Products to offer to a segment: LOW_ENGAGEMENT, NEW_CUSTOMERS.',
    inputSchema: {
      type: 'object',
      properties: {
        segment: { type: 'string' },
        n_products: { type: 'integer' },
        filter: { type: 'object', properties: { segment: { type: 'string' } } },
      },
    },
  },
  {
    name: 'explain',
    description: 'Why one may leave.',
    inputSchema: {
      type: 'object',
      properties: { customer_id: { type: 'string' } },
      required: ['customer_id'],
    },
  },
  {
    name: 'promote',
    description: 'Makes a version the champion.',
    inputSchema: {
      type: 'object',
      properties: { version: { type: 'string', description: 'v_YYYYMMDD_HHMMSS.' } },
    },
  },
];

async function callsFor(text: string) {
  const turn = { system: '', messages: [{ role: 'user' as const, text }], tools: TOOLS };
  const { calls } = await keywords.ask('bm25', turn);
  return calls.map(({ tool, arguments: args }) => [tool, args]);
}

describe('the baseline of keywords', () => {
  it.each([
    ['List 12 new customers as of 2026-01-31', { limit: 12, as_of: '2026-01-31' }],
    ['List low engagement customers as CSV', { export: 'csv' }],
  ])('finds the tool by its words, and arguments by their form: %s', async (question, args) => {
    const segment = question.includes('new') ? 'NEW_CUSTOMERS' : 'LOW_ENGAGEMENT';
    expect(await callsFor(question)).toEqual([['list_customers', { ...args, filter: { segment } }]]);
  });

  it('says an argument once, though a part of the tool takes it too', async () => {
    expect(await callsFor('Offer new-customers 2 products')).toEqual([
      ['offer', { segment: 'NEW_CUSTOMERS', n_products: 2 }],
    ]);
  });

  it('tells versions by the form that the description gives', async () => {
    expect(await callsFor('Promote v_20260201_090500')).toEqual([
      ['promote', { version: 'v_20260201_090500' }],
    ]);
  });

  it('calls nothing if no word is known, or a required argument is missing', async () => {
    expect(await callsFor('Grüß Gott')).toEqual([]);
    expect(await callsFor('Why may that one leave?')).toEqual([]);
    expect(await callsFor('Why may 10061 leave?')).toEqual([['explain', { customer_id: '10061' }]]);
  });
});
