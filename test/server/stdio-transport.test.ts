import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { StdioTransport } from '../../src/server/stdio-transport.ts';

/** The messages of an input that reach the protocol, and the lines that are answered at once. */
async function received(...chunks: (string | Buffer)[]) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const transport = new StdioTransport(stdin, stdout);
  const passed: unknown[] = [];
  transport.onmessage = (message) => passed.push(message);
  await transport.start();
  for (const chunk of chunks) stdin.write(chunk);
  stdin.end();
  await once(stdin, 'end');
  stdout.end();
  const answers = (await text(stdout)).split('\n').filter((line) => line !== '');
  return { passed, answers };
}

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

describe('the stdio transport', () => {
  it('reads messages however their bytes are split', async () => {
    const notification = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
    const response = '{"jsonrpc":"2.0","id":"a","result":{}}';
    const whole = Buffer.from(
      `${ping}\n${notification}\r\n\n  \n{"jsonrpc":"2.0","id":"ö€","method":"ping"}\n${response}\n`,
    );
    const bytes = [...whole].map((byte) => Buffer.from([byte]));
    const expected = [ping, notification, '{"jsonrpc":"2.0","id":"ö€","method":"ping"}', response];
    const messages = expected.map((line) => JSON.parse(line));
    expect(await received(whole)).toEqual({ passed: messages, answers: [] });
    expect(await received(...bytes)).toEqual({ passed: messages, answers: [] });
  });

  it('refuses lines that are not messages, with their id if they have one', async () => {
    const { passed, answers } = await received(
      [
        'this is not JSON',
        '{"jsonrpc":"2.0","id":7,"method":5}',
        '{"jsonrpc":"2.0","id":"seven","method":"tools/call","params":"x"}',
        '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
        '{"jsonrpc":"2.0","id":null,"method":"ping"}',
        '{"id":8,"method":"ping"}',
        `[${ping}]`,
        'null',
        '5',
        ping,
        '',
      ].join('\n'),
    );
    expect(passed).toEqual([JSON.parse(ping)]);
    expect(answers.join('\n')).toMatchInlineSnapshot(`
      "{"jsonrpc":"2.0","error":{"code":-32700,"message":"The line is not JSON. Send one JSON-RPC message per line."}}
      {"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"The line is not a JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","id":"seven","error":{"code":-32600,"message":"The line is not a JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","id":1.5,"error":{"code":-32600,"message":"The line is not a JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"The line is not a JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","id":8,"error":{"code":-32600,"message":"The line is not a JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"Batches are not supported. Send one message per line."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"The line is not a JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"The line is not a JSON-RPC 2.0 message."}}"
    `);
  });

  it('refuses a message that is nested deeper than any value, and reads on', async () => {
    const nested = (levels: number, rest: string) =>
      `{"jsonrpc":"2.0","id":5,${rest}:${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const call = '"method":"tools/call","params":{"name":"x","arguments":{"a"';
    const { passed, answers } = await received(
      [`${nested(97, call)}}}`, `${nested(98, call)}}}`, `${nested(200_000, call)}}}`]
        .concat(nested(200_000, '"result"'), ping, '')
        .join('\n'),
    );
    expect(passed).toEqual([expect.objectContaining({ method: 'tools/call' }), JSON.parse(ping)]);
    const refused =
      '{"jsonrpc":"2.0","id":5,"error":{"code":-32600,"message":"The line is nested more than 100 levels deep."}}';
    expect(answers).toEqual([refused, refused]);
  });

  it('ignores what looks like a response', async () => {
    expect(await received('{"jsonrpc":"2.0","id":7,"result":5}\n{"id":7,"error":"x"}\n')).toEqual({
      passed: [],
      answers: [],
    });
  });

  it('drops a line over 4 MB and keeps reading', async () => {
    const long = `{"jsonrpc":"2.0","id":3,"method":"ping","params":{"x":"${'y'.repeat(5_000_000)}"}}`;
    const { passed, answers } = await received(
      long.slice(0, 3_000_000),
      long.slice(3_000_000),
      `\n${ping}\n`,
    );
    expect(passed).toEqual([JSON.parse(ping)]);
    expect(answers).toEqual([
      '{"jsonrpc":"2.0","error":{"code":-32600,"message":"The message is longer than 4 MB."}}',
    ]);
  });
});
