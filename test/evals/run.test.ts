/** The command that records a run, as a process of its own, with the baseline that needs no model. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { keywords } from '../../evals/keyword-router.ts';
import type { Turn } from '../../evals/providers.ts';
import { type Recording, readRecordings, recordingSchema } from '../../evals/recording.ts';
import { packageRoot } from '../../src/package-root.ts';
import { collectCli } from '../helpers/cli-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-recordings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function record(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn('npm', ['run', '--silent', 'evals', '--', '--folder', folder, ...args], {
    cwd: packageRoot(),
    env: { ...process.env, ANTHROPIC_API_KEY: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '', ...env },
    // npm is a script for the shell on Windows.
    shell: process.platform === 'win32',
  });
  child.stdin.end();
  return collectCli(child);
}

const readRecording = (name: string): Recording =>
  recordingSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));

/** An API that speaks chat completions, behind which is the baseline. */
async function startKeywordApi() {
  const bodySchema = z.object({
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    tools: z.array(
      z.object({
        function: z.object({
          name: z.string(),
          description: z.string(),
          parameters: z.record(z.string(), z.unknown()),
        }),
      }),
    ),
  });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { messages, tools } = bodySchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const turn: Turn = {
      system: messages[0].content,
      messages: messages.flatMap(({ role, content }) => (role === 'system' ? [] : [{ role, text: content }])),
      tools: tools.map(({ function: { parameters, ...rest } }) => ({ ...rest, inputSchema: parameters })),
    };
    const { calls, text } = await keywords.ask('bm25', turn);
    const tool_calls = calls.map(({ tool, arguments: args }) => ({
      function: { name: tool, arguments: JSON.stringify(args) },
    }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ message: { content: text, tool_calls } }] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { baseUrl: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
}

describe('the command that records a run', () => {
  const kept = readRecordings().find(({ provider }) => provider === keywords.name);
  let stdout: string;
  beforeAll(async () => {
    const result = await record(['--provider', 'keywords']);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('Kept as ') });
    stdout = result.stdout;
  });

  it('records the baseline with no key, and scores it as its recording says', () => {
    const { score, answers } = readRecording('keywords-bm25.json');
    expect(score, 'record it again: npm run evals -- --provider keywords').toEqual(kept?.score);
    expect(answers).toHaveLength(score.cases);
    expect(stdout).toMatch(
      new RegExp(
        `Right tools: ${score.tools} of ${score.cases}. Right tools and arguments: ${score.arguments} of ${score.cases}.\n$`,
      ),
    );
  });

  it('finds some right tools and not all, so that the score tells something', () => {
    const { score } = readRecording('keywords-bm25.json');
    expect(score.tools / score.cases).toBeGreaterThan(0.2);
    expect(score.tools / score.cases).toBeLessThan(0.8);
    expect(score.arguments).toBeGreaterThan(0);
    expect(score.arguments).toBeLessThan(score.tools);
  });

  it('gets the same answers over an API that speaks chat completions', async () => {
    using api = await startKeywordApi();
    const result = await record(['--model', 'words/1'], { OPENAI_BASE_URL: api.baseUrl });
    expect(result.code).toBe(0);
    expect(result.stdout).toBe(stdout);
    const { answers, provider, model } = readRecording('openai-words-1.json');
    expect([provider, model]).toEqual(['openai', 'words/1']);
    expect(answers).toEqual(readRecording('keywords-bm25.json').answers);
  });

  it('shows a few cases without recording them', async () => {
    rmSync(join(folder, 'keywords-bm25.json'));
    const { code, stdout: text } = await record(['--provider', 'keywords', '--only', 'at-risk-top-20']);
    expect(code).toBe(0);
    expect(text).toBe(
      'at-risk-top-20  tools ok  ok\n\nRight tools: 1 of 1. Right tools and arguments: 1 of 1.\n',
    );
    expect(existsSync(join(folder, 'keywords-bm25.json'))).toBe(false);
  });

  it.each([
    [['--model', 'claude-x'], 'ANTHROPIC_API_KEY holds no key.'],
    [['--model', 'gpt-x'], 'OPENAI_API_KEY holds no key.'],
    [['--provider', 'oracle', '--model', 'x'], 'There is no provider "oracle".'],
    [['--provider', 'keywords', '--only', 'nope'], 'There is no case "nope".'],
  ])('refuses %j and says how it is used', async (args, message) => {
    const { code, stdout: text, stderr } = await record(args);
    expect([code, text]).toEqual([2, '']);
    expect(stderr).toContain(`${message}\n\nUsage: npm run evals`);
  });
});
