import type { DataSource } from '../../data/data-source.ts';
import type { ShopTask } from '../churn/shop-task.ts';
import type { TrainChurnRequest } from '../training-request.ts';
import { forwardTask } from './forward.ts';
import { inactivityTask } from './inactivity.ts';

const TASKS = { inactivity: inactivityTask, forward: forwardTask } as const;

/** The task of a label that is made from a shop's orders. */
export function shopTask(request: TrainChurnRequest, data: DataSource): ShopTask {
  return TASKS[request.label](request, data);
}
