/** A host of MCP Apps: a page that shows the dashboard in a sandboxed frame and passes its calls on. */
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

declare global {
  interface Window {
    /** Given by the test: the server behind the host. */
    callTool(name: string, args: Record<string, unknown>): Promise<string>;
    showApp(html: string, theme: 'light' | 'dark'): Promise<void>;
  }
}

window.showApp = async (html, theme) => {
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
    { hostContext: { theme } },
  );
  bridge.oncalltool = async ({ name, arguments: args }) =>
    JSON.parse(await window.callTool(name, args ?? {}));
  await bridge.connect(new PostMessageTransport(view, view));
  frame.srcdoc = html;
};
