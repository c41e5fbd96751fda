/** What a parser tells of the project's own code. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import { parse } from '@babel/parser';
import { packageRoot } from '../../src/package-root.ts';

const root = packageRoot();

const GENERATED = ['src/onnx/onnx_pb.ts', 'src/data/sql-file.ts', 'src/data/snapshot-format.ts'].map(
  normalize,
);

export interface FunctionShape {
  /** `file:line name`. */
  readonly where: string;
  readonly lines: number;
  /** Positional: one that takes a record apart counts once. */
  readonly parameters: number;
}

export interface SourceFile {
  /** From the package's root. */
  readonly path: string;
  readonly text: string;
  /** Modules that it imports or exports from, types and `import()` included, as they are written. */
  readonly imports: readonly string[];
  readonly functions: readonly FunctionShape[];
}

/** All TypeScript of the folders given but the kernel, which is AssemblyScript, and what is generated. */
export function readSources(folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    .filter((path) => !path.startsWith(join('src', 'gbdt', 'kernel')))
    .filter((path) => !GENERATED.includes(path))
    .sort()
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const imports: string[] = [];
  const functions: FunctionShape[] = [];
  const ast = parse(text, { sourceType: 'module', plugins: ['typescript', 'explicitResourceManagement'] });
  const program: unknown = ast.program;
  if (!isNode(program)) throw new Error(`${path} cannot be parsed.`);
  visit(program, (node) => {
    const source = isNode(node.source) ? node.source.value : undefined;
    if (typeof source === 'string') imports.push(source);
    const called = node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Import';
    const [argument] = called && Array.isArray(node.arguments) ? node.arguments : [];
    if (isNode(argument) && typeof argument.value === 'string') imports.push(argument.value);
    if (FUNCTIONS.includes(node.type)) functions.push(shapeOf(node, path));
  });
  return { path, text, imports, functions };
}

const FUNCTIONS: readonly string[] = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
];

interface Node extends Record<string, unknown> {
  readonly type: string;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, see);
  }
}

function shapeOf(node: Node, path: string): FunctionShape {
  const [start, end] = [lineOf(node, 'start'), lineOf(node, 'end')];
  const named = isNode(node.id) ? node.id : node.key;
  const name = isNode(named) && typeof named.name === 'string' ? named.name : '(no name)';
  return {
    where: `${path}:${start} ${name}`,
    lines: end - start + 1,
    parameters: Array.isArray(node.params) ? node.params.length : 0,
  };
}

function lineOf({ loc }: Node, end: 'start' | 'end'): number {
  const point: unknown = typeof loc === 'object' && loc !== null && end in loc ? Reflect.get(loc, end) : {};
  const line: unknown = typeof point === 'object' && point !== null ? Reflect.get(point, 'line') : 0;
  return Number(line);
}

/** The file that a relative import names, from the package's root. */
export function importedPath(from: string, name: string): string {
  return relative(root, resolve(root, dirname(from), name));
}

/** Files that import each other in a circle, each circle in one line, sorted. */
export function cyclesAmong(sources: readonly SourceFile[]): string[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.filter((name) => name.startsWith('.')).map((name) => importedPath(path, name)),
    ]),
  );
  const reachable = new Map([...edges.keys()].map((path) => [path, reachedFrom(path, edges)]));
  const circles = [...reachable].map(([path, reached]) =>
    [...reached].filter((other) => reachable.get(other)?.has(path)).sort(),
  );
  return [
    ...new Set(circles.filter((circle) => circle.length > 0).map((circle) => circle.join(' ↔ '))),
  ].sort();
}

function reachedFrom(start: string, edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const waiting = [...(edges.get(start) ?? [])];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(edges.get(path) ?? []));
  }
  return reached;
}

/** The text files of folders that name some of the words, and how many of them each names. Fixtures are data, not code. */
export function filesNaming(
  folders: readonly string[],
  words: readonly string[],
): { readonly path: string; readonly named: number }[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(?:ts|mjs|sql|py|js|css)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .map((path) => ({ path, found: new Set(readFileSync(join(root, path), 'utf8').match(/\w+/g)) }))
    .map(({ path, found }) => ({ path, named: words.filter((word) => found.has(word)).length }))
    .filter(({ named }) => named > 0)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
