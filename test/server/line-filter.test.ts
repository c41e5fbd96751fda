import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { filterLines } from '../../src/server/line-filter.ts';

/** What of an input reaches the protocol, and what is answered at once. */
async function filtered(...chunks: (string | Buffer)[]) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const passed = text(filterLines(stdin, stdout));
  for (const chunk of chunks) stdin.write(chunk);
  stdin.end();
  const lines = await passed;
  stdout.end();
  const answers = (await text(stdout)).split('\n').filter((line) => line !== '');
  return { passed: lines.split('\n').filter((line) => line !== ''), answers };
}

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

describe('lines from a client', () => {
  it('pass as they are where they are messages, however they are cut', async () => {
    const notification = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
    const response = '{"jsonrpc":"2.0","id":"a","result":{}}';
    const whole = Buffer.from(
      `${ping}\n${notification}\r\n\n  \n{"jsonrpc":"2.0","id":"ö€","method":"ping"}\n${response}\n`,
    );
    const bytes = [...whole].map((byte) => Buffer.from([byte]));
    const expected = [ping, notification, '{"jsonrpc":"2.0","id":"ö€","method":"ping"}', response];
    expect(await filtered(whole)).toEqual({ passed: expected, answers: [] });
    expect(await filtered(...bytes)).toEqual({ passed: expected, answers: [] });
  });

  it('are refused where they are none, with the id where there is one', async () => {
    const { passed, answers } = await filtered(
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
    expect(passed).toEqual([ping]);
    expect(answers.join('\n')).toMatchInlineSnapshot(`
      "{"jsonrpc":"2.0","error":{"code":-32700,"message":"A line is one JSON-RPC message in JSON."}}
      {"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"This is no JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","id":"seven","error":{"code":-32600,"message":"This is no JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","id":1.5,"error":{"code":-32600,"message":"This is no JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"This is no JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","id":8,"error":{"code":-32600,"message":"This is no JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"Batches are not taken: a line is one message."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"This is no JSON-RPC 2.0 message."}}
      {"jsonrpc":"2.0","error":{"code":-32600,"message":"This is no JSON-RPC 2.0 message."}}"
    `);
  });

  it('are no answers to be refused: what looks like a response is let go', async () => {
    expect(await filtered('{"jsonrpc":"2.0","id":7,"result":5}\n{"id":7,"error":"x"}\n')).toEqual({
      passed: [],
      answers: [],
    });
  });

  it('end at a length that no request has, and those after them count again', async () => {
    const long = `{"jsonrpc":"2.0","id":3,"method":"ping","params":{"x":"${'y'.repeat(5_000_000)}"}}`;
    const { passed, answers } = await filtered(
      long.slice(0, 3_000_000),
      long.slice(3_000_000),
      `\n${ping}\n`,
    );
    expect(passed).toEqual([ping]);
    expect(answers).toEqual([
      '{"jsonrpc":"2.0","error":{"code":-32600,"message":"A message has at most 4 MB."}}',
    ]);
  });
});
