/** The argument of a merchandiser's rules, and what an answer says of them. */
import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { hasRules, type OfferRules } from '../recommend/offer-rules.ts';
import { quoted, quotedList } from '../text/quoted.ts';

const productsSchema = z.array(z.string().min(1).max(200)).max(50);

export const offerRulesSchema = z
  .strictObject({
    exclude: productsSchema.optional(),
    boost: productsSchema.optional(),
    only_category: z.string().min(1).max(200).optional(),
    min_price: z.number().optional(),
    max_price: z.number().optional(),
  })
  .optional()
  .describe('exclude, boost (its odds count double): products or categories.');
type RulesArgument = z.output<typeof offerRulesSchema>;

/** As the services take them; nothing if no rule is given. */
export function offerRulesOf(argument: RulesArgument): { readonly rules?: OfferRules } {
  if (argument === undefined) return {};
  const { only_category: onlyCategory, min_price: minPrice, max_price: maxPrice, ...products } = argument;
  const rules = { ...products, onlyCategory, minPrice, maxPrice };
  return hasRules(rules) ? { rules } : {};
}

/** @throws INVALID_ARGUMENT if rules are given where one product is asked for, as they would be ignored */
export function assertNoRules(argument: RulesArgument): void {
  if (offerRulesOf(argument).rules === undefined) return;
  throw new ChurnMcpError('INVALID_ARGUMENT', 'rules choose among products, and product names one.', {
    hint: 'Leave out rules or product.',
  });
}

/** The rules in words, as a remark beside a list; nothing if there are none. */
export function rulesRemarks(argument: RulesArgument): string[] {
  const { rules } = offerRulesOf(argument);
  if (rules === undefined) return [];
  const { exclude = [], boost = [], onlyCategory, minPrice, maxPrice } = rules;
  const parts = [
    ...(onlyCategory === undefined ? [] : [`only category ${quoted(onlyCategory)}`]),
    ...(minPrice === undefined ? [] : [`only prices of ${minPrice} or more`]),
    ...(maxPrice === undefined ? [] : [`only prices of ${maxPrice} or less`]),
    ...(exclude.length === 0 ? [] : [`nothing that matches ${quotedList(exclude, 5)}`]),
    ...(boost.length === 0
      ? []
      : [`what matches ${quotedList(boost, 5)} ranks as if its odds were twice as high`]),
  ];
  return [`Rules of this list: ${parts.join('; ')}.`];
}
