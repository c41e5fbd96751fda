/** The least that a server of SDK 2.x can be. */
import { Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(() => new Server({ name: 'bare', version: '0.0.0' }, { capabilities: {} }));
