/** A host of MCP Apps: a page that shows the dashboard in a sandboxed frame and passes its calls on. */
import {
  AppBridge,
  type McpUiHostContext,
  PostMessageTransport,
} from '@modelcontextprotocol/ext-apps/app-bridge';

/** What a host allows an app that asks for nothing: the default of the MCP Apps specification. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'none'",
].join('; ');

declare global {
  interface Window {
    /** Given by the test: the server behind the host. */
    callTool(name: string, args: Record<string, unknown>): Promise<string>;
    showApp(html: string, context: McpUiHostContext): Promise<void>;
  }
}

window.showApp = async (html, hostContext) => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.style.cssText = 'width: 100%; height: 2000px; border: 0';
  frame.title = 'Dashboard';
  document.body.replaceChildren(frame);
  const view = frame.contentWindow;
  if (view === null) throw new Error('the frame has no window');
  const bridge = new AppBridge(
    null,
    { name: 'test-host', version: '0' },
    { serverTools: {} },
    { hostContext },
  );
  bridge.oncalltool = async ({ name, arguments: args }) =>
    JSON.parse(await window.callTool(name, args ?? {}));
  await bridge.connect(new PostMessageTransport(view, view));
  frame.srcdoc = html.replace(
    '<head>',
    () => `<head><meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
  );
};
