/** Words for a currency's smallest unit, at the end of a column's name. */
const UNIT =
  'cents?|minor|minor[\\s_-]*units?|smallest[\\s_-]*units?|pence|pennies|centimes?|c[eé]ntimos?|centesimi|centavos?|[oö]re|øre|groszy?|hal[eé][rř]e?|kope[ck]ks?|копе[йе]к';
const ENDS_IN_UNIT = new RegExp(
  `^(.*?[^\\s_.-])[\\s_.-]*[\\s_.([-](?:(?:in|as|en)[\\s_-]+)?(?:${UNIT})\\s*[)\\]]?\\s*$`,
  'iu',
);

/**
 * The name of an amount that is counted in cents, without the unit: `total_cents`, `amountInCents` and `Betrag (Cent)`;
 * undefined if the name tells no such unit. A discount per cent is no amount of cents.
 */
export function withoutMinorUnit(name: string): string | undefined {
  const [, bare] = ENDS_IN_UNIT.exec(name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')) ?? [];
  return bare === undefined || /(?:^|[\s_.-])(?:per|pro|por)$/iu.test(bare) ? undefined : bare;
}
