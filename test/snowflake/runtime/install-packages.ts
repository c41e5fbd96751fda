import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package-root.ts';
import { installPythonPackages } from '../../helpers/python-packages.ts';

export default function setup(): Promise<void> {
  const requirements = join(packageRoot(), 'test', 'snowflake', 'runtime', 'requirements.txt');
  return installPythonPackages(join(packageRoot(), '.snowflake-ml'), readFileSync(requirements, 'utf8'));
}
