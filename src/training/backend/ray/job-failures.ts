/** The errors of a Ray job that gave no model. */

import { ChurnMcpError } from '../../../errors.ts';
import { plainText } from '../../../text/plain-text.ts';

export function tooOld(version: string, oldest: string): ChurnMcpError {
  return new ChurnMcpError(
    'RAY_REFUSED',
    `The cluster runs Ray ${plainText(version, 20)}. Ray ${oldest} or newer is needed.`,
    { hint: 'Install the versions of ray/requirements.txt on the cluster.' },
  );
}

export function failedJob(status: 'FAILED' | 'STOPPED', message: string): ChurnMcpError {
  const cause = new Error(message);
  if (status === 'STOPPED') {
    return new ChurnMcpError('RAY_JOB_FAILED', 'Somebody stopped the Ray job. Nothing was registered.', {
      cause,
    });
  }
  if (/out of memory|low on memory|OutOfMemory|\bOOM\b/.test(message)) {
    return new ChurnMcpError(
      'RAY_JOB_FAILED',
      'A node of the Ray cluster ran out of memory. Nothing was registered.',
      {
        hint: 'Ask for more workers, or for nodes with more memory.',
        cause,
      },
    );
  }
  if (/set up cluster storage|(?:FileNotFound|Permission)Error.*\.parquet|AWS Error/.test(message)) {
    return new ChurnMcpError(
      'RAY_JOB_FAILED',
      'The Ray cluster cannot read or write the storage of the rows. Nothing was registered.',
      {
        hint: 'CHURN_MCP_RAY_STORAGE must be the same folder or bucket on this machine and on every node. Without it, the rows are sent with the job.',
        cause,
      },
    );
  }
  if (/ModuleNotFoundError|ImportError/.test(message)) {
    return new ChurnMcpError(
      'RAY_JOB_FAILED',
      'The Ray cluster lacks a Python package that the training needs. Nothing was registered.',
      {
        hint: 'Install the packages of ray/requirements.txt on its nodes.',
        cause,
      },
    );
  }
  return new ChurnMcpError('RAY_JOB_FAILED', 'The training on Ray failed. Nothing was registered.', {
    hint: 'The log of the job in the Ray dashboard has the details.',
    cause,
  });
}

export function vanishedCluster(cause: unknown): ChurnMcpError {
  return new ChurnMcpError(
    'RAY_JOB_LOST',
    'The Ray cluster stopped answering while the job ran. Nothing was registered.',
    { hint: 'Check that its head node runs and that this machine can reach it, then train again.', cause },
  );
}

export function lateJob(): ChurnMcpError {
  return new ChurnMcpError(
    'RAY_JOB_FAILED',
    'The Ray job exceeded its time limit and was stopped. Nothing was registered.',
    {
      hint: 'Raise CHURN_MCP_RAY_DEADLINE_S, or ask for more workers.',
    },
  );
}

export function noTrialSucceeded(): ChurnMcpError {
  return new ChurnMcpError(
    'RAY_JOB_FAILED',
    'Every trial of the search on Ray failed. Nothing was registered.',
    { hint: 'The log of the job in the Ray dashboard has the details. You can also train without "tune".' },
  );
}
