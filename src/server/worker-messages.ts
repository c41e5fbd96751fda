/** Messages between the main thread and a thread or process that runs calls. They are copied, not shared. */
import type { Answer } from '../mcp/tool-context.ts';
import type { Progress } from '../progress.ts';
import type { ToolResult } from './tool-result.ts';

export type ToWorker =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly tool: string;
      readonly args: unknown;
      readonly scopes: readonly string[] | undefined;
      readonly mayTrain: boolean;
      readonly requestId: string | number | undefined;
      /** The span that the call is a part of. */
      readonly traceparent: string | undefined;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'question'; readonly id: number; readonly question: string }
  | { readonly kind: 'result'; readonly id: number; readonly result: ToolResult };
