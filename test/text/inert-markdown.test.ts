import { describe, expect, it } from 'vitest';
import { inertMarkdown } from '../../src/text/inert-markdown.ts';

describe('a name within an answer', () => {
  it.each([
    ['[free](https://evil.example)', '[free]\\(https://evil.example)'],
    ['![x](https://evil.example/pixel.png)', '![x]\\(https://evil.example/pixel.png)'],
    ['[a][b]', '[a]\\[b]'],
    ['<img src=x>', '\\<img src=x>'],
    ['<https://evil.example>', '\\<https://evil.example>'],
    ['\\<img src=x>', '\\\\\\<img src=x>'],
    ['\\\\<img src=x>', '\\\\\\\\\\<img src=x>'],
    ['[a]: https://evil.example', '\\[a]: https://evil.example'],
    ['# Sale', '\\# Sale'],
    ['```js', '\\```js'],
  ])('shows as written, not as markup: %s', (name, expected) => {
    expect(inertMarkdown(name)).toBe(expected);
  });

  it.each(['Skis [2024] (blue)', 'Skis [2024]: blue', 'Size < 40', '#1 Hat', 'C# Handbook', 'A*B_C'])(
    'stays unchanged: %s',
    (name) => {
      expect(inertMarkdown(name)).toBe(name);
    },
  );
});
