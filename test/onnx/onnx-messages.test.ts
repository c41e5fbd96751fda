import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { file_onnx } from '../../src/onnx/onnx_pb.ts';
import { packageRoot } from '../../src/package-root.ts';

const proto = readFileSync(join(packageRoot(), 'src', 'onnx', 'onnx.proto'), 'utf8');

/** Every field and enum value that the specification declares, one line each. Knows the parts of proto2 that it uses. */
function declarationsOf(text: string): string[] {
  const statements = text.replace(/\/\/.*$/gm, '').match(/[^;{}]+[;{]|\}/g) ?? [];
  const scopes: string[] = [];
  const declarations: string[] = [];
  for (const statement of statements.map((part) => part.trim().replace(/\s+/g, ' '))) {
    const scope = /^(message|enum|oneof) (\w+) \{$/.exec(statement);
    const field = /^(?:(optional|repeated) )?([\w.]+) (\w+) = (\d+)( \[packed = true\])?;$/.exec(statement);
    const value = /^(\w+) = (0x[\da-fA-F]+|\d+);$/.exec(statement);
    const path = scopes.filter((name) => !name.startsWith('oneof ')).join('.');
    if (scope) scopes.push(scope[1] === 'oneof' ? `oneof ${scope[2]}` : scope[2]);
    else if (statement === '}') scopes.pop();
    else if (field) {
      const [, label, type, name, number, packed = ''] = field;
      const group = scopes.at(-1)?.startsWith('oneof ') ? scopes.at(-1) : label;
      declarations.push(`${path}.${name}: ${group} ${type.split('.').at(-1)} = ${number}${packed}`);
    } else if (value) declarations.push(`${path}.${value[1]} = ${Number(value[2])}`);
    else if (!/^(syntax|package|option|reserved) /.test(statement)) throw new Error(`unread: ${statement}`);
  }
  return declarations.sort();
}

/** The same of the messages that were generated. */
function generatedDeclarations(): string[] {
  return [
    ...file_onnx.messages.flatMap((message) => ofMessage(message, '')),
    ...file_onnx.enums.flatMap((one) => ofEnum(one, '')),
  ].sort();
}

function ofMessage(message: DescMessage, scope: string): string[] {
  const path = `${scope}${message.name}`;
  return [
    ...message.fields.map((field) => `${path}.${ofField(field)}`),
    ...message.nestedMessages.flatMap((nested) => ofMessage(nested, `${path}.`)),
    ...message.nestedEnums.flatMap((nested) => ofEnum(nested, `${path}.`)),
  ];
}

function ofField(field: DescField): string {
  const { name, number, fieldKind, oneof } = field;
  const kind = fieldKind === 'list' ? field.listKind : fieldKind;
  const type = field.message?.name ?? field.enum?.name ?? ScalarType[field.scalar ?? 0].toLowerCase();
  const group = oneof ? `oneof ${oneof.name}` : fieldKind === 'list' ? 'repeated' : 'optional';
  const packed = fieldKind === 'list' && kind === 'scalar' && field.packed ? ' [packed = true]' : '';
  return `${name}: ${group} ${type} = ${number}${packed}`;
}

function ofEnum(one: DescEnum, scope: string): string[] {
  return one.values.map(({ name, number }) => `${scope}${one.name}.${name} = ${number}`);
}

describe('the generated ONNX messages', () => {
  it('have every field and enum value of onnx.proto, with its number, type and label', () => {
    const declared = declarationsOf(proto);
    expect(declared.length).toBeGreaterThan(150);
    expect(generatedDeclarations()).toEqual(declared);
  });
});
