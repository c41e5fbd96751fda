/**
 * How hard the product is attacked. The ordinary tests take a small part; `npm run attack` takes all of it. Random choices follow from `ATTACK_SEED` (1 by default), which every failure names, so that it can be replayed; `ATTACK_KILLS` is the number of kills of a full run.
 */
export const IS_FULL = process.env.ATTACK === 'full';
export const SEED = Number(process.env.ATTACK_SEED ?? 1);

export const SCALE = IS_FULL
  ? {
      kills: Number(process.env.ATTACK_KILLS ?? 1000),
      stops: Number(process.env.ATTACK_KILLS ?? 1000) / 10,
      damages: 320,
      calls: 100_000,
      floods: 10,
      imports: 45,
      spillingServers: 4,
    }
  : { kills: 4, stops: 2, damages: 20, calls: 300, floods: 1, imports: 3, spillingServers: 2 };

export const TIMEOUT_MS = IS_FULL ? 3_600_000 : 300_000;

/** Whole numbers from 0 below `below`. */
export type Dice = (below: number) => number;

/** A linear congruential generator: the same throws for the same seed and name. */
export function diceOf(name: string): Dice {
  let state = [...`${SEED} ${name}`].reduce(
    (hash, c) => Math.imul(hash ^ c.charCodeAt(0), 16777619),
    2166136261,
  );
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
