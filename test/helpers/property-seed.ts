import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a red run is red again on the next machine. Set
 * FAST_CHECK_SEED to a number, or to "random", to search further.
 */
const given = process.env.FAST_CHECK_SEED;
if (given !== 'random') fc.configureGlobal({ seed: given === undefined ? 42 : Number(given) });
