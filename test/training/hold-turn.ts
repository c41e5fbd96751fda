/** A process that takes the training turn of the home folder named, says so, and keeps it until it is killed. */
import { withTrainingTurn } from '../../src/training/training-turn.ts';

await withTrainingTurn(
  { home: process.argv[2], model: 'customer_churn_forecast', wait: false, now: () => new Date() },
  () =>
    new Promise(() => {
      process.stdout.write('held\n');
      setInterval(() => undefined, 1000);
    }),
);
