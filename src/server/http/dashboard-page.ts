import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import { packageRoot } from '../../package-root.ts';
import { RPC_CODES } from '../request-error.ts';
import { refuse } from './refusal.ts';

/** The page contains all it needs, and contacts only this server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page itself contains no data. It asks for data at /mcp, with the token. */
export function dashboardPage(): RequestHandler {
  const file = join(packageRoot(), 'dist', 'dashboard.html');
  return (_request, response) => {
    if (!existsSync(file)) {
      return refuse(response, 404, RPC_CODES.refused, 'This installation has no dashboard.');
    }
    response.set({
      'Content-Security-Policy': POLICY,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    response.sendFile(file);
  };
}
