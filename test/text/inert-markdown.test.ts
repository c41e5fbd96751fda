import { describe, expect, it } from 'vitest';
import { inertMarkdown } from '../../src/text/inert-markdown.ts';

describe('a name within an answer', () => {
  it.each([
    ['[free](https://evil.example)', '[free]\\(https://evil.example)'],
    ['![x](https://evil.example/pixel.png)', '![x]\\(https://evil.example/pixel.png)'],
    ['[a][b]', '[a]\\[b]'],
    ['<img src=x>', '\\<img src=x>'],
    ['<https://evil.example>', '\\<https://evil.example>'],
    ['# Sale', '\\# Sale'],
    ['```js', '\\```js'],
  ])('%s is shown as it is written, not as markup', (name, expected) => {
    expect(inertMarkdown(name)).toBe(expected);
  });

  it.each(['Skis [2024] (blue)', 'Size < 40', '#1 Hat', 'C# Handbook', 'A*B_C'])(
    '%s stays as it is',
    (name) => {
      expect(inertMarkdown(name)).toBe(name);
    },
  );
});
