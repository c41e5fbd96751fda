import { didYouMean } from '../../did-you-mean.ts';
import { ChurnMcpError } from '../../errors.ts';
import { FORWARD_FEATURES } from '../../features/churn-features.ts';
import { quoted } from '../../text/quoted.ts';

const KNOWN: readonly string[] = FORWARD_FEATURES;

/**
 * Which feature of the shop each column of an imported model is. Upper case is the reference's spelling.
 *
 * @throws MODEL_REFUSED
 */
export function resolveImportedFeatures(
  ownNames: readonly string[],
  given: readonly string[] | undefined,
): string[] {
  const own = ownNames.map((name) => name.toLowerCase());
  const names = given?.map((name) => name.trim().toLowerCase()) ?? own;
  if (names.length === 0) {
    throw refused('The model file does not say what its columns are.', NAME_THEM);
  }
  const unknown = names.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) {
    throw refused(
      `There is no feature ${quoted(unknown)}.`,
      `${didYouMean(unknown, KNOWN)}${given === undefined ? `${NAME_THEM} ` : ''}Known: ${KNOWN.join(', ')}.`,
    );
  }
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw refused(`The feature ${quoted(repeated)} is named twice.`, NAME_THEM);
  const saysOtherwise =
    own.length === names.length && own.every((name) => KNOWN.includes(name)) && own.join() !== names.join();
  if (saysOtherwise) {
    throw refused(
      'The model file names its columns itself, and in another order.',
      `Leave --features out, or check it: the file has ${own.join(', ')}.`,
    );
  }
  return names;
}

const NAME_THEM =
  'Name each column that the model was trained on, in its order: --features total_orders,total_spent,…';

function refused(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('MODEL_REFUSED', message, { hint });
}
