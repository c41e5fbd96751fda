/** Tool calls through the host that shows the page, in the colours that the host has. */
import {
  App,
  applyDocumentTheme,
  applyHostStyleVariables,
  type McpUiHostContext,
  PostMessageTransport,
} from '@modelcontextprotocol/ext-apps';
import type { RawCall } from './raw-call.ts';

/** Calls back whenever the host has said how it looks, and whether that says which theme it has. */
export async function callThroughHost(onLook: (hasTheme: boolean) => void): Promise<RawCall> {
  const app = new App({ name: 'churn-dashboard', version: '1.0.0' }, {});
  const follow = ({ theme, styles, safeAreaInsets }: McpUiHostContext) => {
    if (theme) applyDocumentTheme(theme);
    if (styles?.variables) applyHostStyleVariables(styles.variables);
    if (safeAreaInsets) keepClearOf(safeAreaInsets);
    onLook(theme !== undefined);
  };
  app.onhostcontextchanged = follow;
  await app.connect(new PostMessageTransport(window.parent, window.parent));
  const context = app.getHostContext();
  if (context) follow(context);
  return (name, args) => app.callServerTool({ name, arguments: args });
}

/** Margins that the host draws over. */
function keepClearOf(insets: NonNullable<McpUiHostContext['safeAreaInsets']>): void {
  for (const [side, pixels] of Object.entries(insets)) {
    document.documentElement.style.setProperty(`--inset-${side}`, `${pixels}px`);
  }
}
