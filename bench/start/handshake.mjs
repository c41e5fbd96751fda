/** The least that a server of SDK 1.x can be. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new Server({ name: 'bare', version: '0.0.0' }, { capabilities: {} });
await server.connect(new StdioServerTransport());
