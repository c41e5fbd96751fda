/**
 * A baseline without a model: the tool whose name and description share most with the words of the question (BM25), and arguments by
 * their form alone. It knows nothing of the cases, only what the server itself lists. A model that scores no better has not
 * understood the tools; and the whole harness can be run without a key.
 */
import { z } from 'zod';
import type { Provider, ToolDescription } from './providers.ts';

/** The textbook's constants, not fitted to the cases. */
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;

const schemaSchema = z.looseObject({
  type: z.string().optional(),
  description: z.string().default(''),
  enum: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
  required: z.array(z.string()).default([]),
});
type ArgumentSchema = z.output<typeof schemaSchema>;

export const keywords: Provider = {
  name: 'keywords',
  async ask(_, { messages, tools }) {
    const question = messages.at(-1)?.text ?? '';
    const tool = bestTool(question, tools);
    if (tool === undefined) return { calls: [], text: 'No tool has a word of the question.' };
    const schema = schemaSchema.parse(tool.inputSchema);
    const given = objectFrom(schema, question, segmentsOf(tools));
    const missing = schema.required.filter((name) => !(name in given));
    if (missing.length > 0) return { calls: [], text: `${tool.name} needs ${missing.join(', ')}.` };
    return { calls: [{ tool: tool.name, arguments: given }], text: '' };
  },
};

function bestTool(question: string, tools: readonly ToolDescription[]): ToolDescription | undefined {
  const texts = tools.map(({ name, description }) => wordsOf(`${name} ${description}`));
  const meanLength = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  const asked = new Set(wordsOf(question));
  const scores = texts.map((text) => {
    const terms = [...asked].map((word) => {
      const times = text.filter((other) => other === word).length;
      const length = 1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * text.length) / meanLength;
      return (rarity(word, texts) * times * (SATURATION + 1)) / (times + SATURATION * length);
    });
    return terms.reduce((sum, term) => sum + term, 0);
  });
  const most = Math.max(0, ...scores);
  return most === 0 ? undefined : tools[scores.indexOf(most)];
}

/** A word that most tools have says nothing. */
function rarity(word: string, texts: readonly (readonly string[])[]): number {
  const having = texts.filter((text) => text.includes(word)).length;
  return Math.max(0, Math.log((texts.length - having + 0.5) / (having + 0.5)));
}

/** Words in lower case, without the s of the plural. */
function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/\p{L}+/gu) ?? []).map((word) => word.replace(/(?<=..)s$/, ''));
}

/** The names in capitals that the descriptions list: those of segments. */
function segmentsOf(tools: readonly ToolDescription[]): string[] {
  return tools.flatMap(({ description }) => description.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []);
}

function objectFrom(
  { properties = {} }: ArgumentSchema,
  question: string,
  segments: readonly string[],
): Record<string, unknown> {
  const found = Object.entries(properties).map(([name, schema]) => {
    if (schema.properties === undefined) return [name, valueFrom(name, schema, question, segments)] as const;
    // What the tool takes itself is not said a second time in a part of it, such as the filter.
    const own = Object.entries(schema.properties).filter(([each]) => !(each in properties));
    const inner = objectFrom({ ...schema, properties: Object.fromEntries(own) }, question, segments);
    const isWhole = schema.required.every((each) => each in inner);
    return [name, isWhole && Object.keys(inner).length > 0 ? inner : undefined] as const;
  });
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** What the question says of an argument, by the form of its values. */
function valueFrom(name: string, schema: ArgumentSchema, question: string, segments: readonly string[]) {
  if (schema.enum !== undefined) return schema.enum.find((value) => isIn(question, value));
  if (name === 'segment') return segments.find((value) => isIn(question, value));
  const template = /\b(?:[a-z]_)?YYYY\S*[DSx]/.exec(schema.description)?.[0];
  if (template !== undefined) return new RegExp(`\\b${patternOf(template)}\\b`).exec(question)?.[0];
  if (name === 'customer_id') return idsIn(question)[0];
  if (name === 'customer_ids') return idsIn(question).length > 0 ? idsIn(question) : undefined;
  if (name === 'limit') return numberIn(question, /\btop (\d+)\b/i, /\b(\d+) \w*\s?customers\b/i);
  if (/^n_\w+$/.test(name)) return numberIn(question, new RegExp(`\\b(\\d+) ${name.slice(2)}\\b`, 'i'));
  return undefined;
}

/** Whether a question has a name, with spaces or dashes as well as underscores. */
function isIn(question: string, name: string): boolean {
  return new RegExp(`\\b${name.replaceAll('_', '[ _-]')}\\b`, 'i').test(question);
}

/** YYYY-MM-DD and the like as an expression. */
function patternOf(template: string): string {
  return template.replaceAll(/[YMDHS]/g, '\\d').replaceAll('x', '[0-9a-z]');
}

/** Ids of customers, as far as they can be told from other numbers: five digits and more. */
function idsIn(question: string): string[] {
  return question.match(/(?<![\w-])\d{5,}(?![\w-])/g) ?? [];
}

function numberIn(question: string, ...patterns: readonly RegExp[]): number | undefined {
  const digits = patterns.map((pattern) => pattern.exec(question)?.[1]).find((each) => each !== undefined);
  return digits === undefined ? undefined : Number(digits);
}
